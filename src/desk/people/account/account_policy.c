#include "base/utf8.h"
#include "desk/people/account/account_breached.h"
#include "desk/people/account/account_parts.h"
#include "format/json/json_out.h"

#define ABOUT SLICE("policy")

static const AccountPolicy standard = {.registration = true,
                                       .password_length = 8,
                                       .idle_minutes = LIMIT_SESSION_IDLE_MINUTES,
                                       .absolute_hours = LIMIT_SESSION_HOURS,
                                       .erasure_days = LIMIT_ERASE_ASKED_DAYS};

// ---- one setting ----

static bool set_number(Slice value, uint64_t least, uint64_t most, uint64_t *ret_number)
{
    uint64_t number = 0;
    if (!slice_u64(value, &number) || number < least || number > most) return false;
    *ret_number = number;
    return true;
}

static bool set_flag(Slice value, bool *ret_flag)
{
    bool on = slice_equal(value, SLICE("1")) || slice_equal(value, SLICE("true"));
    bool off = slice_equal(value, SLICE("0")) || slice_equal(value, SLICE("false"));
    if (on || off) *ret_flag = on;
    return on || off;
}

static bool set_text(Slice value, char ret_text[static ACCOUNT_POLICY_TEXT])
{
    if (value.size >= ACCOUNT_POLICY_TEXT || !utf8_is_clean(value)) return false;
    memcpy(ret_text, value.data, value.size);
    ret_text[value.size] = '\0';
    return true;
}

static bool set_roles(Slice value, uint32_t *ret_roles)
{
    uint32_t roles = 0;
    Slice name;
    for (bool done = false; value.size > 0 && slice_cut(&value, ',', &done, &name);) {
        PermissionRole role;
        if (!permission_role_of(slice_trim(name), &role)) return false;
        roles |= ROLE_BIT(role);
    }
    *ret_roles = roles;
    return true;
}

static bool set_site(Slice value, char ret_text[static ACCOUNT_POLICY_TEXT])
{
    bool web = slice_starts(value, SLICE("https://")) || slice_starts(value, SLICE("http://"));
    return (value.size == 0 || (web && !slice_ends(value, SLICE("/")))) &&
           set_text(value, ret_text);
}

static bool set_crypto(Slice value, bool *ret_sm)
{
    bool sm = slice_equal(value, SLICE("sm")), aes = slice_equal(value, SLICE("aes"));
    if (sm || aes) *ret_sm = sm;
    return sm || aes;
}

static const char *const names[ACCOUNT_SETTINGS] = {"registration.open",
                                                    "password.length",
                                                    "password.composition",
                                                    "password.rotation_days",
                                                    "password.breached_file",
                                                    "session.idle_minutes",
                                                    "session.absolute_hours",
                                                    "factor.roles",
                                                    "site.url",
                                                    "fields.crypto",
                                                    "erasure.days"};

static bool set_one(AccountPolicy *policy, size_t which, Slice value)
{
    switch (which) {
    case 0:
        return set_flag(value, &policy->registration);
    case 1:
        return set_number(value, 8, LIMIT_PASSWORD_BYTES / 4, &policy->password_length);
    case 2:
        return set_flag(value, &policy->composition);
    case 3:
        return set_number(value, 0, 3650, &policy->rotation_days);
    case 4:
        return set_text(value, policy->breached_file);
    case 5:
        return set_number(value, 1, LIMIT_SESSION_HOURS * 60, &policy->idle_minutes);
    case 6:
        return set_number(value, 1, 24 * 30, &policy->absolute_hours);
    case 7:
        return set_roles(value, &policy->factor_roles);
    case 8:
        return set_site(value, policy->site_url);
    case 9:
        return set_crypto(value, &policy->field_sm);
    default:
        return set_number(value, 1, LIMIT_ERASE_ASKED_DAYS, &policy->erasure_days);
    }
}

static size_t which_of(Slice name)
{
    size_t which = 0;
    while (which < ACCOUNT_SETTINGS && !slice_equal(name, slice_of(names[which])))
        which++;
    return which;
}

