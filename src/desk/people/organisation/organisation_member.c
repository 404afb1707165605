#include "desk/people/organisation/organisation_member.h"

#include "desk/people/account/account.h"
#include "desk/people/organisation/organisation_parts.h"

// ---- reading ----

typedef struct Held {
    uint8_t account[ACCOUNT_ID_SIZE];
    uint32_t roles;
    uint64_t since_ms;
} Held;

static Err read_held(Cx *cx, Db *db, Slice tenant, Slice after, Held *held, size_t *ret_count)
{
    AUTO_ROWS DbRows *rows = NULL;
    size_t count = 0;
    TRY(db_query(cx, db,
                 "SELECT account, roles, since_ms FROM member WHERE tenant = $1 AND account > $2 "
                 "ORDER BY account LIMIT $3",
                 DB_VALUES(db_text(tenant), db_blob(after), db_int(ORGANISATION_PAGE)), &rows));
    for (bool row = true; count < ORGANISATION_PAGE; count++) {
        TRY(db_next(cx, rows, &row));
        if (!row) break;
        if (db_col_blob(rows, 0).size != ACCOUNT_ID_SIZE)
            return err_set(cx, ERR_CORRUPT, "a member's id is no id");
        memcpy(held[count].account, db_col_blob(rows, 0).data, ACCOUNT_ID_SIZE);
        held[count].roles = (uint32_t)db_col_int(rows, 1);
        held[count].since_ms = (uint64_t)db_col_int(rows, 2);
    }
    *ret_count = count;
    return ERR_OK;
}

static Err show(Cx *cx, const Store *store, Db *db, const PermissionActor *actor, const Held *held,
                OrganisationMember *ret_member)
{
    AccountRow row = {};
    Slice id = {(const char *)held->account, ACCOUNT_ID_SIZE};
    TRY(account_row_get(cx, store, db, id, &row));
    bool manages = permission_may(actor, PERMISSION_MANAGE_ORGANISATION);
    *ret_member =
        (OrganisationMember){.id = account_row_hex(cx, id),
                             .login = row.login,
                             .name = row.name,
                             .state = slice_of(account_row_state(row.state)),
                             .mail = manages ? row.mail : SLICE(""),
                             .roles = held->roles,
                             .since_ms = held->since_ms,
                             .self = actor->kind == PERMISSION_ACCOUNT &&
                                     memcmp(actor->account, held->account, ACCOUNT_ID_SIZE) == 0};
    return ERR_OK;
}

Err organisation_member_list(Cx *cx, const OrganisationDesk *desk, const PermissionActor *actor,
                             Slice after, OrganisationMember **ret_rows, size_t *ret_count)
{
    Held held[ORGANISATION_PAGE];
    uint8_t last[ACCOUNT_ID_SIZE];
    size_t count = 0;
    Slice from = SLICE("");
    TRY(permission_check(cx, actor, PERMISSION_READ_ORGANISATION));
    if (!slice_empty(after)) {
        TRY(account_row_unhex(cx, after, last));
        from = (Slice){(const char *)last, sizeof last};
    }
    AUTO_ORGANISATION_DB OrganisationDb reader = {};
    TRY(organisation_db(cx, desk, &reader));
    TRY(read_held(cx, reader.db, actor->tenant, from, held, &count));
    OrganisationMember *members = arena_alloc(&cx->arena, ORGANISATION_PAGE * sizeof *members);
    for (size_t i = 0; i < count; i++)
        TRY(show(cx, desk->store, reader.db, actor, &held[i], &members[i]));
    *ret_rows = members;
    *ret_count = count;
    return ERR_OK;
}

// ---- changing ----

typedef struct Change {
    Slice tenant, account;
    uint32_t roles; // 0 = goes
    bool add;       // who is no member becomes one
    uint64_t now_ms;
    AuditNote *note;
} Change;

// Whoever can't sign in administers nothing.
static Err check_admin_left(Cx *cx, Db *db, const Change *change)
{
    AUTO_ROWS DbRows *rows = NULL;
    bool row = false;
    TRY(db_query(cx, db,
                 "SELECT 1 FROM member m JOIN account a ON a.tenant = '' AND a.id = m.account "
                 "WHERE m.tenant = $1 AND m.account <> $2 AND (m.roles & $3) <> 0 "
                 "AND a.state = 'active' LIMIT 1",
                 DB_VALUES(db_text(change->tenant), db_blob(change->account),
                           db_int(ROLE_BIT(ROLE_ORG_ADMIN))),
                 &rows));
    TRY(db_next(cx, rows, &row));
    return row ? ERR_OK : err_set(cx, ERR_CONFLICT, "roles: nobody would be left to administer it");
}

