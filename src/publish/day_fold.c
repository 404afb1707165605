#include "publish/day_fold.h"

#include "model/month.h"

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

// Whoever keeps counts of that month takes them anew.
void day_fold_touch(Db *db, Slice tenant, Slice date)
{
    char about[MONTH_ABOUT_SIZE];
    db_touch(db, tenant, month_about(month_of(date), about));
}

static Err touch_where_it_is(Cx *cx, Db *db, Slice tenant, Slice invoice)
{
    AUTO_ROWS DbRows *rows = NULL;
    bool row = false;
    TRY(db_query(cx, db, "SELECT issue_date FROM invoice WHERE tenant = $1 AND id = $2",
                 DB_VALUES(db_text(tenant), db_blob(invoice)), &rows));
    TRY(db_next(cx, rows, &row));
    if (row) day_fold_touch(db, tenant, db_col_text(rows, 0));
    return ERR_OK;
}

static Err add(Cx *cx, Db *db, Slice tenant, Slice invoice, int64_t sign)
{
    return db_run(cx, db, add_sql, DB_VALUES(db_text(tenant), db_blob(invoice), db_int(sign)),
                  NULL);
}

Err day_fold_put_on(Cx *cx, Db *db, Slice tenant, Slice invoice, Slice date)
{
    day_fold_touch(db, tenant, date);
    return add(cx, db, tenant, invoice, 1);
}

Err day_fold_put(Cx *cx, Db *db, Slice tenant, Slice invoice)
{
    return add(cx, db, tenant, invoice, 1);
}

Err day_fold_take(Cx *cx, Db *db, Tally *tally, Slice tenant, Slice invoice)
{
    TRY(tally_flush_days(cx, tally, db));
    TRY(touch_where_it_is(cx, db, tenant, invoice));
    TRY(add(cx, db, tenant, invoice, -1));
    // What was made from the same facts anew has no row of none.
    return db_run(
        cx, db,
        "DELETE FROM invoice_day WHERE invoices = 0 AND (tenant, issue_date, kind, state, "
        "conflict) IN (SELECT tenant, issue_date, kind, state, conflict FROM invoice "
        "WHERE tenant = $1 AND id = $2)",
        DB_VALUES(db_text(tenant), db_blob(invoice)), NULL);
}
