#include "desk/invoice/verify/verify_record.h"

#include "model/kind.h"

static const char *const states[] = {"normal", "voided", "red_partial", "red_full", "red"};

#define TOTAL 2 // of JoinFields.fen
static uint8_t state_of(Slice name)
{
    for (size_t i = 0; i < sizeof states / sizeof states[0]; i++)
        if (slice_equal(name, slice_of(states[i]))) return (uint8_t)i;
    return 0;
}

typedef struct Rows {
    VerifyRecord *records;
    size_t count;                        // of `records`
    size_t seen;                         // rows there were
    VerifyAbout about[VERIFY_ABOUT_MAX]; // the first of them
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

static void take_money(const DbRows *row, int column, JoinFields *fields, unsigned which)
{
    fields->known[which] = !db_col_null(row, column);
    fields->fen[which] = db_col_int(row, column);
}

static Err take_row(Cx *cx, const DbRows *row, Rows *rows)
{
    VerifyRecord one = {.conflict = db_col_int(row, 7) != 0,
                        .sequence = (uint64_t)db_col_int(row, 8),
                        .received_ms = (uint64_t)db_col_int(row, 10),
                        .seller = db_col_int(row, 14),
                        .buyer = db_col_int(row, 15)};
    int64_t basis = db_col_int(row, 4);
    if (basis < 0 || basis >= BASIS_COUNT)
        return err_set(cx, ERR_CORRUPT, "an invoice rests on basis %lld", (long long)basis);
    one.basis = (Basis)basis;
    TRY(cx_copy(cx, db_col_text(row, 0), &one.date));
    TRY(cx_copy(cx, db_col_text(row, 3), &one.check_code));
    TRY(cx_copy(cx, db_col_text(row, 5), &one.digits));
    TRY(cx_copy(cx, db_col_text(row, 9), &one.signer));
    TRY(cx_copy(cx, db_col_blob(row, 11), &one.id));
    TRY(cx_copy(cx, db_col_text(row, 12), &one.tenant));
    TRY(cx_copy(cx, db_col_text(row, 16), &one.digital));
    one.state = states[state_of(db_col_text(row, 6))];
    one.fields.date = one.date;
    take_money(row, 1, &one.fields, 0);
    take_money(row, 13, &one.fields, 1);
    take_money(row, 2, &one.fields, TOTAL);
    one.has_amount = one.fields.known[0];
    one.amount = (Money){one.fields.fen[0]};
    one.has_total = one.fields.known[TOTAL];
    one.total = (Money){one.fields.fen[TOTAL]};
    if (rows->seen < VERIFY_ABOUT_MAX) rows->about[rows->seen] = (VerifyAbout){one.tenant, one.id};
    rows->seen++;
    insert(&one, rows);
    return ERR_OK;
}

#define RECORD_COLUMNS                                                                             \
    "SELECT i.issue_date, i.amount, i.total, i.check_code, i.basis, i.field_basis, i.state,"       \
    " i.conflict,"                                                                                 \
    " (SELECT max(e.sequence) FROM event e WHERE e.tenant = i.tenant AND e.subject = i.id),"       \
    " CASE WHEN i.basis IN (2, 3) THEN (SELECT c.seal_signer FROM carrier c"                       \
    "   WHERE c.tenant = i.tenant AND c.invoice = i.id AND c.basis = i.basis"                      \
    "   ORDER BY c.time_ms LIMIT 1) ELSE '' END, i.received_ms, i.id, i.tenant, i.tax,"            \
    " i.seller, i.buyer, i.digital_number FROM invoice i "

// The signer is looked up only where the answer may name one. 数电纸质发票 is found by its second
// number as well; whoever gives the code with it must give the right one.
static Err select_rows(Cx *cx, Db *db, Slice code, Slice number, Rows *rows)
{
    static const char own[] = RECORD_COLUMNS "WHERE i.number = $1 AND i.code = $2";
    static const char either[] =
        RECORD_COLUMNS "WHERE i.number = $1 AND i.code = $2 UNION ALL " RECORD_COLUMNS
                       "WHERE i.digital_number = $1 AND i.digital_number <> '' "
                       "AND ($2 = '' OR i.code = $2)";
    const char *sql = number.size == KIND_DIGITAL_NUMBER_SIZE ? either : own;
    AUTO_ROWS DbRows *row = NULL;
    TRY(db_query(cx, db, sql, DB_VALUES(db_text(number), db_text(code)), &row));
    bool more = false;
    TRY(db_next(cx, row, &more));
    while (more) {
        TRY(take_row(cx, row, rows));
        TRY(db_next(cx, row, &more));
    }
    return ERR_OK;
}

// --- several records of one number

static Err load_parties(Cx *cx, Db *db, VerifyRecord *record)
{
    AUTO_ROWS DbRows *rows = NULL;
    TRY(db_query(cx, db, "SELECT id, tax_id FROM party WHERE tenant = $1 AND id IN ($2, $3)",
                 DB_VALUES(db_text(record->tenant), db_int(record->seller), db_int(record->buyer)),
                 &rows));
    for (bool row = true;;) {
        Slice tax_id;
        TRY(db_next(cx, rows, &row));
        if (!row) return ERR_OK;
        TRY(cx_copy(cx, db_col_text(rows, 1), &tax_id));
        if (db_col_int(rows, 0) == record->seller) record->fields.seller_tax_id = tax_id;
        if (db_col_int(rows, 0) == record->buyer) record->fields.buyer_tax_id = tax_id;
    }
}

static void weigh_pair(VerifyRecord *a, VerifyRecord *b)
{
    // Variants of one organisation are flagged already; those that do not contradict were kept each
    // by one of an invoice's two numbers before anybody knew that these belong together.
    if (join_differs(&a->fields, &b->fields) != 0) {
        a->conflict = b->conflict = true;
    } else if (a->basis == b->basis) {
        uint8_t state = state_of(slice_of(a->state)), other = state_of(slice_of(b->state));
        a->state = b->state = states[state > other ? state : other];
        a->sequence = b->sequence = a->sequence > b->sequence ? a->sequence : b->sequence;
    }
}

// What one of them knows of the invoice's second number holds for all.
static void share_digital(Rows *rows)
{
    Slice known = SLICE("");
    for (size_t i = 0; i < rows->count && slice_empty(known); i++)
        known = rows->records[i].digital;
    for (size_t i = 0; i < rows->count; i++)
        if (slice_empty(rows->records[i].digital)) rows->records[i].digital = known;
}

// On equal evidence, and where nothing contradicts, they have one state and sequence already; what
// else a question is held against is the same. The rest of the second one is never told.
static bool says_the_same(const VerifyRecord *a, const VerifyRecord *b)
{
    return a->basis == b->basis && join_differs(&a->fields, &b->fields) == 0 &&
           slice_equal(a->date, b->date) && slice_equal(a->check_code, b->check_code) &&
           a->has_amount == b->has_amount && a->has_total == b->has_total;
}

static void drop_twins(Rows *rows)
{
    size_t kept = 1;
    for (size_t i = 1; i < rows->count; i++) {
        bool twin = false;
        for (size_t j = 0; j < kept && !twin; j++)
            twin = says_the_same(&rows->records[j], &rows->records[i]);
        if (!twin) rows->records[kept++] = rows->records[i];
    }
    rows->count = kept;
}

static Err weigh(Cx *cx, Db *db, Rows *rows)
{
    if (rows->count < 2) return ERR_OK;
    for (size_t i = 0; i < rows->count; i++)
        TRY(load_parties(cx, db, &rows->records[i]));
    for (size_t i = 0; i < rows->count; i++)
        for (size_t j = i + 1; j < rows->count; j++)
            weigh_pair(&rows->records[i], &rows->records[j]);
    share_digital(rows);
    drop_twins(rows);
    return ERR_OK;
}

// --- copies

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
    if (rows->count > 1 || rows->seen > VERIFY_ABOUT_MAX ||
        one->digits.size < sizeof ret_copy->digits)
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
    ret_copy->state = state_of(slice_of(one->state));
    ret_copy->has_digital = one->digital.size == sizeof ret_copy->digital;
    if (ret_copy->has_digital)
        memcpy(ret_copy->digital, one->digital.data, sizeof ret_copy->digital);
    return true;
}

