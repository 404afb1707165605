#include "desk/people/erasure/erasure.h"

#include "base/test.h"

TEST("erasure: a request as JSON; nobody has decided it: null")
{
    ErasureRequest request = {.tenant = SLICE("local"),
                              .id = SLICE("\x01\x02"),
                              .reference = SLICE("R-2026-000001"),
                              .reason = SLICE("wrong_upload"),
                              .asked_by = SLICE("u-1"),
                              .asked_name = SLICE("王"),
                              .decided_by = SLICE(""),
                              .state = SLICE("asked"),
                              .asked_ms = 0};
    const ErasurePage page = {&request, 1, SLICE("0102")};
    Slice json;
    EXPECT_OK(erasure_print_page(cx, &page, &json));
    EXPECT(slice_equal(
        json,
        SLICE(
            "{\"items\":[{\"id\":\"0102\",\"organisation\":\"local\",\"reference\":"
            "\"R-2026-000001\",\"reason\":\"wrong_upload\",\"asked_by\":\"u-1\",\"asked_name\":"
            "\"王\",\"asked_at\":"
            "\"1970-01-01T00:00:00.000Z\",\"decided_by\":\"\",\"decided_name\":\"\",\"decided_at\":"
            "null,\"state\":\"asked\"}],\"next_cursor\":\"0102\"}")));
}

TEST("erasure: who may not ask or decide is refused before anything is looked up")
{
    const PermissionActor stranger = permission_actor(PERMISSION_STRANGER);
    const ErasureDesk desk = {};
    ErasureRequest request;
    EXPECT(erasure_ask(cx, &desk, &stranger, SLICE("R-2026-000001"), SLICE("court_order"),
                       &request) == ERR_DENIED);
    EXPECT(erasure_decide(cx, &desk, &stranger, SLICE("00"), true, &request) == ERR_DENIED);
}
