#include "crypto/jws_fixture.h"

#include "base/test.h"

TEST("jws fixture: two keys are two, and each shows itself without its private half")
{
    JwsFixture *one = jws_fixture_open(JWS_ES256), *two = jws_fixture_open(JWS_ES256);
    Slice first = jws_fixture_jwk(cx, one, "a");
    EXPECT(!slice_equal(first, jws_fixture_jwk(cx, two, "a")));
    EXPECT(slice_find(first, SLICE("\"d\"")) == SLICE_NONE);
    jws_fixture_close(one);
    jws_fixture_close(two);
}
