#include "desk/invoice/search/search_detail.h"

#include "base/base64.h"
#include "base/date.h"
#include "desk/invoice/search/search_print.h"
#include "desk/invoice/search/search_row.h"
#include "model/reading_json.h"

static Err find(Cx *cx, Db *db, Slice tenant, Slice id, SearchRow *ret_row, Slice *ret_merged)
{
    static const char sql[] = "SELECT " SEARCH_ROW_COLUMNS ", i.merged" SEARCH_ROW_TABLES
                              " WHERE i.tenant = $1 AND i.id = $2";
    AUTO_ROWS DbRows *rows = NULL;
    bool more = false;
    TRY(db_query(cx, db, sql, DB_VALUES(db_text(tenant), db_blob(id)), &rows));
    TRY(db_next(cx, rows, &more));
    if (!more) return err_set(cx, ERR_MISSING, "there is no such invoice");
    TRY(search_row_read(cx, rows, ret_row));
    return cx_copy(cx, db_col_text(rows, SEARCH_ROW_COLUMN_COUNT), ret_merged);
}

static Err print_draft(Cx *cx, JsonOut *out, Slice merged)
{
    Draft draft = {};
    Err err = reading_json_parse(cx, merged, &draft);
    if (err == ERR_INPUT) return err_wrap(cx, ERR_CORRUPT, "an invoice's draft");
    if (err != ERR_OK) return err;
    json_out_key(out, SLICE("draft"));
    reading_json_draft(out, &draft, false);
    return ERR_OK;
}

static Err print_documents(Cx *cx, Db *db, Slice tenant, Slice id, JsonOut *out)
{
    static const char sql[] =
        "SELECT d.reference, c.media, d.file_name, c.basis, c.seal_state, c.seal_signer, c.time_ms"
        " FROM carrier c JOIN document_state d ON d.tenant = c.tenant AND d.document = c.document"
        " WHERE c.tenant = $1 AND c.invoice = $2 ORDER BY c.time_ms, c.document, c.ordinal"
        " LIMIT 500";
    AUTO_ROWS DbRows *rows = NULL;
    bool more = false;
    TRY(db_query(cx, db, sql, DB_VALUES(db_text(tenant), db_blob(id)), &rows));
    json_out_key(out, SLICE("documents"));
    json_out_array(out);
    TRY(db_next(cx, rows, &more));
    while (more) {
        int64_t basis = db_col_int(rows, 3);
        bool sane = basis >= 0 && basis < BASIS_COUNT;
        json_out_object(out);
        json_out_pair(out, "reference", db_col_text(rows, 0));
        json_out_pair(out, "media", db_col_text(rows, 1));
        json_out_pair(out, "file_name", db_col_text(rows, 2));
        json_out_pair(out, "basis", slice_of(sane ? verdict_basis_name((Basis)basis) : ""));
        json_out_key(out, SLICE("seal"));
        json_out_object(out);
        json_out_pair(out, "state", db_col_text(rows, 4));
        json_out_pair(out, "signer", db_col_text(rows, 5));
        json_out_end_object(out);
        json_out_pair(out, "at", date_rfc3339(cx, (uint64_t)db_col_int(rows, 6)));
        json_out_end_object(out);
        TRY(db_next(cx, rows, &more));
    }
    json_out_end_array(out);
    return ERR_OK;
}

static void print_if(JsonOut *out, bool differs, const char *field)
{
    if (differs) json_out_string(out, slice_of(field));
}

static bool texts_differ(Slice a, Slice b)
{
    return a.size > 0 && b.size > 0 && !slice_equal(a, b);
}

// The key fields by which a reading joins an invoice or founds a variant; unknown contradicts
// nothing.
static void print_differs(JsonOut *out, const SearchRow *a, const SearchRow *b)
{
    json_out_key(out, SLICE("differs"));
    json_out_array(out);
    print_if(out, texts_differ(a->issue_date, b->issue_date), "issue_date");
    print_if(out, a->has_amount && b->has_amount && a->amount != b->amount, "amount");
    print_if(out, a->has_tax && b->has_tax && a->tax != b->tax, "tax");
    print_if(out, a->has_total && b->has_total && a->total != b->total, "total");
    print_if(out, texts_differ(a->seller.tax_id, b->seller.tax_id), "seller.tax_id");
    print_if(out, texts_differ(a->buyer.tax_id, b->buyer.tax_id), "buyer.tax_id");
    print_if(out, texts_differ(a->check_code, b->check_code), "check_code");
    json_out_end_array(out);
}

static Err print_variants(Cx *cx, Db *db, Slice tenant, const SearchRow *row, JsonOut *out)
{
    static const char sql[] = "SELECT " SEARCH_ROW_COLUMNS SEARCH_ROW_TABLES
                              " WHERE i.tenant = $1 AND i.id IN (SELECT n.id FROM"
                              " invoice n WHERE n.tenant = $1 AND n.number = $2 AND n.code = $3"
                              // By the second number of either, which is on paper.
                              " UNION SELECT n.id FROM invoice m JOIN invoice n ON"
                              " n.tenant = m.tenant AND n.number = m.digital_number AND n.code = ''"
                              " WHERE m.tenant = $1 AND m.id = $4 AND m.digital_number <> ''"
                              " UNION SELECT n.id FROM invoice m JOIN invoice n ON"
                              " n.tenant = m.tenant AND n.digital_number <> '' AND"
                              " n.digital_number = CASE m.digital_number WHEN '' THEN m.number"
                              " ELSE m.digital_number END WHERE m.tenant = $1 AND m.id = $4)"
                              " AND i.id <> $4 ORDER BY i.basis, i.received_ms, i.id LIMIT 32";
    json_out_key(out, SLICE("variants"));
    json_out_array(out);
    AUTO_ROWS DbRows *rows = NULL;
    bool more = false;
    if (row->number.size > 0) {
        TRY(db_query(
            cx, db, sql,
            DB_VALUES(db_text(tenant), db_text(row->number), db_text(row->code), db_blob(row->id)),
            &rows));
        TRY(db_next(cx, rows, &more));
    }
    while (more) {
        SearchRow other = {};
        TRY(search_row_read(cx, rows, &other));
        json_out_object(out);
        json_out_pair(out, "id", base64_hex(cx, other.id));
        print_differs(out, row, &other);
        json_out_end_object(out);
        TRY(db_next(cx, rows, &more));
    }
    json_out_end_array(out);
    return ERR_OK;
}

