// The provider of OpenID Connect: what it says of itself (Discovery 1.0), and the exchange of a
// code for an ID token that was checked. All calls go out by net/fetch: bounded in time and size,
// over https, or plainly to this machine; no redirect is followed.
//
// What it says of itself is kept in memory for ten minutes, for anybody may begin signing in; its
// keys are asked for at each sign-in, which takes a code of its own: a changed key counts at once.
#pragma once
#include "base/text.h"
#include "desk/people/account/account_jwt.h"
#include "desk/people/account/account_oidc_setting.h"

typedef struct AccountOidcCache AccountOidcCache;
AccountOidcCache *account_oidc_provider_cache_open(void);
void account_oidc_provider_cache_close(AccountOidcCache *cache); // takes NULL

typedef struct AccountOidcProvider {
    Slice authorize, token, keys; // addresses
    bool post;                    // the secret goes into the form, not the header
} AccountOidcProvider;

// ERR_STORE when it does not answer, ERR_DENIED when what it says is not to be trusted.
Err account_oidc_provider_find(Cx *cx, Accounts *accounts, const AccountOidcSettings *settings,
                               AccountOidcProvider *ret_provider);

typedef struct AccountOidcCode {
    Slice code, verifier, nonce, back; // back: the redirect_uri that it was asked with
} AccountOidcCode;
// What a token endpoint answered, under the key set that was answered: all of it foreign bytes.
// ERR_DENIED unless the ID token in it is signed under a key of the set, by this provider, for us,
// for this nonce, and now.
Err account_oidc_provider_claims(Cx *cx, const AccountOidcSettings *settings, Slice answer,
                                 Slice keys, Slice nonce, AccountJwtClaims *ret_claims);
// ERR_STORE when it does not answer or refuses the code, ERR_DENIED when the token is not to be
// trusted.
Err account_oidc_provider_exchange(Cx *cx, const AccountOidcProvider *provider,
                                   const AccountOidcSettings *settings, const AccountOidcCode *code,
                                   AccountJwtClaims *ret_claims);

// Adds "name=value&", percent-encoded.
void account_oidc_provider_pair(Text *text, const char *name, Slice value);
