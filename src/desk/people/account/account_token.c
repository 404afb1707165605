#include "desk/people/account/account_token.h"

#include <stdio.h>

#include "base/text.h"
#include "desk/people/account/account_parts.h"
#include "desk/people/account/account_slot.h"

#define DAY_MS ((uint64_t)86'400'000)

static const AccountField NAME = {"api_token", "name"};

// ---- who asks ----

static Err nobody(Cx *cx)
{
    return err_set(cx, ERR_DENIED, "this token is none, or its time is over");
}

static Err load(Cx *cx, Db *db, const Digest *hash, AccountSlot *slot)
{
    AUTO_ROWS DbRows *rows = NULL;
    bool row = false;
    TRY(db_query(cx, db,
                 "SELECT t.account, t.tenant, t.acts, t.created_ms, t.expires_ms, t.used_ms, "
                 "a.state, a.seed_ms, a.password_ms FROM api_token t JOIN account a ON a.tenant = "
                 "'' AND a.id = t.account WHERE t.hash = $1",
                 DB_VALUES(db_blob(digest_slice(hash))), &rows));
    TRY(db_next(cx, rows, &row));
    Slice tenant = row ? db_col_text(rows, 1) : SLICE("");
    if (!row || db_col_blob(rows, 0).size != ACCOUNT_ID_SIZE || tenant.size > TENANT_SIZE ||
        !slice_equal(db_col_text(rows, 6), SLICE("active")))
        return nobody(cx);
    slot->hash = *hash;
    memcpy(slot->account, db_col_blob(rows, 0).data, ACCOUNT_ID_SIZE);
    memcpy(slot->tenant, tenant.data, tenant.size);
    slot->tenant_size = tenant.size;
    slot->acts = (uint64_t)db_col_int(rows, 2) & ~ACT_BIT(PERMISSION_OWN_ACCOUNT);
    slot->created_ms = (uint64_t)db_col_int(rows, 3);
    slot->expires_ms = (uint64_t)db_col_int(rows, 4);
    slot->seen_ms = slot->written_ms = (uint64_t)db_col_int(rows, 5);
    slot->strong = db_col_int(rows, 7) > 0;
    slot->password_ms = (uint64_t)db_col_int(rows, 8);
    return account_slot_roles(cx, db, slot);
}

static Err note_used(Cx *cx, Db *db, void *self)
{
    const AccountLate *late = self;
    return db_run(cx, db, "UPDATE api_token SET used_ms = $2 WHERE hash = $1 AND used_ms < $2",
                  DB_VALUES(db_blob(digest_slice(&late->hash)), db_int((int64_t)late->ms)), NULL);
}

Err account_token_actor(Cx *cx, Accounts *accounts, Slice token, Slice address,
                        PermissionActor *ret_actor)
{
    Slice prefix = SLICE(ACCOUNT_TOKEN_PREFIX);
    Digest hash = {};
    AccountSlot slot = {};
    if (!slice_starts(token, prefix) ||
        !token_digest(slice_sub(token, prefix.size, token.size), &hash))
        return nobody(cx);
    if (!account_slot_find(accounts, &hash, &slot)) {
        AUTO_DB AccountDb reader = {};
        uint64_t seen = account_slot_now(accounts);
        TRY(account_db(cx, accounts, &reader));
        TRY(load(cx, reader.db, &hash, &slot));
        slot.seen = seen;
    }
    uint64_t now_ms = cx_now_ms(cx);
    // A session's token is none: it has no expiry.
    if (now_ms >= slot.expires_ms) return nobody(cx);
    AccountPolicy policy = account_policy_now(cx, accounts);
    account_slot_seen(cx, accounts, &slot, now_ms, note_used);
    account_slot_actor(cx, &slot, &policy, now_ms, address, ret_actor);
    return ERR_OK;
}

// ---- making ----

static Err parse_acts(Cx *cx, Slice names, uint64_t *ret_acts)
{
    uint64_t acts = 0;
    Slice name;
    for (bool done = false; slice_cut(&names, ',', &done, &name);) {
        PermissionAct act;
        if (!permission_act_of(slice_trim(name), &act) || act == PERMISSION_OWN_ACCOUNT)
            return err_set(cx, ERR_INPUT, "acts: '" SLICE_FMT "' is none that a token may do",
                           SLICE_ARG(slice_sub(slice_trim(name), 0, 64)));
        acts |= ACT_BIT(act);
    }
    *ret_acts = acts;
    return ERR_OK;
}

