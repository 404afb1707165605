// Setup: the first accounts of a folder, made by whoever holds the setup code, which `fapiao serve`
// prints for as long as there is no account.
//
// System, security and audit are three people's (permission_roles_conflict). One person can begin
// alone: the first account administers the system; the others, and the first administrator of the
// organisation 'local', may be made in the same step or later, by `fapiao user add`.
#pragma once
#include "crypto/token.h"
#include "desk/people/account/account_register.h"

#define ACCOUNT_SETUP_MAX 4 // one a role

// There is no account yet.
Err account_setup_wanted(Cx *cx, Accounts *accounts, bool *ret_wanted);
// A new code; the one before works no more. ERR_CONFLICT when there are accounts.
Err account_setup_code(Cx *cx, Accounts *accounts, const PermissionActor *actor, Token *ret_code);

typedef struct AccountSetup {
    AccountRegistration account;
    // ROLE_SYSTEM_ADMIN, ROLE_SECURITY_ADMIN, ROLE_AUDIT_ADMIN, or ROLE_ORG_ADMIN (of 'local')
    PermissionRole role;
} AccountSetup;
// One to four, each with another role, one of them the administrator of the system. All or none.
// ERR_MISSING when the code is wrong or was used; ERR_CONFLICT when there are accounts.
Err account_setup_run(Cx *cx, Accounts *accounts, const PermissionActor *actor, Slice code,
                      const AccountSetup *setups, size_t count);
