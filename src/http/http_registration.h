// Registration: a stranger asks for an account, or comes by an invitation.
#pragma once
#include "http/routes.h"

RouteFn http_registration_begin, http_registration_confirm;
