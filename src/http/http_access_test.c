#include "http/http_access.h"

#include "base/test.h"

TEST("http_access: the cookie is found by its whole name")
{
    static const struct {
        Slice header, value;
    } cases[] = {
        {SLICE("__Host-fapiao=abc"), SLICE("abc")},
        {SLICE("a=1; __Host-fapiao=abc; b=2"), SLICE("abc")},
        {SLICE("a=1;__Host-fapiao=abc;b=2"), SLICE("abc")},
        {SLICE("x__Host-fapiao=abc"), SLICE("")},
        {SLICE("__Host-fapiao2=abc"), SLICE("")},
        {SLICE("__host-fapiao=abc"), SLICE("")},
        {SLICE("__Host-fapiao"), SLICE("")},
        {SLICE("__Host-fapiao="), SLICE("")},
        {SLICE(""), SLICE("")},
        {SLICE("__Host-fapiao=a; __Host-fapiao=b"), SLICE("a")},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        EXPECT(slice_equal(http_access_cookie(cases[i].header, SLICE(HTTP_ACCESS_COOKIE)),
                           cases[i].value));
}

TEST("http_access: a bearer token stands behind its scheme, in whatever case")
{
    EXPECT(slice_equal(http_access_bearer(SLICE("Bearer fp_x")), SLICE("fp_x")));
    EXPECT(slice_equal(http_access_bearer(SLICE("bearer  fp_x ")), SLICE("fp_x")));
    EXPECT(http_access_bearer(SLICE("Basic fp_x")).size == 0);
    EXPECT(http_access_bearer(SLICE("Bearer")).size == 0);
    EXPECT(http_access_bearer(SLICE("")).size == 0);
}
