#include "desk/running/watch/watch_view.h"

#include "base/test.h"
#include "flow/flow_fixture.h"

static bool says(Slice json, const char *text)
{
    return slice_find(json, slice_of(text)) != SLICE_NONE;
}

TEST("watch view: who watches, how far behind, and that nobody does")
{
    Flow *flow = flow_fixture_open(cx, NULL);
    Committer *committer = flow_committer(flow);
    const WatchBrief nobody = {};
    Slice json, alarm;
    Db *db = NULL;
    EXPECT_OK(store_take(cx, flow_store(flow), &db));
    EXPECT_OK(watch_view_print(cx, db, &nobody, 0, SLICE(""), &json));
    EXPECT(says(json, "\"items\":[]") && says(json, "\"need\":0"));
    EXPECT(says(json, "没有见证方") && says(json, "No witnesses"));
    EXPECT_OK(watch_view_alarm(cx, db, &alarm));
    EXPECT(alarm.size == 0);

    Slice vkey = SLICE("node2.fapiao.example/witness+e29f6c7b+"
                       "BM0Us3+VbpUxlP9/tzs9gdzFYdYadTgJS3w+GmQ+5fOq");
    EXPECT_OK(watch_list_add(cx, committer, vkey, SLICE("http://127.0.0.1:1"), NULL));
    const WatchOutcome outcome = {.name = SLICE("node2.fapiao.example/witness"),
                                  .size = 7,
                                  .tried_ms = 1'767'225'600'000,
                                  .line = SLICE("x\n")};
    EXPECT_OK(watch_list_note(cx, committer, &outcome));
    EXPECT_OK(watch_list_set_meta(cx, committer, WATCH_ALARM_META, SLICE("w\nwhy")));
    EXPECT_OK(watch_view_print(cx, db, &nobody, 10, SLICE("why"), &json));
    EXPECT(says(json, "\"size\":7,\"behind\":3") && says(json, "\"ok_at\":\"2026-01-01T00:00:00"));
    EXPECT(says(json, "\"witnesses\":1,\"need\":1,\"cosigned\":0"));
    EXPECT(says(json, "\"halted\":\"why\"") && says(json, "1 witnesses, 1 needed"));
    EXPECT_OK(watch_view_alarm(cx, db, &alarm));
    EXPECT(slice_equal(alarm, SLICE("why")));
    const WatchBrief without = {.witnesses = 1, .without = true};
    EXPECT(says(watch_view_line(cx, &without), "stop nothing"));
    store_give(flow_store(flow), db);
    flow_close(flow);
}
