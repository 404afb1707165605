// What proof_parse and proof_opening_parse take is printed again byte for byte. And of a receipt
// that holds, no other receipt that holds can be made by changing bytes: the input is a list of
// changes (place u16, bits u8), too.
#include <stdlib.h>

#include "base/limits.h"
#include "ledger/proof_fixture.h"

#define CHANGE_SIZE 3

static void parse(Cx *cx, Slice bytes)
{
    Slice again = {};
    Proof proof;
    if (proof_parse(cx, bytes, &proof) == ERR_OK &&
        (proof_print(cx, &proof, &again) != ERR_OK || !slice_equal(again, bytes)))
        abort();
    ProofOpening opening;
    if (proof_opening_parse(cx, bytes, &opening) == ERR_OK &&
        (proof_opening_print(cx, &opening, &again) != ERR_OK || !slice_equal(again, bytes)))
        abort();
}

static void change(Cx *cx, const uint8_t *data, size_t size, Slice receipt, const NoteKey *key)
{
    Slice changed = {};
    if (cx_copy(cx, receipt, &changed) != ERR_OK) abort();
    char *bytes = (char *)(uintptr_t)changed.data;
    for (size_t at = 0; at + CHANGE_SIZE <= size; at += CHANGE_SIZE) {
        size_t place = ((size_t)data[at] << 8 | data[at + 1]) % receipt.size;
        bytes[place] = (char)(bytes[place] ^ data[at + 2]);
    }
    ProofTrust trust = {.keys = key, .key_count = 1, .allow_unknown = true};
    ProofFacts facts;
    bool holds = proof_judge(cx, changed, &trust, &facts) == PROOF_HOLDS;
    if (holds != slice_equal(changed, receipt)) abort();
    parse(cx, changed);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static Cx kept;
    static ProofFixture log;
    static Slice receipt;
    if (receipt.size == 0) {
        cx_init(&kept, world_real(), LIMIT_MIB);
        proof_fixture_open(&kept, &log, 5);
        receipt = proof_fixture_receipt(&kept, &log, 3, 5, (ProofFixtureSigned){});
    }
    Cx cx;
    cx_init(&cx, world_real(), 8 * LIMIT_MIB);
    parse(&cx, (Slice){(const char *)data, size});
    change(&cx, data, size, receipt, &log.log.key);
    cx_done(&cx);
    return 0;
}
