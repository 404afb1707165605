#include "desk/people/account/account_admin.h"

#include "desk/people/account/account_last.h"
#include "desk/people/account/account_parts.h"
#include "desk/people/account/account_roles.h"
#include "desk/people/account/account_session.h"
#include "desk/people/account/account_ticket.h"

#define MEMBERS_MAX ((size_t)256) // organisations of one account that are shown

// ---- reading ----

static Err fill_members(Cx *cx, Db *db, AccountView *view)
{
    AUTO_ROWS DbRows *rows = NULL;
    TRY(db_query(cx, db,
                 "SELECT tenant, roles FROM member WHERE account = $1 ORDER BY since_ms, tenant",
                 DB_VALUES(db_blob(account_row_id(&view->row))), &rows));
    view->members = arena_alloc(&cx->arena, MEMBERS_MAX * sizeof *view->members);
    view->member_count = 0;
    view->platform = 0;
    for (bool row = true; view->member_count < MEMBERS_MAX;) {
        TRY(db_next(cx, rows, &row));
        if (!row) break;
        uint32_t roles = (uint32_t)db_col_int(rows, 1);
        if (db_col_text(rows, 0).size == 0) {
            view->platform = roles & ROLES_PLATFORM;
            continue;
        }
        view->members[view->member_count].roles = roles & ROLES_ORGANISATION;
        TRY(cx_copy(cx, db_col_text(rows, 0), &view->members[view->member_count++].tenant));
    }
    return ERR_OK;
}

static Err view_of(Cx *cx, Accounts *accounts, Db *db, Slice id, AccountView *view)
{
    TRY(account_row_get(cx, accounts->store, db, id, &view->row));
    view->factor = view->row.seed_ms > 0;
    view->password = view->row.password.size > 0;
    view->row.password = view->row.seed = SLICE("");
    return fill_members(cx, db, view);
}

static Err may_read(Cx *cx, const PermissionActor *actor)
{
    if (permission_may(actor, PERMISSION_MANAGE_SECURITY) ||
        permission_may(actor, PERMISSION_MANAGE_ACCOUNTS))
        return ERR_OK;
    return permission_check(cx, actor, PERMISSION_READ_ACCOUNTS);
}

// Ids behind the cursor; one more than is looked at tells whether there are others.
static Err read_ids(Cx *cx, Db *db, Slice cursor, uint8_t (*ids)[ACCOUNT_ID_SIZE],
                    size_t *ret_count)
{
    uint8_t last[ACCOUNT_ID_SIZE];
    size_t count = 0;
    memset(last, 0xFF, sizeof last);
    if (cursor.size > 0 && account_row_unhex(cx, cursor, last) != ERR_OK)
        return err_set(cx, ERR_INPUT, "cursor: is none of ours");
    AUTO_ROWS DbRows *rows = NULL;
    TRY(db_query(cx, db,
                 "SELECT id FROM account WHERE tenant = $1 AND id < $2 ORDER BY id DESC LIMIT $3",
                 DB_VALUES(OURS, db_blob((Slice){(const char *)last, sizeof last}),
                           db_int((int64_t)LIMIT_ACCOUNT_SCAN + 1)),
                 &rows));
    for (bool row = true; count <= LIMIT_ACCOUNT_SCAN;) {
        TRY(db_next(cx, rows, &row));
        if (!row) break;
        if (db_col_blob(rows, 0).size != ACCOUNT_ID_SIZE)
            return err_set(cx, ERR_CORRUPT, "an account's id is no id");
        memcpy(ids[count++], db_col_blob(rows, 0).data, ACCOUNT_ID_SIZE);
    }
    *ret_count = count;
    return ERR_OK;
}

static bool holds(Slice text, Slice part)
{
    for (size_t at = 0; at + part.size <= text.size; at++)
        if (slice_equal_nocase(slice_sub(text, at, part.size), part)) return true;
    return false;
}

static bool matches(const AccountRow *row, const AccountAdminQuery *query)
{
    if (query->state.size > 0 &&
        !slice_equal(query->state, slice_of(account_row_state(row->state))))
        return false;
    Slice part = slice_trim(query->text);
    return holds(row->login, part) || holds(row->name, part) || holds(row->mail, part) ||
           holds(row->phone, part);
}

