#include "crypto/sm2_fixture.h"

#include "base/test.h"
#include "crypto/sm2.h"

TEST("sm2_fixture: makes what claims to be GM/T 0010 signed data")
{
    FixtureKey *key = certificate_fixture_key_open(KEY_SM2);
    FixtureName name = {key, "x"};
    Slice certificate = certificate_fixture_make(cx, name, name, false, 0, 86'400'000);
    EXPECT(sm2_is_signed_data(sm2_fixture_signed_data(cx, key, certificate, SLICE("m"), true)));
    certificate_fixture_key_close(key);
}
