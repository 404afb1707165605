#include "desk/people/account/account_self.h"

#include "desk/people/account/account_last.h"
#include "desk/people/account/account_parts.h"
#include "desk/people/account/account_post.h"
#include "desk/people/account/account_session.h"
#include "desk/people/account/account_tell.h"
#include "desk/people/account/account_ticket.h"

// ---- the profile ----

typedef struct Changing {
    AccountSealed sealed;
    const char *dropped[4]; // kinds of tickets that open nothing any more
    size_t dropped_count;
    AccountPost posts[2];
    size_t post_count;
    AccountTell tells[ACCOUNT_NAME_KINDS];
    size_t tell_count;
    Slice changed; // names of fields, with commas
} Changing;

static Err change(Cx *cx, Db *db, void *self)
{
    const Changing *changing = self;
    TRY(account_row_change(cx, db, &changing->sealed));
    for (size_t i = 0; i < changing->dropped_count; i++)
        TRY(account_ticket_drop(cx, db, changing->dropped[i],
                                account_row_id(&changing->sealed.row)));
    for (size_t i = 0; i < changing->post_count; i++)
        TRY(account_post_put(cx, db, &changing->posts[i]));
    for (size_t i = 0; i < changing->tell_count; i++)
        TRY(account_tell_put(cx, db, &changing->tells[i]));
    return ERR_OK;
}

// How each of the names is changed: what confirms a new one, whose ticket that is, and what was
// sent to the old one.
static const struct {
    AccountOccasion occasion;
    const char *ticket, *reset;
    AccountNews asked, gone;
} ways[ACCOUNT_NAME_KINDS] = {
    [ACCOUNT_NAME_LOGIN] = {ACCOUNT_OCCASION_COUNT, NULL, NULL, ACCOUNT_NEWS_COUNT,
                            ACCOUNT_NEWS_LOGIN},
    [ACCOUNT_NAME_MAIL] = {ACCOUNT_CONFIRM_MAIL, "mail", "reset", ACCOUNT_NEWS_MAIL_ASKED,
                           ACCOUNT_NEWS_MAIL},
    [ACCOUNT_NAME_PHONE] = {ACCOUNT_CONFIRM_PHONE, "phone", "reset_code", ACCOUNT_NEWS_COUNT,
                            ACCOUNT_NEWS_PHONE},
};

typedef struct Place {
    Slice *name;
    uint64_t *confirmed_ms; // NULL: it counts at once
} Place;

static Place place_of(AccountRow *row, AccountNameKind kind)
{
    switch (kind) {
    case ACCOUNT_NAME_MAIL:
        return (Place){&row->mail, &row->mail_ms};
    case ACCOUNT_NAME_PHONE:
        return (Place){&row->phone, &row->phone_ms};
    case ACCOUNT_NAME_LOGIN:
        break;
    }
    return (Place){&row->login, NULL};
}

typedef struct Self {
    Accounts *accounts;
    const PermissionActor *actor;
    const AccountRow *before;
} Self;

// A new address waits in its ticket until whoever reads there says so; the old one counts.
static Err ask_new(Cx *cx, const Self *self, AccountNameKind kind, Slice name, Changing *changing)
{
    AccountRow new = *self->before;
    *place_of(&new, kind).name = name;
    if (ways[kind].asked != ACCOUNT_NEWS_COUNT)
        changing->tells[changing->tell_count++] = account_tell_make(
            cx, self->accounts, self->before, self->actor, ways[kind].asked, SLICE(""));
    return account_post_make(cx, self->accounts, &new, ways[kind].occasion,
                             &changing->posts[changing->post_count++]);
}

static Err take_name(Cx *cx, const Self *self, AccountNameKind kind, const Slice *typed,
                     AccountRow *row, Changing *changing)
{
    Slice name = SLICE("");
    Place place = place_of(row, kind);
    if (typed == NULL) return ERR_OK;
    if (slice_trim(*typed).size > 0) TRY(account_name_of(cx, kind, *typed, &name));
    bool same = slice_equal(name, *place.name);
    // The one that counts, typed again: the wish for another is withdrawn.
    if (same && place.confirmed_ms != NULL && *place.confirmed_ms > 0)
        changing->dropped[changing->dropped_count++] = ways[kind].ticket;
    if (same) return ERR_OK;
    changing->changed = cx_printf(cx, SLICE_FMT "%s%s", SLICE_ARG(changing->changed),
                                  changing->changed.size > 0 ? "," : "", account_name_kind(kind));
    if (name.size > 0 && place.confirmed_ms != NULL) return ask_new(cx, self, kind, name, changing);
    *place.name = name;
    changing->tells[changing->tell_count++] = account_tell_make(
        cx, self->accounts, self->before, self->actor, ways[kind].gone, SLICE(""));
    if (place.confirmed_ms == NULL) return ERR_OK;
    *place.confirmed_ms = 0;
    changing->dropped[changing->dropped_count++] = ways[kind].ticket;
    changing->dropped[changing->dropped_count++] = ways[kind].reset;
    return ERR_OK;
}

