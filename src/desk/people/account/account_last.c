#include "desk/people/account/account_last.h"

static Err check_role(Cx *cx, Db *db, Slice account, PermissionRole role)
{
    AUTO_ROWS DbRows *rows = NULL;
    bool row = false;
    TRY(db_query(cx, db,
                 "SELECT 1 FROM member m JOIN account a ON a.tenant = m.tenant AND a.id = "
                 "m.account WHERE m.tenant = '' AND m.account <> $1 AND (m.roles & $2) <> 0 AND "
                 "a.state = 'active' LIMIT 1",
                 DB_VALUES(db_blob(account), db_int(ROLE_BIT(role))), &rows));
    TRY(db_next(cx, rows, &row));
    if (row) return ERR_OK;
    return err_set(cx, ERR_CONFLICT, "role: nobody else holds %s; give it to another first",
                   permission_role_name(role));
}

Err account_last_platform(Cx *cx, Db *db, Slice account, uint32_t lost)
{
    static const PermissionRole kept[] = {ROLE_SYSTEM_ADMIN, ROLE_SECURITY_ADMIN, ROLE_AUDIT_ADMIN};
    for (size_t i = 0; i < sizeof kept / sizeof kept[0]; i++)
        if ((lost & ROLE_BIT(kept[i])) != 0) TRY(check_role(cx, db, account, kept[i]));
    return ERR_OK;
}

// One's own organisation (of kind person) is nobody else's.
Err account_last_organisation(Cx *cx, Db *db, Slice account)
{
    AUTO_ROWS DbRows *rows = NULL;
    bool row = false;
    TRY(db_query(cx, db,
                 "SELECT m.tenant FROM member m JOIN organisation o ON o.tenant = m.tenant "
                 "WHERE m.account = $1 AND (m.roles & $2) <> 0 AND o.kind = 'enterprise' AND "
                 "(EXISTS (SELECT 1 FROM invoice i WHERE i.tenant = m.tenant) OR EXISTS (SELECT 1 "
                 "FROM member l WHERE l.tenant = m.tenant AND l.account <> $1)) AND NOT EXISTS "
                 "(SELECT 1 FROM member n JOIN account a ON a.tenant = '' AND a.id = n.account "
                 "WHERE n.tenant = m.tenant AND n.account <> $1 AND (n.roles & $2) <> 0 AND "
                 "a.state = 'active')",
                 DB_VALUES(db_blob(account), db_int(ROLE_BIT(ROLE_ORG_ADMIN))), &rows));
    TRY(db_next(cx, rows, &row));
    if (!row) return ERR_OK;
    return err_set(cx, ERR_CONFLICT,
                   "organisation: has invoices or members and no other administrator; name one "
                   "first");
}

Err account_last_gone(Cx *cx, Db *db, Slice account)
{
    AUTO_ROWS DbRows *rows = NULL;
    bool row = false;
    TRY(db_query(cx, db,
                 "SELECT m.roles FROM member m JOIN account a ON a.tenant = m.tenant AND a.id = "
                 "m.account WHERE m.tenant = '' AND m.account = $1 AND a.state = 'active'",
                 DB_VALUES(db_blob(account)), &rows));
    TRY(db_next(cx, rows, &row));
    if (row) TRY(account_last_platform(cx, db, account, (uint32_t)db_col_int(rows, 0)));
    return account_last_organisation(cx, db, account);
}
