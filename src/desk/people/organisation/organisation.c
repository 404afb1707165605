#include "base/utf8.h"
#include "desk/people/account/account.h"
#include "desk/people/organisation/organisation_parts.h"
#include "model/tax_id.h"

#define NAME_MAX_BYTES ((size_t)256)
#define TENANT_BYTES   8 // random

static const AccountField tax_id_field = {"organisation", "tax_id"};

// ---- what the parts share ----

AuditNote organisation_note(const PermissionActor *actor, const char *act, const char *kind,
                            Slice object)
{
    bool local = actor->kind == PERMISSION_LOCAL;
    return (AuditNote){.tenant = actor->tenant,
                       .actor = actor->name,
                       .source = local ? SLICE("cli") : SLICE("http"),
                       .address = actor->address,
                       .act = slice_of(act),
                       .object_kind = slice_of(kind),
                       .object = object,
                       .before = SLICE(""),
                       .after = SLICE(""),
                       .result = SLICE("")};
}

Err organisation_pair(Cx *cx, const char *key, Slice value, Slice *ret_json)
{
    JsonOut out = json_out_open(cx, LIMIT_FIELD_BYTES);
    json_out_object(&out);
    json_out_pair(&out, key, value);
    json_out_end_object(&out);
    return json_out_done(cx, &out, ret_json);
}

Err organisation_db(Cx *cx, const OrganisationDesk *desk, OrganisationDb *ret_db)
{
    TRY(store_take(cx, desk->store, &ret_db->db));
    ret_db->store = desk->store;
    return ERR_OK;
}

void organisation_db_give(const OrganisationDb *db)
{
    if (db->db != NULL) store_give(db->store, db->db);
}

Err organisation_self(Cx *cx, const PermissionActor *actor, PermissionAct act, Slice *ret_account)
{
    TRY(permission_check(cx, actor, act));
    if (actor->kind != PERMISSION_ACCOUNT)
        return err_set(cx, ERR_DENIED, "'" SLICE_FMT "' has no account", SLICE_ARG(actor->name));
    *ret_account = (Slice){(const char *)actor->account, PERMISSION_ID_SIZE};
    return ERR_OK;
}

// ---- names ----

typedef struct Sealed {
    Slice name, tax_id, tax_tag;
} Sealed;

static Err clean(Cx *cx, const OrganisationName *typed, OrganisationName *ret_name)
{
    OrganisationName name = {slice_trim(typed->name), slice_trim(typed->tax_id)};
    if (slice_empty(name.name)) return err_set(cx, ERR_INPUT, "name: is required");
    if (name.name.size > NAME_MAX_BYTES || !utf8_is_clean(name.name))
        return err_set(cx, ERR_INPUT, "name: is too long, or no text");
    if (!slice_empty(name.tax_id) && tax_id_check(name.tax_id) == TAX_ID_BAD_FORM)
        return err_set(cx, ERR_INPUT, "tax_id: is none");
    *ret_name = name;
    return ERR_OK;
}

static Err tag_of(Cx *cx, const Store *store, Slice tax_id, Slice *ret_tag)
{
    *ret_tag = SLICE("");
    return slice_empty(tax_id) ? ERR_OK : account_seal_tag(cx, store, "tax_id", tax_id, ret_tag);
}

static Err seal(Cx *cx, const Store *store, Slice tenant, const OrganisationName *name,
                Sealed *ret_sealed)
{
    *ret_sealed = (Sealed){.tax_id = SLICE("")};
    TRY(account_seal(cx, store, ACCOUNT_SEAL_ORGANISATION_NAME, tenant, name->name,
                     &ret_sealed->name));
    if (!slice_empty(name->tax_id))
        TRY(account_seal(cx, store, tax_id_field, tenant, name->tax_id, &ret_sealed->tax_id));
    return tag_of(cx, store, name->tax_id, &ret_sealed->tax_tag);
}

// ---- roles ----