Err account_admin_list(Cx *cx, Accounts *accounts, const PermissionActor *actor,
                       const AccountAdminQuery *query, AccountAdminPage *ret_page)
{
    AccountState state;
    size_t count = 0, at = 0;
    TRY(may_read(cx, actor));
    if (query->state.size > 0 && !account_row_state_of(query->state, &state))
        return err_set(cx, ERR_INPUT, "state: there is no such state");
    AUTO_DB AccountDb reader = {};
    TRY(account_db(cx, accounts, &reader));
    uint8_t(*ids)[ACCOUNT_ID_SIZE] =
        arena_alloc(&cx->arena, (LIMIT_ACCOUNT_SCAN + 1) * sizeof *ids);
    TRY(read_ids(cx, reader.db, query->cursor, ids, &count));
    AccountAdminPage page = {.views =
                                 arena_alloc(&cx->arena, ACCOUNT_ADMIN_PAGE * sizeof *page.views)};
    for (; at < count && at < LIMIT_ACCOUNT_SCAN && page.count < ACCOUNT_ADMIN_PAGE; at++) {
        Slice id = {(const char *)ids[at], ACCOUNT_ID_SIZE};
        AccountRow row = {};
        TRY(account_row_get(cx, accounts->store, reader.db, id, &row));
        if (matches(&row, query))
            TRY(view_of(cx, accounts, reader.db, id, &page.views[page.count++]));
    }
    page.next = at < count
                    ? account_row_hex(cx, (Slice){(const char *)ids[at - 1], ACCOUNT_ID_SIZE})
                    : SLICE("");
    *ret_page = page;
    return ERR_OK;
}

Err account_admin_find(Cx *cx, Accounts *accounts, const PermissionActor *actor, Slice which,
                       AccountView *ret_view)
{
    AccountRow row = {};
    uint8_t id[ACCOUNT_ID_SIZE];
    AccountNameKind kind;
    Slice name;
    TRY(may_read(cx, actor));
    AUTO_DB AccountDb reader = {};
    TRY(account_db(cx, accounts, &reader));
    if (which.size == 2 * ACCOUNT_ID_SIZE && account_row_unhex(cx, which, id) == ERR_OK)
        return view_of(cx, accounts, reader.db, (Slice){(const char *)id, sizeof id}, ret_view);
    TRY(account_name_parse(cx, which, &kind, &name));
    TRY(account_row_find(cx, accounts->store, reader.db, kind, name, &row));
    return view_of(cx, accounts, reader.db, account_row_id(&row), ret_view);
}

Err account_admin_self(Cx *cx, Accounts *accounts, const PermissionActor *actor,
                       AccountView *ret_view)
{
    Slice id;
    AUTO_DB AccountDb reader = {};
    TRY(account_self_id(cx, actor, &id));
    TRY(account_db(cx, accounts, &reader));
    return view_of(cx, accounts, reader.db, id, ret_view);
}

static Err may_manage(Cx *cx, const PermissionActor *actor)
{
    if (permission_may(actor, PERMISSION_MANAGE_SECURITY)) return ERR_OK;
    return permission_check(cx, actor, PERMISSION_MANAGE_ACCOUNTS);
}

Err account_admin_may(Cx *cx, Accounts *accounts, const PermissionActor *actor, Slice account,
                      AccountRow *ret_row)
{
    AccountView view = {};
    AccountRow row = {};
    TRY(may_manage(cx, actor));
    AUTO_DB AccountDb reader = {};
    TRY(account_db(cx, accounts, &reader));
    TRY(view_of(cx, accounts, reader.db, account, &view));
    if ((view.platform & ~ROLES_OFFICERS) != 0 || view.row.state == ACCOUNT_DELETED)
        TRY(permission_check(cx, actor, PERMISSION_MANAGE_SECURITY));
    TRY(account_row_get(cx, accounts->store, reader.db, account, &row));
    *ret_row = row;
    return ERR_OK;
}

// ---- a new one ----

static Err put_new(Cx *cx, Db *db, void *self)
{
    const AccountNewSealed *sealed = self;
    return account_register_put(cx, db, sealed);
}

