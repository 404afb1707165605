#include "http/http_erasures.h"

#include "base/test.h"

TEST("http erasures: asking and deciding are rights of two persons")
{
    Slice parameters[2], allow;
    const Route *ask = routes_find(cx, METHOD_POST, SLICE("/api/v1/erasures"), parameters, &allow);
    const Route *confirm = routes_find(cx, METHOD_POST, SLICE("/api/v1/erasures/00ff/confirmation"),
                                       parameters, &allow);
    EXPECT(ask != NULL && ask->guarded && ask->act == PERMISSION_ASK_ERASURE && !ask->open);
    EXPECT(confirm != NULL && confirm->guarded && confirm->act == PERMISSION_CONFIRM_ERASURE &&
           !confirm->open && slice_equal(parameters[0], SLICE("00ff")));
}
