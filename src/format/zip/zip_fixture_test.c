#include "format/zip/zip_fixture.h"

#include "base/test.h"

TEST("zip fixture: an archive without entries is an archive")
{
    Zip *zip = NULL;
    Slice bytes = zip_fixture_make(cx, NULL, 0);
    EXPECT(bytes.size == 22);
    EXPECT_OK(zip_open(cx, bytes, &zip, NULL));
    EXPECT(zip_count(zip) == 0);
}
