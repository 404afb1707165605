// Small answers: today's equation, the kinds, health.
#pragma once
#include "http/routes.h"

RouteFn http_today_get, http_today_kinds, http_today_health;
// Printed once, when the server opens.
Err http_today_print_kinds(Cx *cx, Slice *ret_json);
