// Confirming that it is still the one who signed in: password, and the code of the second factor
// where there is one, shown again. Counts for five minutes, as signing in does, and for this
// session alone.
//
// Wanted (actor->fresh) before what a thief of a session must not do (ASVS 4.0.3, 3.7.1): another
// user name, mail address or phone, a second factor on or off, new recovery codes, an API token, an
// identity linked or unlinked, the end of the account. Refused without, with ACCOUNT_STALE.
#pragma once
#include "desk/people/account/account_session.h"

// The session goes on under a new token. ERR_INPUT "password: is wrong", "code: is wrong";
// ERR_LIMIT after too many tries; ERR_CONFLICT when there is neither password nor second factor:
// who came by another's word alone signs in anew.
Err account_confirm(Cx *cx, Accounts *accounts, const PermissionActor *actor, Slice token,
                    Slice password, Slice code, Token *ret_token);
