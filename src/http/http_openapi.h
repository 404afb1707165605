// The interface described by itself: OpenAPI 3.1 from the routes table and the schemas.
#pragma once
#include "http/routes.h"

RouteFn http_openapi_get;
Err http_openapi_print(Cx *cx, Slice *ret_json);
