#include "desk/people/account/account_register.h"

#include "base/base64.h"
#include "crypto/password.h"
#include "desk/people/account/account_parts.h"
#include "desk/people/account/account_post.h"
#include "desk/people/account/account_tell.h"
#include "desk/people/account/account_ticket.h"

#define OWN_TENANT_BYTES 8

// ---- a row from what was typed ----

static Err take_names(Cx *cx, const AccountRegistration *registration, AccountRow *row)
{
    const Slice typed[] = {slice_trim(registration->login), slice_trim(registration->mail),
                           slice_trim(registration->phone)};
    Slice *const names[] = {&row->login, &row->mail, &row->phone};
    for (int i = 0; i < 3; i++) {
        *names[i] = SLICE("");
        if (typed[i].size > 0) TRY(account_name_of(cx, (AccountNameKind)i, typed[i], names[i]));
    }
    if (row->login.size == 0 && row->mail.size == 0)
        return err_set(cx, ERR_INPUT, "login: is required");
    TRY(account_name_shown(cx, registration->name, &row->name));
    row->language = SLICE("zh");
    if (slice_equal(registration->language, SLICE("en"))) row->language = SLICE("en");
    return ERR_OK;
}

Err account_register_row(Cx *cx, Accounts *accounts, const AccountRegistration *registration,
                         AccountRow *ret_row)
{
    AccountRow row = {.state = ACCOUNT_ACTIVE, .seed = SLICE("")};
    TRY(take_names(cx, registration, &row));
    const Slice names[] = {row.login, row.mail, row.phone, row.name};
    TRY(account_policy_password(cx, accounts, registration->password, names, 4));
    TRY(password_hash(cx, registration->password, &row.password));
    uuid7_make(cx, row.id);
    row.created_ms = row.password_ms = cx_now_ms(cx);
    *ret_row = row;
    return ERR_OK;
}

Err account_register_seal(Cx *cx, Accounts *accounts, const AccountNew *new,
                          AccountNewSealed *ret_sealed)
{
    AccountNewSealed sealed = {
        .tenant = new->tenant, .roles = new->roles, .platform = new->platform};
    TRY(account_row_seal(cx, accounts->store, &new->row, &sealed.account));
    if (new->tenant.size == 0 && new->roles != 0) {
        uint8_t random[OWN_TENANT_BYTES];
        cx_random(cx, random, sizeof random);
        sealed.tenant = base64_hex(cx, (Slice){(const char *)random, sizeof random});
        TRY(account_seal(cx, accounts->store, ACCOUNT_SEAL_ORGANISATION_NAME, sealed.tenant,
                         new->row.name, &sealed.organisation));
    }
    *ret_sealed = sealed;
    return ERR_OK;
}

static Err put_member(Cx *cx, Db *db, Slice tenant, const AccountRow *row, uint32_t roles)
{
    if (roles == 0) return ERR_OK;
    return db_run(cx, db,
                  "INSERT INTO member (tenant, account, roles, since_ms) VALUES ($1, $2, $3, $4)",
                  DB_VALUES(db_text(tenant), db_blob(account_row_id(row)), db_int(roles),
                            db_int((int64_t)row->created_ms)),
                  NULL);
}

Err account_register_put(Cx *cx, Db *db, const AccountNewSealed *sealed)
{
    const AccountRow *row = &sealed->account.row;
    TRY(account_row_add(cx, db, &sealed->account));
    if (sealed->organisation.size > 0)
        TRY(db_run(cx, db,
                   "INSERT INTO organisation (tenant, kind, name, tax_id, tax_tag, state, "
                   "created_ms) VALUES ($1, 'person', $2, $3, $3, 'active', $4)",
                   DB_VALUES(db_text(sealed->tenant), db_blob(sealed->organisation),
                             db_blob(SLICE("")), db_int((int64_t)row->created_ms)),
                   NULL));
    TRY(put_member(cx, db, sealed->tenant, row, sealed->roles));
    return put_member(cx, db, SLICE(""), row, sealed->platform);
}

// ---- a stranger's ----

typedef struct Registering {
    AccountNewSealed sealed;
    AccountPost posts[2];
    size_t post_count;
    bool known; // its mail or phone is somebody's: only the message is written
    // Accounts that nobody has confirmed make room: a link that was lost, or a stranger's try with
    // somebody else's address, keeps no name for good.
    uint8_t stale[3][ACCOUNT_ID_SIZE];
    size_t stale_count;
} Registering;

