// What is parsed has only numbers that are none below zero and sources that fit; the same text
// parses to the same again.
#include <assert.h>

#include "base/date.h"
#include "base/limits.h"
#include "desk/running/completeness/statement.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    Cx cx;
    cx_init(&cx, NULL, LIMIT_REQUEST_ARENA);
    Slice note = {(const char *)data, size};
    EquationDay day, again;
    if (statement_parse(&cx, note, &day) == ERR_OK) {
        assert(strlen(day.day) == DATE_TEXT_SIZE && day.source_count <= EQUATION_SOURCES_MAX);
        for (size_t i = 0; i < day.source_count; i++)
            assert(day.sources[i].handed_in >= 0 && day.sources[i].in_progress >= 0 &&
                   day.sources[i].source_size <= EQUATION_SOURCE_SIZE);
        Err err = statement_parse(&cx, note, &again);
        assert(err == ERR_OK && again.source_count == day.source_count &&
               memcmp(&again.all, &day.all, sizeof day.all) == 0 &&
               again.has_refused == day.has_refused && digest_equal(&again.refused, &day.refused));
    }
    cx_done(&cx);
    return 0;
}
