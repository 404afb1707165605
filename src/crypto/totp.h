// TOTP: six digits that change every 30 seconds (RFC 6238, HMAC-SHA-1), as authenticators make
// them.
#pragma once
#include "base/cx.h"

#define TOTP_SEED_SIZE 20 // bytes
#define TOTP_DIGITS    6
#define TOTP_STEP_S    30
#define TOTP_WINDOW    1 // steps that a clock may be off, either way

typedef struct TotpSeed {
    uint8_t bytes[TOTP_SEED_SIZE];
} TotpSeed;

TotpSeed totp_seed_new(Cx *cx);
// What is typed where a picture can't be taken: 32 letters and digits (RFC 4648 §6).
Slice totp_base32(Cx *cx, const TotpSeed *seed);
// otpauth://totp/ISSUER:ACCOUNT?secret=…&issuer=…, for a QR code.
Slice totp_uri(Cx *cx, const TotpSeed *seed, Slice issuer, Slice account);
// With a NUL behind.
void totp_code(const TotpSeed *seed, uint64_t step, char ret_code[static TOTP_DIGITS + 1]);
// Whether `code` belongs to a step that is near now and newer than `used`, the last one that was
// accepted of this seed (0: none yet). Then *ret_step is that step, and whoever accepts it keeps
// it as `used`, by compare-and-swap: a code works once.
bool totp_match(Cx *cx, const TotpSeed *seed, Slice code, uint64_t used, uint64_t *ret_step);
