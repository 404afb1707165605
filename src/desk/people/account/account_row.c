#include "desk/people/account/account_row.h"

#include "base/base64.h"
#include "base/limits.h"
#include "desk/people/account/account_seal.h"
#include "format/json/json_in.h"
#include "format/json/json_out.h"

#define OURS db_text(SLICE(""))
#define COLUMNS                                                                                    \
    "SELECT id, profile, password, password_ms, state, mail_ms, phone_ms, seed, seed_ms, "         \
    "seed_step, failures, failed_ms, created_ms, vouched FROM account "

static const AccountField PROFILE = {"account", "profile"}, SEED = {"account", "seed"};

const char *account_row_state(AccountState state)
{
    static const char *const names[ACCOUNT_STATE_COUNT] = {"pending", "active", "disabled",
                                                           "deleted"};
    return names[state];
}

bool account_row_state_of(Slice name, AccountState *ret_state)
{
    for (int i = 0; i < ACCOUNT_STATE_COUNT; i++) {
        if (!slice_equal(name, slice_of(account_row_state((AccountState)i)))) continue;
        *ret_state = (AccountState)i;
        return true;
    }
    return false;
}

// ---- the profile: who it is ----

static Err print_profile(Cx *cx, const AccountRow *row, Slice *ret_json)
{
    JsonOut out = json_out_open(cx, LIMIT_FIELD_BYTES);
    json_out_object(&out);
    json_out_pair(&out, "language", row->language);
    json_out_pair(&out, "login", row->login);
    json_out_pair(&out, "mail", row->mail);
    json_out_pair(&out, "name", row->name);
    json_out_pair(&out, "phone", row->phone);
    json_out_end_object(&out);
    return json_out_done(cx, &out, ret_json);
}

static Err parse_profile(Cx *cx, Slice json, AccountRow *row)
{
    JsonIn *in = NULL;
    row->language = row->login = row->mail = row->name = row->phone = SLICE("");
    if (json.size == 0) return ERR_OK; // of one that was deleted
    TRY(json_in_open(cx, json, &in));
    const JsonValue *root = json_in_root(in);
    row->language = json_in_string(json_in_get(root, "language"));
    row->login = json_in_string(json_in_get(root, "login"));
    row->mail = json_in_string(json_in_get(root, "mail"));
    row->name = json_in_string(json_in_get(root, "name"));
    row->phone = json_in_string(json_in_get(root, "phone"));
    json_in_close(in);
    return ERR_OK;
}

// ---- reading ----

static Err take(Cx *cx, const Store *store, const DbRows *rows, AccountRow *row)
{
    if (db_col_blob(rows, 0).size != ACCOUNT_ID_SIZE)
        return err_set(cx, ERR_CORRUPT, "an account's id is no id");
    memcpy(row->id, db_col_blob(rows, 0).data, ACCOUNT_ID_SIZE);
    Slice id = account_row_id(row), profile;
    TRY(account_seal_open(cx, store, PROFILE, id, db_col_blob(rows, 1), &profile));
    TRY(parse_profile(cx, profile, row));
    TRY(cx_copy(cx, db_col_text(rows, 2), &row->password));
    row->password_ms = (uint64_t)db_col_int(rows, 3);
    if (!account_row_state_of(db_col_text(rows, 4), &row->state))
        return err_set(cx, ERR_CORRUPT, "an account's state is none");
    row->mail_ms = (uint64_t)db_col_int(rows, 5);
    row->phone_ms = (uint64_t)db_col_int(rows, 6);
    TRY(account_seal_open(cx, store, SEED, id, db_col_blob(rows, 7), &row->seed));
    row->seed_ms = (uint64_t)db_col_int(rows, 8);
    row->seed_step = (uint64_t)db_col_int(rows, 9);
    row->failures = (uint64_t)db_col_int(rows, 10);
    row->failed_ms = (uint64_t)db_col_int(rows, 11);
    row->created_ms = (uint64_t)db_col_int(rows, 12);
    row->vouched = db_col_int(rows, 13) != 0;
    return ERR_OK;
}

static Err read_one(Cx *cx, const Store *store, Db *db, const char *sql, Slice key,
                    AccountRow *ret_row)
{
    AUTO_ROWS DbRows *rows = NULL;
    bool there = false;
    TRY(db_query(cx, db, sql, DB_VALUES(OURS, db_blob(key)), &rows));
    TRY(db_next(cx, rows, &there));
    if (!there) return err_set(cx, ERR_MISSING, "there is no such account");
    AccountRow row = {};
    TRY(take(cx, store, rows, &row));
    *ret_row = row;
    return ERR_OK;
}

Err account_row_get(Cx *cx, const Store *store, Db *db, Slice id, AccountRow *ret_row)
{
    return read_one(cx, store, db, COLUMNS "WHERE tenant = $1 AND id = $2", id, ret_row);
}