Err organisation_roles_of(Cx *cx, Slice names, uint32_t *ret_bits)
{
    uint32_t bits = 0;
    Slice rest = names, name;
    for (bool done = false; slice_cut(&rest, ',', &done, &name);) {
        PermissionRole role;
        if (slice_empty(slice_trim(name))) continue;
        if (!permission_role_of(slice_trim(name), &role) || role == ROLE_PERSON ||
            (ROLE_BIT(role) & ROLES_ORGANISATION) == 0)
            return err_set(cx, ERR_INPUT, "roles: '" SLICE_FMT "' is none of an organisation",
                           SLICE_ARG(slice_trim(name)));
        bits |= ROLE_BIT(role);
    }
    if (bits == 0) return err_set(cx, ERR_INPUT, "roles: at least one is required");
    *ret_bits = bits;
    return ERR_OK;
}

Err organisation_roles_in(Cx *cx, Db *db, Slice tenant, Slice account, uint32_t *ret_roles,
                          bool *ret_there)
{
    AUTO_ROWS DbRows *rows = NULL;
    TRY(db_query(cx, db, "SELECT roles FROM member WHERE tenant = $1 AND account = $2",
                 DB_VALUES(db_text(tenant), db_blob(account)), &rows));
    TRY(db_next(cx, rows, ret_there));
    *ret_roles = *ret_there ? (uint32_t)db_col_int(rows, 0) : 0;
    return ERR_OK;
}

Err organisation_roles_elsewhere(Cx *cx, Db *db, Slice tenant, Slice account, uint32_t *ret_roles,
                                 size_t *ret_count)
{
    AUTO_ROWS DbRows *rows = NULL;
    *ret_roles = 0;
    *ret_count = 0;
    TRY(db_query(cx, db, "SELECT roles FROM member WHERE account = $1 AND tenant <> $2",
                 DB_VALUES(db_blob(account), db_text(tenant)), &rows));
    for (bool row = true;; ++*ret_count) {
        TRY(db_next(cx, rows, &row));
        if (!row) return ERR_OK;
        *ret_roles |= (uint32_t)db_col_int(rows, 0);
    }
}

Err organisation_put_member(Cx *cx, Db *db, Slice tenant, Slice account, uint32_t roles,
                            uint64_t now_ms)
{
    uint32_t elsewhere = 0;
    size_t count = 0;
    TRY(organisation_roles_elsewhere(cx, db, tenant, account, &elsewhere, &count));
    const char *why = permission_roles_conflict(roles | elsewhere);
    if (why != NULL) return err_set(cx, ERR_CONFLICT, "roles: %s", why);
    if (count >= LIMIT_MEMBERSHIPS)
        return err_set(cx, ERR_CONFLICT, "one person is in at most %d organisations",
                       LIMIT_MEMBERSHIPS);
    TRY(db_run(cx, db,
               "INSERT INTO member (tenant, account, roles, since_ms) VALUES ($1, $2, $3, $4) "
               "ON CONFLICT (tenant, account) DO UPDATE SET roles = excluded.roles",
               DB_VALUES(db_text(tenant), db_blob(account), db_int(roles), db_int((int64_t)now_ms)),
               NULL));
    account_touch(db, account);
    return ERR_OK;
}

// ---- which there are ----

Err organisation_check_members(Cx *cx, Db *db, Slice tenant)
{
    AUTO_ROWS DbRows *rows = NULL;
    bool row = false;
    TRY(db_query(cx, db, "SELECT kind, state FROM organisation WHERE tenant = $1",
                 DB_VALUES(db_text(tenant)), &rows));
    TRY(db_next(cx, rows, &row));
    if (!row) return err_set(cx, ERR_MISSING, "there is no such organisation");
    if (!slice_equal(db_col_text(rows, 0), SLICE("enterprise")))
        return err_set(cx, ERR_CONFLICT, "its members can't be changed here");
    if (!slice_equal(db_col_text(rows, 1), SLICE("active")))
        return err_set(cx, ERR_CONFLICT, "the organisation is disabled");
    return ERR_OK;
}

// ---- founding and changing ----

typedef struct Writing {
    Slice tenant, account; // account: "" = nobody's
    Sealed sealed;
    uint64_t now_ms;
} Writing;

