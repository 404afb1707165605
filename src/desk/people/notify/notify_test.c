#include "desk/people/notify/notify.h"

#include "base/base64.h"
#include "base/limits.h"
#include "base/test.h"
#include "commit/commit_wait.h"
#include "desk/people/notify/notify_setting.h"
#include "flow/flow_fixture.h"

typedef struct Put {
    Store *store;
    NotifyMessage message;
    uint8_t id[COMMIT_ID_SIZE];
    bool then_fail;
} Put;

static Err put_work(Cx *cx, Db *db, void *self)
{
    Put *put = self;
    TRY(notify_put(cx, put->store, db, &put->message, put->id));
    return put->then_fail ? err_set(cx, ERR_CONFLICT, "the write that it belongs to fails")
                          : ERR_OK;
}

static Put put_of(Flow *flow, const char *channel, const char *to)
{
    return (Put){.store = flow_store(flow),
                 .message = {.tenant = SLICE("local"),
                             .channel = channel,
                             .to = slice_of(to),
                             .template = "password_changed",
                             .language = SLICE("en"),
                             .values = {{"time", SLICE("noon")}}}};
}

static Err put(Cx *cx, Flow *flow, const char *channel, const char *to)
{
    Put one = put_of(flow, channel, to);
    return commit_wait_work(cx, flow_committer(flow), put_work, &one);
}

typedef struct Listed {
    NotifyRow *rows;
    size_t count;
} Listed;

static Listed list(Cx *cx, Flow *flow, const char *state, Slice before, size_t limit)
{
    Listed listed = {};
    Db *db = NULL;
    EXPECT_OK(store_take(cx, flow_store(flow), &db));
    EXPECT_OK(notify_list(cx, flow_store(flow), db, NULL, slice_of(state), before, limit,
                          &listed.rows, &listed.count));
    store_give(flow_store(flow), db);
    return listed;
}

static Slice hex(Cx *cx, const NotifyRow *row)
{
    return base64_hex(cx, (Slice){(const char *)row->id, sizeof row->id});
}

static Err find(Cx *cx, Flow *flow, Slice id, NotifyRow *ret_row)
{
    Db *db = NULL;
    EXPECT_OK(store_take(cx, flow_store(flow), &db));
    Err err = notify_find(cx, flow_store(flow), db, id, ret_row);
    store_give(flow_store(flow), db);
    return err;
}

static void note(Cx *cx, Flow *flow, const NotifyRow *row, const char *state)
{
    NotifyOutcome outcome = {.tenant = SLICE("local"),
                             .state = state,
                             .counted = true,
                             .now_ms = 77,
                             .next_ms = 99,
                             .error = SLICE("why")};
    memcpy(outcome.id, row->id, sizeof outcome.id);
    EXPECT_OK(notify_outbox_note(cx, flow_committer(flow), &outcome));
}

TEST("notify: a message is there if and only if its transaction is")
{
    Flow *flow = flow_fixture_open(cx, NULL);
    Put one = put_of(flow, "mail", "a@b.example");
    one.then_fail = true;
    EXPECT(commit_wait_work(cx, flow_committer(flow), put_work, &one) == ERR_CONFLICT);
    EXPECT(list(cx, flow, "", SLICE(""), 9).count == 0);
    one.then_fail = false;
    EXPECT_OK(commit_wait_work(cx, flow_committer(flow), put_work, &one));
    Listed all = list(cx, flow, "", SLICE(""), 9);
    EXPECT(all.count == 1 && memcmp(all.rows[0].id, one.id, sizeof one.id) == 0);
    flow_close(flow);
}

