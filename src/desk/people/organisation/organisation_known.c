#include "desk/people/organisation/organisation_known.h"

Err organisation_known(Cx *cx, Db *db, Slice tenant)
{
    if (slice_equal(tenant, SLICE("local"))) return ERR_OK;
    AUTO_ROWS DbRows *rows = NULL;
    bool row = false;
    TRY(db_query(cx, db,
                 "SELECT 1 FROM organisation WHERE tenant = $1 AND kind <> 'platform' "
                 "AND state = 'active'",
                 DB_VALUES(db_text(tenant)), &rows));
    TRY(db_next(cx, rows, &row));
    if (row) return ERR_OK;
    return err_set(cx, ERR_MISSING, "there is no organisation '" SLICE_FMT "'", SLICE_ARG(tenant));
}
