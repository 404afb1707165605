#include "desk/people/account/account_shown.h"

#include "desk/people/account/account_parts.h"

static bool knows_all(const PermissionActor *reader)
{
    return permission_may(reader, PERMISSION_READ_ACCOUNTS) ||
           ((reader->roles & ROLES_PLATFORM) != 0 && permission_may(reader, PERMISSION_READ_AUDIT));
}

static Err is_member(Cx *cx, Db *db, Slice tenant, Slice account, bool *ret_member)
{
    AUTO_ROWS DbRows *rows = NULL;
    TRY(db_query(cx, db, "SELECT 1 FROM member WHERE tenant = $1 AND account = $2",
                 DB_VALUES(db_text(tenant), db_blob(account)), &rows));
    return db_next(cx, rows, ret_member);
}

static Err show_one(Cx *cx, Accounts *accounts, Db *db, const PermissionActor *reader, Slice name,
                    Slice *ret_shown)
{
    uint8_t id[ACCOUNT_ID_SIZE];
    AccountRow row = {};
    bool known = knows_all(reader);
    *ret_shown = SLICE("");
    Slice hex = slice_starts(name, SLICE("u-")) ? slice_sub(name, 2, name.size) : name;
    if (hex.size != 2 * ACCOUNT_ID_SIZE || account_row_unhex(cx, hex, id) != ERR_OK) return ERR_OK;
    Slice account = {(const char *)id, ACCOUNT_ID_SIZE};
    // The platform has no members that are shown.
    if (!known && reader->tenant.size > 0 && permission_may(reader, PERMISSION_READ_ORGANISATION))
        TRY(is_member(cx, db, reader->tenant, account, &known));
    if (!known) return ERR_OK;
    Err err = account_row_get(cx, accounts->store, db, account, &row);
    if (err == ERR_MISSING) return ERR_OK;
    TRY(err);
    *ret_shown = row.name.size > 0 ? row.name : row.login.size > 0 ? row.login : row.mail;
    return ERR_OK;
}

Err account_shown(Cx *cx, Accounts *accounts, const PermissionActor *reader, const Slice *names,
                  size_t count, Slice *ret_shown)
{
    AUTO_DB AccountDb db = {};
    TRY(account_db(cx, accounts, &db));
    for (size_t i = 0; i < count; i++) {
        // A page of a log names the same few people again and again.
        size_t before = 0;
        while (before < i && !slice_equal(names[before], names[i]))
            before++;
        if (before < i)
            ret_shown[i] = ret_shown[before];
        else
            TRY(show_one(cx, accounts, db.db, reader, names[i], &ret_shown[i]));
    }
    return ERR_OK;
}
