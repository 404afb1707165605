#include "desk/invoice/search/search_row.h"

Err search_row_read(Cx *cx, const DbRows *rows, SearchRow *row)
{
    Slice *const texts[] = {&row->id,
                            &row->kind,
                            &row->code,
                            &row->number,
                            &row->issue_date,
                            NULL,
                            NULL,
                            NULL,
                            &row->check_code,
                            &row->seller.name,
                            &row->seller.tax_id,
                            &row->buyer.name,
                            &row->buyer.tax_id,
                            &row->state};
    for (int i = 0; i < (int)(sizeof texts / sizeof texts[0]); i++) {
        Slice value = i == 0 ? db_col_blob(rows, i) : db_col_text(rows, i);
        if (texts[i] != NULL) TRY(cx_copy(cx, value, texts[i]));
    }
    row->has_amount = !db_col_null(rows, 5);
    row->has_tax = !db_col_null(rows, 6);
    row->has_total = !db_col_null(rows, 7);
    row->amount = db_col_int(rows, 5);
    row->tax = db_col_int(rows, 6);
    row->total = db_col_int(rows, 7);
    row->conflict = db_col_int(rows, 14) != 0;
    int64_t basis = db_col_int(rows, 15);
    if (basis < 0 || basis >= BASIS_COUNT)
        return err_set(cx, ERR_CORRUPT, "an invoice rests on basis %lld", (long long)basis);
    row->basis = (Basis)basis;
    row->carriers = db_col_int(rows, 16);
    row->findings = db_col_int(rows, 17);
    row->received_ms = (uint64_t)db_col_int(rows, 18);
    return ERR_OK;
}