static Err check_roles(Cx *cx, const PermissionActor *actor, Slice tenant, uint32_t roles,
                       uint32_t platform)
{
    const char *why = permission_roles_conflict(roles | platform);
    if (why != NULL) return err_set(cx, ERR_CONFLICT, "role: %s", why);
    if ((roles & ~ROLES_ORGANISATION) != 0 || (platform & ~ROLES_PLATFORM) != 0 ||
        (roles != 0 && tenant.size == 0))
        return err_set(cx, ERR_INPUT, "role: is none that it can hold there");
    if (platform != 0) TRY(permission_check(cx, actor, PERMISSION_MANAGE_SECURITY));
    // Into an organisation people are let by its own administrator, or by the local one.
    if (roles != 0 && actor->kind != PERMISSION_LOCAL)
        return err_set(cx, ERR_DENIED, "'" SLICE_FMT "' may not make members",
                       SLICE_ARG(actor->name));
    return ERR_OK;
}

static Err check_tenant(Cx *cx, Accounts *accounts, Slice tenant)
{
    AUTO_DB AccountDb reader = {};
    TRY(account_db(cx, accounts, &reader));
    AUTO_ROWS DbRows *rows = NULL;
    bool row = false;
    TRY(db_query(cx, reader.db, "SELECT 1 FROM organisation WHERE tenant = $1 AND kind <> 'person'",
                 DB_VALUES(db_text(tenant)), &rows));
    TRY(db_next(cx, rows, &row));
    return row ? ERR_OK : err_set(cx, ERR_MISSING, "organisation: there is none of that name");
}

Err account_admin_add(Cx *cx, Accounts *accounts, const PermissionActor *actor,
                      const AccountRegistration *registration, Slice tenant, uint32_t roles,
                      uint32_t platform, AccountRow *ret_row)
{
    AccountNew new = {.tenant = tenant, .roles = roles, .platform = platform};
    AccountNewSealed sealed = {};
    TRY(may_manage(cx, actor));
    TRY(check_roles(cx, actor, tenant, roles, platform));
    if (roles != 0) TRY(check_tenant(cx, accounts, tenant));
    TRY(account_register_row(cx, accounts, registration, &new.row));
    // An administrator vouches for what they typed.
    new.row.vouched = true;
    if (new.row.mail.size > 0) new.row.mail_ms = new.row.created_ms;
    if (new.row.phone.size > 0) new.row.phone_ms = new.row.created_ms;
    if (roles == 0 && platform == 0) new.roles = ROLE_BIT(ROLE_PERSON); // an organisation of one
    TRY(account_register_seal(cx, accounts, &new, &sealed));
    const AccountNote note = {.actor = actor,
                              .act = "account.add",
                              .object = account_row_hex(cx, account_row_id(&new.row))};
    TRY(account_write(cx, accounts, put_new, &sealed, &note));
    *ret_row = new.row;
    return ERR_OK;
}

// ---- states and roles ----

typedef struct Changing {
    Slice account;
    const char *state;
    uint32_t roles, lost; // lost: those that it holds no more
    bool local;           // by the local administrator, who may leave nobody
    AccountRolesTold told;
    uint64_t now_ms;
} Changing;

static Err set_state(Cx *cx, Db *db, void *self)
{
    const Changing *changing = self;
    if (strcmp(changing->state, "disabled") == 0) {
        if (!changing->local) TRY(account_last_gone(cx, db, changing->account));
        // For good: whoever is enabled again signs in anew, and makes new tokens.
        TRY(db_run(cx, db, "DELETE FROM api_token WHERE account = $1",
                   DB_VALUES(db_blob(changing->account)), NULL));
    }
    TRY(db_run(cx, db,
               "UPDATE account SET state = $3 WHERE tenant = $1 AND id = $2 AND state <> 'deleted'",
               DB_VALUES(OURS, db_blob(changing->account), db_text(slice_of(changing->state))),
               NULL));
    TRY(account_ticket_drop(cx, db, NULL, changing->account));
    return account_session_drop(cx, db, changing->account, NULL);
}

Err account_admin_state(Cx *cx, Accounts *accounts, const PermissionActor *actor, Slice account,
                        AccountState state)
{
    AccountRow row = {};
    Changing changing = {.account = account,
                         .state = account_row_state(state),
                         .local = actor->kind == PERMISSION_LOCAL};
    if (state != ACCOUNT_ACTIVE && state != ACCOUNT_DISABLED)
        return err_set(cx, ERR_INPUT, "state: is neither active nor disabled");
    TRY(account_admin_may(cx, accounts, actor, account, &row));
    if (row.state == ACCOUNT_DELETED)
        return err_set(cx, ERR_CONFLICT, "state: the account was deleted");
    const AccountNote note = {
        .actor = actor,
        .act = state == ACCOUNT_ACTIVE ? "account.enable" : "account.disable",
        .object = account_row_hex(cx, account),
        .before = account_note_of(cx, "state", slice_of(account_row_state(row.state))),
        .after = account_note_of(cx, "state", slice_of(changing.state))};
    return account_write(cx, accounts, set_state, &changing, &note);
}

