// Registration: a new account that a stranger makes, and what confirms it.
//
//   account_register ─▶ pending ─account_register_confirm (a link, or a code)─▶ active
//                    └▶ active, when neither mail nor phone was given
//
// A mail address or phone that is known already is told to its owner, not to whoever asks: the
// answer is the same. A user name that is taken is told, for one must be found that is not.
#pragma once
#include "desk/people/account/account_policy.h"
#include "desk/people/account/account_row.h"

typedef struct AccountRegistration {
    Slice login, mail, phone; // at least one of login and mail; as typed
    Slice name, language;     // as shown; "zh" or "en", "" = zh
    Slice password;
} AccountRegistration;

// *ret_state: whether a confirmation is waited for. ERR_INPUT "<field>: …", ERR_CONFLICT "login: is
// taken", ERR_DENIED when registration is closed, ERR_STORE when there is nobody to send by.
Err account_register(Cx *cx, Accounts *accounts, const PermissionActor *actor,
                     const AccountRegistration *registration, AccountState *ret_state);
// Of somebody who has shown that they read at registration->mail, by an invitation that went there:
// active at once, also when registration is closed. ERR_CONFLICT "mail: is taken", too.
Err account_register_invited(Cx *cx, Accounts *accounts, const PermissionActor *actor,
                             const AccountRegistration *registration, AccountRow *ret_row);
// By the link's token; or, when that is "", by the code sent to the phone of that account.
// ERR_MISSING when it is wrong, was used, or its time is over.
Err account_register_confirm(Cx *cx, Accounts *accounts, const PermissionActor *actor, Slice token,
                             Slice login, Slice code);

// A row to be written with its organisation of one, its roles and its messages: what registration,
// setup and the administrators share.
typedef struct AccountNew {
    AccountRow row;
    Slice tenant;      // of its roles; "" = an organisation of its own is made
    uint32_t roles;    // in `tenant`
    uint32_t platform; // roles of the platform
} AccountNew;
typedef struct AccountNewSealed {
    AccountSealed account;
    Slice tenant, organisation; // organisation: the sealed name, when one is made
    uint32_t roles, platform;
} AccountNewSealed;
// Fills a row from what was typed, checked; its password is hashed, its id made. State active.
Err account_register_row(Cx *cx, Accounts *accounts, const AccountRegistration *registration,
                         AccountRow *ret_row);
Err account_register_seal(Cx *cx, Accounts *accounts, const AccountNew *new,
                          AccountNewSealed *ret_sealed);
// In the writer's transaction.
Err account_register_put(Cx *cx, Db *db, const AccountNewSealed *sealed);
