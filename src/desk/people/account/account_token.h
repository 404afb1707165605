// API tokens: what a program shows instead of a person: "fp_" and 43 characters, in Authorization:
// Bearer. It works in one organisation, does only the acts that it was given, and none that its
// maker might not do; it dies at its time, with its account, and when revoked. It counts as shown
// with a second factor for as long as the account has one. Never one's own account: no token makes
// tokens or changes passwords.
#pragma once
#include "crypto/token.h"
#include "desk/people/account/account.h"

#define ACCOUNT_TOKEN_PREFIX   "fp_"
#define ACCOUNT_TOKEN_SIZE     (sizeof ACCOUNT_TOKEN_PREFIX - 1 + TOKEN_TEXT_SIZE)
#define ACCOUNT_TOKEN_DAYS_MAX 366

// As account_session_actor, of what stands behind "Bearer ".
Err account_token_actor(Cx *cx, Accounts *accounts, Slice token, Slice address,
                        PermissionActor *ret_actor);

typedef struct AccountTokenNew {
    char text[ACCOUNT_TOKEN_SIZE + 1]; // shown once
    Slice id;                          // hexadecimal
    uint64_t expires_ms;
} AccountTokenNew;
// `acts`: names with commas. Freshly confirmed (account_confirm.h). ERR_INPUT "acts: …", "name: …",
// "days: …"; ERR_DENIED for an act that the actor may not do now; ERR_LIMIT over LIMIT_TOKENS.
Err account_token_make(Cx *cx, Accounts *accounts, const PermissionActor *actor, Slice name,
                       Slice acts, uint64_t days, AccountTokenNew *ret_new);
// By the local administrator, for somebody: in the organisation that they have been in longest.
Err account_token_make_for(Cx *cx, Accounts *accounts, const PermissionActor *actor, Slice account,
                           Slice name, Slice acts, uint64_t days, AccountTokenNew *ret_new);

typedef struct AccountTokenRow {
    Slice id, name, acts, organisation;
    uint64_t created_ms, expires_ms, used_ms; // used_ms: to the minute; 0 = never
} AccountTokenRow;
Err account_token_list(Cx *cx, Accounts *accounts, const PermissionActor *actor,
                       AccountTokenRow **ret_rows, size_t *ret_count);
Err account_token_revoke(Cx *cx, Accounts *accounts, const PermissionActor *actor, Slice id);
