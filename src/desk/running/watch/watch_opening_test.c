#include "desk/running/watch/watch_opening.h"

#include "base/test.h"
#include "desk/running/watch/watch_list.h"
#include "flow/flow_fixture.h"

TEST("watch_opening: where nobody witnesses it may be written in; an alarm outlives the run")
{
    Flow *flow = flow_fixture_open(cx, NULL);
    bool without = true;
    WatchStanding standing;
    EXPECT_OK(watch_opening_look(cx, flow, &standing));
    EXPECT(standing.witnesses == 0 && standing.why.size == 0 && !standing.alarm);
    EXPECT_OK(watch_opening(cx, NULL, flow));
    EXPECT(commit_halted(cx, flow_committer(flow)).size == 0);
    EXPECT_OK(watch_list_set_meta(cx, flow_committer(flow), WATCH_ALARM_META,
                                  SLICE("w.example\nthe log has gone back")));
    EXPECT_OK(watch_opening_look(cx, flow, &standing));
    EXPECT(standing.alarm && slice_equal(standing.alarm_name, SLICE("w.example")));
    EXPECT(slice_equal(standing.why, SLICE("the log has gone back")));
    EXPECT_OK(watch_opening(cx, &without, flow)); // opened without witnesses: that is kept
    EXPECT(commit_halted(cx, flow_committer(flow)).size == 0);
    EXPECT_OK(watch_opening(cx, NULL, flow));
    EXPECT(slice_equal(commit_halted(cx, flow_committer(flow)), SLICE("the log has gone back")));
    flow_close(flow);
}