static Err found_work(Cx *cx, Db *db, void *self)
{
    const Writing *writing = self;
    TRY(db_run(cx, db,
               "INSERT INTO organisation (tenant, kind, name, tax_id, tax_tag, state, created_ms) "
               "VALUES ($1, 'enterprise', $2, $3, $4, 'active', $5)",
               DB_VALUES(db_text(writing->tenant), db_blob(writing->sealed.name),
                         db_blob(writing->sealed.tax_id), db_blob(writing->sealed.tax_tag),
                         db_int((int64_t)writing->now_ms)),
               NULL));
    if (slice_empty(writing->account)) return ERR_OK;
    return organisation_put_member(cx, db, writing->tenant, writing->account,
                                   ROLE_BIT(ROLE_ORG_ADMIN), writing->now_ms);
}

Err organisation_found(Cx *cx, const OrganisationDesk *desk, const PermissionActor *actor,
                       const OrganisationName *name, Slice *ret_tenant)
{
    OrganisationName clear;
    uint8_t random[TENANT_BYTES];
    Writing writing = {.account = SLICE(""), .now_ms = cx_now_ms(cx)};
    TRY(permission_check(cx, actor, PERMISSION_FOUND_ORGANISATION));
    if (actor->kind == PERMISSION_ACCOUNT)
        writing.account = (Slice){(const char *)actor->account, PERMISSION_ID_SIZE};
    TRY(clean(cx, name, &clear));
    cx_random(cx, random, sizeof random);
    writing.tenant = base64_hex(cx, (Slice){(const char *)random, sizeof random});
    TRY(seal(cx, desk->store, writing.tenant, &clear, &writing.sealed));
    AuditNote note = organisation_note(actor, "organisation.found", "organisation", writing.tenant);
    note.tenant = writing.tenant; // the first entry of its own log
    TRY(organisation_pair(cx, "name", clear.name, &note.after));
    TRY(commit_wait_audited(cx, desk->committer, found_work, &writing, &note));
    *ret_tenant = writing.tenant;
    return ERR_OK;
}

static Err change_work(Cx *cx, Db *db, void *self)
{
    const Writing *writing = self;
    uint64_t changed = 0;
    TRY(db_run(cx, db,
               "UPDATE organisation SET name = $2, tax_id = $3, tax_tag = $4 WHERE tenant = $1 "
               "AND kind <> 'platform'",
               DB_VALUES(db_text(writing->tenant), db_blob(writing->sealed.name),
                         db_blob(writing->sealed.tax_id), db_blob(writing->sealed.tax_tag)),
               &changed));
    return changed == 1 ? ERR_OK : err_set(cx, ERR_MISSING, "there is no such organisation");
}

Err organisation_change(Cx *cx, const OrganisationDesk *desk, const PermissionActor *actor,
                        const OrganisationName *name)
{
    OrganisationName clear;
    Organisation before;
    Writing writing = {.tenant = actor->tenant};
    TRY(permission_check(cx, actor, PERMISSION_MANAGE_ORGANISATION));
    TRY(clean(cx, name, &clear));
    TRY(organisation_show(cx, desk, actor, &before));
    TRY(seal(cx, desk->store, actor->tenant, &clear, &writing.sealed));
    AuditNote note = organisation_note(actor, "organisation.change", "organisation", actor->tenant);
    TRY(organisation_pair(cx, "name", before.name, &note.before));
    TRY(organisation_pair(cx, "name", clear.name, &note.after));
    return commit_wait_audited(cx, desk->committer, change_work, &writing, &note);
}

// ---- reading ----

#define COLUMNS "o.tenant, o.kind, o.state, o.name, o.tax_id, o.created_ms"

static Err take(Cx *cx, const Store *store, const DbRows *rows, Organisation *ret)
{
    Organisation one = {.created_ms = (uint64_t)db_col_int(rows, 5),
                        .roles = (uint32_t)db_col_int(rows, 6) & ROLES_ORGANISATION};
    TRY(cx_copy(cx, db_col_text(rows, 0), &one.tenant));
    TRY(cx_copy(cx, db_col_text(rows, 1), &one.kind));
    TRY(cx_copy(cx, db_col_text(rows, 2), &one.state));
    TRY(account_seal_open(cx, store, ACCOUNT_SEAL_ORGANISATION_NAME, one.tenant,
                          db_col_blob(rows, 3), &one.name));
    TRY(account_seal_open(cx, store, tax_id_field, one.tenant, db_col_blob(rows, 4), &one.tax_id));
    *ret = one;
    return ERR_OK;
}

