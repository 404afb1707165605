#include "desk/people/account/account_self.h"

#include "desk/people/account/account_code.h"
#include "desk/people/account/account_parts.h"
#include "desk/people/account/account_password.h"
#include "desk/people/account/account_post.h"
#include "desk/people/account/account_tell.h"

// ---- the profile ----

typedef struct Changing {
    bool moved; // the mail address or phone is another
    AccountSealed sealed;
    AccountPost posts[2];
    size_t post_count;
} Changing;

static Err change(Cx *cx, Db *db, void *self)
{
    const Changing *changing = self;
    Slice account = account_row_id(&changing->sealed.row);
    TRY(account_row_change(cx, db, &changing->sealed));
    // What was sent to the old one opens nothing any more.
    if (changing->moved) TRY(account_ticket_drop(cx, db, "reset", account));
    if (changing->moved) TRY(account_ticket_drop(cx, db, "reset_code", account));
    for (size_t i = 0; i < changing->post_count; i++)
        TRY(account_post_put(cx, db, &changing->posts[i]));
    return ERR_OK;
}

static Err take_names(Cx *cx, const AccountProfile *profile, AccountRow *row, bool *changed)
{
    const Slice *const typed[] = {profile->login, profile->mail, profile->phone};
    Slice *const names[] = {&row->login, &row->mail, &row->phone};
    for (int i = 0; i < 3; i++) {
        Slice name = SLICE("");
        if (typed[i] == NULL) continue;
        if (slice_trim(*typed[i]).size > 0)
            TRY(account_name_of(cx, (AccountNameKind)i, *typed[i], &name));
        changed[i] = !slice_equal(name, *names[i]);
        *names[i] = name;
    }
    if (profile->name != NULL) TRY(account_name_shown(cx, *profile->name, &row->name));
    if (profile->language != NULL)
        row->language = slice_equal(*profile->language, SLICE("en")) ? SLICE("en") : SLICE("zh");
    return row->login.size > 0 || row->mail.size > 0 ? ERR_OK
                                                     : err_set(cx, ERR_INPUT, "login: is required");
}

static Err prepare(Cx *cx, Accounts *accounts, const bool *changed, AccountRow *row,
                   Changing *changing)
{
    if (changed[ACCOUNT_NAME_MAIL]) row->mail_ms = 0;
    if (changed[ACCOUNT_NAME_PHONE]) row->phone_ms = 0;
    if (changed[ACCOUNT_NAME_MAIL] && row->mail.size > 0)
        TRY(account_post_make(cx, accounts, row, ACCOUNT_CONFIRM_MAIL,
                              &changing->posts[changing->post_count++]));
    if (changed[ACCOUNT_NAME_PHONE] && row->phone.size > 0)
        TRY(account_post_make(cx, accounts, row, ACCOUNT_CONFIRM_PHONE,
                              &changing->posts[changing->post_count++]));
    changing->moved = changed[ACCOUNT_NAME_MAIL] || changed[ACCOUNT_NAME_PHONE];
    return account_row_seal(cx, accounts->store, row, &changing->sealed);
}

Err account_self_change(Cx *cx, Accounts *accounts, const PermissionActor *actor,
                        const AccountProfile *profile)
{
    Slice id;
    AccountRow row = {};
    Changing changing = {};
    bool changed[3] = {};
    TRY(account_self_id(cx, actor, &id));
    {
        AUTO_DB AccountDb reader = {};
        TRY(account_db(cx, accounts, &reader));
        TRY(account_row_get(cx, accounts->store, reader.db, id, &row));
    }
    TRY(take_names(cx, profile, &row, changed));
    TRY(prepare(cx, accounts, changed, &row, &changing));
    const AccountNote note = {.actor = actor, .act = "account.change"};
    return account_write(cx, accounts, change, &changing, &note);
}

// ---- the end ----

typedef struct Ending {
    Slice account;
    const AccountCode *code; // NULL: there is no second factor, or an administrator does it
    AccountTell tell;
} Ending;

