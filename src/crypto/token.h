// Tokens: what proves somebody by being known to nobody else. The folder keeps digests only.
//
//   token           32 random bytes as 43 characters of base64url: sessions, links, API keys.
//                   Kept as their SHA-256: nobody guesses 256 bits, so no key is needed.
//   short code      6 digits, by mail or telephone. A million guesses: kept under a key, with a
//                   lifetime and few tries, both of which are the caller's.
//   recovery code   12 letters and digits in groups (60 bits), ten at a time, each works once.
#pragma once
#include "crypto/digest.h"

#define TOKEN_TEXT_SIZE      43 // characters
#define TOKEN_CODE_DIGITS    6
#define TOKEN_RECOVERY_COUNT 10
#define TOKEN_RECOVERY_SIZE  14 // characters: "xxxx-xxxx-xxxx"

typedef struct Token {
    char text[TOKEN_TEXT_SIZE + 1]; // shown once
    Digest digest;                  // kept
} Token;
typedef struct TokenCode {
    char text[TOKEN_CODE_DIGITS + 1];
} TokenCode;
typedef struct TokenRecovery {
    char text[TOKEN_RECOVERY_SIZE + 1];
} TokenRecovery;

Token token_new(Cx *cx);
// The digest to look for. False when `text` was never a token of ours; then *ret_digest stays.
bool token_digest(Slice text, Digest *ret_digest);
// In constant time.
bool token_fits(const Digest *kept, Slice text);

// Each of the million is as likely as any other.
TokenCode token_code_new(Cx *cx);
void token_recovery_new(Cx *cx, TokenRecovery ret_codes[static TOKEN_RECOVERY_COUNT]);
// How a short or recovery code is kept: HMAC-SHA-256 under `key`, a key of the folder, together
// with `about`: purpose and whose it is, so that a row copied to another one fits nothing. Case,
// spaces and hyphens don't count, and O, I and L are read as 0, 1 and 1. Compare with digest_equal.
Digest token_keyed(Slice key, Slice about, Slice code);
