#include "desk/people/account/account_roles.h"

#include "desk/people/account/account_parts.h"

#define ADMINISTRATORS (ROLES_PLATFORM & ~ROLES_OFFICERS)

// As a person reads it, in both languages.
static const struct {
    PermissionRole role;
    const char *zh, *en;
} names[] = {
    {ROLE_TAX_REVIEWER, "税务管理人员（审核）", "tax officer (review)"},
    {ROLE_TAX_AUDITOR, "税务管理人员（稽查）", "tax officer (audit)"},
    {ROLE_SYSTEM_ADMIN, "系统管理员", "administrator of the system"},
    {ROLE_SECURITY_ADMIN, "安全管理员", "administrator of security"},
    {ROLE_AUDIT_ADMIN, "审计管理员", "administrator of the audit log"},
};

static Slice roles_of(Cx *cx, uint32_t roles, bool english)
{
    Slice text = SLICE("");
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if ((roles & ROLE_BIT(names[i].role)) != 0)
            text = cx_printf(cx, SLICE_FMT "%s%s", SLICE_ARG(text), text.size > 0 ? ", " : "",
                             english ? names[i].en : names[i].zh);
    return text.size > 0 ? text : english ? SLICE("none") : SLICE("无");
}

static Slice name_of(const AccountRow *row)
{
    return row->login.size > 0 ? row->login : row->mail;
}

typedef struct Said {
    const AccountView *view;
    uint32_t platform;
    Slice by; // who does it; "" = the local administrator
} Said;

static AccountTell tell_of(Cx *cx, Accounts *accounts, const PermissionActor *actor,
                           const AccountRow *to, const Said *said)
{
    bool english = slice_equal(to->language, SLICE("en"));
    Slice by = said->by.size > 0 ? said->by
               : english         ? SLICE("at the server")
                                 : SLICE("服务器本机");
    Slice what = cx_printf(cx, SLICE_FMT ": " SLICE_FMT " → " SLICE_FMT " (" SLICE_FMT ")",
                           SLICE_ARG(name_of(&said->view->row)),
                           SLICE_ARG(roles_of(cx, said->view->platform, english)),
                           SLICE_ARG(roles_of(cx, said->platform, english)), SLICE_ARG(by));
    return account_tell_make(cx, accounts, to, actor, ACCOUNT_NEWS_ROLES, what);
}

static Err add_administrators(Cx *cx, Accounts *accounts, Db *db, const PermissionActor *actor,
                              const Said *said, AccountRolesTold *told)
{
    AUTO_ROWS DbRows *rows = NULL;
    TRY(db_query(cx, db,
                 "SELECT m.account FROM member m JOIN account a ON a.tenant = m.tenant AND a.id = "
                 "m.account WHERE m.tenant = $1 AND (m.roles & $2) <> 0 AND a.state = 'active' "
                 "AND m.account <> $3 ORDER BY m.account LIMIT $4",
                 DB_VALUES(OURS, db_int(ADMINISTRATORS), db_blob(account_row_id(&said->view->row)),
                           db_int(ACCOUNT_ROLES_TOLD - 1)),
                 &rows));
    for (bool row = true; told->count < ACCOUNT_ROLES_TOLD;) {
        AccountRow to = {};
        TRY(db_next(cx, rows, &row));
        if (!row) break;
        TRY(account_row_get(cx, accounts->store, db, db_col_blob(rows, 0), &to));
        bool self = actor->kind == PERMISSION_ACCOUNT &&
                    memcmp(actor->account, to.id, ACCOUNT_ID_SIZE) == 0;
        if (!self) told->tells[told->count++] = tell_of(cx, accounts, actor, &to, said);
    }
    return ERR_OK;
}

Err account_roles_told(Cx *cx, Accounts *accounts, const PermissionActor *actor,
                       const AccountView *view, uint32_t platform, AccountRolesTold *ret_told)
{
    AccountRolesTold told = {};
    Said said = {view, platform, SLICE("")};
    AUTO_DB AccountDb reader = {};
    TRY(account_db(cx, accounts, &reader));
    if (actor->kind == PERMISSION_ACCOUNT) {
        AccountRow giver = {};
        TRY(account_row_get(cx, accounts->store, reader.db,
                            (Slice){(const char *)actor->account, ACCOUNT_ID_SIZE}, &giver));
        said.by = name_of(&giver);
    }
    told.tells = arena_alloc(&cx->arena, ACCOUNT_ROLES_TOLD * sizeof *told.tells);
    told.tells[told.count++] = tell_of(cx, accounts, actor, &view->row, &said);
    TRY(add_administrators(cx, accounts, reader.db, actor, &said, &told));
    *ret_told = told;
    return ERR_OK;
}

Err account_roles_tell(Cx *cx, Db *db, const AccountRolesTold *told)
{
    for (size_t i = 0; i < told->count; i++)
        TRY(account_tell_put(cx, db, &told->tells[i]));
    return ERR_OK;
}
