#include "crypto/certificate_fixture.h"

#include "base/test.h"

TEST("certificate_fixture: a certificate's PEM is text around it, and two are never the same")
{
    FixtureKey *key = certificate_fixture_key_open(KEY_EC);
    FixtureName name = {key, "x"};
    Slice one = certificate_fixture_make(cx, name, name, true, 0, 86'400'000);
    Slice two = certificate_fixture_make(cx, name, name, true, 0, 86'400'000);
    EXPECT(!slice_equal(one, two));
    EXPECT(slice_starts(certificate_fixture_pem(cx, one), SLICE("-----BEGIN CERTIFICATE-----\n")));
    certificate_fixture_key_close(key);
}
