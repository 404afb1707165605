// Slots: who stands behind a session or a token, as it was read lately. What account_session.c and
// account_token.c share.
#pragma once
#include "desk/people/account/account_parts.h"

struct AccountSlot {
    bool used;
    Digest hash; // of the token
    uint8_t account[ACCOUNT_ID_SIZE];
    char tenant[TENANT_SIZE];
    size_t tenant_size;
    uint32_t roles;
    uint64_t acts;
    bool strong;
    uint64_t created_ms, expires_ms;    // expires_ms: of an API token; 0 = a session
    uint64_t seen_ms, written_ms;       // last request, as known here and in the row
    uint64_t password_ms, confirmed_ms; // confirmed_ms: of an API token 0
    uint64_t seen;                      // changes_now before it was read
};

AccountSlot *account_slot_open(void);
void account_slot_close(AccountSlot *slots);

// Before the SELECT that a slot is filled from.
uint64_t account_slot_now(const Accounts *accounts);
// A copy that is fresh; false when it must be read.
bool account_slot_find(Accounts *accounts, const Digest *hash, AccountSlot *ret_slot);
// Roles in slot->tenant and on the platform.
Err account_slot_roles(Cx *cx, Db *db, AccountSlot *slot);

// A write that nobody waits for.
typedef struct AccountLate {
    Accounts *accounts;
    CommitWork *work;
    Digest hash;
    uint64_t ms;
} AccountLate;
// Keeps the slot as seen now; the row follows when it is a minute behind (`work` gets an
// AccountLate).
void account_slot_seen(Cx *cx, Accounts *accounts, AccountSlot *slot, uint64_t now_ms,
                       CommitWork *work);
void account_slot_actor(Cx *cx, const AccountSlot *slot, const AccountPolicy *policy,
                        uint64_t now_ms, Slice address, PermissionActor *ret_actor);
