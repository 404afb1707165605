#include "desk/people/account/account_oidc_setting.h"

#include "base/utf8.h"
#include "desk/people/account/account_parts.h"
#include "format/json/json_out.h"
#include "net/fetch.h"

#define TEXT_MAX ((size_t)512)
#define PREFIX   "oidc."

static const AccountField SECRET = {"policy", "value"};

typedef enum Kind { ISSUER, NAME, HIDDEN, FLAG } Kind;
static const struct {
    const char *name;
    Kind kind;
} names[ACCOUNT_OIDC_SETTINGS] = {
    {"issuer", ISSUER},  {"client_id", NAME}, {"client_secret", HIDDEN}, {"scopes", NAME},
    {"label_zh", NAME},  {"label_en", NAME},  {"register", FLAG},        {"link_mail", FLAG},
    {"trust_mfa", FLAG}, {"ca_file", NAME}};

static Slice row_name(Cx *cx, size_t which)
{
    return cx_printf(cx, PREFIX "%s", names[which].name);
}

bool account_oidc_setting_is_safe(Slice url)
{
    static const char *const hosts[] = {"localhost", "127.0.0.1", "[::1]"};
    Slice plain = SLICE("http://");
    for (size_t i = 0; i < url.size; i++)
        if ((uint8_t)url.data[i] <= ' ' || url.data[i] == '\\' || url.data[i] == '#' ||
            (uint8_t)url.data[i] >= 0x7f)
            return false;
    if (slice_starts(url, SLICE("https://"))) return url.size > 8;
    if (!slice_starts(url, plain)) return false;
    Slice rest = slice_sub(url, plain.size, url.size);
    for (size_t i = 0; i < sizeof hosts / sizeof hosts[0]; i++) {
        Slice host = slice_of(hosts[i]);
        if (!slice_starts(rest, host)) continue;
        if (rest.size == host.size) return true;
        // Up to the path there is a port and nothing else.
        Slice port = slice_sub(rest, host.size, slice_find(rest, SLICE("/")) - host.size);
        if (port.size == 0 || (port.data[0] == ':' && slice_digits(slice_sub(port, 1, port.size))))
            return true;
    }
    return false;
}

static bool is_good(Cx *cx, Kind kind, Slice value)
{
    if (value.size > TEXT_MAX || !utf8_is_clean(value)) return false;
    if (slice_find(value, SLICE("\n")) != SLICE_NONE) return false;
    if (kind == FLAG) return slice_equal(value, SLICE("0")) || slice_equal(value, SLICE("1"));
    if (kind != ISSUER || value.size == 0) return true;
    return account_oidc_setting_is_safe(value) && fetch_check_url(cx, value) == ERR_OK;
}

// ---- reading ----

static void take(AccountOidcSettings *settings, size_t which, Slice value)
{
    Slice *const texts[ACCOUNT_OIDC_SETTINGS] = {&settings->issuer,
                                                 &settings->client,
                                                 &settings->secret,
                                                 &settings->scopes,
                                                 &settings->label_zh,
                                                 &settings->label_en,
                                                 NULL,
                                                 NULL,
                                                 NULL,
                                                 &settings->ca_file};
    bool *const flags[ACCOUNT_OIDC_SETTINGS] = {
        [6] = &settings->registration, [7] = &settings->by_mail, [8] = &settings->trust_mfa};
    if (texts[which] != NULL)
        *texts[which] = value;
    else
        *flags[which] = slice_equal(value, SLICE("1"));
}

static size_t which_of(Slice name)
{
    size_t which = 0;
    while (which < ACCOUNT_OIDC_SETTINGS && !slice_equal(name, slice_of(names[which].name)))
        which++;
    return which;
}

static Err take_rows(Cx *cx, const Store *store, DbRows *rows, AccountOidcSettings *settings)
{
    for (bool row = true;;) {
        TRY(db_next(cx, rows, &row));
        if (!row) return ERR_OK;
        Slice name = db_col_text(rows, 0), value = db_col_blob(rows, 1);
        size_t which = which_of(slice_sub(name, sizeof PREFIX - 1, name.size));
        if (which == ACCOUNT_OIDC_SETTINGS) continue; // of a newer program
        TRY(names[which].kind == HIDDEN ? account_seal_open(cx, store, SECRET, name, value, &value)
                                        : cx_copy(cx, value, &value));
        take(settings, which, value);
    }
}

