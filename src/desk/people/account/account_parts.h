// What the account_<noun>.c share. Nobody else includes it.
#pragma once
#include <pthread.h>

#include "base/limits.h"
#include "commit/commit_wait.h"
#include "commit/uuid7.h"
#include "crypto/token.h"
#include "desk/people/account/account.h"
#include "desk/people/account/account_policy.h"
#include "desk/people/account/account_row.h"
#include "desk/people/account/account_seal.h"

#define OURS               db_text(SLICE(""))        // accounts belong to the installation
#define FIRST              SLICE("local")            // the first organisation
#define TENANT_SIZE        64                        // bytes of a tenant's name, at most
#define ACCOUNT_CONFIRM_MS ((uint64_t)5 * 60 * 1000) // so long a confirmation counts

typedef struct AccountSlot AccountSlot;
typedef struct AccountDelay AccountDelay;
typedef struct AccountOidcCache AccountOidcCache;

struct Accounts {
    AccountsOptions options;
    Store *store;
    pthread_mutex_t mutex; // of all below
    pthread_cond_t idle;   // late == 0
    size_t late;           // writes under way that nobody waits for
    AccountPolicy policy;
    uint64_t policy_seen;
    bool policy_known;
    AccountSlot *slots;     // sessions and tokens that were asked about lately
    AccountDelay *delays;   // names that were guessed at lately
    AccountOidcCache *oidc; // what the provider says of itself (account_oidc_provider.h)
};

// One entry of the audit log of the platform: who did what to whom, in the transaction that does
// it.
typedef struct AccountNote {
    const PermissionActor *actor;
    const char *act;     // "account.register"
    const char *kind;    // of the object: "account" "session" …; NULL = account
    Slice object;        // an id in hexadecimal, or a name of our own; "" = the actor's own account
    Slice before, after; // small JSON objects of strings, no secrets; "" = nothing
    bool halted;         // is done without an entry, while the committer is halted: signing in
} AccountNote;
// The one way by which accounts are written: waits until it is durable.
Err account_write(Cx *cx, Accounts *accounts, CommitWork *work, void *self,
                  const AccountNote *note);
// {"name":"value"}, for before and after.
Slice account_note_of(Cx *cx, const char *name, Slice value);

// A reading connection that is given back at the end of its scope.
typedef struct AccountDb {
    Store *store;
    Db *db;
} AccountDb;
Err account_db(Cx *cx, Accounts *accounts, AccountDb *ret_db);
void account_db_give(const AccountDb *db);
#define AUTO_DB __attribute__((cleanup(account_db_give)))

// Whose id it is when somebody is signed in; ERR_DENIED for all others.
Err account_self_id(Cx *cx, const PermissionActor *actor, Slice *ret_id);
// The same before what a thief of a session must not do: ERR_DENIED, ACCOUNT_STALE.
Err account_self_fresh(Cx *cx, const PermissionActor *actor, Slice *ret_id);
