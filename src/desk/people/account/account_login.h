// Login: a password, then the second factor where there is one.
//
//   account_login ─▶ DONE (a session) | FACTOR (a ticket) ─account_login_factor─▶ DONE
//
// A name that nobody has and a wrong password are told alike, and cost one hash each. Before the
// hash the delay is asked (account_delay.h). A step of TOTP and a recovery code work once.
#pragma once
#include "desk/people/account/account_session.h"

typedef enum AccountLoginResult {
    ACCOUNT_LOGIN_DONE,
    ACCOUNT_LOGIN_FACTOR,   // the second factor is asked for
    ACCOUNT_LOGIN_REFUSED,  // nobody of that name, a wrong password or code, a ticket that is over
    ACCOUNT_LOGIN_LATER,    // too many tries: wait_ms
    ACCOUNT_LOGIN_PENDING,  // right, but neither mail nor phone is confirmed
    ACCOUNT_LOGIN_DISABLED, // right, but an administrator has disabled it
} AccountLoginResult;

typedef struct AccountLoginAnswer {
    AccountLoginResult result;
    Token token; // DONE: of the session; FACTOR: the ticket
    uint64_t wait_ms;
    uint8_t account[ACCOUNT_ID_SIZE]; // DONE
    Slice login;                      // DONE: the name as it was typed, at the first step
} AccountLoginAnswer;

// `login`: user name, mail address or phone.
Err account_login(Cx *cx, Accounts *accounts, Slice login, Slice password,
                  const AccountOrigin *origin, AccountLoginAnswer *ret_answer);
// `code`: six digits of an authenticator, or a recovery code.
Err account_login_factor(Cx *cx, Accounts *accounts, Slice ticket, Slice code,
                         const AccountOrigin *origin, AccountLoginAnswer *ret_answer);
// Somebody whom another has vouched for: no password. `strong`: by more than one factor, so that
// none of ours is asked for. ERR_MISSING when there is no such account.
Err account_login_vouched(Cx *cx, Accounts *accounts, Slice account, bool strong,
                          const AccountOrigin *origin, AccountLoginAnswer *ret_answer);
