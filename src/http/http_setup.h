// Setup: the first accounts of an installation.
#pragma once
#include "http/routes.h"

RouteFn http_setup_get, http_setup_run, http_setup_new_code;
