// Property: what is found in a header lies in it, behind the name that was asked for, and without
// what ends it.
#include <stdlib.h>

#include "crypto/token.h"
#include "http/http_access.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool inside(Slice whole, Slice part)
{
    return part.size == 0 ||
           (part.data >= whole.data && part.data + part.size <= whole.data + whole.size);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    Slice header = {(const char *)data, size};
    Slice cookie = http_access_cookie(header, SLICE(HTTP_ACCESS_COOKIE));
    Slice bearer = http_access_bearer(header);
    if (!inside(header, cookie) || slice_find(cookie, SLICE(";")) != SLICE_NONE) abort();
    if (cookie.size > 0 && memcmp(cookie.data - sizeof HTTP_ACCESS_COOKIE, HTTP_ACCESS_COOKIE "=",
                                  sizeof HTTP_ACCESS_COOKIE) != 0)
        abort();
    if (!inside(header, bearer)) abort();
    Digest digest;
    bool token = token_digest(cookie, &digest);
    if (token && cookie.size != TOKEN_TEXT_SIZE) abort();
    (void)token_digest(bearer, &digest);
    return 0;
}