static void use_copy(const VerifyCopy *copy, VerifyRecord *record)
{
    const char *check_code = copy->text + copy->date_size;
    *record =
        (VerifyRecord){.date = {copy->text, copy->date_size},
                       .check_code = {check_code, copy->check_code_size},
                       .signer = {check_code + copy->check_code_size, copy->signer_size},
                       .digits = {copy->digits, sizeof copy->digits},
                       .digital = {copy->digital, copy->has_digital ? sizeof copy->digital : 0},
                       .has_amount = copy->has_amount,
                       .has_total = copy->has_total,
                       .conflict = copy->conflict,
                       .amount = {copy->amount},
                       .total = {copy->total},
                       .basis = (Basis)copy->basis,
                       .state = states[copy->state],
                       .sequence = copy->sequence};
}

Err verify_record_find(Cx *cx, Store *store, VerifyIndex *index, Slice code, Slice number,
                       VerifyRecord ret_records[static VERIFY_RECORDS_MAX], size_t *ret_count)
{
    VerifyCopy *copy = arena_alloc(&cx->arena, sizeof *copy);
    VerifyKey key = {};
    uint64_t seen = 0;
    if (index != NULL) {
        key = verify_index_key(cx, index, code, number);
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
    Err err = select_rows(cx, db, code, number, &rows);
    if (err == ERR_OK) err = weigh(cx, db, &rows);
    store_give(store, db);
    if (err == ERR_OK && index != NULL && copy_of(&rows, copy))
        verify_index_put(index, &key, seen, rows.about, rows.seen, copy);
    if (err == ERR_OK) *ret_count = rows.count;
    return err;
}