TEST("notify: without a mail server it waits, says why, and can be read")
{
    Flow *flow = flow_fixture_open(cx, NULL);
    EXPECT_OK(put(cx, flow, "mail", "a@b.example"));
    Listed all = list(cx, flow, "waiting", SLICE(""), 9);
    EXPECT(all.count == 1 && slice_equal(all.rows[0].to, SLICE("a@b.example")));
    EXPECT(slice_equal(all.rows[0].error, SLICE("no mail server configured")));
    EXPECT(slice_equal(all.rows[0].error_zh, SLICE("没有配置邮件服务器")));
    EXPECT(all.rows[0].text.size == 0); // a list shows no texts
    NotifyRow row;
    EXPECT_OK(find(cx, flow, hex(cx, &all.rows[0]), &row));
    EXPECT(slice_equal(row.subject, SLICE("Your password was changed")));
    EXPECT(slice_find(row.text, SLICE("When: noon\n")) != SLICE_NONE);
    EXPECT(find(cx, flow, SLICE("00000000000000000000000000000000"), &row) == ERR_MISSING);
    EXPECT(find(cx, flow, SLICE("nonsense"), &row) == ERR_INPUT);
    const NotifySet sets[] = {{SLICE("mail.url"), SLICE("smtp://127.0.0.1:1")},
                              {SLICE("mail.from"), SLICE("f@b.example")}};
    AuditNote note = {.tenant = SLICE("local"), .actor = SLICE("local"), .act = SLICE("set")};
    EXPECT_OK(notify_setting_set(cx, flow_store(flow), flow_committer(flow), sets, 2, &note));
    EXPECT(list(cx, flow, "waiting", SLICE(""), 9).rows[0].error.size == 0);
    flow_close(flow);
}

TEST("notify: recipients and texts lie sealed in the database")
{
    Flow *flow = flow_fixture_open(cx, NULL);
    EXPECT_OK(put(cx, flow, "mail", "somebody@b.example"));
    Db *db = NULL;
    EXPECT_OK(store_take(cx, flow_store(flow), &db));
    {
        AUTO_ROWS DbRows *rows = NULL;
        bool row = false;
        EXPECT_OK(db_query(cx, db, "SELECT * FROM notify_outbox", NULL, 0, &rows));
        EXPECT_OK(db_next(cx, rows, &row));
        EXPECT(row);
        for (int i = 0; i < 13; i++) {
            EXPECT(slice_find(db_col_blob(rows, i), SLICE("somebody")) == SLICE_NONE);
            EXPECT(slice_find(db_col_blob(rows, i), SLICE("noon")) == SLICE_NONE);
        }
    }
    store_give(flow_store(flow), db);
    flow_close(flow);
}

TEST("notify: who is no recipient, and what is no channel or template, is refused")
{
    Flow *flow = flow_fixture_open(cx, NULL);
    EXPECT(put(cx, flow, "mail", "a@b.example\r\nBcc: c@d.example") == ERR_INPUT);
    EXPECT(put(cx, flow, "sms", "a@b.example") == ERR_INPUT);
    EXPECT(put(cx, flow, "pigeon", "a@b.example") == ERR_INPUT);
    Put one = put_of(flow, "mail", "a@b.example");
    one.message.template = "nonsense";
    EXPECT(commit_wait_work(cx, flow_committer(flow), put_work, &one) == ERR_INPUT);
    EXPECT(list(cx, flow, "", SLICE(""), 9).count == 0);
    flow_close(flow);
}

TEST("notify: lists go newest first, page by page, by state")
{
    Flow *flow = flow_fixture_open(cx, NULL);
    for (int i = 0; i < 5; i++)
        EXPECT_OK(put(cx, flow, "sms", cx_printf(cx, "1380013800%d", i).data));
    Listed all = list(cx, flow, "", SLICE(""), 100);
    EXPECT(all.count == 5 && slice_equal(all.rows[0].to, SLICE("13800138004")));
    Listed page = list(cx, flow, "", hex(cx, &all.rows[1]), 2);
    EXPECT(page.count == 2 && slice_equal(page.rows[0].to, SLICE("13800138002")));
    EXPECT(list(cx, flow, "", hex(cx, &all.rows[4]), 2).count == 0);
    note(cx, flow, &all.rows[3], "given_up");
    Listed dead = list(cx, flow, "given_up", SLICE(""), 9);
    EXPECT(dead.count == 1 && slice_equal(dead.rows[0].to, SLICE("13800138001")));
    EXPECT(slice_equal(dead.rows[0].error, SLICE("why")) && dead.rows[0].tries == 1);
    EXPECT(list(cx, flow, "waiting", SLICE(""), 9).count == 4);
    Db *db = NULL;
    NotifyRow *rows = NULL;
    size_t count = 0;
    EXPECT_OK(store_take(cx, flow_store(flow), &db));
    EXPECT(notify_list(cx, flow_store(flow), db, NULL, SLICE("lost"), SLICE(""), 9, &rows,
                       &count) == ERR_INPUT);
    store_give(flow_store(flow), db);
    flow_close(flow);
}