static Slice print_acts(Cx *cx, uint64_t acts)
{
    Text text = text_open(cx, LIMIT_FIELD_BYTES);
    for (int i = 0; i < PERMISSION_ACT_COUNT; i++)
        if ((acts & ACT_BIT(i)) != 0)
            text_printf(&text, "%s%s", text_so_far(&text).size > 0 ? "," : "",
                        permission_act_name((PermissionAct)i));
    return text_so_far(&text).size > 0 ? text_so_far(&text) : SLICE("");
}

typedef struct Making {
    Slice tenant, account, name;
    uint8_t id[ACCOUNT_ID_SIZE];
    Digest hash;
    uint64_t acts, now_ms, expires_ms;
} Making;

static Err put(Cx *cx, Db *db, void *self)
{
    const Making *making = self;
    AUTO_ROWS DbRows *rows = NULL;
    bool row = false;
    TRY(db_run(cx, db, "DELETE FROM api_token WHERE account = $1 AND expires_ms <= $2",
               DB_VALUES(db_blob(making->account), db_int((int64_t)making->now_ms)), NULL));
    TRY(db_query(cx, db, "SELECT COUNT(*) FROM api_token WHERE account = $1",
                 DB_VALUES(db_blob(making->account)), &rows));
    TRY(db_next(cx, rows, &row));
    if (row && db_col_int(rows, 0) >= LIMIT_TOKENS)
        return err_set(cx, ERR_LIMIT, "an account has %d tokens at most", LIMIT_TOKENS);
    return db_run(
        cx, db,
        "INSERT INTO api_token (tenant, id, hash, account, name, acts, created_ms, expires_ms, "
        "used_ms) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 0)",
        DB_VALUES(db_text(making->tenant),
                  db_blob((Slice){(const char *)making->id, ACCOUNT_ID_SIZE}),
                  db_blob(digest_slice(&making->hash)), db_blob(making->account),
                  db_blob(making->name), db_int((int64_t)making->acts),
                  db_int((int64_t)making->now_ms), db_int((int64_t)making->expires_ms)),
        NULL);
}

static Err make(Cx *cx, Accounts *accounts, const PermissionActor *actor, Making *making,
                Slice name, uint64_t days, AccountTokenNew *ret_new)
{
    AccountTokenNew new = {};
    Slice shown;
    if (days < 1 || days > ACCOUNT_TOKEN_DAYS_MAX)
        return err_set(cx, ERR_INPUT, "days: is not between 1 and %d", ACCOUNT_TOKEN_DAYS_MAX);
    TRY(account_name_shown(cx, name, &shown));
    if (shown.size == 0) return err_set(cx, ERR_INPUT, "name: is required");
    uuid7_make(cx, making->id);
    Slice id = {(const char *)making->id, ACCOUNT_ID_SIZE};
    TRY(account_seal(cx, accounts->store, NAME, id, shown, &making->name));
    Token token = token_new(cx);
    making->hash = token.digest;
    making->now_ms = cx_now_ms(cx);
    making->expires_ms = making->now_ms + days * DAY_MS;
    new.id = account_row_hex(cx, id);
    new.expires_ms = making->expires_ms;
    (void)snprintf(new.text, sizeof new.text, ACCOUNT_TOKEN_PREFIX "%s", token.text);
    const AccountNote note = {.actor = actor,
                              .act = "token.make",
                              .kind = "token",
                              .object = new.id,
                              .after = account_note_of(cx, "acts", print_acts(cx, making->acts))};
    TRY(account_write(cx, accounts, put, making, &note));
    *ret_new = new;
    return ERR_OK;
}

