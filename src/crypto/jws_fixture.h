// For tests: keys that sign JSON Web Tokens, and how a provider shows them.
#pragma once
#include "crypto/jws.h"

typedef struct JwsFixture JwsFixture;

// A fresh key of that algorithm.
JwsFixture *jws_fixture_open(JwsAlgorithm algorithm);
void jws_fixture_close(JwsFixture *fixture);
// r || s, or RSA's bytes; in the arena.
Slice jws_fixture_sign(Cx *cx, const JwsFixture *fixture, Slice message);
// The public half, its numbers in the arena.
JwsKey jws_fixture_key(Cx *cx, const JwsFixture *fixture);
// {"kty":…,"kid":…,"use":"sig",…}
Slice jws_fixture_jwk(Cx *cx, const JwsFixture *fixture, const char *kid);
// Header and claims as they stand, signed.
Slice jws_fixture_token(Cx *cx, const JwsFixture *fixture, Slice header, Slice claims);
