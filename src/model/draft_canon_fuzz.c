// A canonical value is canonical: brought to its form once more it stays as it is.
#include <assert.h>

#include "base/limits.h"
#include "base/utf8.h"
#include "model/draft_canon.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    Cx cx;
    cx_init(&cx, NULL, LIMIT_REQUEST_ARENA);
    Draft draft = {};
    Slice raw = {(const char *)data, size};
    // One field of each type, and tax for its stars.
    static const Field fields[] = {DRAFT_REMARK, DRAFT_NUMBER, DRAFT_AMOUNT, DRAFT_ISSUE_DATE,
                                   DRAFT_TAX};
    for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++) {
        Field field = fields[i];
        if (draft_set(&cx, &draft, field, raw, SOURCE_XML, 1000) != ERR_OK) continue;
        Slice once = draft_get(&draft, field);
        Draft again = {};
        Err err = draft_set(&cx, &again, field, once, SOURCE_XML, 1000);
        assert(err == ERR_OK && slice_equal(draft_get(&again, field), once));
        assert(again.finding_count == 0 && utf8_is_clean(once));
    }
    if (size <= LIMIT_FIELD_BYTES) {
        Line *line = NULL;
        Err err = draft_add_line(&cx, &draft, &line);
        assert(err == ERR_OK);
        *line = (Line){raw, raw, raw, raw, raw, raw, raw, raw, raw};
        if (draft_tidy_line(&cx, &draft, 0) == ERR_OK) {
            Line before = draft.lines[0];
            err = draft_tidy_line(&cx, &draft, 0);
            assert(err == ERR_OK);
#define SAME(name, json) assert(slice_equal(before.name, draft.lines[0].name));
            DRAFT_LINE_FIELDS(SAME)
#undef SAME
        }
    }
    assert(draft_same_text(raw, raw));
    cx_done(&cx);
    return 0;
}
