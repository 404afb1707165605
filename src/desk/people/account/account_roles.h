// Who is told when an account's roles of the platform change: every administrator of the platform
// but the one who does it, and the account's owner. So nobody gives a role that nobody sees.
#pragma once
#include "desk/people/account/account_admin.h"
#include "desk/people/account/account_tell.h"

#define ACCOUNT_ROLES_TOLD 64 // people at most; the audit log holds it anyway

typedef struct AccountRolesTold {
    AccountTell *tells;
    size_t count;
} AccountRolesTold;

// `view`: as it is; `platform`: as it will be.
Err account_roles_told(Cx *cx, Accounts *accounts, const PermissionActor *actor,
                       const AccountView *view, uint32_t platform, AccountRolesTold *ret_told);
// In the writer's transaction.
Err account_roles_tell(Cx *cx, Db *db, const AccountRolesTold *told);
