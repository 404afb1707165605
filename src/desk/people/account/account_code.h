// Codes of the second factor: six digits of an authenticator, or a recovery code. Each works once.
//
//   account_code_check ─▶ AccountCode ─account_code_use (in the transaction of what it is for)─▶
#pragma once
#include "desk/people/account/account_row.h"
#include "desk/people/account/account_ticket.h"

typedef struct AccountCode {
    uint8_t account[ACCOUNT_ID_SIZE];
    uint64_t step; // of TOTP; 0 = a recovery code
    Digest tag;    // of the recovery code
    uint64_t now_ms;
} AccountCode;

// ERR_INPUT "code: is wrong", which counts against the account, and against `ticket` if that is
// not NULL (ERR_MISSING when it has no try left).
Err account_code_check(Cx *cx, Accounts *accounts, const AccountRow *row,
                       const AccountTicket *ticket, Slice code, AccountCode *ret_code);
// In the writer's transaction: ERR_INPUT when it was used before. Forgets the wrong ones.
Err account_code_use(Cx *cx, Db *db, const AccountCode *code);
// Milliseconds that the account has to wait after wrong codes, wherever they came from: whoever is
// asked for a code has shown the password.
uint64_t account_code_delay(const AccountRow *row, uint64_t now_ms);

// How a recovery code is kept.
Digest account_code_tag(const Store *store, Slice account, Slice code);