void account_policy_settings(Cx *cx, const AccountPolicy *policy,
                             AccountSetting ret_settings[static ACCOUNT_SETTINGS])
{
    const Slice values[ACCOUNT_SETTINGS] = {
        slice_of(policy->registration ? "1" : "0"),
        cx_printf(cx, "%llu", (unsigned long long)policy->password_length),
        slice_of(policy->composition ? "1" : "0"),
        cx_printf(cx, "%llu", (unsigned long long)policy->rotation_days),
        cx_printf(cx, "%s", policy->breached_file),
        cx_printf(cx, "%llu", (unsigned long long)policy->idle_minutes),
        cx_printf(cx, "%llu", (unsigned long long)policy->absolute_hours),
        permission_roles_text(cx, policy->factor_roles),
        cx_printf(cx, "%s", policy->site_url),
        slice_of(policy->field_sm ? "sm" : "aes"),
        cx_printf(cx, "%llu", (unsigned long long)policy->erasure_days)};
    for (size_t i = 0; i < ACCOUNT_SETTINGS; i++)
        ret_settings[i] = (AccountSetting){slice_of(names[i]), values[i]};
}

// ---- the whole ----

static Err read_rows(Cx *cx, Accounts *accounts, AccountPolicy *policy)
{
    AUTO_DB AccountDb reader = {};
    TRY(account_db(cx, accounts, &reader));
    AUTO_ROWS DbRows *rows = NULL;
    TRY(db_query(cx, reader.db, "SELECT name, value FROM policy WHERE tenant = $1", DB_VALUES(OURS),
                 &rows));
    for (bool row = true;;) {
        TRY(db_next(cx, rows, &row));
        if (!row) return ERR_OK;
        size_t which = which_of(db_col_text(rows, 0));
        // One that a newer program wrote, or that no longer fits, leaves what is standard.
        if (which < ACCOUNT_SETTINGS) (void)set_one(policy, which, db_col_blob(rows, 1));
    }
}

AccountPolicy account_policy_now(Cx *cx, Accounts *accounts)
{
    const Changes *changes = store_changes(accounts->store);
    ChangesMark mark = changes_mark(SLICE(""), ABOUT);
    AccountPolicy policy = standard;
    (void)pthread_mutex_lock(&accounts->mutex);
    bool fresh = accounts->policy_known && changes != NULL &&
                 changes_fresh(changes, mark, accounts->policy_seen);
    if (fresh) policy = accounts->policy;
    (void)pthread_mutex_unlock(&accounts->mutex);
    if (fresh) return policy;
    uint64_t seen = changes == NULL ? 0 : changes_now(changes);
    if (read_rows(cx, accounts, &policy) != ERR_OK) {
        // Fails closed: nobody registers while it is not known whether they may.
        policy.registration = false;
        return policy;
    }
    (void)pthread_mutex_lock(&accounts->mutex);
    accounts->policy = policy;
    accounts->policy_seen = seen;
    accounts->policy_known = true;
    (void)pthread_mutex_unlock(&accounts->mutex);
    return policy;
}

typedef struct Setting {
    AccountSetting settings[ACCOUNT_SETTINGS];
    uint64_t now_ms;
} Setting;

static Err write_rows(Cx *cx, Db *db, void *self)
{
    const Setting *setting = self;
    for (size_t i = 0; i < ACCOUNT_SETTINGS; i++)
        TRY(db_run(cx, db,
                   "INSERT INTO policy (tenant, name, value, changed_ms) VALUES ($1, $2, $3, $4) "
                   "ON CONFLICT (tenant, name) DO UPDATE SET changed_ms = CASE WHEN policy.value = "
                   "excluded.value THEN policy.changed_ms ELSE excluded.changed_ms END, "
                   "value = excluded.value",
                   DB_VALUES(OURS, db_text(setting->settings[i].name),
                             db_blob(setting->settings[i].value), db_int((int64_t)setting->now_ms)),
                   NULL));
    db_touch(db, SLICE(""), ABOUT);
    return ERR_OK;
}

static bool set_profile(AccountPolicy *policy, Slice value)
{
    bool dengbao = slice_equal(value, SLICE("dengbao"));
    if (!dengbao && !slice_equal(value, SLICE("standard"))) return false;
    policy->composition = dengbao;
    policy->rotation_days = dengbao ? 90 : 0;
    return true;
}

