#include "desk/people/notify/notify_setting.h"

#include "base/limits.h"
#include "base/utf8.h"
#include "commit/commit_wait.h"
#include "desk/people/notify/notify_address.h"
#include "desk/people/notify/notify_outbox.h"
#include "desk/people/notify/notify_seal.h"
#include "net/smtp.h"

typedef Err Check(Cx *cx, Slice value);

static Err is_mail_url(Cx *cx, Slice value)
{
    return smtp_check_url(cx, value);
}

static Err is_from(Cx *cx, Slice value)
{
    NotifyAddress address;
    return notify_address_parse(cx, value, &address);
}

static Err is_line(Cx *cx, Slice value)
{
    if (!utf8_is_clean(value) || slice_find(value, SLICE("\n")) != SLICE_NONE)
        return err_set(cx, ERR_INPUT, "the value is more than one line");
    return ERR_OK;
}

static Err is_path(Cx *cx, Slice value)
{
    if (value.data[0] == '/') return is_line(cx, value);
    return err_set(cx, ERR_INPUT, "'" SLICE_FMT "' does not begin with a slash", SLICE_ARG(value));
}

static Err is_yes_no(Cx *cx, Slice value)
{
    if (slice_equal(value, SLICE("yes")) || slice_equal(value, SLICE("no"))) return ERR_OK;
    return err_set(cx, ERR_INPUT, "'" SLICE_FMT "' is neither yes nor no", SLICE_ARG(value));
}

static Err is_method(Cx *cx, Slice value)
{
    if (slice_equal(value, SLICE("GET")) || slice_equal(value, SLICE("POST"))) return ERR_OK;
    return err_set(cx, ERR_INPUT, "'" SLICE_FMT "' is neither GET nor POST", SLICE_ARG(value));
}

static Err is_web_url(Cx *cx, Slice value)
{
    return notify_address_web(cx, value);
}

// "Name: value", one a line.
static Err is_headers(Cx *cx, Slice value)
{
    Slice rest = value, line;
    bool done = false;
    size_t count = 0;
    if (!utf8_is_clean(value)) return err_set(cx, ERR_INPUT, "a header has a character of control");
    while (slice_cut(&rest, '\n', &done, &line)) {
        size_t colon = slice_find(line, SLICE(":"));
        if (colon == 0 || colon == SLICE_NONE || ++count > LIMIT_NOTIFY_HEADERS)
            return err_set(cx, ERR_INPUT, "headers are at most %zu lines of 'Name: value'",
                           LIMIT_NOTIFY_HEADERS);
        for (size_t i = 0; i < colon; i++)
            if (line.data[i] <= ' ' || line.data[i] > '~')
                return err_set(cx, ERR_INPUT, "'" SLICE_FMT "' is no name of a header",
                               SLICE_ARG(slice_sub(line, 0, colon)));
    }
    return ERR_OK;
}

static Err is_text(Cx *cx, Slice value)
{
    return utf8_is_clean(value) ? ERR_OK : err_set(cx, ERR_INPUT, "the value is no text");
}

static const struct {
    const char *name;
    bool secret;
    Check *check;
} table[NOTIFY_SETTING_COUNT] = {
    [NOTIFY_MAIL_URL] = {"mail.url", false, is_mail_url},
    [NOTIFY_MAIL_FROM] = {"mail.from", false, is_from},
    [NOTIFY_MAIL_USER] = {"mail.user", false, is_line},
    [NOTIFY_MAIL_PASSWORD] = {"mail.password", true, is_line},
    [NOTIFY_MAIL_CA] = {"mail.ca", false, is_path},
    [NOTIFY_MAIL_INSECURE] = {"mail.insecure", false, is_yes_no},
    [NOTIFY_SMS_URL] = {"sms.url", true, is_web_url},
    [NOTIFY_SMS_METHOD] = {"sms.method", false, is_method},
    [NOTIFY_SMS_HEADERS] = {"sms.headers", true, is_headers},
    [NOTIFY_SMS_BODY] = {"sms.body", true, is_text},
    [NOTIFY_SMS_EXPECT] = {"sms.expect", false, is_text},
    [NOTIFY_SMS_CA] = {"sms.ca", false, is_path},
    [NOTIFY_WECOM_URL] = {"wecom.url", true, is_web_url},
    [NOTIFY_DINGTALK_URL] = {"dingtalk.url", true, is_web_url},
    [NOTIFY_DINGTALK_SECRET] = {"dingtalk.secret", true, is_line},
    [NOTIFY_FEISHU_URL] = {"feishu.url", true, is_web_url},
    [NOTIFY_FEISHU_SECRET] = {"feishu.secret", true, is_line},
};

