// Accounts: who signs in, by what, and what they may. Opened once a process, by the doors.
//
//   account_register   a new one; confirming its mail address or phone
//   account_setup      the first ones of a folder
//   account_login      password, second factor, delay
//   account_session    cookies: who asks, list, revoke
//   account_token      programs: who asks, make, revoke
//   account_confirm    that it is still the one who signed in, before what a thief must not do
//   account_password   forgotten, reset, changed
//   account_factor     TOTP and recovery codes
//   account_self       one's own profile, deletion
//   account_admin      everybody's: list, disable, roles of the platform
//   account_policy     what an administrator chose
//   account_oidc       signing in by another's word (OpenID Connect)
//
// Every function that is handed an actor asks permission_check. Whatever names a person is sealed
// in the rows (account_seal.h). Any thread; each may wait for a disk, and those that hash a
// password for 38 ms and more: never on an event loop, but for account_session_actor and
// account_token_actor.
#pragma once
#include "commit/commit.h"
#include "permission/permission.h"

typedef struct Accounts Accounts;

// Why somebody is refused who may do it once they have shown again what they sign in by.
#define ACCOUNT_STALE "who is signed in has not shown password or code in the last minutes"

#define ACCOUNT_ID_SIZE PERMISSION_ID_SIZE

// What is sent to a person.
typedef enum AccountChannel { ACCOUNT_MAIL, ACCOUNT_SMS } AccountChannel;
typedef enum AccountOccasion {
    ACCOUNT_CONFIRM_MAIL,  // secret: a token, for a link
    ACCOUNT_CONFIRM_PHONE, // secret: six digits
    ACCOUNT_KNOWN_MAIL,    // somebody wanted to register with it; no secret
    ACCOUNT_RESET_LINK,    // secret: a token, for a link
    ACCOUNT_RESET_CODE,    // secret: six digits
    ACCOUNT_OCCASION_COUNT
} AccountOccasion;
typedef struct AccountMessage {
    AccountChannel channel;
    AccountOccasion occasion;
    Slice to, name, language; // "zh", "en"
    Slice secret, site;       // site: what a link begins with, without "/" at its end
} AccountMessage;
// Puts a message into the outbox, in the writer's transaction.
typedef Err AccountSend(Cx *cx, Db *db, void *self, const AccountMessage *message);

typedef struct AccountsOptions {
    Store *store;
    Committer *committer;
    AccountSend *send; // NULL: there is nobody to send by, and what needs it is refused
    void *send_self;
} AccountsOptions;

// Also makes the rows of the platform and of the first organisation where there are none.
Err account_open(Cx *cx, const AccountsOptions *options, Accounts **ret_accounts);
// Waits until what was noted late (when a session was last seen) is written. Before the committer
// closes. Takes NULL.
void account_close(Accounts *accounts);

// In a writer's transaction that changes what somebody is or may (state, roles, sessions, tokens):
// copies in memory are old. Whoever changes `member` or `organisation` calls it, too.
void account_touch(Db *db, Slice account);
