// The one table of routes: what each address does, who may ask, and what the OpenAPI document says
// of it. What it does lies in http_<noun>.c.
#pragma once
#include "http/call.h"

// Fills the call's answer; an Err becomes a problem document.
typedef Err RouteFn(Call *call);

typedef enum RouteWhere {
    ROUTE_LOOP,   // on the event loop: never waits for a disk
    ROUTE_WORKER, // on a worker's thread
} RouteWhere;

struct Route {
    ExchangeMethod method;
    // "/api/v1/documents/{reference}"; "{path}" at its end takes all that is left, slashes too.
    const char *pattern;
    RouteFn *run;
    RouteWhere where;
    bool open;         // `security: []`: strangers may
    bool guarded;      // `act` is asked before it runs
    PermissionAct act; // (a desk that is handed the actor asks again)
    bool db;           // it wants a connection
    const char *id, *zh, *en;
    const char *query;    // names of query parameters, with blanks
    const char *headers;  // names of request headers, with blanks
    const char *request;  // "media/type Schema", or ""
    int status;           // of success
    const char *response; // "media/type Schema"; "" = no body
    const char *problems; // statuses, with blanks
};

const Route *routes_all(size_t *ret_count);
// NULL when the address is known to no route; *ret_allow then is "". When the address is known but
// not with this method: NULL, and *ret_allow = "GET, HEAD, OPTIONS". A route for GET takes HEAD,
// too, and every address says by OPTIONS what it takes.
const Route *routes_find(Cx *cx, ExchangeMethod method, Slice path, Slice *parameters,
                         Slice *ret_allow);
const char *routes_method_name(ExchangeMethod method); // "GET"
