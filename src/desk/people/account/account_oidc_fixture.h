// For tests: a provider of OpenID Connect in this process that answers every code with the token
// that a test wants.
#pragma once
#include <stdatomic.h>

#include "crypto/jws_fixture.h"
#include "desk/people/account/account_fixture.h"
#include "net/fetch_fixture.h"

typedef struct AccountOidcFixture {
    Cx cx; // of the server's thread
    FetchFixture *server;
    JwsFixture *key;
    Slice issuer;
    atomic_bool down;   // answers 500
    char claims[1024];  // of the next token
    char secret_of[64]; // "basic" or "post", or ""
} AccountOidcFixture;

void account_oidc_fixture_open(AccountOidcFixture *provider);
void account_oidc_fixture_close(AccountOidcFixture *provider);
// Makes it the provider of `f`, as https://fapiao.example.
void account_oidc_fixture_set(Cx *cx, AccountFixture *f, const AccountOidcFixture *provider);
