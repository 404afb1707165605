#include "desk/running/watch/watch_line.h"

#include "base/limits.h"
#include "base/text.h"

Err watch_line_find(Cx *cx, Slice text, Slice lines, const NoteKey *key, Slice *ret_line,
                    uint64_t *ret_seconds)
{
    Note *note = arena_alloc(&cx->arena, sizeof *note);
    Slice whole;
    Text joined = text_open(cx, 2 * LIMIT_NOTE_BYTES);
    text_add(&joined, text);
    text_byte(&joined, '\n');
    text_add(&joined, lines);
    if (text_done(cx, &joined, &whole) != ERR_OK || note_parse(cx, whole, note) != ERR_OK ||
        !slice_equal(note->text, text) || note_verify(note, key, ret_seconds) != NOTE_HOLDS)
        return err_set(cx, ERR_DENIED, "the cosignature does not hold");
    if (*ret_seconds > cx_now_ms(cx) / 1000 + WATCH_LINE_AHEAD_S)
        return err_set(cx, ERR_DENIED, "the cosignature is of a time to come: %llu",
                       (unsigned long long)*ret_seconds);
    for (size_t i = 0; i < note->line_count; i++)
        if (note_line_is_of(&note->lines[i], key)) *ret_line = note->lines[i].line;
    return ERR_OK;
}
