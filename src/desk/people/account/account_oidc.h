// Signing in by another's word: OpenID Connect, authorization code with PKCE (RFC 7636, S256).
//
//   account_oidc_begin ─▶ the provider ─▶ account_oidc_end ─▶ DONE (a session) | FACTOR (a ticket)
//                                                          | LINKED | why not
//
// What is between the two is a ticket: found by `state`, bound to the browser by a second secret
// that its cookie holds, ten minutes, once. Who it is here: account_link.h.
//
// A subject that is not known is, in this order: given to the account that asked for it while it
// was signed in; taken for the account with the same confirmed mail address (link_mail); given an
// account of its own (register); refused.
#pragma once
#include "desk/people/account/account_login.h"

#define ACCOUNT_OIDC_TO_MAX ((size_t)512)

typedef enum AccountOidcResult {
    ACCOUNT_OIDC_DONE,     // a session
    ACCOUNT_OIDC_FACTOR,   // the second factor of ours is asked for
    ACCOUNT_OIDC_LINKED,   // the account that asked has it now
    ACCOUNT_OIDC_OFF,      // there is no provider
    ACCOUNT_OIDC_STATE,    // not begun in this browser, used, or its time is over
    ACCOUNT_OIDC_REFUSED,  // the provider said no, or the person did
    ACCOUNT_OIDC_PROVIDER, // it does not answer, or not what it should
    ACCOUNT_OIDC_TOKEN,    // what it says is not to be trusted
    ACCOUNT_OIDC_UNKNOWN,  // nobody here, and accounts are not made by it
    ACCOUNT_OIDC_MAIL,     // its mail address is another account's: sign in there and link it
    ACCOUNT_OIDC_TAKEN,    // linked to another account already
    ACCOUNT_OIDC_PENDING,
    ACCOUNT_OIDC_DISABLED,
    ACCOUNT_OIDC_STALE, // linking wants a confirmation of just now (account_confirm.h)
    ACCOUNT_OIDC_RESULT_COUNT
} AccountOidcResult;
// How an address says it: "oidc_state"; NULL of the first three.
const char *account_oidc_code(AccountOidcResult result);

// A page of this site: a path, not of the API, without anything that leads elsewhere.
bool account_oidc_is_page(Slice to);

typedef struct AccountOidcBegun {
    AccountOidcResult result; // DONE, OFF, STALE or PROVIDER
    Slice url;                // of the provider
    Token browser;            // for its cookie
} AccountOidcBegun;
// `link`: for the actor's account; ERR_DENIED when the actor has none. ERR_INPUT "to: …".
Err account_oidc_begin(Cx *cx, Accounts *accounts, const PermissionActor *actor, Slice to,
                       bool link, AccountOidcBegun *ret_begun);

// What the browser came back with; "" = it was not there.
typedef struct AccountOidcBack {
    Slice state, code, error, issuer; // of the address; issuer as in RFC 9207
    Slice browser;                    // of the cookie
} AccountOidcBack;
typedef struct AccountOidcEnded {
    AccountOidcResult result;
    Slice to;     // where it was begun for; "" when not known
    bool linking; // it was to be linked
    Slice why;    // English, for the log: TOKEN, PROVIDER
    Token token;  // DONE: of the session; FACTOR: the ticket
} AccountOidcEnded;
Err account_oidc_end(Cx *cx, Accounts *accounts, const AccountOidcBack *back,
                     const AccountOrigin *origin, AccountOidcEnded *ret_ended);
