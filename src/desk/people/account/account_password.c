#include "desk/people/account/account_password.h"

#include "crypto/password.h"
#include "desk/people/account/account_admin.h"
#include "desk/people/account/account_delay.h"
#include "desk/people/account/account_parts.h"
#include "desk/people/account/account_post.h"
#include "desk/people/account/account_tell.h"

#define AGAIN_MS ((uint64_t)60'000) // between two messages to one account

// ---- forgotten ----

static Err put_post(Cx *cx, Db *db, void *self)
{
    const AccountPost *post = self;
    return post->accounts == NULL ? ERR_OK : account_post_put(cx, db, post);
}

// Whether there is somebody to write to, who was not written to just now.
static Err find(Cx *cx, Accounts *accounts, Slice login, AccountChannel channel, const char *kind,
                AccountRow *row, bool *ret_found)
{
    AccountNameKind name_kind;
    Slice name;
    AccountTicket before = {};
    *ret_found = false;
    Err err = account_name_parse(cx, login, &name_kind, &name);
    if (err == ERR_INPUT) return ERR_OK;
    TRY(err);
    AUTO_DB AccountDb reader = {};
    TRY(account_db(cx, accounts, &reader));
    err = account_row_find(cx, accounts->store, reader.db, name_kind, name, row);
    if (err == ERR_MISSING) return ERR_OK;
    TRY(err);
    bool confirmed = channel == ACCOUNT_MAIL ? row->mail_ms > 0 : row->phone_ms > 0;
    if (row->state != ACCOUNT_ACTIVE || !confirmed) return ERR_OK;
    uint64_t now_ms = cx_now_ms(cx);
    err = account_ticket_of(cx, accounts->store, reader.db, kind, account_row_id(row), now_ms,
                            &before);
    if (err != ERR_OK && err != ERR_MISSING) return err;
    *ret_found = err == ERR_MISSING || now_ms >= before.created_ms + AGAIN_MS;
    return ERR_OK;
}

Err account_password_forgot(Cx *cx, Accounts *accounts, const PermissionActor *actor, Slice login,
                            AccountChannel channel)
{
    bool mail = channel == ACCOUNT_MAIL, found = false;
    AccountRow row = {};
    AccountPost post = {};
    if (accounts->options.send == NULL)
        return err_set(cx, ERR_STORE, "there is nobody to send messages by");
    TRY(find(cx, accounts, login, channel, mail ? "reset" : "reset_code", &row, &found));
    // Somebody whom nobody knows costs a transaction, too.
    if (!found) return commit_wait_work(cx, accounts->options.committer, put_post, &post);
    TRY(account_post_make(cx, accounts, &row, mail ? ACCOUNT_RESET_LINK : ACCOUNT_RESET_CODE,
                          &post));
    const AccountNote note = {.actor = actor,
                              .act = "password.forgot",
                              .object = account_row_hex(cx, account_row_id(&row))};
    return account_write(cx, accounts, put_post, &post, &note);
}

// ---- a new one ----

typedef struct Renewing {
    Slice account, phc;
    uint64_t now_ms;
    const AccountTicket *ticket; // used up, or NULL
    const AccountSwap *swap;     // of the session that stays, or NULL
    AccountTell tell;
} Renewing;

static Err renew(Cx *cx, Db *db, void *self)
{
    const Renewing *renewing = self;
    if (renewing->ticket != NULL)
        TRY(account_ticket_use(cx, db, renewing->ticket, renewing->now_ms));
    TRY(db_run(cx, db,
               "UPDATE account SET password = $3, password_ms = $4 WHERE tenant = $1 AND id = $2",
               DB_VALUES(OURS, db_blob(renewing->account), db_text(renewing->phc),
                         db_int((int64_t)renewing->now_ms)),
               NULL));
    // Whoever was half in, or has an older link, begins anew.
    TRY(account_ticket_drop(cx, db, "login", renewing->account));
    TRY(account_ticket_drop(cx, db, "reset", renewing->account));
    TRY(account_ticket_drop(cx, db, "reset_code", renewing->account));
    // Who knows the old password stays with what they made; after a reset it may be a thief's.
    if (renewing->swap == NULL)
        TRY(db_run(cx, db, "DELETE FROM api_token WHERE account = $1",
                   DB_VALUES(db_blob(renewing->account)), NULL));
    if (renewing->swap != NULL) TRY(account_session_swap(cx, db, renewing->swap));
    TRY(account_tell_put(cx, db, &renewing->tell));
    return account_session_drop(cx, db, renewing->account,
                                renewing->swap == NULL ? NULL : &renewing->swap->new);
}

