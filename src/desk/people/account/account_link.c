#include "desk/people/account/account_link.h"

#include "desk/people/account/account_oidc_setting.h"
#include "desk/people/account/account_parts.h"

static Err find_link(Cx *cx, Db *db, const AccountLink *link, Slice *ret_account)
{
    AUTO_ROWS DbRows *rows = NULL;
    bool row = false;
    *ret_account = SLICE("");
    TRY(db_query(cx, db,
                 "SELECT account FROM identity_link WHERE tenant = $1 AND issuer = $2 AND tag = $3",
                 DB_VALUES(OURS, db_text(link->issuer), db_blob(link->tag)), &rows));
    TRY(db_next(cx, rows, &row));
    if (!row || db_col_blob(rows, 0).size != ACCOUNT_ID_SIZE) return ERR_OK;
    return cx_copy(cx, db_col_blob(rows, 0), ret_account);
}

static Err put_link(Cx *cx, Db *db, void *self)
{
    const AccountLink *link = self;
    uint64_t changed = 0;
    if (link->new != NULL) TRY(account_register_put(cx, db, link->new));
    TRY(db_run(cx, db,
               "INSERT INTO identity_link (tenant, issuer, tag, account, created_ms) "
               "VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING",
               DB_VALUES(OURS, db_text(link->issuer), db_blob(link->tag), db_blob(link->account),
                         db_int((int64_t)link->now_ms)),
               &changed));
    return changed == 1 ? ERR_OK : err_set(cx, ERR_CONFLICT, "it is linked already");
}

Err account_link_find(Cx *cx, Accounts *accounts, Slice issuer, Slice subject,
                      AccountLink *ret_link)
{
    AccountLink link = {.issuer = issuer, .now_ms = cx_now_ms(cx)};
    TRY(account_seal_tag(cx, accounts->store, "subject", subject, &link.tag));
    AUTO_DB AccountDb reader = {};
    TRY(account_db(cx, accounts, &reader));
    TRY(find_link(cx, reader.db, &link, &link.account));
    *ret_link = link;
    return ERR_OK;
}

// As the account itself: whoever it is has been told by the provider, or was signed in.
Err account_link_put(Cx *cx, Accounts *accounts, AccountLink *link, const AccountOrigin *origin,
                     const char *act)
{
    PermissionActor actor = permission_actor(PERMISSION_ACCOUNT);
    actor.name = account_row_actor_name(cx, link->account);
    actor.address = origin->address;
    memcpy(actor.account, link->account.data, ACCOUNT_ID_SIZE);
    const AccountNote note = {
        .actor = &actor, .act = act, .after = account_note_of(cx, "issuer", link->issuer)};
    return account_write(cx, accounts, put_link, link, &note);
}

static Err count_links(Cx *cx, Accounts *accounts, Slice account, Slice issuer, bool *ret_any)
{
    AUTO_DB AccountDb reader = {};
    TRY(account_db(cx, accounts, &reader));
    AUTO_ROWS DbRows *rows = NULL;
    TRY(db_query(cx, reader.db,
                 "SELECT 1 FROM identity_link WHERE tenant = $1 AND account = $2 AND issuer = $3 "
                 "LIMIT 1",
                 DB_VALUES(OURS, db_blob(account), db_text(issuer)), &rows));
    return db_next(cx, rows, ret_any);
}

Err account_link_mine(Cx *cx, Accounts *accounts, const PermissionActor *actor, bool *ret_linked)
{
    Slice id;
    AccountOidcSettings settings;
    TRY(account_self_id(cx, actor, &id));
    TRY(account_oidc_setting_read(cx, accounts, &settings));
    return count_links(cx, accounts, id, settings.issuer, ret_linked);
}

static Err drop_links(Cx *cx, Db *db, void *self)
{
    const Slice *account = self;
    return db_run(cx, db, "DELETE FROM identity_link WHERE tenant = $1 AND account = $2",
                  DB_VALUES(OURS, db_blob(*account)), NULL);
}

Err account_link_drop(Cx *cx, Accounts *accounts, const PermissionActor *actor)
{
    Slice id;
    AccountRow row = {};
    TRY(account_self_fresh(cx, actor, &id));
    {
        AUTO_DB AccountDb reader = {};
        TRY(account_db(cx, accounts, &reader));
        TRY(account_row_get(cx, accounts->store, reader.db, id, &row));
    }
    if (row.password.size == 0)
        return err_set(cx, ERR_CONFLICT, "password: set one first; nothing else would be left");
    const AccountNote note = {.actor = actor, .act = "account.unlink"};
    return account_write(cx, accounts, drop_links, &id, &note);
}
