// Policy: the settings that hold for all accounts.
#pragma once
#include "http/routes.h"

RouteFn http_policy_get, http_policy_set;
