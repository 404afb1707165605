#include "desk/people/notify/notify_setting.h"

#include "base/test.h"
#include "flow/flow_fixture.h"

static Err set(Cx *cx, Flow *flow, const char *name, const char *value)
{
    const NotifySet one = {slice_of(name), slice_of(value)};
    AuditNote note = {.tenant = SLICE("local"), .actor = SLICE("local"), .act = SLICE("set")};
    return notify_setting_set(cx, flow_store(flow), flow_committer(flow), &one, 1, &note);
}

static NotifySettings all_of(Cx *cx, Flow *flow)
{
    Db *db = NULL;
    NotifySettings settings;
    EXPECT_OK(store_take(cx, flow_store(flow), &db));
    EXPECT_OK(notify_setting_read(cx, flow_store(flow), db, &settings));
    store_give(flow_store(flow), db);
    return settings;
}

TEST("notify_setting: what is set is read, sealed in between; an empty value takes it away")
{
    Flow *flow = flow_fixture_open(cx, NULL);
    EXPECT(all_of(cx, flow).values[NOTIFY_MAIL_URL].size == 0);
    EXPECT_OK(set(cx, flow, "mail.url", "smtp://mail.example:587"));
    EXPECT_OK(set(cx, flow, "mail.url", "smtps://mail.example"));
    EXPECT(slice_equal(all_of(cx, flow).values[NOTIFY_MAIL_URL], SLICE("smtps://mail.example")));
    Db *db = NULL;
    EXPECT_OK(store_take(cx, flow_store(flow), &db));
    {
        AUTO_ROWS DbRows *rows = NULL;
        bool row = false;
        EXPECT_OK(db_query(cx, db, "SELECT value FROM notify_setting", NULL, 0, &rows));
        EXPECT_OK(db_next(cx, rows, &row));
        EXPECT(row && slice_find(db_col_blob(rows, 0), SLICE("mail.example")) == SLICE_NONE);
    }
    store_give(flow_store(flow), db);
    EXPECT_OK(set(cx, flow, "mail.url", ""));
    EXPECT(all_of(cx, flow).values[NOTIFY_MAIL_URL].size == 0);
    flow_close(flow);
}

TEST("notify_setting: each value is looked at, and all of one call are set or none")
{
    static const struct {
        const char *name, *value;
        bool good;
    } cases[] = {
        {"mail.url", "smtp://mail.example:587", true},
        {"mail.url", "http://mail.example", false},
        {"mail.url", "smtp://u:p@mail.example", false},
        {"mail.from", "发票 <a@b.example>", true},
        {"mail.from", "a", false},
        {"mail.ca", "/etc/ca.pem", true},
        {"mail.ca", "ca.pem", false},
        {"mail.user", "a\nb", false},
        {"mail.insecure", "no", true},
        {"mail.insecure", "maybe", false},
        {"sms.url", "https://sms.example/{phone}", true},
        {"sms.url", "http://sms.example/", false},
        {"sms.method", "GET", true},
        {"sms.method", "DELETE", false},
        {"sms.headers", "Content-Type: application/json\nX-Key: 1", true},
        {"sms.headers", "Content-Type", false},
        {"sms.headers", "A: b\r\nC: d", false},
        {"sms.headers", "A b: c", false},
        {"sms.body", "{\"to\":\"{phone}\"}", true},
        {"dingtalk.secret", "SEC1", true},
        {"nonsense", "1", false},
    };
    Flow *flow = flow_fixture_open(cx, NULL);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        if ((set(cx, flow, cases[i].name, cases[i].value) == ERR_OK) != cases[i].good)
            test_fail(__FILE__, __LINE__, cases[i].value);
    const NotifySet two[] = {{SLICE("mail.user"), SLICE("u")}, {SLICE("mail.from"), SLICE("x")}};
    AuditNote note = {.tenant = SLICE("local"), .actor = SLICE("local"), .act = SLICE("set")};
    EXPECT(notify_setting_set(cx, flow_store(flow), flow_committer(flow), two, 2, &note) ==
           ERR_INPUT);
    EXPECT(all_of(cx, flow).values[NOTIFY_MAIL_USER].size == 0);
    flow_close(flow);
}

TEST("notify_setting: no TLS is for this machine alone, a password wants a user")
{
    Flow *flow = flow_fixture_open(cx, NULL);
    EXPECT_OK(set(cx, flow, "mail.url", "smtp://mail.example:25"));
    EXPECT(set(cx, flow, "mail.insecure", "yes") == ERR_INPUT);
    EXPECT_OK(set(cx, flow, "mail.url", "smtp://127.0.0.1:25"));
    EXPECT_OK(set(cx, flow, "mail.insecure", "yes"));
    EXPECT(set(cx, flow, "mail.url", "smtp://127.0.0.1.example:25") == ERR_INPUT);
    EXPECT(set(cx, flow, "mail.password", "p") == ERR_INPUT);
    EXPECT_OK(set(cx, flow, "mail.user", "u"));
    EXPECT_OK(set(cx, flow, "mail.password", "p"));
    flow_close(flow);
}

TEST("notify_setting: names are told apart, and what is a secret is one")
{
    NotifySettingId id;
    for (int i = 0; i < NOTIFY_SETTING_COUNT; i++) {
        const char *name = notify_setting_name((NotifySettingId)i);
        EXPECT(notify_setting_of(slice_of(name), &id) && (int)id == i);
    }
    EXPECT(!notify_setting_of(SLICE("mail"), &id));
    EXPECT(notify_setting_secret(NOTIFY_MAIL_PASSWORD));
    EXPECT(notify_setting_secret(NOTIFY_WECOM_URL)); // its key stands in it
    EXPECT(!notify_setting_secret(NOTIFY_MAIL_FROM));
}
