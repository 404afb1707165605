#include "read/read_ofd_join.h"

#include "base/limits.h"

#define LEAST_UM 350 // beyond two characters as wide as those to come

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

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool may_part(char last, char first)
{
    if (is_digit(first)) return is_letter(last);
    bool mark = last == ',' || last == '.' || last == '&' || last == ')';
    return is_letter(first) && (is_letter(last) || is_digit(last) || mark);
}

// Who breaks at any character fills the row: what is left there is less than one of them. Twice
// that is left where a whole word did not fit.
void read_ofd_join_row(OfdJoin *join, int32_t room_um, Slice next, int32_t wide_um)
{
    Slice before = text_so_far(&join->text), more = slice_trim(next);
    int32_t units = 0; // a Chinese character is as wide as two others
    if (slice_empty(before) || slice_empty(more) || room_um <= 0 || wide_um <= 0) return;
    for (size_t i = 0; i < more.size; i++) {
        unsigned char c = (unsigned char)more.data[i];
        units += c < 0x80 ? 1 : (c & 0xC0) == 0xC0 ? 2 : 0;
    }
    bool room = units > 0 && room_um - LEAST_UM > 2 * (wide_um / units);
    if (room && may_part(before.data[before.size - 1], more.data[0])) join->blank = true;
}

Slice read_ofd_join_text(const OfdJoin *join)
{
    return slice_trim(text_so_far(&join->text));
}

Slice read_ofd_join_piece(const OfdText *piece)
{
    return slice_empty(piece->raw) ? piece->text : piece->raw;
}