static Err make_room(Cx *cx, Db *db, Slice account)
{
    static const char own[] = "DELETE FROM organisation WHERE kind = 'person' AND tenant IN "
                              "(SELECT tenant FROM member WHERE account = $1)";
    static const char *const rows[] = {own, "DELETE FROM member WHERE account = $1",
                                       "DELETE FROM ticket WHERE tenant = '' AND account = $1",
                                       "DELETE FROM account WHERE tenant = '' AND id = $1"};
    AUTO_ROWS DbRows *found = NULL;
    bool pending = false;
    TRY(db_query(cx, db,
                 "SELECT 1 FROM account WHERE tenant = $1 AND id = $2 AND state = 'pending'",
                 DB_VALUES(OURS, db_blob(account)), &found));
    TRY(db_next(cx, found, &pending));
    // Confirmed meanwhile: then its names are taken, and that is said below.
    for (size_t i = 0; pending && i < sizeof rows / sizeof rows[0]; i++)
        TRY(db_run(cx, db, rows[i], DB_VALUES(db_blob(account)), NULL));
    return ERR_OK;
}

static Err put_all(Cx *cx, Db *db, void *self)
{
    const Registering *registering = self;
    for (size_t i = 0; !registering->known && i < registering->stale_count; i++)
        TRY(make_room(cx, db, (Slice){(const char *)registering->stale[i], ACCOUNT_ID_SIZE}));
    if (!registering->known) TRY(account_register_put(cx, db, &registering->sealed));
    for (size_t i = 0; i < registering->post_count; i++)
        TRY(account_post_put(cx, db, &registering->posts[i]));
    return ERR_OK;
}

// Never confirmed: an address or phone is its owner's to try again, a user name once the link is
// dead.
static bool is_stale(const AccountRow *owner, AccountNameKind kind, uint64_t now_ms)
{
    return owner->state == ACCOUNT_PENDING &&
           (kind != ACCOUNT_NAME_LOGIN || now_ms >= owner->created_ms + ACCOUNT_TICKET_CONFIRM_MS);
}

// Whose it is that was given, if anybody's.
static Err look(Cx *cx, Accounts *accounts, const AccountRow *row, bool *ret_login,
                Registering *registering, AccountRow *ret_owner)
{
    AUTO_DB AccountDb reader = {};
    TRY(account_db(cx, accounts, &reader));
    const Slice names[] = {row->login, row->mail, row->phone};
    bool found[3] = {};
    for (int i = 0; i < 3; i++) {
        AccountRow owner = {};
        AccountNameKind kind = (AccountNameKind)i;
        if (names[i].size == 0) continue;
        Err err = account_row_find(cx, accounts->store, reader.db, kind, names[i], &owner);
        if (err == ERR_MISSING) continue;
        TRY(err);
        if (is_stale(&owner, kind, cx_now_ms(cx))) {
            memcpy(registering->stale[registering->stale_count++], owner.id, ACCOUNT_ID_SIZE);
            continue;
        }
        found[i] = true;
        *ret_owner = owner;
    }
    *ret_login = found[0];
    registering->known = found[1] || found[2];
    return ERR_OK;
}

static Err prepare_posts(Cx *cx, Accounts *accounts, const AccountRow *row,
                         Registering *registering)
{
    AccountPost *posts = registering->posts;
    if (row->mail.size > 0)
        TRY(account_post_make(cx, accounts, row, ACCOUNT_CONFIRM_MAIL,
                              &posts[registering->post_count++]));
    if (row->phone.size > 0)
        TRY(account_post_make(cx, accounts, row, ACCOUNT_CONFIRM_PHONE,
                              &posts[registering->post_count++]));
    return ERR_OK;
}

Err account_register(Cx *cx, Accounts *accounts, const PermissionActor *actor,
                     const AccountRegistration *registration, AccountState *ret_state)
{
    Registering registering = {};
    AccountRow row = {}, owner = {};
    bool login_taken = false;
    if (!account_policy_now(cx, accounts).registration)
        return err_set(cx, ERR_DENIED, "registration is closed");
    // The hash comes before anybody is looked for: what is known takes as long as what is not.
    TRY(account_register_row(cx, accounts, registration, &row));
    bool confirm = row.mail.size > 0 || row.phone.size > 0;
    TRY(look(cx, accounts, &row, &login_taken, &registering, &owner));
    if (login_taken) return err_set(cx, ERR_CONFLICT, "login: is taken");
    if (confirm && accounts->options.send == NULL)
        return err_set(cx, ERR_STORE, "there is nobody to send a confirmation by");
    if (confirm) row.state = ACCOUNT_PENDING;
    const AccountNew new = {.row = row, .tenant = SLICE(""), .roles = ROLE_BIT(ROLE_PERSON)};
    TRY(account_register_seal(cx, accounts, &new, &registering.sealed));
    if (!registering.known)
        TRY(prepare_posts(cx, accounts, &row, &registering));
    else if (owner.mail.size > 0)
        TRY(account_post_make(cx, accounts, &owner, ACCOUNT_KNOWN_MAIL,
                              &registering.posts[registering.post_count++]));
    const AccountNote note = {.actor = actor,
                              .act = "account.register",
                              .object = account_row_hex(cx, account_row_id(&row))};
    TRY(account_write(cx, accounts, put_all, &registering, &note));
    *ret_state = row.state;
    return ERR_OK;
}

