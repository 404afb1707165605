// The second factor of one's own account.
#pragma once
#include "http/routes.h"

RouteFn http_factors_begin;
RouteFn http_factors_confirm;
RouteFn http_factors_end;
RouteFn http_factors_codes;