TEST(
    "notify: what was sent loses its text and stays sent; what was given up can be asked for again")
{
    Flow *flow = flow_fixture_open(cx, NULL);
    EXPECT_OK(put(cx, flow, "mail", "a@b.example"));
    NotifyRow row = list(cx, flow, "", SLICE(""), 9).rows[0];
    note(cx, flow, &row, "given_up");
    EXPECT_OK(notify_retry(cx, flow_committer(flow), hex(cx, &row)));
    EXPECT_OK(find(cx, flow, hex(cx, &row), &row));
    EXPECT(slice_equal(row.state, SLICE("waiting")) && row.tries == 0 && row.next_ms == 0);
    note(cx, flow, &row, "sent");
    note(cx, flow, &row, "failed"); // of another try that was under way
    EXPECT_OK(find(cx, flow, hex(cx, &row), &row));
    EXPECT(slice_equal(row.state, SLICE("sent")) && row.sent_ms == 77 && row.text.size == 0);
    EXPECT(slice_equal(row.to, SLICE("a@b.example")) && row.error.size == 0);
    EXPECT(notify_retry(cx, flow_committer(flow), hex(cx, &row)) == ERR_CONFLICT);
    EXPECT(notify_retry(cx, flow_committer(flow), SLICE("00000000000000000000000000000000")) ==
           ERR_MISSING);
    flow_close(flow);
}

TEST("notify: a test message says when it was made")
{
    Flow *flow = flow_fixture_open(cx, NULL);
    uint8_t id[COMMIT_ID_SIZE];
    EXPECT_OK(notify_test_message(cx, flow_store(flow), flow_committer(flow), SLICE("local"),
                                  SLICE("wecom"), SLICE(""), SLICE("zh"), id));
    NotifyRow row;
    EXPECT_OK(find(cx, flow, base64_hex(cx, (Slice){(const char *)id, sizeof id}), &row));
    EXPECT(slice_find(row.text, SLICE("测试消息")) != SLICE_NONE);
    EXPECT(slice_equal(row.error_zh, SLICE("没有配置企业微信机器人")));
    flow_close(flow);
}

TEST("notify: messages of several organisations and of the platform are one list, or each its own")
{
    static const char *const tenants[] = {"", "local", "", "other", "local"};
    Flow *flow = flow_fixture_open(cx, NULL);
    for (int i = 0; i < 5; i++) {
        Put one = put_of(flow, "sms", cx_printf(cx, "1380013800%d", i).data);
        one.message.tenant = slice_of(tenants[i]);
        EXPECT_OK(commit_wait_work(cx, flow_committer(flow), put_work, &one));
    }
    Listed all = list(cx, flow, "", SLICE(""), 3);
    Listed rest = list(cx, flow, "", hex(cx, &all.rows[2]), 3);
    EXPECT(all.count == 3 && rest.count == 2);
    for (int i = 0; i < 5; i++) {
        const NotifyRow *row = i < 3 ? &all.rows[i] : &rest.rows[i - 3];
        NotifyRow found;
        EXPECT(row->to.data[10] == '4' - i);
        EXPECT(slice_equal(row->tenant, slice_of(tenants[4 - i])));
        EXPECT_OK(find(cx, flow, hex(cx, row), &found));
        EXPECT(slice_equal(found.to, row->to));
        EXPECT_OK(notify_retry(cx, flow_committer(flow), hex(cx, row)));
    }
    Db *db = NULL;
    NotifyRow *rows = NULL;
    NotifyDue *due = NULL;
    size_t count = 0;
    const Slice platform = SLICE("");
    EXPECT_OK(store_take(cx, flow_store(flow), &db));
    EXPECT_OK(
        notify_list(cx, flow_store(flow), db, &platform, SLICE(""), SLICE(""), 9, &rows, &count));
    EXPECT(count == 2 && slice_equal(rows[0].to, SLICE("13800138002")));
    EXPECT_OK(notify_outbox_due(cx, flow_store(flow), db, "sms", 9, &due, &count));
    store_give(flow_store(flow), db);
    EXPECT(count == 5);
    flow_close(flow);
}
