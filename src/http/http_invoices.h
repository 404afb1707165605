// Invoices: find and open.
#pragma once
#include "http/routes.h"

RouteFn http_invoices_list, http_invoices_get;
