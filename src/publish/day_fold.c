#include "publish/day_fold.h"

// Sums that no honest invoices reach stay where they are: a sum that overflows would stop the fold.
#define ADD(column)                                                                                \
    column " = CASE WHEN abs(invoice_day." column                                                  \
           ") < 4000000000000000000 THEN invoice_day." column " + excluded." column                \
           " ELSE invoice_day." column " END"

// $3 = 1 or -1.
static const char add_sql[] =
    "INSERT INTO invoice_day (tenant, issue_date, kind, state, conflict, invoices, amount, tax, "
    "total) SELECT tenant, issue_date, kind, state, conflict, $3, $3 * COALESCE(amount, 0), "
    "$3 * COALESCE(tax, 0), $3 * COALESCE(total, 0) FROM invoice WHERE tenant = $1 AND id = $2 "
    "ON CONFLICT (tenant, issue_date, kind, state, conflict) DO UPDATE SET "
    "invoices = invoice_day.invoices + excluded.invoices, " ADD("amount") ", " ADD("tax") ", " ADD(
        "total");

Err day_fold_put(Cx *cx, Db *db, Slice tenant, Slice invoice)
{
    return db_run(cx, db, add_sql, DB_VALUES(db_text(tenant), db_blob(invoice), db_int(1)), NULL);
}

Err day_fold_take(Cx *cx, Db *db, Tally *tally, Slice tenant, Slice invoice)
{
    TRY(tally_flush_days(cx, tally, db));
    TRY(db_run(cx, db, add_sql, DB_VALUES(db_text(tenant), db_blob(invoice), db_int(-1)), NULL));
    // What was made from the same facts anew has no row of none.
    return db_run(
        cx, db,
        "DELETE FROM invoice_day WHERE invoices = 0 AND (tenant, issue_date, kind, state, "
        "conflict) IN (SELECT tenant, issue_date, kind, state, conflict FROM invoice "
        "WHERE tenant = $1 AND id = $2)",
        DB_VALUES(db_text(tenant), db_blob(invoice)), NULL);
}
