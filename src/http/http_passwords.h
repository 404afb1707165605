// Passwords: one that was forgotten, and another one for oneself.
#pragma once
#include "http/routes.h"

RouteFn http_passwords_forgot, http_passwords_reset, http_passwords_change;
