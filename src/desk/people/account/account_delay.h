// Delay: a name that was guessed at waits before it may be tried again from there, and longer each
// time; never for good, so nobody can lock a stranger out. Asked before any password is hashed.
//
// Kept in memory by name and block of addresses (an IPv4 /24, an IPv6 /48): whoever guesses from
// elsewhere makes the owner wait nowhere. Names that nobody has wait the same.
#pragma once
#include "desk/people/account/account.h"

typedef struct AccountDelay AccountDelay;
AccountDelay *account_delay_open(void);
void account_delay_close(AccountDelay *delays); // takes NULL

// Milliseconds to wait; 0 = go on.
uint64_t account_delay_left(Cx *cx, Accounts *accounts, Slice name, Slice address);
// How the try ended.
void account_delay_note(Cx *cx, Accounts *accounts, Slice name, Slice address, bool right);
// After so many failures in a row: 0 0 0 1 2 4 … seconds, LIMIT_LOGIN_DELAY_MS at most.
uint64_t account_delay_of(uint64_t failures);
