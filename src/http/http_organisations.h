// Routes of organisations: which there are, founding one, what the one is that is worked in.
#pragma once
#include "http/routes.h"

RouteFn http_organisations_list;
RouteFn http_organisations_found;
RouteFn http_organisations_show;
RouteFn http_organisations_change;
