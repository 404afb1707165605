#include "desk/people/account/account_factor.h"

#include "crypto/totp.h"
#include "desk/people/account/account_code.h"
#include "desk/people/account/account_parts.h"
#include "desk/people/account/account_qr.h"
#include "desk/people/account/account_tell.h"

#define ISSUER SLICE("fapiao")

static const AccountField SEED = {"account", "seed"};

static Err own_row(Cx *cx, Accounts *accounts, const PermissionActor *actor, AccountRow *ret_row)
{
    Slice id;
    AUTO_DB AccountDb reader = {};
    TRY(account_self_fresh(cx, actor, &id));
    TRY(account_db(cx, accounts, &reader));
    return account_row_get(cx, accounts->store, reader.db, id, ret_row);
}

// ---- a seed ----

typedef struct Seeding {
    Slice account, sealed;
} Seeding;

static Err put_seed(Cx *cx, Db *db, void *self)
{
    const Seeding *seeding = self;
    uint64_t changed = 0;
    TRY(db_run(cx, db,
               "UPDATE account SET seed = $3, seed_step = 0 WHERE tenant = $1 AND id = $2 AND "
               "seed_ms = 0",
               DB_VALUES(OURS, db_blob(seeding->account), db_blob(seeding->sealed)), &changed));
    return changed == 1 ? ERR_OK : err_set(cx, ERR_CONFLICT, "there is a second factor already");
}

Err account_factor_begin(Cx *cx, Accounts *accounts, const PermissionActor *actor,
                         AccountFactorBegun *ret_begun)
{
    AccountRow row = {};
    AccountFactorBegun begun = {};
    Seeding seeding = {};
    TRY(own_row(cx, accounts, actor, &row));
    if (row.seed_ms > 0) return err_set(cx, ERR_CONFLICT, "there is a second factor already");
    TotpSeed seed = totp_seed_new(cx);
    seeding.account = account_row_id(&row);
    begun.secret = totp_base32(cx, &seed);
    begun.uri = totp_uri(cx, &seed, ISSUER, row.login.size > 0 ? row.login : row.mail);
    Err err = account_seal(cx, accounts->store, SEED, seeding.account,
                           (Slice){(const char *)seed.bytes, TOTP_SEED_SIZE}, &seeding.sealed);
    explicit_bzero(&seed, sizeof seed);
    TRY(err);
    TRY(account_qr_svg(cx, begun.uri, &begun.svg));
    const AccountNote note = {.actor = actor, .act = "factor.begin"};
    TRY(account_write(cx, accounts, put_seed, &seeding, &note));
    *ret_begun = begun;
    return ERR_OK;
}

// ---- recovery codes ----

typedef struct Changing {
    Slice account;
    AccountCode code;
    Digest tags[TOKEN_RECOVERY_COUNT];
    AccountSwap swap;
    AccountTell tell;
} Changing;

static Err put_codes(Cx *cx, Db *db, const Changing *changing)
{
    TRY(db_run(cx, db, "DELETE FROM recovery_code WHERE tenant = $1 AND account = $2",
               DB_VALUES(OURS, db_blob(changing->account)), NULL));
    for (size_t i = 0; i < TOKEN_RECOVERY_COUNT; i++)
        TRY(db_run(
            cx, db,
            "INSERT INTO recovery_code (tenant, account, tag, used_ms) VALUES ($1, $2, $3, "
            "0)",
            DB_VALUES(OURS, db_blob(changing->account), db_blob(digest_slice(&changing->tags[i]))),
            NULL));
    return ERR_OK;
}

static void make_codes(Cx *cx, const Accounts *accounts, Changing *changing,
                       TokenRecovery ret_codes[static TOKEN_RECOVERY_COUNT])
{
    token_recovery_new(cx, ret_codes);
    for (size_t i = 0; i < TOKEN_RECOVERY_COUNT; i++)
        changing->tags[i] = account_code_tag(accounts->store, changing->account,
                                             (Slice){ret_codes[i].text, TOKEN_RECOVERY_SIZE});
}

// ---- confirming ----

static Err confirm(Cx *cx, Db *db, void *self)
{
    const Changing *changing = self;
    uint64_t changed = 0;
    TRY(account_code_use(cx, db, &changing->code));
    TRY(db_run(cx, db,
               "UPDATE account SET seed_ms = $3 WHERE tenant = $1 AND id = $2 AND seed_ms = 0 AND "
               "seed <> x''",
               DB_VALUES(OURS, db_blob(changing->account), db_int((int64_t)changing->code.now_ms)),
               &changed));
    if (changed != 1) return err_set(cx, ERR_CONFLICT, "there is a second factor already");
    TRY(put_codes(cx, db, changing));
    TRY(account_tell_put(cx, db, &changing->tell));
    TRY(account_session_swap(cx, db, &changing->swap));
    return account_session_drop(cx, db, changing->account, &changing->swap.new);
}

// What needs a code of the authenticator, and a session to go on with.
static Err check(Cx *cx, Accounts *accounts, const AccountRow *row, Slice code, Changing *changing)
{
    if (account_code_delay(row, cx_now_ms(cx)) > 0)
        return err_set(cx, ERR_LIMIT, "too many tries; wait a little");
    changing->account = account_row_id(row);
    return account_code_check(cx, accounts, row, NULL, code, &changing->code);
}

static Err swap_of(Cx *cx, Slice token, Slice account, int factors, Token *ret_new,
                   AccountSwap *ret_swap)
{
    AccountSwap swap = {.account = account, .factors = factors};
    if (!token_digest(token, &swap.old))
        return err_set(cx, ERR_DENIED, "only who is signed in changes a factor");
    *ret_new = token_new(cx);
    swap.new = ret_new->digest;
    *ret_swap = swap;
    return ERR_OK;
}