Err account_row_find(Cx *cx, const Store *store, Db *db, AccountNameKind kind, Slice name,
                     AccountRow *ret_row)
{
    static const char *const sql[] = {
        COLUMNS "WHERE tenant = $1 AND login_tag = $2 AND login_tag <> x''",
        COLUMNS "WHERE tenant = $1 AND mail_tag = $2 AND mail_tag <> x''",
        COLUMNS "WHERE tenant = $1 AND phone_tag = $2 AND phone_tag <> x''"};
    Slice tag;
    TRY(account_seal_tag(cx, store, account_name_kind(kind), name, &tag));
    return read_one(cx, store, db, sql[kind], tag, ret_row);
}

// ---- writing ----

Err account_row_seal(Cx *cx, const Store *store, const AccountRow *row, AccountSealed *ret_sealed)
{
    AccountSealed sealed = {.row = *row, .seed = SLICE("")};
    const Slice names[] = {row->login, row->mail, row->phone};
    Slice id = account_row_id(row), json;
    for (int i = 0; i < 3; i++) {
        sealed.tags[i] = SLICE("");
        if (names[i].size > 0)
            TRY(account_seal_tag(cx, store, account_name_kind((AccountNameKind)i), names[i],
                                 &sealed.tags[i]));
    }
    TRY(print_profile(cx, row, &json));
    TRY(account_seal(cx, store, PROFILE, id, json, &sealed.profile));
    if (row->seed.size > 0) TRY(account_seal(cx, store, SEED, id, row->seed, &sealed.seed));
    *ret_sealed = sealed;
    return ERR_OK;
}

// The database would refuse it, too, but not say which.
static Err check_names(Cx *cx, Db *db, const AccountSealed *sealed)
{
    static const char *const sql[] = {
        "SELECT id FROM account WHERE tenant = $1 AND login_tag = $2 AND login_tag <> x''",
        "SELECT id FROM account WHERE tenant = $1 AND mail_tag = $2 AND mail_tag <> x''",
        "SELECT id FROM account WHERE tenant = $1 AND phone_tag = $2 AND phone_tag <> x''"};
    for (int i = 0; i < 3; i++) {
        if (sealed->tags[i].size == 0) continue;
        AUTO_ROWS DbRows *rows = NULL;
        bool row = false;
        TRY(db_query(cx, db, sql[i], DB_VALUES(OURS, db_blob(sealed->tags[i])), &rows));
        TRY(db_next(cx, rows, &row));
        if (row && !slice_equal(db_col_blob(rows, 0), account_row_id(&sealed->row)))
            return err_set(cx, ERR_CONFLICT, "%s: is taken", account_name_kind((AccountNameKind)i));
    }
    return ERR_OK;
}

Err account_row_add(Cx *cx, Db *db, const AccountSealed *sealed)
{
    const AccountRow *row = &sealed->row;
    TRY(check_names(cx, db, sealed));
    return db_run(
        cx, db,
        "INSERT INTO account (tenant, id, login_tag, mail_tag, phone_tag, profile, password, "
        "password_ms, state, mail_ms, phone_ms, seed, seed_ms, seed_step, failures, failed_ms, "
        "created_ms, vouched) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, 0, 0, 0, "
        "0, $13, $14)",
        DB_VALUES(OURS, db_blob(account_row_id(row)), db_blob(sealed->tags[0]),
                  db_blob(sealed->tags[1]), db_blob(sealed->tags[2]), db_blob(sealed->profile),
                  db_text(row->password), db_int((int64_t)row->password_ms),
                  db_text(slice_of(account_row_state(row->state))), db_int((int64_t)row->mail_ms),
                  db_int((int64_t)row->phone_ms), db_blob(sealed->seed),
                  db_int((int64_t)row->created_ms), db_int(row->vouched)),
        NULL);
}

Err account_row_change(Cx *cx, Db *db, const AccountSealed *sealed)
{
    const AccountRow *row = &sealed->row;
    uint64_t changed = 0;
    TRY(check_names(cx, db, sealed));
    TRY(db_run(cx, db,
               "UPDATE account SET login_tag = $3, mail_tag = $4, phone_tag = $5, profile = $6, "
               "state = $7, mail_ms = $8, phone_ms = $9 WHERE tenant = $1 AND id = $2 AND "
               "state IN ('pending', 'active')", // was disabled meanwhile: it stays so
               DB_VALUES(OURS, db_blob(account_row_id(row)), db_blob(sealed->tags[0]),
                         db_blob(sealed->tags[1]), db_blob(sealed->tags[2]),
                         db_blob(sealed->profile), db_text(slice_of(account_row_state(row->state))),
                         db_int((int64_t)row->mail_ms), db_int((int64_t)row->phone_ms)),
               &changed));
    if (changed == 0) return err_set(cx, ERR_MISSING, "there is no such account");
    account_touch(db, account_row_id(row));
    return ERR_OK;
}

Slice account_row_hex(Cx *cx, Slice id)
{
    return base64_hex(cx, id);
}

Err account_row_unhex(Cx *cx, Slice hex, uint8_t ret_id[static ACCOUNT_ID_SIZE])
{
    if (base64_unhex(cx, hex, ret_id, ACCOUNT_ID_SIZE) == ERR_OK) return ERR_OK;
    return err_set(cx, ERR_MISSING, "there is no such id");
}

Slice account_row_actor_name(Cx *cx, Slice id)
{
    return cx_printf(cx, "u-" SLICE_FMT, SLICE_ARG(base64_hex(cx, id)));
}
