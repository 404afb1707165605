#include "desk/invoice/verify/verify_record.h"

static const char *const states[] = {"normal", "voided", "red_partial", "red_full", "red"};

static uint8_t state_of(Slice name)
{
    for (size_t i = 0; i < sizeof states / sizeof states[0]; i++)
        if (slice_equal(name, slice_of(states[i]))) return (uint8_t)i;
    return 0;
}

typedef struct Rows {
    VerifyRecord *records;
    size_t count; // of `records`
    size_t seen;  // rows there were
    char id[16];  // of the first
    size_t id_size;
    uint8_t state; // of the first
} Rows;

// Sorted here: a number has one invoice, rarely two, and a sorter in the statement costs more than
// finding them.
static bool stands_before(const VerifyRecord *a, const VerifyRecord *b)
{
    if (a->basis != b->basis) return a->basis < b->basis;
    return a->received_ms < b->received_ms;
}

static void insert(const VerifyRecord *one, Rows *rows)
{
    size_t at = rows->count;
    while (at > 0 && stands_before(one, &rows->records[at - 1]))
        at--;
    if (at == VERIFY_RECORDS_MAX) return;
    size_t kept = rows->count < VERIFY_RECORDS_MAX ? rows->count : VERIFY_RECORDS_MAX - 1;
    memmove(&rows->records[at + 1], &rows->records[at], (kept - at) * sizeof *one);
    rows->records[at] = *one;
    rows->count = kept + 1;
}

static Err take_row(Cx *cx, const DbRows *row, Rows *rows)
{
    VerifyRecord one = {.has_amount = !db_col_null(row, 1),
                        .amount = {db_col_int(row, 1)},
                        .has_total = !db_col_null(row, 2),
                        .total = {db_col_int(row, 2)},
                        .conflict = db_col_int(row, 7) != 0,
                        .sequence = (uint64_t)db_col_int(row, 8),
                        .received_ms = (uint64_t)db_col_int(row, 10)};
    int64_t basis = db_col_int(row, 4);
    if (basis < 0 || basis >= BASIS_COUNT)
        return err_set(cx, ERR_CORRUPT, "an invoice rests on basis %lld", (long long)basis);
    one.basis = (Basis)basis;
    TRY(cx_copy(cx, db_col_text(row, 0), &one.date));
    TRY(cx_copy(cx, db_col_text(row, 3), &one.check_code));
    TRY(cx_copy(cx, db_col_text(row, 5), &one.digits));
    TRY(cx_copy(cx, db_col_text(row, 9), &one.signer));
    uint8_t state = state_of(db_col_text(row, 6));
    one.state = states[state];
    Slice id = db_col_blob(row, 11);
    if (rows->seen++ == 0 && id.size <= sizeof rows->id) {
        memcpy(rows->id, id.data, id.size);
        rows->id_size = id.size;
        rows->state = state;
    }
    insert(&one, rows);
    return ERR_OK;
}

// `n` is covered by the index (tenant, number, code), so that even without statistics no engine
// walks the table. The signer is looked up only where the answer may name one.
static Err select_rows(Cx *cx, Db *db, Slice tenant, Slice code, Slice number, Rows *rows)
{
    static const char sql[] =
        "SELECT i.issue_date, i.amount, i.total, i.check_code, i.basis, i.field_basis, i.state,"
        " i.conflict,"
        " (SELECT max(e.sequence) FROM event e WHERE e.tenant = $1 AND e.subject = i.id),"
        " CASE WHEN i.basis IN (2, 3) THEN (SELECT c.seal_signer FROM carrier c"
        "   WHERE c.tenant = $1 AND c.invoice = i.id AND c.basis = i.basis"
        "   ORDER BY c.time_ms LIMIT 1) ELSE '' END, i.received_ms, i.id"
        " FROM invoice n JOIN invoice i ON i.tenant = n.tenant AND i.id = n.id"
        " WHERE n.tenant = $1 AND n.number = $2 AND n.code = $3";
    AUTO_ROWS DbRows *row = NULL;
    TRY(db_query(cx, db, sql, DB_VALUES(db_text(tenant), db_text(number), db_text(code)), &row));
    bool more = false;
    TRY(db_next(cx, row, &more));
    while (more) {
        TRY(take_row(cx, row, rows));
        TRY(db_next(cx, row, &more));
    }
    return ERR_OK;
}

// False when it does not fit.
static bool copy_of(const Rows *rows, VerifyCopy *ret_copy)
{
    *ret_copy = (VerifyCopy){};
    if (rows->seen == 0) return true;
    const VerifyRecord *one = &rows->records[0];
    const Slice texts[] = {one->date, one->check_code, one->signer};
    uint8_t *const sizes[] = {&ret_copy->date_size, &ret_copy->check_code_size,
                              &ret_copy->signer_size};
    size_t size = 0;
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        if (texts[i].size > VERIFY_COPY_TEXT - size) return false;
        if (texts[i].size > 0) memcpy(ret_copy->text + size, texts[i].data, texts[i].size);
        *sizes[i] = (uint8_t)texts[i].size;
        size += texts[i].size;
    }
    if (rows->seen > 1 || rows->id_size == 0 || one->digits.size < sizeof ret_copy->digits)
        return false;
    memcpy(ret_copy->digits, one->digits.data, sizeof ret_copy->digits);
    ret_copy->amount = one->amount.fen;
    ret_copy->total = one->total.fen;
    ret_copy->sequence = one->sequence;
    ret_copy->found = true;
    ret_copy->has_amount = one->has_amount;
    ret_copy->has_total = one->has_total;
    ret_copy->conflict = one->conflict;
    ret_copy->basis = (uint8_t)one->basis;
    ret_copy->state = rows->state;
    return true;
}

static void use_copy(const VerifyCopy *copy, VerifyRecord *record)
{
    const char *check_code = copy->text + copy->date_size;
    *record = (VerifyRecord){.date = {copy->text, copy->date_size},
                             .check_code = {check_code, copy->check_code_size},
                             .signer = {check_code + copy->check_code_size, copy->signer_size},
                             .digits = {copy->digits, sizeof copy->digits},
                             .has_amount = copy->has_amount,
                             .has_total = copy->has_total,
                             .conflict = copy->conflict,
                             .amount = {copy->amount},
                             .total = {copy->total},
                             .basis = (Basis)copy->basis,
                             .state = states[copy->state],
                             .sequence = copy->sequence};
}

Err verify_record_find(Cx *cx, Store *store, VerifyIndex *index, Slice tenant, Slice code,
                       Slice number, VerifyRecord ret_records[static VERIFY_RECORDS_MAX],
                       size_t *ret_count)
{
    VerifyCopy *copy = arena_alloc(&cx->arena, sizeof *copy);
    VerifyKey key = {};
    uint64_t seen = 0;
    if (index != NULL) {
        key = verify_index_key(cx, index, tenant, code, number);
        if (verify_index_find(index, &key, copy)) {
            *ret_count = copy->found ? 1 : 0;
            if (copy->found) use_copy(copy, &ret_records[0]);
            return ERR_OK;
        }
        seen = verify_index_now(index);
    }
    Rows rows = {.records = ret_records};
    Db *db = NULL;
    TRY(store_take(cx, store, &db));
    Err err = select_rows(cx, db, tenant, code, number, &rows);
    store_give(store, db);
    if (err == ERR_OK && index != NULL && copy_of(&rows, copy))
        verify_index_put(index, &key, seen, tenant, (Slice){rows.id, rows.id_size}, copy);
    if (err == ERR_OK) *ret_count = rows.count;
    return err;
}
