#include "http/routes.h"

#include "base/test.h"
#include "permission/permission.h"

TEST("routes: addresses are matched whole, parameters taken, methods told")
{
    static const struct {
        ExchangeMethod method;
        Slice path;
        const char *id, *allow, *parameter;
    } cases[] = {
        {METHOD_GET, SLICE("/api/v1/documents"), "listDocuments", "", ""},
        {METHOD_POST, SLICE("/api/v1/documents"), "handInDocument", "", ""},
        {METHOD_GET, SLICE("/api/v1/documents/R-1"), "getDocument", "", "R-1"},
        {METHOD_HEAD, SLICE("/api/v1/documents/R-1"), "getDocument", "", "R-1"},
        {METHOD_GET, SLICE("/api/v1/documents/R-1/original"), "getOriginal", "", "R-1"},
        {METHOD_GET, SLICE("/api/v1/documents/R-1/retry"), NULL, "POST, OPTIONS", ""},
        {METHOD_GET, SLICE("/api/v1/documents/"), NULL, "", ""},
        {METHOD_GET, SLICE("/api/v1/documents/a/b"), NULL, "", ""},
        {METHOD_GET, SLICE("/api/v1"), NULL, "", ""},
        {METHOD_DELETE, SLICE("/api/v1/documents"), NULL, "POST, GET, HEAD, OPTIONS", ""},
        {METHOD_OTHER, SLICE("/api/v1/health"), NULL, "GET, HEAD, OPTIONS", ""},
        {METHOD_OTHER, SLICE("/api/v1/uploads"), NULL, "POST, OPTIONS", ""},
        {METHOD_OTHER, SLICE("/api/v1/nothing"), NULL, "", ""},
        {METHOD_HEAD, SLICE("/api/v1/uploads/x"), "getUploadOffset", "", "x"},
        {METHOD_GET, SLICE("/api/v1/ledger/tile/0/x001/067.p/3"), "getTile", "", "0"},
        {METHOD_GET, SLICE("/api/v1/ledger/tile/entries/000"), "getTile", "", "entries"},
        {METHOD_GET, SLICE("/api/v1/ledger/tile/0/"), NULL, "", ""},
        {METHOD_GET, SLICE("/api/v1/ledger/tile/0"), NULL, "", ""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        Slice parameters[CALL_PARAMETERS_MAX] = {}, allow = SLICE("");
        const Route *route = routes_find(cx, cases[i].method, cases[i].path, parameters, &allow);
        EXPECT((route == NULL) == (cases[i].id == NULL));
        if (route != NULL) EXPECT(strcmp(route->id, cases[i].id) == 0);
        if (route == NULL) EXPECT(slice_equal(allow, slice_of(cases[i].allow)));
        if (cases[i].parameter[0] != '\0')
            EXPECT(slice_equal(parameters[0], slice_of(cases[i].parameter)));
    }
    Slice tile[CALL_PARAMETERS_MAX] = {}, none = SLICE("");
    EXPECT(routes_find(cx, METHOD_GET, SLICE("/api/v1/ledger/tile/0/x001/067.p/3"), tile, &none));
    EXPECT(slice_equal(tile[1], SLICE("x001/067.p/3")));
    EXPECT(strcmp(routes_method_name(METHOD_PATCH), "PATCH") == 0);
}

// Of each route, so of each one to come: the table says it three times, and permission decides.
TEST("routes: what the interface says of a route is what permission says of who may")
{
    size_t count = 0;
    const Route *routes = routes_all(&count);
    const PermissionActor stranger = permission_actor(PERMISSION_STRANGER);
    const PermissionActor loopback = permission_actor(PERMISSION_LOOPBACK);
    for (size_t i = 0; i < count; i++) {
        const Route *route = &routes[i];
        // What there is to ask for is no secret (RFC 9110, 9.3.7).
        if (route->method == METHOD_OPTIONS) continue;
        bool reads = route->method == METHOD_GET, says_403 = strstr(route->problems, "403") != NULL;
        bool right = route->open == permission_may(&stranger, route->act) &&
                     (route->guarded || route->open) &&
                     says_403 == !permission_may(&loopback, route->act);
        // What changes something is not open to whoever may read.
        if (!reads && strncmp(permission_act_name(route->act), "read_", 5) == 0) right = false;
        if (!right) test_fail(__FILE__, __LINE__, route->id);
    }
}
