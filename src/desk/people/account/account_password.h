// Passwords: forgotten, reset, changed.
//
//   account_password_forgot ─▶ a link by mail, or a code by SMS ─account_password_reset─▶ a new one
//
// A reset works once and for 30 minutes (a code for 10), ends all sessions of the account, and
// takes no second factor away: whoever signs in afterwards is asked for it. API tokens stay.
#pragma once
#include "desk/people/account/account_row.h"
#include "desk/people/account/account_session.h"

// The same whether there is such an account or not, and about as fast. At most one message a minute
// an account. ERR_STORE when there is nobody to send by.
Err account_password_forgot(Cx *cx, Accounts *accounts, const PermissionActor *actor, Slice login,
                            AccountChannel channel);
// By the link's token; or, when that is "", by the code that was sent to the phone of that account.
// ERR_MISSING when it is wrong, was used, or its time is over; ERR_INPUT "password: …".
Err account_password_reset(Cx *cx, Accounts *accounts, const PermissionActor *actor, Slice token,
                           Slice login, Slice code, Slice password);
// By whoever knows the old one: ends all other sessions, and gives this one a new token.
// ERR_INPUT "password: is wrong"; ERR_LIMIT after too many tries.
Err account_password_change(Cx *cx, Accounts *accounts, const PermissionActor *actor, Slice token,
                            Slice old, Slice password, Token *ret_token);
// By an administrator (manage_accounts; of a tax officer manage_security; of an administrator of
// the platform the local one alone): ends all sessions and API tokens.
Err account_password_set(Cx *cx, Accounts *accounts, const PermissionActor *actor, Slice account,
                         Slice password);
// The actor's own row, when `password` is theirs: what asks for it before it goes on.
Err account_password_ask(Cx *cx, Accounts *accounts, const PermissionActor *actor, Slice password,
                         AccountRow *ret_row);
