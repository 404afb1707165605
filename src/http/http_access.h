// Access: what a request shows of who asks: the cookie of a session, or an API token.
//
//   Cookie: __Host-fapiao=<43 characters>            a browser
//   Authorization: Bearer fp_<43 characters>         a program
//
// The cookie is Secure, HttpOnly, SameSite=Strict and of this host alone: no script reads it, no
// other site sends it.
#pragma once
#include "http/call.h"

#define HTTP_ACCESS_COOKIE "__Host-fapiao"

// The value of a cookie in a Cookie header (RFC 6265 4.2.1); "" when it is not there. The first one
// where there are several.
Slice http_access_cookie(Slice header, Slice name);
// What stands behind "Bearer "; "" when it is something else.
Slice http_access_bearer(Slice header);

// Makes the call's actor the person or program that shows a session or a token. Otherwise leaves it
// as it is; false when a token was shown that is none: the answer, 401, is set.
bool http_access_resolve(Call *call);
// Whoever was let in because of where they are (a loopback that is trusted) and not by a session or
// token is a stranger to what belongs to accounts: false then, and the answer, 401, is set.
bool http_access_known(Call *call);

// The session's token of this request; "" when there is none.
Slice http_access_session(Call *call);
void http_access_set_session(Call *call, Slice token);
void http_access_drop_session(Call *call);
