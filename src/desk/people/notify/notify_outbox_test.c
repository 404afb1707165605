#include "desk/people/notify/notify_outbox.h"

#include "base/test.h"
#include "commit/commit_wait.h"
#include "desk/people/notify/notify.h"
#include "flow/flow_fixture.h"

static Err put_work(Cx *cx, Db *db, void *self)
{
    return notify_put(cx, self, db,
                      &(NotifyMessage){.tenant = SLICE("local"),
                                       .channel = "sms",
                                       .to = SLICE("13800138000"),
                                       .template = "password_changed",
                                       .language = SLICE("en"),
                                       .values = {{"time", SLICE("noon")}}},
                      NULL);
}

static void put(Cx *cx, Flow *flow)
{
    EXPECT_OK(commit_wait_work(cx, flow_committer(flow), put_work, flow_store(flow)));
}

static NotifyDue *due(Cx *cx, Flow *flow, size_t *ret_count)
{
    Db *db = NULL;
    NotifyDue *list = NULL;
    EXPECT_OK(store_take(cx, flow_store(flow), &db));
    EXPECT_OK(notify_outbox_due(cx, flow_store(flow), db, "sms", 9, &list, ret_count));
    store_give(flow_store(flow), db);
    return list;
}

static void note(Cx *cx, Flow *flow, const uint8_t *id, const char *state)
{
    NotifyOutcome outcome = {
        .tenant = SLICE("local"), .state = state, .now_ms = 77, .error = SLICE("why")};
    memcpy(outcome.id, id, sizeof outcome.id);
    EXPECT_OK(notify_outbox_note(cx, flow_committer(flow), &outcome));
}

TEST("notify_outbox: old ones that are done with are deleted, and no others")
{
    Flow *flow = flow_fixture_open(cx, NULL);
    for (int i = 0; i < 3; i++)
        put(cx, flow);
    size_t count = 0;
    const NotifyDue *all = due(cx, flow, &count);
    EXPECT(count == 3);
    note(cx, flow, all[2].id, "sent");
    note(cx, flow, all[1].id, "given_up");
    EXPECT_OK(notify_outbox_prune(cx, flow_committer(flow), all[0].created_ms - 1));
    EXPECT(flow_fixture_number(cx, flow, "SELECT COUNT(*) FROM notify_outbox") == 3);
    EXPECT_OK(notify_outbox_prune(cx, flow_committer(flow), cx_now_ms(cx) + 1'000));
    EXPECT(flow_fixture_number(cx, flow, "SELECT COUNT(*) FROM notify_outbox") == 1);
    EXPECT(flow_fixture_number(cx, flow,
                               "SELECT COUNT(*) FROM notify_outbox WHERE state = 'waiting'") == 1);
    flow_close(flow);
}

TEST("notify_outbox: one that was changed in the database is broken, and those beside it are not")
{
    Flow *flow = flow_fixture_open(cx, NULL);
    put(cx, flow);
    put(cx, flow);
    size_t count = 0;
    flow_fixture_script(cx, flow,
                        "UPDATE notify_outbox SET body_sealed = (SELECT body_sealed FROM "
                        "notify_outbox ORDER BY id DESC LIMIT 1)");
    const NotifyDue *list = due(cx, flow, &count);
    EXPECT(count == 2 && list[0].broken == ERR_CORRUPT && list[1].broken == ERR_OK);
    EXPECT(slice_equal(list[1].to, SLICE("13800138000")));
    flow_close(flow);
}
