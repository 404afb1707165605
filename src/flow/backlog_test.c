#include "flow/backlog.h"

#include "base/limits.h"
#include "commit/commit_fixture.h"
#include "flow/flow_fixture.h"

static void shelve(Cx *cx, Flow *flow, const char *tenant, uint8_t number, bool decided)
{
    Slice sql = cx_printf(cx,
                          "INSERT INTO document_state (tenant, document, reference, state, reason, "
                          "media, file_name, sha256, size, source, received_ms, received_day, "
                          "done_ms) VALUES ('%s', x'%02x%030d', 'R', '', '', '', '', x'00', 1, "
                          "'', 1, '', %s)",
                          tenant, number, 0, decided ? "1" : "NULL");
    flow_fixture_script(cx, flow, sql.data);
}

// "tenant number …", in the order of the queue, which is emptied.
static Slice taken(Cx *cx, Jobs *jobs)
{
    static const Outcome decided = {.state = DOC_ACCEPTED};
    Slice said = SLICE("");
    while (jobs->queue.first != NULL) {
        Job *job = jobs_take(jobs);
        said = cx_printf(cx, SLICE_FMT "%.*s%d ", SLICE_ARG(said), (int)job->tenant_size,
                         job->tenant, job->document[0]);
        jobs_done(job, &decided);
    }
    return said;
}

TEST("backlog: what has no outcome is found in its order; organisations share the room")
{
    Flow *flow = flow_fixture_open(cx, NULL);
    Store *store = flow_store(flow);
    Jobs jobs;
    const uint8_t lowest[COMMIT_ID_SIZE] = {}, three[COMMIT_ID_SIZE] = {3};
    jobs_open(&jobs, cx->world);
    EXPECT_OK(backlog_find(cx, store, &jobs, lowest, 10));
    EXPECT(jobs.all == NULL && !jobs.left);
    for (uint8_t i = 1; i <= 9; i++)
        shelve(cx, flow, "a", i, i == 4);
    EXPECT_OK(backlog_find(cx, store, &jobs, three, 4));
    EXPECT(jobs.left && jobs.from[0] == 8);
    EXPECT(slice_equal(taken(cx, &jobs), SLICE("a3 a5 a6 a7 ")));
    shelve(cx, flow, "b", 12, false);
    shelve(cx, flow, "c", 20, false);
    shelve(cx, flow, "c", 21, false);
    shelve(cx, flow, "c", 22, false);
    jobs.left = false;
    EXPECT_OK(backlog_find(cx, store, &jobs, lowest, 6)); // two each, and what b does not need
    EXPECT(jobs.left && jobs.from[0] == 3);
    EXPECT(slice_equal(taken(cx, &jobs), SLICE("a1 a2 b12 c20 c21 c22 ")));
    jobs.left = false;
    EXPECT_OK(backlog_find(cx, store, &jobs, three, 100));
    EXPECT(!jobs.left);
    EXPECT(slice_equal(taken(cx, &jobs), SLICE("a3 a5 a6 a7 a8 a9 b12 c20 c21 c22 ")));
    EXPECT_OK(backlog_find(cx, store, &jobs, lowest, 2)); // less than there are organisations
    EXPECT(jobs.left && jobs.from[0] == 0);
    EXPECT(slice_equal(taken(cx, &jobs), SLICE("a1 b12 ")));
    static const Outcome none = {.err = ERR_STORE};
    jobs_close(&jobs, &none);
    flow_fixture_script(cx, flow, "DELETE FROM document_state");
    flow_close(flow);
}
