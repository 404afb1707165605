// Routes of erasures: two persons agree, then a document's content is gone for good.
#pragma once
#include "http/routes.h"

RouteFn http_erasures_list;
RouteFn http_erasures_ask;
RouteFn http_erasures_confirm;
RouteFn http_erasures_refuse;
