// API tokens of one's own account.
#pragma once
#include "http/routes.h"

RouteFn http_tokens_list;
RouteFn http_tokens_make;
RouteFn http_tokens_make_for; // for somebody: the local administrator
RouteFn http_tokens_revoke;