// Organisations with invoices that would be left without an administrator; one's own (of kind
// person) is nobody else's.
static Err check_last(Cx *cx, Db *db, Slice account)
{
    AUTO_ROWS DbRows *rows = NULL;
    bool row = false;
    TRY(db_query(cx, db,
                 "SELECT m.tenant FROM member m JOIN organisation o ON o.tenant = m.tenant "
                 "WHERE m.account = $1 AND (m.roles & $2) <> 0 AND o.kind = 'enterprise' AND "
                 "EXISTS (SELECT 1 FROM invoice i WHERE i.tenant = m.tenant) AND NOT EXISTS "
                 "(SELECT 1 FROM member n JOIN account a ON a.tenant = '' AND a.id = n.account "
                 "WHERE n.tenant = m.tenant AND n.account <> $1 AND (n.roles & $2) <> 0 AND "
                 "a.state = 'active')",
                 DB_VALUES(db_blob(account), db_int(ROLE_BIT(ROLE_ORG_ADMIN))), &rows));
    TRY(db_next(cx, rows, &row));
    if (!row) return ERR_OK;
    return err_set(cx, ERR_CONFLICT,
                   "organisation: has invoices and no other administrator; name one first");
}

static Err end(Cx *cx, Db *db, void *self)
{
    static const char *const rows[] = {
        "UPDATE organisation SET name = x'' WHERE kind = 'person' AND tenant IN (SELECT tenant "
        "FROM member WHERE account = $1)",
        "DELETE FROM recovery_code WHERE tenant = '' AND account = $1",
        "DELETE FROM api_token WHERE account = $1",
        "DELETE FROM ticket WHERE tenant = '' AND account = $1",
        "DELETE FROM identity_link WHERE tenant = '' AND account = $1",
        "DELETE FROM member WHERE account = $1",
        "UPDATE account SET login_tag = x'', mail_tag = x'', phone_tag = x'', profile = x'', "
        "password = '', state = 'deleted', mail_ms = 0, phone_ms = 0, seed = x'', seed_ms = 0, "
        "seed_step = 0, failures = 0, failed_ms = 0 WHERE tenant = '' AND id = $1"};
    const Ending *ending = self;
    if (ending->code != NULL) TRY(account_code_use(cx, db, ending->code));
    TRY(check_last(cx, db, ending->account));
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        TRY(db_run(cx, db, rows[i], DB_VALUES(db_blob(ending->account)), NULL));
    TRY(account_tell_put(cx, db, &ending->tell));
    return account_session_drop(cx, db, ending->account, NULL);
}

Err account_self_delete(Cx *cx, Accounts *accounts, const PermissionActor *actor, Slice password,
                        Slice code)
{
    AccountRow row = {};
    AccountCode used = {};
    TRY(account_password_ask(cx, accounts, actor, password, &row));
    Ending ending = {.account = account_row_id(&row)};
    if (row.seed_ms > 0) {
        if (account_code_delay(&row, cx_now_ms(cx)) > 0)
            return err_set(cx, ERR_LIMIT, "too many tries; wait a little");
        TRY(account_code_check(cx, accounts, &row, NULL, code, &used));
        ending.code = &used;
    }
    ending.tell = account_tell_make(cx, accounts, &row, actor, ACCOUNT_NEWS_DELETED, SLICE(""));
    const AccountNote note = {.actor = actor, .act = "account.delete"};
    return account_write(cx, accounts, end, &ending, &note);
}

Err account_self_delete_for(Cx *cx, Accounts *accounts, const PermissionActor *actor, Slice account)
{
    AccountRow row = {};
    TRY(account_admin_may(cx, accounts, actor, account, &row));
    Ending ending = {.account = account};
    ending.tell = account_tell_make(cx, accounts, &row, actor, ACCOUNT_NEWS_DELETED, SLICE(""));
    const AccountNote note = {
        .actor = actor, .act = "account.delete", .object = account_row_hex(cx, account)};
    return account_write(cx, accounts, end, &ending, &note);
}
