// What seal_ses_parse accepts it takes from inside the bytes; it begins where toSign begins.
#include <stdlib.h>

#include "read/seal_fixture.h"
#include "read/seal_ses.h"

static Cx made;
static Slice originals[2];

static void make(void)
{
    cx_init(&made, world_real(), (size_t)4 << 20);
    SealFixture fixture = seal_fixture_open(&made);
    for (int version_1 = 0; version_1 < 2; version_1++) {
        ZipFixtureEntry entries[SEAL_FIXTURE_ENTRIES];
        seal_fixture_entries(&made, &fixture, &(SealFixtureForm){.version_1 = version_1 != 0},
                             entries);
        originals[version_1] = entries[SEAL_FIXTURE_VALUE].bytes;
    }
    seal_fixture_close(&fixture);
}

static bool inside(Slice part, Slice whole)
{
    return part.size == 0 ||
           (part.data >= whole.data && part.data + part.size <= whole.data + whole.size);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (originals[0].data == NULL) make();
    if (size == 0) return 0;
    Cx cx;
    cx_init(&cx, world_real(), (size_t)1 << 20);
    Slice der = {(const char *)data + 1, size - 1};
    if (data[0] % 4 != 0) {
        // Patches of three bytes: where (two), and what.
        Slice original = originals[data[0] % 2];
        char *copy = arena_alloc(&cx.arena, original.size);
        memcpy(copy, original.data, original.size);
        for (size_t i = 1; i + 2 < size; i += 3)
            copy[((size_t)data[i] << 8 | data[i + 1]) % original.size] = (char)data[i + 2];
        der = (Slice){copy, original.size};
    }
    Ses ses;
    if (seal_ses_parse(&cx, der, &ses) == ERR_OK) {
        const Slice parts[] = {ses.to_sign,           ses.data_hash,       ses.name,
                               ses.certificate,       ses.signature,       ses.seal_info,
                               ses.maker_certificate, ses.maker_algorithm, ses.maker_signature,
                               ses.certificate_list};
        for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++)
            if (!inside(parts[i], der)) abort();
        SealVerdict verdict = {.state = SEAL_VALID};
        if (seal_ses_check(&cx, &ses, SLICE("other"), &verdict) == ERR_OK &&
            verdict.state == SEAL_VALID)
            abort();
    }
    cx_done(&cx);
    return 0;
}