Err account_token_make(Cx *cx, Accounts *accounts, const PermissionActor *actor, Slice name,
                       Slice acts, uint64_t days, AccountTokenNew *ret_new)
{
    Making making = {.tenant = actor->tenant};
    TRY(account_self_fresh(cx, actor, &making.account));
    TRY(parse_acts(cx, acts, &making.acts));
    for (int i = 0; i < PERMISSION_ACT_COUNT; i++)
        if ((making.acts & ACT_BIT(i)) != 0) TRY(permission_check(cx, actor, (PermissionAct)i));
    return make(cx, accounts, actor, &making, name, days, ret_new);
}

Err account_token_make_for(Cx *cx, Accounts *accounts, const PermissionActor *actor, Slice account,
                           Slice name, Slice acts, uint64_t days, AccountTokenNew *ret_new)
{
    Making making = {.account = account, .tenant = SLICE("")};
    if (actor->kind != PERMISSION_LOCAL)
        return err_set(cx, ERR_DENIED, "'" SLICE_FMT "' may make tokens for nobody else",
                       SLICE_ARG(actor->name));
    TRY(parse_acts(cx, acts, &making.acts));
    {
        AUTO_DB AccountDb reader = {};
        TRY(account_db(cx, accounts, &reader));
        AUTO_ROWS DbRows *rows = NULL;
        bool row = false;
        TRY(db_query(cx, reader.db,
                     "SELECT tenant FROM member WHERE account = $1 AND tenant <> '' "
                     "ORDER BY since_ms, tenant LIMIT 1",
                     DB_VALUES(db_blob(account)), &rows));
        TRY(db_next(cx, rows, &row));
        if (row) TRY(cx_copy(cx, db_col_text(rows, 0), &making.tenant));
    }
    return make(cx, accounts, actor, &making, name, days, ret_new);
}

// ---- seeing and revoking ----

Err account_token_list(Cx *cx, Accounts *accounts, const PermissionActor *actor,
                       AccountTokenRow **ret_rows, size_t *ret_count)
{
    Slice account;
    AUTO_DB AccountDb reader = {};
    TRY(account_self_id(cx, actor, &account));
    TRY(account_db(cx, accounts, &reader));
    AccountTokenRow *list = arena_alloc(&cx->arena, LIMIT_TOKENS * sizeof *list);
    size_t count = 0;
    AUTO_ROWS DbRows *rows = NULL;
    TRY(db_query(cx, reader.db,
                 "SELECT id, name, acts, tenant, created_ms, expires_ms, used_ms FROM api_token "
                 "WHERE account = $1 ORDER BY id DESC",
                 DB_VALUES(db_blob(account)), &rows));
    for (bool row = true; count < LIMIT_TOKENS; count++) {
        AccountTokenRow *token = &list[count];
        TRY(db_next(cx, rows, &row));
        if (!row) break;
        Slice id = db_col_blob(rows, 0);
        token->id = account_row_hex(cx, id);
        TRY(account_seal_open(cx, accounts->store, NAME, id, db_col_blob(rows, 1), &token->name));
        token->acts = print_acts(cx, (uint64_t)db_col_int(rows, 2));
        TRY(cx_copy(cx, db_col_text(rows, 3), &token->organisation));
        token->created_ms = (uint64_t)db_col_int(rows, 4);
        token->expires_ms = (uint64_t)db_col_int(rows, 5);
        token->used_ms = (uint64_t)db_col_int(rows, 6);
    }
    *ret_rows = list;
    *ret_count = count;
    return ERR_OK;
}

static Err revoke(Cx *cx, Db *db, void *self)
{
    const Making *making = self;
    uint64_t changed = 0;
    TRY(db_run(cx, db, "DELETE FROM api_token WHERE account = $1 AND id = $2",
               DB_VALUES(db_blob(making->account),
                         db_blob((Slice){(const char *)making->id, ACCOUNT_ID_SIZE})),
               &changed));
    if (changed == 0) return err_set(cx, ERR_MISSING, "there is no such token");
    account_touch(db, making->account);
    return ERR_OK;
}

Err account_token_revoke(Cx *cx, Accounts *accounts, const PermissionActor *actor, Slice id)
{
    Making making = {};
    TRY(account_self_id(cx, actor, &making.account));
    TRY(account_row_unhex(cx, id, making.id));
    const AccountNote note = {.actor = actor, .act = "token.revoke", .kind = "token", .object = id};
    return account_write(cx, accounts, revoke, &making, &note);
}