static Err take(Cx *cx, const Self *self, const AccountProfile *profile, AccountRow *row,
                Changing *changing)
{
    const Slice *const typed[] = {profile->login, profile->mail, profile->phone};
    for (int i = 0; i < ACCOUNT_NAME_KINDS; i++)
        TRY(take_name(cx, self, (AccountNameKind)i, typed[i], row, changing));
    if (profile->name != NULL) TRY(account_name_shown(cx, *profile->name, &row->name));
    if (profile->language != NULL)
        row->language = slice_equal(*profile->language, SLICE("en")) ? SLICE("en") : SLICE("zh");
    return row->login.size > 0 || row->mail.size > 0 ? ERR_OK
                                                     : err_set(cx, ERR_INPUT, "login: is required");
}

Err account_self_change(Cx *cx, Accounts *accounts, const PermissionActor *actor,
                        const AccountProfile *profile)
{
    Slice id;
    AccountRow row = {};
    Changing changing = {.changed = SLICE("")};
    TRY(account_self_id(cx, actor, &id));
    {
        AUTO_DB AccountDb reader = {};
        TRY(account_db(cx, accounts, &reader));
        TRY(account_row_get(cx, accounts->store, reader.db, id, &row));
    }
    const AccountRow before = row;
    const Self self = {accounts, actor, &before};
    TRY(take(cx, &self, profile, &row, &changing));
    if (changing.changed.size > 0) TRY(account_self_fresh(cx, actor, &id));
    TRY(account_row_seal(cx, accounts->store, &row, &changing.sealed));
    const AccountNote note = {.actor = actor,
                              .act = "account.change",
                              .after = changing.changed.size == 0
                                           ? SLICE("")
                                           : account_note_of(cx, "changed", changing.changed)};
    return account_write(cx, accounts, change, &changing, &note);
}

static Err wish_of(Cx *cx, Accounts *accounts, Db *db, Slice id, const char *kind, Slice now,
                   Slice *ret_wish)
{
    AccountTicket ticket = {};
    *ret_wish = SLICE("");
    Err err = account_ticket_of(cx, accounts->store, db, kind, id, cx_now_ms(cx), &ticket);
    if (err == ERR_MISSING) return ERR_OK;
    TRY(err);
    if (!slice_equal(ticket.content, now)) *ret_wish = ticket.content;
    return ERR_OK;
}

Err account_self_wishes(Cx *cx, Accounts *accounts, const PermissionActor *actor,
                        AccountWishes *ret_wishes)
{
    Slice id;
    AccountRow row = {};
    AUTO_DB AccountDb reader = {};
    TRY(account_self_id(cx, actor, &id));
    TRY(account_db(cx, accounts, &reader));
    TRY(account_row_get(cx, accounts->store, reader.db, id, &row));
    TRY(wish_of(cx, accounts, reader.db, id, "mail", row.mail, &ret_wishes->mail));
    return wish_of(cx, accounts, reader.db, id, "phone", row.phone, &ret_wishes->phone);
}

// ---- the end ----

typedef struct Ending {
    Slice account;
    bool local; // by the local administrator, who may leave the platform without one
    AccountTell tell;
} Ending;

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
    TRY(ending->local ? account_last_organisation(cx, db, ending->account)
                      : account_last_gone(cx, db, ending->account));
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        TRY(db_run(cx, db, rows[i], DB_VALUES(db_blob(ending->account)), NULL));
    TRY(account_tell_put(cx, db, &ending->tell));
    return account_session_drop(cx, db, ending->account, NULL);
}

Err account_self_delete(Cx *cx, Accounts *accounts, const PermissionActor *actor)
{
    AccountRow row = {};
    Ending ending = {};
    TRY(account_self_fresh(cx, actor, &ending.account));
    {
        AUTO_DB AccountDb reader = {};
        TRY(account_db(cx, accounts, &reader));
        TRY(account_row_get(cx, accounts->store, reader.db, ending.account, &row));
    }
    ending.tell = account_tell_make(cx, accounts, &row, actor, ACCOUNT_NEWS_DELETED, SLICE(""));
    const AccountNote note = {.actor = actor, .act = "account.delete"};
    return account_write(cx, accounts, end, &ending, &note);
}

Err account_self_delete_for(Cx *cx, Accounts *accounts, const PermissionActor *actor, Slice account)
{
    AccountRow row = {};
    TRY(account_admin_may(cx, accounts, actor, account, &row));
    Ending ending = {.account = account, .local = actor->kind == PERMISSION_LOCAL};
    ending.tell = account_tell_make(cx, accounts, &row, actor, ACCOUNT_NEWS_DELETED, SLICE(""));
    const AccountNote note = {
        .actor = actor, .act = "account.delete", .object = account_row_hex(cx, account)};
    return account_write(cx, accounts, end, &ending, &note);
}
