// Property: a reading of any XML has either invoices or a reason, and what was read survives the
// pipe to the parent unchanged: nothing that a document holds makes the answer itself ill-formed.
#include <assert.h>

#include "model/wire.h"
#include "read/reader.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    Cx cx;
    cx_init(&cx, world_real(), (size_t)64 << 20);
    SealAnswer seal = {};
    ReadJob job = {{(const char *)data, size}, &seal, true};
    Reading reading = {.media = MEDIA_XML}, back = {};
    Slice bytes = {};
    if (read_xml(&cx, &job, &reading) == ERR_OK) {
        assert((reading.draft_count > 0) == (reading.reason == REASON_NONE));
        assert(wire_encode(&cx, &reading, &bytes) == ERR_OK);
        assert(wire_decode(&cx, bytes, &back) == ERR_OK);
        assert(back.draft_count == reading.draft_count);
    }
    cx_done(&cx);
    return 0;
}
