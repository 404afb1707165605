// Everybody's accounts, as administrators see to them: list, make, disable, roles of the platform.
//
// An administrator of the system (manage_accounts) sees to people's accounts, but not to those of
// who administers the platform, and never to roles: that is for the administrator of security
// (manage_security). The local administrator may both.
#pragma once
#include "desk/people/account/account_register.h"

#define ACCOUNT_ADMIN_PAGE 50

typedef struct AccountView {
    AccountRow row; // its password and seed emptied
    bool factor;    // has a second one
    bool password;  // has one
    uint32_t platform;
    struct {
        Slice tenant;
        uint32_t roles;
    } * members;
    size_t member_count;
} AccountView;

typedef struct AccountAdminQuery {
    Slice cursor; // `next` of the page before; "" = the newest
    Slice text;   // part of login, name, mail or phone, Latin letters of either case; "" = any
    Slice state;  // "active" …; "" = any
} AccountAdminQuery;

typedef struct AccountAdminPage {
    AccountView *views; // in the arena; at most ACCOUNT_ADMIN_PAGE
    size_t count;
    Slice next; // "" = that was all
} AccountAdminPage;

// By id, newest first. What people are called lies sealed, so that a search opens one after the
// other: a page looks at no more than LIMIT_ACCOUNT_SCAN, and may be short, or empty, with more to
// come. ERR_INPUT "cursor: …", "state: …".
Err account_admin_list(Cx *cx, Accounts *accounts, const PermissionActor *actor,
                       const AccountAdminQuery *query, AccountAdminPage *ret_page);
// By hexadecimal id or any of its names. ERR_MISSING.
Err account_admin_find(Cx *cx, Accounts *accounts, const PermissionActor *actor, Slice which,
                       AccountView *ret_view);
// As above without asking permission: of the actor's own.
Err account_admin_self(Cx *cx, Accounts *accounts, const PermissionActor *actor,
                       AccountView *ret_view);
// A new one, active at once; roles in `tenant` ("" = none but the platform's).
Err account_admin_add(Cx *cx, Accounts *accounts, const PermissionActor *actor,
                      const AccountRegistration *registration, Slice tenant, uint32_t roles,
                      uint32_t platform, AccountRow *ret_row);
// active or disabled; whoever is disabled is out at once, sessions and API tokens for good.
// ERR_CONFLICT for the last of their kind (account_last.h).
Err account_admin_state(Cx *cx, Accounts *accounts, const PermissionActor *actor, Slice account,
                        AccountState state);
// All roles of the platform that it holds from now on; 0 = none. ERR_CONFLICT with the reason when
// one person may not hold them, nobody else would be left, or the account registered itself and is
// to be an administrator. manage_security, and never one's own. The owner and every other
// administrator are told by mail.
Err account_admin_roles(Cx *cx, Accounts *accounts, const PermissionActor *actor, Slice account,
                        uint32_t platform);
// Whether the actor may see to this account; ERR_DENIED.
Err account_admin_may(Cx *cx, Accounts *accounts, const PermissionActor *actor, Slice account,
                      AccountRow *ret_row);
