// Property: what the bytes are never depends on what follows the whole, but for a zip; every
// document gets a media and, where no reader is at hand, a reason and no invoice.
#include <assert.h>

#include "base/limits.h"
#include "read/reader.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static ReaderFn *const none[MEDIA_COUNT] = {};
    static const SealAnswer no_seal = {};
    Slice bytes = {(const char *)data, size};
    Cx cx;
    cx_init(&cx, world_real(), LIMIT_REQUEST_ARENA);
    Media media = reader_sniff(bytes);
    assert(media >= 0 && media < MEDIA_COUNT);
    if (size >= 2048)
        assert(media == reader_sniff(slice_sub(bytes, 0, 2048)) ||
               slice_starts(bytes, SLICE("PK")));
    ReadJob job = {.bytes = bytes, .seal = &no_seal};
    Reading reading = {};
    reader_run(&cx, none, &job, &reading);
    assert(reading.reason != REASON_NONE && reading.draft_count == 0);
    assert(reading.media == (size == 0 ? MEDIA_UNKNOWN : media));
    cx_done(&cx);
    return 0;
}