static Err hash_new(Cx *cx, Accounts *accounts, const PermissionActor *actor, const AccountRow *row,
                    Slice password, Renewing *renewing)
{
    const Slice names[] = {row->login, row->mail, row->phone, row->name};
    TRY(account_policy_password(cx, accounts, password, names, 4));
    TRY(password_hash(cx, password, &renewing->phc));
    renewing->account = account_row_id(row);
    renewing->now_ms = cx_now_ms(cx);
    renewing->tell = account_tell_make(cx, accounts, row, actor, ACCOUNT_NEWS_PASSWORD, SLICE(""));
    return ERR_OK;
}

Err account_password_reset(Cx *cx, Accounts *accounts, const PermissionActor *actor, Slice token,
                           Slice login, Slice code, Slice password)
{
    AccountTicket ticket = {};
    AccountRow row = {};
    Renewing renewing = {.ticket = &ticket};
    TRY(token.size > 0
            ? account_post_by_token(cx, accounts, ACCOUNT_RESET_LINK, token, &ticket, &row)
            : account_post_by_code(cx, accounts, ACCOUNT_RESET_CODE, login, code, &ticket, &row));
    if (row.state != ACCOUNT_ACTIVE)
        return err_set(cx, ERR_MISSING, "it was used, or its time is over");
    TRY(hash_new(cx, accounts, actor, &row, password, &renewing));
    const AccountNote note = {.actor = actor,
                              .act = "password.reset",
                              .object = account_row_hex(cx, account_row_id(&row))};
    return account_write(cx, accounts, renew, &renewing, &note);
}

Err account_password_ask(Cx *cx, Accounts *accounts, const PermissionActor *actor, Slice password,
                         AccountRow *ret_row)
{
    Slice id;
    bool fits = false;
    AccountRow row = {};
    TRY(account_self_id(cx, actor, &id));
    Slice name = account_row_hex(cx, id);
    if (account_delay_left(cx, accounts, name, actor->address) > 0)
        return err_set(cx, ERR_LIMIT, "too many tries; wait a little");
    {
        AUTO_DB AccountDb reader = {};
        TRY(account_db(cx, accounts, &reader));
        TRY(account_row_get(cx, accounts->store, reader.db, id, &row));
    }
    TRY(password_verify(cx, password, row.password, &fits));
    account_delay_note(cx, accounts, name, actor->address, fits);
    if (!fits) return err_set(cx, ERR_INPUT, "password: is wrong");
    *ret_row = row;
    return ERR_OK;
}

Err account_password_change(Cx *cx, Accounts *accounts, const PermissionActor *actor, Slice token,
                            Slice old, Slice password, Token *ret_token)
{
    AccountRow row = {};
    AccountSwap swap = {};
    Renewing renewing = {.swap = &swap};
    TRY(account_password_ask(cx, accounts, actor, old, &row));
    if (slice_equal(old, password)) return err_set(cx, ERR_INPUT, "password: is the old one");
    if (!token_digest(token, &swap.old))
        return err_set(cx, ERR_DENIED, "only who is signed in changes a password");
    TRY(hash_new(cx, accounts, actor, &row, password, &renewing));
    Token new = token_new(cx);
    swap.new = new.digest;
    swap.account = renewing.account;
    const AccountNote note = {.actor = actor, .act = "password.change"};
    TRY(account_write(cx, accounts, renew, &renewing, &note));
    *ret_token = new;
    return ERR_OK;
}

Err account_password_set(Cx *cx, Accounts *accounts, const PermissionActor *actor, Slice account,
                         Slice password)
{
    AccountRow row = {};
    AccountView view = {};
    Renewing renewing = {};
    TRY(account_admin_may(cx, accounts, actor, account, &row));
    TRY(account_admin_find(cx, accounts, actor, account_row_hex(cx, account), &view));
    // Who sets an officer's password could sign in as them, and look into every organisation.
    if (view.platform != 0) TRY(permission_check(cx, actor, PERMISSION_MANAGE_SECURITY));
    // And nobody becomes another administrator by it: they have their mail, or go to the server.
    if ((view.platform & ~ROLES_OFFICERS) != 0 && actor->kind != PERMISSION_LOCAL)
        return err_set(cx, ERR_DENIED, "'" SLICE_FMT "' may not set an administrator's password",
                       SLICE_ARG(actor->name));
    TRY(hash_new(cx, accounts, actor, &row, password, &renewing));
    const AccountNote note = {
        .actor = actor, .act = "password.set", .object = account_row_hex(cx, account)};
    return account_write(cx, accounts, renew, &renewing, &note);
}
