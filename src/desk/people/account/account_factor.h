// The second factor: TOTP (RFC 6238) in an authenticator, and ten recovery codes.
//
//   account_factor_begin ─▶ a seed, shown as text and picture
//   account_factor_confirm (a first code) ─▶ it counts, and ten recovery codes are shown once
//   account_factor_end ─▶ there is none any more
//
// Each wants an actor that was confirmed just now (account_confirm.h).
//
// Whoever holds a role of permission_strong_roles(), or of the policy, may do nothing but see to
// their own account until a second factor was shown.
#pragma once
#include "desk/people/account/account_session.h"

typedef struct AccountFactorBegun {
    Slice secret; // base32
    Slice uri;    // otpauth://
    Slice svg;    // of the URI, as a QR code
} AccountFactorBegun;

// ERR_CONFLICT when one is there already.
Err account_factor_begin(Cx *cx, Accounts *accounts, const PermissionActor *actor,
                         AccountFactorBegun *ret_begun);

typedef struct AccountFactorDone {
    Token token; // the session's new one
    TokenRecovery codes[TOKEN_RECOVERY_COUNT];
} AccountFactorDone;
// ERR_INPUT "code: is wrong"; ERR_CONFLICT when there is none to confirm. The session counts as
// one with two factors from now on, under a new token; all others end.
Err account_factor_confirm(Cx *cx, Accounts *accounts, const PermissionActor *actor, Slice token,
                           Slice code, AccountFactorDone *ret_done);
// Ten new recovery codes; the old ones work no more. ERR_CONFLICT when there is no second factor.
Err account_factor_renew(Cx *cx, Accounts *accounts, const PermissionActor *actor,
                         TokenRecovery ret_codes[static TOKEN_RECOVERY_COUNT]);
// Ends all other sessions; this one goes on as one without, under a new token.
Err account_factor_end(Cx *cx, Accounts *accounts, const PermissionActor *actor, Slice token,
                       Token *ret_token);
// By an administrator of security, for somebody who lost everything: ends all their sessions.
Err account_factor_reset(Cx *cx, Accounts *accounts, const PermissionActor *actor, Slice account);
// How many recovery codes are left.
Err account_factor_left(Cx *cx, Accounts *accounts, const PermissionActor *actor, size_t *ret_left);