static Slice print_settings(Cx *cx, const AccountSetting *settings, size_t count)
{
    JsonOut out = json_out_open(cx, LIMIT_FIELD_BYTES);
    Slice json = SLICE("");
    json_out_object(&out);
    for (size_t i = 0; i < count; i++) {
        json_out_key(&out, settings[i].name);
        json_out_string(&out, settings[i].value);
    }
    json_out_end_object(&out);
    return json_out_done(cx, &out, &json) == ERR_OK ? json : SLICE("");
}

Err account_policy_set(Cx *cx, Accounts *accounts, const PermissionActor *actor,
                       const AccountSetting *settings, size_t count)
{
    TRY(permission_check(cx, actor, PERMISSION_MANAGE_SECURITY));
    AccountPolicy policy = account_policy_now(cx, accounts);
    for (size_t i = 0; i < count; i++) {
        size_t which = which_of(settings[i].name);
        bool profile = slice_equal(settings[i].name, SLICE("password.profile"));
        if (!profile && which == ACCOUNT_SETTINGS)
            return err_set(cx, ERR_INPUT, "there is no setting '" SLICE_FMT "'",
                           SLICE_ARG(slice_sub(settings[i].name, 0, 64)));
        if (profile ? !set_profile(&policy, settings[i].value)
                    : !set_one(&policy, which, settings[i].value))
            return err_set(cx, ERR_INPUT, SLICE_FMT ": can't be that", SLICE_ARG(settings[i].name));
    }
    // A list that can't be read would let every breached password through.
    if (policy.breached_file[0] != '\0') {
        bool found = false;
        TRY(account_breached_find(cx, policy.breached_file, SLICE("password"), &found));
    }
    Setting setting = {.now_ms = cx_now_ms(cx)};
    account_policy_settings(cx, &policy, setting.settings);
    const AccountNote note = {.actor = actor,
                              .act = "policy.set",
                              .kind = "policy",
                              .object = count > 0 ? settings[0].name : SLICE(""),
                              .after = print_settings(cx, settings, count)};
    TRY(account_write(cx, accounts, write_rows, &setting, &note));
    store_field_policy_set(accounts->store, policy.field_sm ? PROVIDER_SM : PROVIDER_AES);
    return ERR_OK;
}

// ---- passwords ----

static Err refuse(Cx *cx, const char *why)
{
    return err_set(cx, ERR_INPUT, "password: %s", why);
}

static size_t characters(Slice text)
{
    size_t count = 0;
    for (size_t i = 0; i < text.size; i++)
        count += ((uint8_t)text.data[i] & 0xC0) != 0x80;
    return count;
}

static int kinds_of(Slice text)
{
    bool small = false, capital = false, digit = false, other = false;
    for (size_t i = 0; i < text.size; i++) {
        char c = text.data[i];
        if (c >= 'a' && c <= 'z')
            small = true;
        else if (c >= 'A' && c <= 'Z')
            capital = true;
        else if (c >= '0' && c <= '9')
            digit = true;
        else
            other = true;
    }
    return small + capital + digit + other;
}

Err account_policy_password(Cx *cx, Accounts *accounts, Slice password, const Slice *forbidden,
                            size_t name_count)
{
    AccountPolicy policy = account_policy_now(cx, accounts);
    if (password.size > LIMIT_PASSWORD_BYTES) return refuse(cx, "is too long");
    if (!utf8_is_clean(password)) return refuse(cx, "has characters that no keyboard types");
    if (characters(password) < policy.password_length)
        return err_set(cx, ERR_INPUT, "password: is too short, it needs %llu characters",
                       (unsigned long long)policy.password_length);
    for (size_t i = 0; i < name_count; i++)
        if (forbidden[i].size > 0 && slice_equal_nocase(password, forbidden[i]))
            return refuse(cx, "is a name of the account");
    if (policy.composition && kinds_of(password) < 3)
        return refuse(cx, "needs three of capitals, small letters, digits and others");
    bool breached = false;
    if (policy.breached_file[0] != '\0')
        TRY(account_breached_find(cx, policy.breached_file, password, &breached));
    return breached ? refuse(cx, "is in the list of breached passwords") : ERR_OK;
}
