// What note_parse takes, note_print writes again byte for byte; a key that is parsed is printed the
// same.
#include <stdlib.h>

#include "base/limits.h"
#include "ledger/note.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    Cx cx;
    cx_init(&cx, world_real(), 4 * LIMIT_MIB);
    Slice bytes = {(const char *)data, size}, again = {};
    Note note;
    if (note_parse(&cx, bytes, &note) == ERR_OK) {
        Slice lines[NOTE_SIGNATURES_MAX];
        for (size_t i = 0; i < note.line_count; i++)
            lines[i] = note.lines[i].line;
        if (note_print(&cx, note.text, lines, note.line_count, &again) != ERR_OK ||
            !slice_equal(again, bytes))
            abort();
    }
    NoteKey key;
    if (note_key_parse(&cx, bytes, &key) == ERR_OK &&
        (note_key_vkey(&cx, &key, &again) != ERR_OK || !slice_equal(again, bytes)))
        abort();
    cx_done(&cx);
    return 0;
}
