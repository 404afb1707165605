// Sm2_fixture: signed data of GM/T 0010, made for tests.
#pragma once
#include "crypto/certificate_fixture.h"

// Detached, one signer with SM2 and SM3; signingTime is 2022-03-17 07:20:54 UTC when there are
// attributes.
Slice sm2_fixture_signed_data(Cx *cx, const FixtureKey *key, Slice certificate, Slice content,
                              bool attributes);
