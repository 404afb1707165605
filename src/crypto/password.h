// Passwords: argon2id (RFC 9106), kept as PHC strings:
//   $argon2id$v=19$m=19456,t=2,p=1$<salt>$<hash>
// 19 MiB, 2 passes, 1 lane: the second choice of OWASP's Password Storage Cheat Sheet, 38 ms here.
//
// Each hash takes its memory, so no more than LIMIT_PASSWORDS_AT_ONCE run in the process at once;
// others wait, and past LIMIT_PASSWORDS_WAITING or LIMIT_PASSWORD_WAIT_MS get ERR_STORE: come back.
// Any thread. What makes a good password is asked elsewhere.
#pragma once
#include "base/cx.h"

#define PASSWORD_PHC_MAX ((size_t)256) // bytes of one that we accept; ours have 97

// ERR_INPUT when it is empty, ERR_LIMIT over LIMIT_PASSWORD_BYTES.
Err password_hash(Cx *cx, Slice password, Slice *ret_phc);
// *ret_fits = it is the one. An empty `phc` (nobody of that name, or one without a password) never
// fits, and costs the same one hash: call it in any case, so that no name is told by the time.
// A password that is empty or too long fits none, without a hash. ERR_CORRUPT when `phc` is no
// argon2id string, or asks for more than LIMIT_PASSWORD_MIB or _PASSES.
Err password_verify(Cx *cx, Slice password, Slice phc, bool *ret_fits);
// It was made with less than what is made now: hash anew at the next login.
bool password_needs_rehash(Slice phc);

typedef struct PasswordLoad {
    uint64_t hashes; // run since the process began
    size_t peak;     // most at once
} PasswordLoad;
PasswordLoad password_load(void);
