// Accounts: one's own; and everybody's, for administrators.
#pragma once
#include "http/routes.h"

RouteFn http_accounts_own;
RouteFn http_accounts_change;
RouteFn http_accounts_delete;

RouteFn http_accounts_list;
RouteFn http_accounts_add;
RouteFn http_accounts_get;
RouteFn http_accounts_patch;
RouteFn http_accounts_roles;
RouteFn http_accounts_factor_reset;
