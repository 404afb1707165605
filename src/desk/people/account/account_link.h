// Account link: who somebody is here, when a provider says who it is there. Who it is there, is the
// provider (issuer) and its subject; a link from there to an account is a row of identity_link,
// which holds a blind index of the subject.
#pragma once
#include "desk/people/account/account_login.h"
#include "desk/people/account/account_register.h"

typedef struct AccountLink {
    Slice issuer, tag; // tag: the blind index
    Slice account;     // an id; "" = nobody's yet
    uint64_t now_ms;
    const AccountNewSealed *new; // made with it, or NULL
} AccountLink;
Err account_link_find(Cx *cx, Accounts *accounts, Slice issuer, Slice subject,
                      AccountLink *ret_link);
// For link->account, with the entry `act` of the audit log. ERR_CONFLICT when it is linked already.
Err account_link_put(Cx *cx, Accounts *accounts, AccountLink *link, const AccountOrigin *origin,
                     const char *act);

// Whether somebody of the provider that is set now is linked to the actor's account.
Err account_link_mine(Cx *cx, Accounts *accounts, const PermissionActor *actor, bool *ret_linked);
// Takes every link of the actor's account away, freshly confirmed. ERR_CONFLICT when nothing would
// be left to sign in by.
Err account_link_drop(Cx *cx, Accounts *accounts, const PermissionActor *actor);
