// Sessions: what a browser's cookie stands for. 32 random bytes, of which the folder holds the
// digest; over after 30 minutes without a request and 12 hours in any case (policy); a new token
// at each login and whenever what it may changes.
//
// Who asks is kept in memory, so that a request costs no SQL, and forgotten the moment a commit
// touches the account (store/changes.h): a revocation counts from its answer on.
#pragma once
#include "crypto/token.h"
#include "desk/people/account/account.h"

typedef struct AccountSlot AccountSlot;
AccountSlot *account_session_slots_open(void);
void account_session_slots_close(AccountSlot *slots); // takes NULL

// Who it is that shows this token. `address` is borrowed by the actor, the rest lies in the arena.
// ERR_DENIED when there is no such session, it is over, or the account is not active. Notes that it
// was seen, at most once a minute, without waiting.
Err account_session_actor(Cx *cx, Accounts *accounts, Slice token, Slice address,
                          PermissionActor *ret_actor);

// Where somebody signs in from.
typedef struct AccountOrigin {
    Slice address, agent; // User-Agent; what is over 256 bytes of it is dropped
    bool strange;         // a browser that is new to this account: its owner is told
} AccountOrigin;

// One that is about to be: made outside the writer, put inside.
typedef struct AccountSessionNew {
    Token token;
    uint8_t id[ACCOUNT_ID_SIZE], account[ACCOUNT_ID_SIZE];
    Slice organisation, origin;
    int factors;
    uint64_t now_ms, oldest_ms; // those that began before oldest_ms are over
    uint64_t confirmed_ms;      // as account_confirm; made: now_ms
} AccountSessionNew;
// Works in the organisation that the account has been in longest; '' when it is in none.
Err account_session_make(Cx *cx, Accounts *accounts, Slice account, int factors,
                         const AccountOrigin *origin, AccountSessionNew *ret_new);
// In the writer's transaction. Over LIMIT_SESSIONS the one that was seen longest ago goes.
Err account_session_put(Cx *cx, Db *db, const AccountSessionNew *new);
// In the writer's transaction: the same session under a new token. ERR_DENIED when it is gone.
typedef struct AccountSwap {
    Digest old, new;
    Slice account;
    int factors;               // 0 = as it is
    const Slice *organisation; // NULL = as it is
    uint64_t confirmed_ms;     // 0 = as it is
} AccountSwap;
Err account_session_swap(Cx *cx, Db *db, const AccountSwap *swap);
// In the writer's transaction: all of an account, but the one of `keep` (NULL = none).
Err account_session_drop(Cx *cx, Db *db, Slice account, const Digest *keep);

typedef struct AccountSessionRow {
    Slice id; // hexadecimal
    Slice address, agent, organisation;
    int factors;
    uint64_t created_ms, seen_ms;
    bool current;
} AccountSessionRow;
// The actor's own, newest first; `token`: the one that asks.
Err account_session_list(Cx *cx, Accounts *accounts, const PermissionActor *actor, Slice token,
                         AccountSessionRow **ret_rows, size_t *ret_count);
// ERR_MISSING when it is not one of the actor's.
Err account_session_revoke(Cx *cx, Accounts *accounts, const PermissionActor *actor, Slice id);
Err account_session_revoke_others(Cx *cx, Accounts *accounts, const PermissionActor *actor,
                                  Slice token);
// Logout: gone when it returns.
Err account_session_end(Cx *cx, Accounts *accounts, const PermissionActor *actor, Slice token);
// Works in another organisation from now on, under a new token. ERR_DENIED when the actor is no
// member of it and no officer either, or there is none.
Err account_session_choose(Cx *cx, Accounts *accounts, const PermissionActor *actor, Slice token,
                           Slice organisation, Token *ret_token);
