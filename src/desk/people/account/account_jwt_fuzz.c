// Property: whatever is not signed under a key of the set is refused; and claims that are taken
// name a subject. The first line of the input is the token, the rest the key set or the claims.
#include <stdlib.h>

#include "base/limits.h"
#include "desk/people/account/account_jwt.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    Cx cx;
    cx_init(&cx, world_real(), 16 * LIMIT_MIB);
    Slice rest = {(const char *)data, size}, token, opened;
    bool done = false;
    (void)slice_cut(&rest, '\n', &done, &token);
    // A signature that holds takes more than a fuzzer has: a key set without keys opens nothing.
    if (account_jwt_open(&cx, token, SLICE("{\"keys\":[]}"), &opened) == ERR_OK) abort();
    (void)account_jwt_open(&cx, token, rest, &opened);
    const AccountJwtWanted wanted = {.issuer = SLICE("https://id.example"),
                                     .client = SLICE("fapiao"),
                                     .nonce = SLICE("n"),
                                     .now_ms = UINT64_C(1'790'000'000'000)};
    AccountJwtClaims claims;
    if (account_jwt_read(&cx, rest, &wanted, &claims) == ERR_OK &&
        (claims.subject.size == 0 || claims.subject.size > ACCOUNT_JWT_SUBJECT_MAX))
        abort();
    cx_done(&cx);
    return 0;
}
