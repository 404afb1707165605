#include "read/readers.h"

#include "base/limits.h"
#include "base/test.h"

TEST("readers: a document without an invoice always has a reason")
{
    static const struct {
        Slice bytes;
        Reason reason;
    } cases[] = {
        {SLICE(""), REASON_EMPTY},
        {SLICE("hello"), REASON_UNSUPPORTED},
        {SLICE("PK\3\4zip"), REASON_DAMAGED},
        {SLICE("<a>"), REASON_DAMAGED},
        {SLICE("<a/>"), REASON_NOT_INVOICE},
        {SLICE("<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>"), REASON_HOSTILE},
        {SLICE("PK\3\4OFD.xml"), REASON_DAMAGED},
        {SLICE("%PDF-1.7 and no more"), REASON_DAMAGED},
        {SLICE("\x89PNG\r\n"), REASON_DAMAGED},
    };
    static const SealAnswer no_seal = {};
    readers_warm();
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        ReadJob job = {.bytes = cases[i].bytes, .seal = &no_seal};
        Reading reading = {};
        reader_run(cx, readers_all, &job, &reading);
        if (reading.reason != cases[i].reason)
            fprintf(stderr, "case %zu: %s " SLICE_FMT "\n", i, reason_row(reading.reason)->code,
                    SLICE_ARG(reading.detail));
        EXPECT(reading.reason == cases[i].reason);
        EXPECT(reading.draft_count == 0);
    }
    ReadJob huge = {.bytes = {"", LIMIT_DOCUMENT_BYTES + 1}, .seal = &no_seal};
    Reading reading = {};
    reader_run(cx, readers_all, &huge, &reading);
    EXPECT(reading.reason == REASON_TOO_LARGE);
}
