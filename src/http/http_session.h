// Signing in and out: POST /api/v1/session, its second step, and the session that is there.
#pragma once
#include "desk/people/account/account.h"
#include "http/routes.h"

RouteFn http_session_begin;  // login and password: 200 Session, or 202 FactorWanted
RouteFn http_session_factor; // ticket and code: 200 Session
RouteFn http_session_get;
RouteFn http_session_choose;  // another organisation
RouteFn http_session_confirm; // that it is still the same person
RouteFn http_session_end;
RouteFn http_session_list; // all of the account
RouteFn http_session_revoke;
RouteFn http_session_revoke_others;

// The Session of the API: who the call's actor is, and what they may.
Err http_session_show(Call *call, int status);
// 429: too many wrong passwords or codes (ERR_LIMIT of the desk).
Err http_session_later(Call *call);
// The accounts of this process; ERR_STORE in one that keeps none (a mirror).
Err http_session_accounts(Call *call, Accounts **ret_accounts);