static Err print_history(Cx *cx, Db *db, Slice tenant, Slice id, JsonOut *out)
{
    // The inner SELECT is covered by the index (tenant, subject, …); see verify.c.
    static const char sql[] =
        "SELECT e.sequence, e.type, e.time_ms, e.actor, e.source FROM event e WHERE e.tenant = $1"
        " AND e.sequence IN (SELECT n.sequence FROM event n WHERE n.tenant = $1 AND n.subject IN"
        " (SELECT $2 UNION ALL SELECT former FROM invoice_joined WHERE tenant = $1"
        " AND invoice = $2))"
        " ORDER BY e.sequence LIMIT 500";
    AUTO_ROWS DbRows *rows = NULL;
    bool more = false;
    TRY(db_query(cx, db, sql, DB_VALUES(db_text(tenant), db_blob(id)), &rows));
    json_out_key(out, SLICE("history"));
    json_out_array(out);
    TRY(db_next(cx, rows, &more));
    while (more) {
        json_out_object(out);
        json_out_key(out, SLICE("sequence"));
        json_out_number(out, db_col_int(rows, 0));
        json_out_pair(out, "type", search_print_event(db_col_int(rows, 1)));
        json_out_pair(out, "at", date_rfc3339(cx, (uint64_t)db_col_int(rows, 2)));
        json_out_pair(out, "actor", db_col_text(rows, 3));
        json_out_pair(out, "source", db_col_text(rows, 4));
        json_out_end_object(out);
        TRY(db_next(cx, rows, &more));
    }
    json_out_end_array(out);
    return ERR_OK;
}

// Ids that it had while it was kept as several, and the document that showed that they are one.
static Err print_joined(Cx *cx, Db *db, Slice tenant, Slice id, JsonOut *out)
{
    static const char sql[] = "SELECT j.former, d.reference, j.time_ms FROM invoice_joined j"
                              " JOIN document d ON d.tenant = j.tenant AND d.id = j.document"
                              " WHERE j.tenant = $1 AND j.invoice = $2"
                              " ORDER BY j.time_ms, j.former LIMIT 32";
    AUTO_ROWS DbRows *rows = NULL;
    bool more = false;
    TRY(db_query(cx, db, sql, DB_VALUES(db_text(tenant), db_blob(id)), &rows));
    json_out_key(out, SLICE("joined"));
    json_out_array(out);
    TRY(db_next(cx, rows, &more));
    while (more) {
        json_out_object(out);
        json_out_pair(out, "former_id", base64_hex(cx, db_col_blob(rows, 0)));
        json_out_pair(out, "reference", db_col_text(rows, 1));
        json_out_pair(out, "at", date_rfc3339(cx, (uint64_t)db_col_int(rows, 2)));
        json_out_end_object(out);
        TRY(db_next(cx, rows, &more));
    }
    json_out_end_array(out);
    return ERR_OK;
}

// An id that an invoice had before it was joined to another leads to that one.
static Err follow(Cx *cx, Db *db, Slice tenant, Slice *id)
{
    AUTO_ROWS DbRows *rows = NULL;
    bool row = false;
    TRY(db_query(cx, db, "SELECT invoice FROM invoice_joined WHERE tenant = $1 AND former = $2",
                 DB_VALUES(db_text(tenant), db_blob(*id)), &rows));
    TRY(db_next(cx, rows, &row));
    return row ? cx_copy(cx, db_col_blob(rows, 0), id) : ERR_OK;
}

static Err print_all(Cx *cx, Db *db, Slice tenant, Slice id, JsonOut *out)
{
    SearchRow row = {};
    Slice merged;
    TRY(follow(cx, db, tenant, &id));
    TRY(find(cx, db, tenant, id, &row, &merged));
    json_out_object(out);
    search_print_members(cx, out, &row);
    TRY(print_draft(cx, out, merged));
    TRY(print_documents(cx, db, tenant, id, out));
    TRY(print_variants(cx, db, tenant, &row, out));
    TRY(print_joined(cx, db, tenant, id, out));
    TRY(print_history(cx, db, tenant, id, out));
    json_out_end_object(out);
    return ERR_OK;
}

Err search_detail_print(Cx *cx, Db *db, const PermissionActor *actor, Slice id, JsonOut *out)
{
    TRY(permission_check(cx, actor, PERMISSION_READ_INVOICES));
    uint8_t bytes[COMMIT_ID_SIZE];
    if (base64_unhex(cx, id, bytes, sizeof bytes) != ERR_OK)
        return err_set(cx, ERR_MISSING, "there is no such invoice");
    TRY(db_begin_read(cx, db));
    Err err = print_all(cx, db, actor->tenant, (Slice){(char *)bytes, sizeof bytes}, out);
    db_rollback(db);
    return err;
}