static Err go(Cx *cx, Db *db, const Change *change)
{
    TRY(db_run(cx, db, "DELETE FROM member WHERE tenant = $1 AND account = $2",
               DB_VALUES(db_text(change->tenant), db_blob(change->account)), NULL));
    account_touch(db, change->account);
    return ERR_OK;
}

static Err change_work(Cx *cx, Db *db, void *self)
{
    const Change *change = self;
    const uint32_t admin = ROLE_BIT(ROLE_ORG_ADMIN);
    uint32_t before = 0;
    bool there = false;
    TRY(organisation_check_members(cx, db, change->tenant));
    TRY(organisation_roles_in(cx, db, change->tenant, change->account, &before, &there));
    if (!there && !change->add) return err_set(cx, ERR_MISSING, "there is no such member");
    if ((before & admin) != 0 && (change->roles & admin) == 0)
        TRY(check_admin_left(cx, db, change));
    if (there)
        TRY(organisation_pair(cx, "roles", permission_roles_text(cx, before),
                              &change->note->before));
    if (change->roles == 0) return go(cx, db, change);
    TRY(organisation_pair(cx, "roles", permission_roles_text(cx, change->roles),
                          &change->note->after));
    return organisation_put_member(cx, db, change->tenant, change->account, change->roles,
                                   change->now_ms);
}

static Err run(Cx *cx, const OrganisationDesk *desk, const PermissionActor *actor, Slice id,
               const char *act, Change *change)
{
    uint8_t account[ACCOUNT_ID_SIZE];
    TRY(account_row_unhex(cx, id, account));
    change->tenant = actor->tenant;
    change->account = (Slice){(const char *)account, sizeof account};
    change->now_ms = cx_now_ms(cx);
    AuditNote note =
        organisation_note(actor, act, "account", account_row_actor_name(cx, change->account));
    change->note = &note;
    return commit_wait_audited(cx, desk->committer, change_work, change, &note);
}

static Err check_roles(Cx *cx, uint32_t roles)
{
    bool good =
        roles != 0 && (roles & ~ROLES_ORGANISATION) == 0 && (roles & ROLE_BIT(ROLE_PERSON)) == 0;
    return good ? ERR_OK : err_set(cx, ERR_INPUT, "roles: is none of an organisation");
}

Err organisation_member_roles(Cx *cx, const OrganisationDesk *desk, const PermissionActor *actor,
                              Slice id, uint32_t roles)
{
    Change change = {.roles = roles};
    TRY(permission_check(cx, actor, PERMISSION_MANAGE_ORGANISATION));
    TRY(check_roles(cx, roles));
    return run(cx, desk, actor, id, "member.roles", &change);
}

Err organisation_member_add(Cx *cx, const OrganisationDesk *desk, const PermissionActor *actor,
                            Slice id, uint32_t roles)
{
    Change change = {.roles = roles, .add = true};
    if (actor->kind != PERMISSION_LOCAL)
        return err_set(cx, ERR_DENIED, "people are invited, not made members");
    TRY(check_roles(cx, roles));
    AccountRow row = {};
    uint8_t account[ACCOUNT_ID_SIZE];
    TRY(account_row_unhex(cx, id, account));
    AUTO_ORGANISATION_DB OrganisationDb reader = {};
    TRY(organisation_db(cx, desk, &reader));
    TRY(account_row_get(cx, desk->store, reader.db, (Slice){(const char *)account, sizeof account},
                        &row));
    return run(cx, desk, actor, id, "member.add", &change);
}

static bool is_self(Cx *cx, const PermissionActor *actor, Slice id)
{
    uint8_t account[ACCOUNT_ID_SIZE];
    return actor->kind == PERMISSION_ACCOUNT && account_row_unhex(cx, id, account) == ERR_OK &&
           memcmp(account, actor->account, sizeof account) == 0;
}

Err organisation_member_remove(Cx *cx, const OrganisationDesk *desk, const PermissionActor *actor,
                               Slice id)
{
    Change change = {};
    bool self = is_self(cx, actor, id);
    TRY(permission_check(cx, actor,
                         self ? PERMISSION_OWN_ACCOUNT : PERMISSION_MANAGE_ORGANISATION));
    return run(cx, desk, actor, id, self ? "member.leave" : "member.remove", &change);
}
