// Signing in by OpenID Connect: whether there is a provider, the way there and the way back.
//
//   GET begin ──302──▶ provider ──302──▶ GET return ──303──▶ a page of this site
//
// The way back is asked for by another site, so a browser does not send the session's cookie
// (SameSite=Strict) with it; what binds it to this browser is a cookie of its own, SameSite=Lax,
// for ten minutes. The answer sets the session's cookie, which a browser takes from any answer to a
// navigation of a whole page, and leads on to a page that needs no cookie: what that page asks for
// afterwards is asked by this site itself, and bears it.
#pragma once
#include "http/routes.h"

#define HTTP_OIDC_COOKIE "__Host-fapiao-oidc"

RouteFn http_oidc_get;      // label, and whether there is one
RouteFn http_oidc_begin;    // ?to=/page, &link=1 for the account that is signed in
RouteFn http_oidc_return;   // ?code&state, or ?error&state
RouteFn http_oidc_settings; // for an administrator of security
RouteFn http_oidc_set;
RouteFn http_oidc_identity; // whether one's own account is linked
RouteFn http_oidc_unlink;