Err account_register_invited(Cx *cx, Accounts *accounts, const PermissionActor *actor,
                             const AccountRegistration *registration, AccountRow *ret_row)
{
    Registering registering = {};
    AccountRow row = {}, owner = {};
    bool login_taken = false;
    TRY(account_register_row(cx, accounts, registration, &row));
    if (row.phone.size > 0) return err_set(cx, ERR_INPUT, "phone: is added afterwards");
    TRY(look(cx, accounts, &row, &login_taken, &registering, &owner));
    if (login_taken) return err_set(cx, ERR_CONFLICT, "login: is taken");
    if (registering.known) return err_set(cx, ERR_CONFLICT, "mail: is taken");
    row.mail_ms = row.created_ms;
    const AccountNew new = {.row = row, .tenant = SLICE(""), .roles = ROLE_BIT(ROLE_PERSON)};
    TRY(account_register_seal(cx, accounts, &new, &registering.sealed));
    const AccountNote note = {.actor = actor,
                              .act = "account.register",
                              .object = account_row_hex(cx, account_row_id(&row))};
    TRY(account_write(cx, accounts, put_all, &registering, &note));
    *ret_row = row;
    return ERR_OK;
}

// ---- confirming ----

typedef struct Confirming {
    AccountTicket ticket;
    AccountSealed sealed;
    const char *reset; // what was sent to the old one opens nothing any more; NULL = there is none
    AccountTell tell;  // to the old one
    uint64_t now_ms;
} Confirming;

static Err confirm_work(Cx *cx, Db *db, void *self)
{
    const Confirming *confirming = self;
    TRY(account_ticket_use(cx, db, &confirming->ticket, confirming->now_ms));
    if (confirming->reset != NULL)
        TRY(account_ticket_drop(cx, db, confirming->reset, confirming->ticket.account));
    TRY(account_tell_put(cx, db, &confirming->tell));
    return account_row_change(cx, db, &confirming->sealed);
}

// The ticket's content is what was confirmed. Of an account in use it may be another than the
// row's, whose place it takes (account_self_change); of one that waits it is what was registered.
static Err confirm_row(Cx *cx, bool mail, AccountRow *row, Confirming *confirming)
{
    Slice *now = mail ? &row->mail : &row->phone;
    bool another = !slice_equal(confirming->ticket.content, *now);
    if (row->state != ACCOUNT_ACTIVE && (another || row->state != ACCOUNT_PENDING))
        return err_set(cx, ERR_MISSING, "it was used, or its time is over");
    if (another) confirming->reset = mail ? "reset" : "reset_code";
    *now = confirming->ticket.content;
    *(mail ? &row->mail_ms : &row->phone_ms) = confirming->now_ms;
    row->state = ACCOUNT_ACTIVE;
    return ERR_OK;
}

Err account_register_confirm(Cx *cx, Accounts *accounts, const PermissionActor *actor, Slice token,
                             Slice login, Slice code)
{
    Confirming confirming = {.now_ms = cx_now_ms(cx)};
    AccountRow row = {};
    bool mail = token.size > 0;
    TRY(mail ? account_post_by_token(cx, accounts, ACCOUNT_CONFIRM_MAIL, token, &confirming.ticket,
                                     &row)
             : account_post_by_code(cx, accounts, ACCOUNT_CONFIRM_PHONE, login, code,
                                    &confirming.ticket, &row));
    const AccountRow before = row;
    TRY(confirm_row(cx, mail, &row, &confirming));
    if (confirming.reset != NULL)
        confirming.tell = account_tell_make(
            cx, accounts, &before, actor, mail ? ACCOUNT_NEWS_MAIL : ACCOUNT_NEWS_PHONE, SLICE(""));
    TRY(account_row_seal(cx, accounts->store, &row, &confirming.sealed));
    const AccountNote note = {.actor = actor,
                              .act = mail ? "account.confirm_mail" : "account.confirm_phone",
                              .object = account_row_hex(cx, account_row_id(&row))};
    return account_write(cx, accounts, confirm_work, &confirming, &note);
}