// Whoever accepts an invitation meanwhile is asked the same of these (organisation_put_member).
static Err check_together(Cx *cx, Db *db, const Changing *changing)
{
    AUTO_ROWS DbRows *rows = NULL;
    uint32_t all = changing->roles;
    TRY(db_query(cx, db, "SELECT roles FROM member WHERE account = $1 AND tenant <> ''",
                 DB_VALUES(db_blob(changing->account)), &rows));
    for (bool row = true;;) {
        TRY(db_next(cx, rows, &row));
        if (!row) break;
        all |= (uint32_t)db_col_int(rows, 0);
    }
    const char *why = permission_roles_conflict(all);
    return why == NULL ? ERR_OK : err_set(cx, ERR_CONFLICT, "role: %s", why);
}

static Err set_roles(Cx *cx, Db *db, void *self)
{
    const Changing *changing = self;
    DbValue account = db_blob(changing->account);
    TRY(check_together(cx, db, changing));
    if (!changing->local) TRY(account_last_platform(cx, db, changing->account, changing->lost));
    TRY(account_roles_tell(cx, db, &changing->told));
    // They sign in anew: what may something else has another token.
    TRY(account_session_drop(cx, db, changing->account, NULL));
    if (changing->roles == 0)
        return db_run(cx, db, "DELETE FROM member WHERE tenant = $1 AND account = $2",
                      DB_VALUES(OURS, account), NULL);
    return db_run(
        cx, db,
        "INSERT INTO member (tenant, account, roles, since_ms) VALUES ($1, $2, $3, $4) "
        "ON CONFLICT (tenant, account) DO UPDATE SET roles = excluded.roles",
        DB_VALUES(OURS, account, db_int(changing->roles), db_int((int64_t)changing->now_ms)), NULL);
}

// Two persons make an administrator: one makes the account, another gives the role. Otherwise
// whoever gives roles would register a second account, and be all three.
static Err check_vouched(Cx *cx, const PermissionActor *actor, const AccountView *view,
                         uint32_t platform)
{
    uint32_t gained = platform & ~view->platform & ~ROLES_OFFICERS;
    if (actor->kind == PERMISSION_LOCAL || gained == 0 || view->row.vouched) return ERR_OK;
    return err_set(
        cx, ERR_CONFLICT,
        "role: the account registered itself; the administrator of the system makes one");
}

Err account_admin_roles(Cx *cx, Accounts *accounts, const PermissionActor *actor, Slice account,
                        uint32_t platform)
{
    AccountView view = {};
    TRY(permission_check(cx, actor, PERMISSION_MANAGE_SECURITY));
    // Nobody gives roles to themselves: so no administrator becomes another, and one is left.
    if (actor->kind == PERMISSION_ACCOUNT &&
        slice_equal(account, (Slice){(const char *)actor->account, ACCOUNT_ID_SIZE}))
        return err_set(cx, ERR_DENIED, "'" SLICE_FMT "' may not set roles of their own",
                       SLICE_ARG(actor->name));
    {
        AUTO_DB AccountDb reader = {};
        TRY(account_db(cx, accounts, &reader));
        TRY(view_of(cx, accounts, reader.db, account, &view));
    }
    if ((platform & ~ROLES_PLATFORM) != 0)
        return err_set(cx, ERR_INPUT, "role: is none of the platform");
    if (view.row.state == ACCOUNT_DELETED)
        return err_set(cx, ERR_CONFLICT, "role: the account was deleted");
    TRY(check_vouched(cx, actor, &view, platform));
    Changing changing = {.account = account,
                         .roles = platform,
                         .lost = view.platform & ~platform,
                         .local = actor->kind == PERMISSION_LOCAL,
                         .now_ms = cx_now_ms(cx)};
    TRY(account_roles_told(cx, accounts, actor, &view, platform, &changing.told));
    const AccountNote note = {
        .actor = actor,
        .act = "account.roles",
        .object = account_row_hex(cx, account),
        .before = account_note_of(cx, "roles", permission_roles_text(cx, view.platform)),
        .after = account_note_of(cx, "roles", permission_roles_text(cx, platform))};
    return account_write(cx, accounts, set_roles, &changing, &note);
}