static Err take_all(Cx *cx, const Store *store, DbRows *rows, Organisation **ret_rows,
                    size_t *ret_count)
{
    Organisation *list = arena_alloc(&cx->arena, ORGANISATION_PAGE * sizeof *list);
    size_t count = 0;
    for (bool row = true; count < ORGANISATION_PAGE;) {
        TRY(db_next(cx, rows, &row));
        if (!row) break;
        TRY(take(cx, store, rows, &list[count++]));
    }
    *ret_rows = list;
    *ret_count = count;
    return ERR_OK;
}

static Slice account_of(const PermissionActor *actor)
{
    bool has = actor->kind == PERMISSION_ACCOUNT;
    return has ? (Slice){(const char *)actor->account, PERMISSION_ID_SIZE} : SLICE("");
}

Err organisation_show(Cx *cx, const OrganisationDesk *desk, const PermissionActor *actor,
                      Organisation *ret_organisation)
{
    TRY(permission_check(cx, actor, PERMISSION_READ_ORGANISATION));
    AUTO_ORGANISATION_DB OrganisationDb reader = {};
    TRY(organisation_db(cx, desk, &reader));
    AUTO_ROWS DbRows *rows = NULL;
    bool row = false;
    TRY(db_query(cx, reader.db,
                 "SELECT " COLUMNS ", m.roles FROM organisation o LEFT JOIN member m "
                 "ON m.tenant = o.tenant AND m.account = $2 WHERE o.tenant = $1",
                 DB_VALUES(db_text(actor->tenant), db_blob(account_of(actor))), &rows));
    TRY(db_next(cx, rows, &row));
    if (!row) return err_set(cx, ERR_MISSING, "there is no such organisation");
    return take(cx, desk->store, rows, ret_organisation);
}

static Err query_all(Cx *cx, const OrganisationDesk *desk, Db *db, const PermissionActor *actor,
                     const OrganisationList *list, DbRows **ret_rows)
{
    Slice tag;
    TRY(tag_of(cx, desk->store, slice_trim(list->tax_id), &tag));
    return db_query(cx, db,
                    "SELECT " COLUMNS ", COALESCE(m.roles, 0) FROM organisation o "
                    "LEFT JOIN member m ON m.tenant = o.tenant AND m.account = $2 "
                    "WHERE o.tenant > $1 AND ($3 = x'' OR o.tax_tag = $3) "
                    "ORDER BY o.tenant LIMIT $4",
                    DB_VALUES(db_text(list->after), db_blob(account_of(actor)), db_blob(tag),
                              db_int(ORGANISATION_PAGE)),
                    ret_rows);
}

static Err query_own(Cx *cx, Db *db, const PermissionActor *actor, const OrganisationList *list,
                     DbRows **ret_rows)
{
    return db_query(
        cx, db,
        "SELECT " COLUMNS ", m.roles FROM member m JOIN organisation o "
        "ON o.tenant = m.tenant WHERE m.account = $1 AND m.tenant > $2 "
        "ORDER BY m.tenant LIMIT $3",
        DB_VALUES(db_blob(account_of(actor)), db_text(list->after), db_int(ORGANISATION_PAGE)),
        ret_rows);
}

// The platform is the tenant '', and comes after no `after`.
Err organisation_list(Cx *cx, const OrganisationDesk *desk, const PermissionActor *actor,
                      const OrganisationList *list, Organisation **ret_rows, size_t *ret_count)
{
    bool all = permission_may(actor, PERMISSION_CHOOSE_ORGANISATION);
    if (!all) TRY(permission_check(cx, actor, PERMISSION_OWN_ACCOUNT));
    AUTO_ORGANISATION_DB OrganisationDb reader = {};
    TRY(organisation_db(cx, desk, &reader));
    AUTO_ROWS DbRows *rows = NULL;
    TRY(all ? query_all(cx, desk, reader.db, actor, list, &rows)
            : query_own(cx, reader.db, actor, list, &rows));
    return take_all(cx, desk->store, rows, ret_rows, ret_count);
}