Err account_factor_confirm(Cx *cx, Accounts *accounts, const PermissionActor *actor, Slice token,
                           Slice code, AccountFactorDone *ret_done)
{
    AccountRow row = {};
    Changing changing = {};
    AccountFactorDone done = {};
    TRY(own_row(cx, accounts, actor, &row));
    if (row.seed_ms > 0 || row.seed.size == 0)
        return err_set(cx, ERR_CONFLICT, "there is no second factor to confirm");
    TRY(check(cx, accounts, &row, code, &changing));
    TRY(swap_of(cx, token, changing.account, 2, &done.token, &changing.swap));
    make_codes(cx, accounts, &changing, done.codes);
    changing.tell = account_tell_make(cx, accounts, &row, actor, ACCOUNT_NEWS_FACTOR_ON, SLICE(""));
    const AccountNote note = {.actor = actor, .act = "factor.confirm"};
    TRY(account_write(cx, accounts, confirm, &changing, &note));
    *ret_done = done;
    return ERR_OK;
}

static Err renew(Cx *cx, Db *db, void *self)
{
    const Changing *changing = self;
    TRY(account_tell_put(cx, db, &changing->tell));
    return put_codes(cx, db, changing);
}

Err account_factor_renew(Cx *cx, Accounts *accounts, const PermissionActor *actor,
                         TokenRecovery ret_codes[static TOKEN_RECOVERY_COUNT])
{
    AccountRow row = {};
    Changing changing = {};
    TRY(own_row(cx, accounts, actor, &row));
    if (row.seed_ms == 0) return err_set(cx, ERR_CONFLICT, "there is no second factor");
    changing.account = account_row_id(&row);
    make_codes(cx, accounts, &changing, ret_codes);
    changing.tell =
        account_tell_make(cx, accounts, &row, actor, ACCOUNT_NEWS_FACTOR_CODES, SLICE(""));
    const AccountNote note = {.actor = actor, .act = "factor.renew_codes"};
    return account_write(cx, accounts, renew, &changing, &note);
}

// ---- none any more ----

static Err take_away(Cx *cx, Db *db, Slice account)
{
    TRY(db_run(cx, db,
               "UPDATE account SET seed = x'', seed_ms = 0, seed_step = 0, failures = 0, "
               "failed_ms = 0 WHERE tenant = $1 AND id = $2",
               DB_VALUES(OURS, db_blob(account)), NULL));
    TRY(account_ticket_drop(cx, db, "login", account));
    return db_run(cx, db, "DELETE FROM recovery_code WHERE tenant = $1 AND account = $2",
                  DB_VALUES(OURS, db_blob(account)), NULL);
}

static Err end(Cx *cx, Db *db, void *self)
{
    const Changing *changing = self;
    TRY(take_away(cx, db, changing->account));
    TRY(account_tell_put(cx, db, &changing->tell));
    TRY(account_session_swap(cx, db, &changing->swap));
    return account_session_drop(cx, db, changing->account, &changing->swap.new);
}

Err account_factor_end(Cx *cx, Accounts *accounts, const PermissionActor *actor, Slice token,
                       Token *ret_token)
{
    AccountRow row = {};
    Changing changing = {};
    Token new = {};
    TRY(own_row(cx, accounts, actor, &row));
    if (row.seed_ms == 0) return err_set(cx, ERR_CONFLICT, "there is no second factor");
    changing.account = account_row_id(&row);
    TRY(swap_of(cx, token, changing.account, 1, &new, &changing.swap));
    changing.tell =
        account_tell_make(cx, accounts, &row, actor, ACCOUNT_NEWS_FACTOR_OFF, SLICE(""));
    const AccountNote note = {.actor = actor, .act = "factor.end"};
    TRY(account_write(cx, accounts, end, &changing, &note));
    *ret_token = new;
    return ERR_OK;
}

static Err reset(Cx *cx, Db *db, void *self)
{
    const Changing *changing = self;
    TRY(take_away(cx, db, changing->account));
    TRY(account_tell_put(cx, db, &changing->tell));
    return account_session_drop(cx, db, changing->account, NULL);
}

Err account_factor_reset(Cx *cx, Accounts *accounts, const PermissionActor *actor, Slice account)
{
    AccountRow row = {};
    Changing changing = {.account = account};
    TRY(permission_check(cx, actor, PERMISSION_MANAGE_SECURITY));
    {
        AUTO_DB AccountDb reader = {};
        TRY(account_db(cx, accounts, &reader));
        TRY(account_row_get(cx, accounts->store, reader.db, account, &row));
    }
    changing.tell =
        account_tell_make(cx, accounts, &row, actor, ACCOUNT_NEWS_FACTOR_RESET, SLICE(""));
    const AccountNote note = {
        .actor = actor, .act = "factor.reset", .object = account_row_hex(cx, account)};
    return account_write(cx, accounts, reset, &changing, &note);
}

Err account_factor_left(Cx *cx, Accounts *accounts, const PermissionActor *actor, size_t *ret_left)
{
    Slice id;
    AUTO_DB AccountDb reader = {};
    TRY(account_self_id(cx, actor, &id));
    TRY(account_db(cx, accounts, &reader));
    AUTO_ROWS DbRows *rows = NULL;
    bool row = false;
    TRY(db_query(cx, reader.db,
                 "SELECT COUNT(*) FROM recovery_code WHERE tenant = $1 AND account = $2 AND "
                 "used_ms = 0",
                 DB_VALUES(OURS, db_blob(id)), &rows));
    TRY(db_next(cx, rows, &row));
    *ret_left = row ? (size_t)db_col_int(rows, 0) : 0;
    return ERR_OK;
}
