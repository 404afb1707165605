// Tell: what happened to an account is said to its owner by mail, in the transaction in which it
// happens: signed in by a browser that is new, another password, second factor or address, the end.
// Only to an address that was confirmed, and only where there is somebody to send by.
#pragma once
#include "desk/people/account/account_row.h"
#include "desk/people/notify/notify.h"

typedef enum AccountNews {
    ACCOUNT_NEWS_SIGN_IN,      // detail: what the browser calls itself
    ACCOUNT_NEWS_PASSWORD,     // also by a reset, or an administrator
    ACCOUNT_NEWS_FACTOR_ON,    // a second factor
    ACCOUNT_NEWS_FACTOR_OFF,   // by its owner
    ACCOUNT_NEWS_FACTOR_RESET, // by an administrator
    ACCOUNT_NEWS_FACTOR_CODES, // new recovery codes
    ACCOUNT_NEWS_LOGIN,        // another user name
    ACCOUNT_NEWS_MAIL_ASKED,   // another mail address, not confirmed yet
    ACCOUNT_NEWS_MAIL,         // to the old one: it no longer counts
    ACCOUNT_NEWS_PHONE,
    ACCOUNT_NEWS_ROLES, // of the platform, somebody's; detail: whose, from what to what
    ACCOUNT_NEWS_DELETED,
    ACCOUNT_NEWS_COUNT
} AccountNews;

typedef struct AccountTell {
    Store *store; // NULL = there is nobody to tell
    NotifyMessage message;
} AccountTell;

// Borrows from row, actor and detail. Where it came from is told unless somebody else did it, whose
// address is not the owner's business. `detail`: "" = nothing.
AccountTell account_tell_make(Cx *cx, const Accounts *accounts, const AccountRow *row,
                              const PermissionActor *actor, AccountNews news, Slice detail);
// In the writer's transaction. An address that no mail can go to holds nothing back.
Err account_tell_put(Cx *cx, Db *db, const AccountTell *tell);