Err account_oidc_setting_read(Cx *cx, Accounts *accounts, AccountOidcSettings *ret_settings)
{
    AccountOidcSettings settings = {.scopes = SLICE("openid email profile"),
                                    .label_zh = SLICE("统一身份"),
                                    .label_en = SLICE("single sign-on")};
    AUTO_DB AccountDb reader = {};
    TRY(account_db(cx, accounts, &reader));
    AUTO_ROWS DbRows *rows = NULL;
    TRY(db_query(cx, reader.db,
                 "SELECT name, value FROM policy WHERE tenant = $1 AND name >= 'oidc.' AND name < "
                 "'oidc/'",
                 DB_VALUES(OURS), &rows));
    TRY(take_rows(cx, accounts->store, rows, &settings));
    *ret_settings = settings;
    return ERR_OK;
}

bool account_oidc_setting_whole(Cx *cx, Accounts *accounts, const AccountOidcSettings *settings)
{
    AccountPolicy policy = account_policy_now(cx, accounts);
    return settings->issuer.size > 0 && settings->client.size > 0 && policy.site_url[0] != '\0';
}

void account_oidc_setting_show(Cx *cx, const AccountOidcSettings *settings,
                               AccountSetting ret_settings[static ACCOUNT_OIDC_SETTINGS])
{
    const Slice values[ACCOUNT_OIDC_SETTINGS] = {settings->issuer,
                                                 settings->client,
                                                 slice_of(settings->secret.size > 0 ? "set" : ""),
                                                 settings->scopes,
                                                 settings->label_zh,
                                                 settings->label_en,
                                                 slice_of(settings->registration ? "1" : "0"),
                                                 slice_of(settings->by_mail ? "1" : "0"),
                                                 slice_of(settings->trust_mfa ? "1" : "0"),
                                                 settings->ca_file};
    for (size_t i = 0; i < ACCOUNT_OIDC_SETTINGS; i++)
        ret_settings[i] = (AccountSetting){cx_printf(cx, "%s", names[i].name), values[i]};
}

// ---- writing ----

typedef struct Setting {
    AccountSetting rows[ACCOUNT_OIDC_SETTINGS]; // named as in the table, sealed
    size_t count;
    uint64_t now_ms;
} Setting;

static Err write_rows(Cx *cx, Db *db, void *self)
{
    const Setting *setting = self;
    for (size_t i = 0; i < setting->count; i++)
        TRY(db_run(cx, db,
                   "INSERT INTO policy (tenant, name, value, changed_ms) VALUES ($1, $2, $3, $4) "
                   "ON CONFLICT (tenant, name) DO UPDATE SET changed_ms = excluded.changed_ms, "
                   "value = excluded.value",
                   DB_VALUES(OURS, db_text(setting->rows[i].name), db_blob(setting->rows[i].value),
                             db_int((int64_t)setting->now_ms)),
                   NULL));
    return ERR_OK;
}

// What the audit log says: of the secret, that it was set.
static Err print_note(Cx *cx, const AccountSetting *settings, size_t count, Slice *ret_json)
{
    JsonOut out = json_out_open(cx, LIMIT_FIELD_BYTES * 4);
    json_out_object(&out);
    for (size_t i = 0; i < count; i++) {
        bool hidden = names[which_of(settings[i].name)].kind == HIDDEN;
        json_out_key(&out, settings[i].name);
        json_out_string(&out, hidden ? SLICE("set") : settings[i].value);
    }
    json_out_end_object(&out);
    return json_out_done(cx, &out, ret_json);
}

Err account_oidc_setting_set(Cx *cx, Accounts *accounts, const PermissionActor *actor,
                             const AccountSetting *settings, size_t count)
{
    TRY(permission_check(cx, actor, PERMISSION_MANAGE_SECURITY));
    Setting setting = {.now_ms = cx_now_ms(cx)};
    for (size_t i = 0; i < count; i++) {
        Slice value = settings[i].value;
        size_t which = which_of(settings[i].name);
        if (which == ACCOUNT_OIDC_SETTINGS || setting.count == ACCOUNT_OIDC_SETTINGS)
            return err_set(cx, ERR_INPUT, "there is no setting '" SLICE_FMT "'",
                           SLICE_ARG(slice_sub(settings[i].name, 0, 64)));
        if (!is_good(cx, names[which].kind, value))
            return err_set(cx, ERR_INPUT, SLICE_FMT ": can't be that", SLICE_ARG(settings[i].name));
        AccountSetting row = {row_name(cx, which), value};
        if (names[which].kind == HIDDEN && value.size > 0)
            TRY(account_seal(cx, accounts->store, SECRET, row.name, value, &row.value));
        setting.rows[setting.count++] = row;
    }
    AccountNote note = {
        .actor = actor, .act = "oidc.set", .kind = "policy", .object = SLICE("oidc")};
    TRY(print_note(cx, settings, count, &note.after));
    return account_write(cx, accounts, write_rows, &setting, &note);
}
