// A sealed OFD made with our own keys, one file of the seal replaced or patched by the input. Who
// has no key can't make it valid again: a changed Signature.xml or OFD.xml (which is digested) is
// never valid, a changed SignedValue.dat only where the count of unused bits was changed.
#include <stdlib.h>

#include "read/seal_fixture.h"
#include "read/seal_ofd.h"

static Cx made;
static ZipFixtureEntry originals[SEAL_FIXTURE_ENTRIES];

static void make(void)
{
    cx_init(&made, world_real(), (size_t)4 << 20);
    SealFixture fixture = seal_fixture_open(&made);
    seal_fixture_entries(&made, &fixture, &(SealFixtureForm){}, originals);
    seal_fixture_close(&fixture);
}

static Slice patched(Cx *cx, Slice original, const uint8_t *data, size_t size)
{
    char *copy = arena_alloc(&cx->arena, original.size);
    memcpy(copy, original.data, original.size);
    for (size_t i = 0; i + 2 < size; i += 3)
        copy[((size_t)data[i] << 8 | data[i + 1]) % original.size] = (char)data[i + 2];
    return (Slice){copy, original.size};
}

// Whether the two differ in more than counts of unused bits, which follow 03 and a length.
static bool really_differs(Slice a, Slice b)
{
    if (a.size != b.size) return true;
    for (size_t i = 0; i < a.size; i++)
        if (a.data[i] != b.data[i] &&
            (i < 2 || a.data[i] != 0 || a.data[i - 2] != 0x03 || (uint8_t)b.data[i] > 7))
            return true;
    return false;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const size_t targets[] = {0, SEAL_FIXTURE_LIST, SEAL_FIXTURE_XML, SEAL_FIXTURE_VALUE};
    if (originals[0].name == NULL) make();
    if (size < 2) return 0;
    Cx cx;
    cx_init(&cx, world_real(), (size_t)16 << 20);
    size_t target = targets[data[0] % 4];
    Slice original = originals[target].bytes;
    Slice changed = data[1] % 4 == 0 ? (Slice){(const char *)data + 2, size - 2}
                                     : patched(&cx, original, data + 2, size - 2);
    SealBox box = {.entries = arena_alloc(&cx.arena, SEAL_FIXTURE_ENTRIES * sizeof(SealEntry)),
                   .count = SEAL_FIXTURE_ENTRIES};
    for (size_t i = 0; i < SEAL_FIXTURE_ENTRIES; i++)
        box.entries[i] = (SealEntry){.name = slice_of(originals[i].name),
                                     .bytes = i == target ? changed : originals[i].bytes,
                                     .loaded = true};
    SealAnswer answer;
    if (seal_ofd_check(&cx, &box, SLICE(""), &answer) == ERR_OK) {
        bool valid = answer.seal.state == SEAL_VALID;
        if (slice_equal(original, changed) != valid && target != SEAL_FIXTURE_LIST &&
            (target != SEAL_FIXTURE_VALUE || !valid || really_differs(original, changed)))
            abort();
        if (!valid && answer.trusted_count != 0) abort();
    }
    cx_done(&cx);
    return 0;
}