const char *notify_setting_name(NotifySettingId id)
{
    return table[id].name;
}

bool notify_setting_secret(NotifySettingId id)
{
    return table[id].secret;
}

bool notify_setting_of(Slice name, NotifySettingId *ret_id)
{
    for (int id = 0; id < NOTIFY_SETTING_COUNT; id++)
        if (slice_equal(name, slice_of(table[id].name))) {
            *ret_id = (NotifySettingId)id;
            return true;
        }
    return false;
}

static FieldPlace place_of(NotifySettingId id)
{
    return (FieldPlace){.table = "notify_setting",
                        .column = "value",
                        .tenant = SLICE(""),
                        .row = slice_of(table[id].name)};
}

Err notify_setting_read(Cx *cx, const Store *store, Db *db, NotifySettings *ret_settings)
{
    AUTO_ROWS DbRows *rows = NULL;
    NotifySettings settings;
    for (int id = 0; id < NOTIFY_SETTING_COUNT; id++)
        settings.values[id] = SLICE("");
    TRY(db_query(cx, db, "SELECT name, value FROM notify_setting WHERE tenant = ''", NULL, 0,
                 &rows));
    for (bool row = true;;) {
        TRY(db_next(cx, rows, &row));
        if (!row) break;
        NotifySettingId id;
        // Of a later version of the program.
        if (!notify_setting_of(db_col_text(rows, 0), &id)) continue;
        const FieldPlace place = place_of(id);
        TRY(notify_seal_take(cx, store, &place, db_col_blob(rows, 1), &settings.values[id]));
    }
    *ret_settings = settings;
    return ERR_OK;
}

// ---- writing: in the committer's transaction ----

typedef struct Setting {
    Store *store;
    const NotifySet *sets;
    size_t count;
    uint64_t now_ms;
} Setting;

static Err put_one(Cx *cx, Db *db, const Setting *setting, const NotifySet *set)
{
    NotifySettingId id;
    if (!notify_setting_of(set->name, &id))
        return err_set(cx, ERR_INPUT, "there is no setting '" SLICE_FMT "'", SLICE_ARG(set->name));
    if (set->value.size > LIMIT_NOTIFY_SETTING)
        return err_set(cx, ERR_LIMIT, "the value of %s is over %zu bytes", table[id].name,
                       LIMIT_NOTIFY_SETTING);
    TRY(db_run(cx, db, "DELETE FROM notify_setting WHERE tenant = '' AND name = $1",
               DB_VALUES(db_text(set->name)), NULL));
    if (set->value.size == 0) return ERR_OK;
    Err err = table[id].check(cx, set->value);
    if (err != ERR_OK) return err_wrap(cx, err, "%s", table[id].name);
    Slice sealed;
    const FieldPlace place = place_of(id);
    TRY(notify_seal_put(cx, setting->store, &place, set->value, &sealed));
    return db_run(cx, db,
                  "INSERT INTO notify_setting (tenant, name, value, changed_ms) "
                  "VALUES ('', $1, $2, $3)",
                  DB_VALUES(db_text(set->name), db_blob(sealed), db_int((int64_t)setting->now_ms)),
                  NULL);
}

static Err go_together(Cx *cx, const NotifySettings *settings)
{
    const Slice *values = settings->values;
    bool insecure = slice_equal(values[NOTIFY_MAIL_INSECURE], SLICE("yes"));
    if (insecure && values[NOTIFY_MAIL_URL].size > 0 && !smtp_is_here(cx, values[NOTIFY_MAIL_URL]))
        return err_set(cx, ERR_INPUT,
                       "mail.insecure is for a mail server on this machine alone: mail.url must "
                       "name 127.0.0.1, ::1 or localhost");
    if (values[NOTIFY_MAIL_PASSWORD].size > 0 && values[NOTIFY_MAIL_USER].size == 0)
        return err_set(cx, ERR_INPUT, "mail.password is set, mail.user is not");
    return ERR_OK;
}

static Err put_all(Cx *cx, Db *db, void *self)
{
    const Setting *setting = self;
    NotifySettings settings;
    for (size_t i = 0; i < setting->count; i++)
        TRY(put_one(cx, db, setting, &setting->sets[i]));
    TRY(notify_setting_read(cx, setting->store, db, &settings));
    TRY(go_together(cx, &settings));
    TRY(notify_outbox_hasten(cx, db));
    db_touch(db, SLICE(""), NOTIFY_ABOUT);
    return ERR_OK;
}

Err notify_setting_set(Cx *cx, Store *store, Committer *committer, const NotifySet *sets,
                       size_t count, AuditNote *note)
{
    Setting setting = {store, sets, count, cx_now_ms(cx)};
    return commit_wait_audited(cx, committer, put_all, &setting, note);
}
