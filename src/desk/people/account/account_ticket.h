// Tickets: what works once. A row of `ticket` holds the digest of its secret alone.
//
//   a token (a link)   found by its SHA-256
//   a code (6 digits)  found by the account it was made for; LIMIT_TICKET_TRIES wrong ones end it
//
// One live ticket of a kind an account: a new one ends the one before.
#pragma once
#include "crypto/token.h"
#include "desk/people/account/account.h"

// How long each lives.
#define ACCOUNT_TICKET_LOGIN_MS   ((uint64_t)5 * 60 * 1000)
#define ACCOUNT_TICKET_RESET_MS   ((uint64_t)30 * 60 * 1000)
#define ACCOUNT_TICKET_CODE_MS    ((uint64_t)10 * 60 * 1000) // six digits
#define ACCOUNT_TICKET_OIDC_MS    ((uint64_t)10 * 60 * 1000) // until the provider sends back
#define ACCOUNT_TICKET_CONFIRM_MS ((uint64_t)24 * 60 * 60 * 1000)

typedef struct AccountTicket {
    const char *kind; // "login" "mail" "phone" "reset" "reset_code" "setup" "oidc"
    Slice account;    // "" = of nobody
    Slice content;    // opened when found
    uint64_t created_ms, expires_ms;
    uint64_t tries;
    Digest hash;
} AccountTicket;

// In the writer's transaction; `sealed` is of account_ticket_seal.
Err account_ticket_put(Cx *cx, Db *db, const AccountTicket *ticket, Slice sealed);
// The same for what many may have at once, whose account is "": ends none but those whose time is
// over and, over `most`, the oldest.
Err account_ticket_put_one_of(Cx *cx, Db *db, const AccountTicket *ticket, Slice sealed, int most);
Err account_ticket_seal(Cx *cx, const Store *store, const AccountTicket *ticket, Slice *ret_sealed);
// One that is live by its token: ERR_MISSING when there is none, it was used, or its time is over.
Err account_ticket_find(Cx *cx, const Store *store, Db *db, const char *kind, Slice token,
                        uint64_t now_ms, AccountTicket *ret_ticket);
// The live one of an account. ERR_MISSING as above, also after too many tries.
Err account_ticket_of(Cx *cx, const Store *store, Db *db, const char *kind, Slice account,
                      uint64_t now_ms, AccountTicket *ret_ticket);
// How a code is kept.
Digest account_ticket_code(const Store *store, const char *kind, Slice account, Slice code);
// In the writer's transaction: uses it up. ERR_MISSING when somebody was faster.
Err account_ticket_use(Cx *cx, Db *db, const AccountTicket *ticket, uint64_t now_ms);
// In the writer's transaction: takes one of its tries, before a code is compared: many at once are
// no more than one by one. ERR_MISSING when none is left.
Err account_ticket_try(Cx *cx, Db *db, const AccountTicket *ticket);
// In the writer's transaction: all of an account; `kind` NULL = of every kind.
Err account_ticket_drop(Cx *cx, Db *db, const char *kind, Slice account);
