#include "read/read_ofd_join.h"

#include "base/limits.h"

static bool is_latin(char c)
{
    return c > ' ' && c < 0x7f;
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

OfdJoin read_ofd_join_open(Cx *cx)
{
    return (OfdJoin){.text = text_open(cx, LIMIT_FIELD_BYTES)};
}

void read_ofd_join_add(OfdJoin *join, Slice piece)
{
    Slice more = slice_trim(piece), before = text_so_far(&join->text);
    if (slice_empty(more)) return;
    if (!slice_empty(before) && (join->blank || more.data != piece.data)) {
        char last = before.data[before.size - 1], first = more.data[0];
        // Figures stay together: blanks are set between their groups.
        bool word = is_letter(last) || is_letter(first);
        if (word && is_latin(last) && is_latin(first)) text_byte(&join->text, ' ');
    }
    text_add(&join->text, more);
    join->blank = more.data + more.size != piece.data + piece.size;
}

Slice read_ofd_join_text(const OfdJoin *join)
{
    return slice_trim(text_so_far(&join->text));
}

Slice read_ofd_join_piece(const OfdText *piece)
{
    return slice_empty(piece->raw) ? piece->text : piece->raw;
}
