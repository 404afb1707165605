#include <stdlib.h>

#include "base/base64.h"
#include "desk/people/account/account_delay.h"
#include "desk/people/account/account_oidc_provider.h"
#include "desk/people/account/account_parts.h"
#include "desk/people/account/account_session.h"
#include "format/json/json_out.h"

void account_touch(Db *db, Slice account)
{
    db_touch(db, SLICE(""), account);
}

Slice account_note_of(Cx *cx, const char *name, Slice value)
{
    JsonOut out = json_out_open(cx, LIMIT_FIELD_BYTES);
    Slice json = SLICE("");
    json_out_object(&out);
    json_out_pair(&out, name, slice_sub(value, 0, LIMIT_FIELD_BYTES / 8));
    json_out_end_object(&out);
    return json_out_done(cx, &out, &json) == ERR_OK ? json : SLICE("");
}

Err account_write(Cx *cx, Accounts *accounts, CommitWork *work, void *self, const AccountNote *note)
{
    Committer *committer = accounts->options.committer;
    if (note->halted && commit_halted(cx, committer).size > 0)
        return commit_wait_work(cx, committer, work, self);
    const PermissionActor *actor = note->actor;
    bool own = note->object.size == 0 && actor->kind == PERMISSION_ACCOUNT;
    Slice none = SLICE("");
    AuditNote audit = {
        .tenant = none,
        .actor = actor->name,
        .source = actor->kind == PERMISSION_LOCAL ? SLICE("cli") : SLICE("http"),
        .address = actor->address.size > 0 ? actor->address : none,
        .act = slice_of(note->act),
        .object_kind = slice_of(note->kind == NULL ? "account" : note->kind),
        .object = own ? account_row_hex(cx, (Slice){(const char *)actor->account, ACCOUNT_ID_SIZE})
                  : note->object.size > 0 ? note->object
                                          : none,
        .before = note->before.size > 0 ? note->before : none,
        .after = note->after.size > 0 ? note->after : none,
        .result = none};
    return commit_wait_audited(cx, committer, work, self, &audit);
}

Err account_db(Cx *cx, Accounts *accounts, AccountDb *ret_db)
{
    TRY(store_take(cx, accounts->store, &ret_db->db));
    ret_db->store = accounts->store;
    return ERR_OK;
}

void account_db_give(const AccountDb *db)
{
    if (db->db != NULL) store_give(db->store, db->db);
}

Err account_self_id(Cx *cx, const PermissionActor *actor, Slice *ret_id)
{
    TRY(permission_check(cx, actor, PERMISSION_OWN_ACCOUNT));
    if (actor->kind != PERMISSION_ACCOUNT)
        return err_set(cx, ERR_DENIED, "'" SLICE_FMT "' has no account", SLICE_ARG(actor->name));
    *ret_id = (Slice){(const char *)actor->account, ACCOUNT_ID_SIZE};
    return ERR_OK;
}

Err account_self_fresh(Cx *cx, const PermissionActor *actor, Slice *ret_id)
{
    TRY(account_self_id(cx, actor, ret_id));
    return actor->fresh ? ERR_OK : err_set(cx, ERR_DENIED, "%s", ACCOUNT_STALE);
}

// ---- the organisations that are always there ----

typedef struct Founding {
    Slice tenants[2], kinds[2], names[2];
    uint64_t now_ms;
} Founding;

static Err found(Cx *cx, Db *db, void *self)
{
    const Founding *founding = self;
    for (size_t i = 0; i < 2; i++)
        TRY(db_run(cx, db,
                   "INSERT INTO organisation (tenant, kind, name, tax_id, tax_tag, state, "
                   "created_ms) VALUES ($1, $2, $3, $4, $4, 'active', $5) ON CONFLICT DO NOTHING",
                   DB_VALUES(db_text(founding->tenants[i]), db_text(founding->kinds[i]),
                             db_blob(founding->names[i]), db_blob(SLICE("")),
                             db_int((int64_t)founding->now_ms)),
                   NULL));
    return ERR_OK;
}

static Err found_first(Cx *cx, Accounts *accounts)
{
    AUTO_DB AccountDb reader = {};
    TRY(account_db(cx, accounts, &reader));
    AUTO_ROWS DbRows *rows = NULL;
    bool row = false;
    TRY(db_query(cx, reader.db, "SELECT 1 FROM organisation WHERE tenant = $1", DB_VALUES(OURS),
                 &rows));
    TRY(db_next(cx, rows, &row));
    if (row) return ERR_OK;
    Founding founding = {.tenants = {SLICE(""), FIRST},
                         .kinds = {SLICE("platform"), SLICE("enterprise")},
                         .now_ms = cx_now_ms(cx)};
    for (size_t i = 0; i < 2; i++)
        TRY(account_seal(cx, accounts->store, ACCOUNT_SEAL_ORGANISATION_NAME, founding.tenants[i],
                         SLICE(""), &founding.names[i]));
    return commit_wait_work(cx, accounts->options.committer, found, &founding);
}

Err account_open(Cx *cx, const AccountsOptions *options, Accounts **ret_accounts)
{
    Accounts *accounts = calloc(1, sizeof *accounts); // owned: until account_close
    if (accounts == NULL) abort();
    accounts->options = *options;
    accounts->store = options->store;
    (void)pthread_mutex_init(&accounts->mutex, NULL);
    (void)pthread_cond_init(&accounts->idle, NULL);
    accounts->slots = account_session_slots_open();
    accounts->delays = account_delay_open();
    accounts->oidc = account_oidc_provider_cache_open();
    Err err = found_first(cx, accounts);
    if (err != ERR_OK) {
        account_close(accounts);
        return err;
    }
    *ret_accounts = accounts;
    return ERR_OK;
}

void account_close(Accounts *accounts)
{
    if (accounts == NULL) return;
    (void)pthread_mutex_lock(&accounts->mutex);
    while (accounts->late > 0)
        (void)pthread_cond_wait(&accounts->idle, &accounts->mutex);
    (void)pthread_mutex_unlock(&accounts->mutex);
    (void)pthread_mutex_destroy(&accounts->mutex);
    (void)pthread_cond_destroy(&accounts->idle);
    account_session_slots_close(accounts->slots);
    account_delay_close(accounts->delays);
    account_oidc_provider_cache_close(accounts->oidc);
    free(accounts);
}
