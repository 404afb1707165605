// One account as its row says it, opened.
#pragma once
#include "desk/people/account/account.h"
#include "desk/people/account/account_name.h"

typedef enum AccountState {
    ACCOUNT_PENDING, // neither mail nor phone is confirmed yet
    ACCOUNT_ACTIVE,
    ACCOUNT_DISABLED,
    ACCOUNT_DELETED,
    ACCOUNT_STATE_COUNT
} AccountState;
const char *account_row_state(AccountState state); // "pending"
bool account_row_state_of(Slice name, AccountState *ret_state);

typedef struct AccountRow {
    uint8_t id[ACCOUNT_ID_SIZE];
    Slice login, name, mail, phone, language; // "" = none; of the language never
    Slice password;                           // PHC string
    uint64_t password_ms;
    AccountState state;
    uint64_t mail_ms, phone_ms; // when it was confirmed; 0 = not yet
    Slice seed;                 // of TOTP, opened; "" = none
    uint64_t seed_ms, seed_step;
    uint64_t failures, failed_ms; // wrong codes since the last right one
    uint64_t created_ms;
    bool vouched; // made by an administrator, not by whoever it is for
} AccountRow;

static inline Slice account_row_id(const AccountRow *row)
{
    return (Slice){(const char *)row->id, ACCOUNT_ID_SIZE};
}

// ERR_MISSING when there is none.
Err account_row_get(Cx *cx, const Store *store, Db *db, Slice id, AccountRow *ret_row);
// By any of its names, as account_name_parse spells them.
Err account_row_find(Cx *cx, const Store *store, Db *db, AccountNameKind kind, Slice name,
                     AccountRow *ret_row);
// Sealed on the caller's thread, so that the writer need not; then in its transaction.
typedef struct AccountSealed {
    AccountRow row;
    Slice tags[3]; // by AccountNameKind; "" = none
    Slice profile, seed;
} AccountSealed;
Err account_row_seal(Cx *cx, const Store *store, const AccountRow *row, AccountSealed *ret_sealed);
// ERR_CONFLICT "login: is taken" (or mail, phone) when another account has the name.
Err account_row_add(Cx *cx, Db *db, const AccountSealed *sealed);
// Names, profile, state and what was confirmed; neither password nor seed. ERR_CONFLICT as above,
// ERR_MISSING.
Err account_row_change(Cx *cx, Db *db, const AccountSealed *sealed);
// The id in hexadecimal, as doors show it; and back. ERR_MISSING for what is none.
Slice account_row_hex(Cx *cx, Slice id);
Err account_row_unhex(Cx *cx, Slice hex, uint8_t ret_id[static ACCOUNT_ID_SIZE]);
// "u-" and the id: how facts and the audit log name somebody.
Slice account_row_actor_name(Cx *cx, Slice id);
