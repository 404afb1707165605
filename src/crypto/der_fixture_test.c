#include "crypto/der_fixture.h"

#include "base/test.h"

TEST("der_fixture: what it writes, the reader takes")
{
    static const size_t sizes[] = {0, 1, 127, 128, 255, 256, 65'535, 65'536};
    char *bytes = arena_alloc(&cx->arena, 65'536);
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        Slice rest = DER_FIXTURE(cx, DER_OCTET_STRING, (Slice){bytes, sizes[i]});
        DerItem item;
        EXPECT_OK(der_expect(cx, &rest, DER_OCTET_STRING, &item));
        EXPECT(item.body.size == sizes[i] && rest.size == 0);
    }
    Slice bits, rest = der_fixture_bits(cx, SLICE("\x81"));
    DerItem item;
    EXPECT_OK(der_next(cx, &rest, &item));
    EXPECT_OK(der_bits(cx, &item, &bits));
    EXPECT(slice_equal(bits, SLICE("\x81")));
}
