#include "commit/tally.h"

#include <assert.h>

#define ADD(column) ", " column " = document_day." column " + excluded." column

// The states in the order of DocState.
static const char add_sql[] =
    "INSERT INTO document_day (tenant, day, source, came, received, accepted, duplicate, conflict, "
    "quarantined, rejected, unpacked) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) "
    "ON CONFLICT (tenant, day, source) DO UPDATE SET "
    "came = document_day.came + excluded.came" //
    ADD("received") ADD("accepted") ADD("duplicate") ADD("conflict") ADD("quarantined")
        ADD("rejected") ADD("unpacked");

static Err write_row(Cx *cx, Db *db, const TallyPlace *place, const TallyRow *row)
{
    static_assert(DOC_RECEIVED == 0 && DOC_UNPACKED == 6 && TALLY_STATES == 7,
                  "the columns are in the order of DocState");
    const int64_t *states = row->states;
    bool any = row->came != 0;
    for (size_t i = 0; i < TALLY_STATES; i++)
        any = any || states[i] != 0;
    if (!any) return ERR_OK;
    return db_run(cx, db, add_sql,
                  DB_VALUES(db_text(place->tenant), db_text(place->day), db_text(place->source),
                            db_int(row->came), db_int(states[DOC_RECEIVED]),
                            db_int(states[DOC_ACCEPTED]), db_int(states[DOC_DUPLICATE]),
                            db_int(states[DOC_CONFLICT]), db_int(states[DOC_QUARANTINED]),
                            db_int(states[DOC_REJECTED]), db_int(states[DOC_UNPACKED])),
                  NULL);
}

static TallyPlace place_of(const TallyRow *row)
{
    return (TallyPlace){.tenant = {row->tenant, row->tenant_size},
                        .day = {row->day, row->day_size},
                        .source = {row->source, row->source_size}};
}

static bool is_of(const TallyRow *row, const TallyPlace *place)
{
    const TallyPlace there = place_of(row);
    return slice_equal(there.day, place->day) && slice_equal(there.source, place->source) &&
           slice_equal(there.tenant, place->tenant);
}

static size_t keep(char *to, Slice from)
{
    if (from.size > 0) memcpy(to, from.data, from.size);
    return from.size;
}

// NULL: this place is too long to be gathered.
static Err row_of(Cx *cx, Tally *tally, Db *db, const TallyPlace *place, TallyRow **ret_row)
{
    *ret_row = NULL;
    for (size_t i = 0; i < tally->count; i++) {
        if (!is_of(&tally->rows[i], place)) continue;
        *ret_row = &tally->rows[i];
        return ERR_OK;
    }
    if (place->tenant.size > TALLY_NAME_SIZE || place->source.size > TALLY_NAME_SIZE ||
        place->day.size > sizeof tally->rows[0].day)
        return ERR_OK;
    if (tally->count == TALLY_ROWS) TRY(tally_flush(cx, tally, db));
    TallyRow *row = &tally->rows[tally->count++];
    *row = (TallyRow){};
    row->tenant_size = keep(row->tenant, place->tenant);
    row->source_size = keep(row->source, place->source);
    row->day_size = keep(row->day, place->day);
    *ret_row = row;
    return ERR_OK;
}

static Err change(Cx *cx, Tally *tally, Db *db, const TallyPlace *place, const TallyRow *by)
{
    TallyRow *row = NULL;
    if (tally != NULL) TRY(row_of(cx, tally, db, place, &row));
    if (row == NULL) return write_row(cx, db, place, by);
    row->came += by->came;
    for (size_t i = 0; i < TALLY_STATES; i++)
        row->states[i] += by->states[i];
    return ERR_OK;
}

Err tally_came(Cx *cx, Tally *tally, Db *db, const TallyPlace *place, DocState state)
{
    assert(state < DOC_ERASED);
    TallyRow by = {.came = 1};
    by.states[state] = 1;
    return change(cx, tally, db, place, &by);
}

Err tally_moved(Cx *cx, Tally *tally, Db *db, const TallyPlace *place, DocState from, DocState to)
{
    assert(to < DOC_ERASED);
    TallyRow by = {};
    if (from == to) return ERR_OK;
    if (from < DOC_ERASED) by.states[from]--;
    by.states[to]++;
    return change(cx, tally, db, place, &by);
}

// Sums that no honest invoices reach stay where they are: a sum that overflows would stop the fold.
#define SUM(column)                                                                                \
    ", " column " = CASE WHEN abs(invoice_day." column                                             \
    ") < 4000000000000000000 THEN invoice_day." column " + excluded." column                       \
    " ELSE invoice_day." column " END"

static const char add_day_sql[] =
    "INSERT INTO invoice_day (tenant, issue_date, kind, state, conflict, invoices, amount, tax, "
    "total) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) "
    "ON CONFLICT (tenant, issue_date, kind, state, conflict) DO UPDATE SET "
    "invoices = invoice_day.invoices + excluded.invoices" //
    SUM("amount") SUM("tax") SUM("total");

static Err write_day(Cx *cx, Db *db, const TallyInvoice *day)
{
    return db_run(cx, db, add_day_sql,
                  DB_VALUES(db_text(day->tenant), db_text(day->issue_date), db_text(day->kind),
                            db_text(day->state), db_int(day->conflict), db_int(day->invoices),
                            db_int(day->amount), db_int(day->tax), db_int(day->total)),
                  NULL);
}

static bool is_of_day(const TallyInvoice *day, const TallyInvoice *invoice)
{
    return slice_equal(day->issue_date, invoice->issue_date) &&
           slice_equal(day->kind, invoice->kind) && day->conflict == invoice->conflict &&
           slice_equal(day->state, invoice->state) && slice_equal(day->tenant, invoice->tenant);
}

static Slice keep_text(char *to, Slice from)
{
    return (Slice){to, keep(to, from)};
}

Err tally_flush_days(Cx *cx, Tally *tally, Db *db)
{
    if (tally == NULL) return ERR_OK;
    for (size_t i = 0; i < tally->day_count; i++)
        TRY(write_day(cx, db, &tally->days[i].sums));
    tally->day_count = 0;
    return ERR_OK;
}

// NULL: one of its texts is too long to be gathered.
static Err day_of(Cx *cx, Tally *tally, Db *db, const TallyInvoice *invoice, TallyInvoice **ret_day)
{
    *ret_day = NULL;
    for (size_t i = tally->day_count; i-- > 0;) {
        if (!is_of_day(&tally->days[i].sums, invoice)) continue;
        *ret_day = &tally->days[i].sums;
        return ERR_OK;
    }
    TallyDay *day = NULL;
    if (invoice->tenant.size > sizeof day->tenant || invoice->kind.size > sizeof day->kind ||
        invoice->issue_date.size > sizeof day->issue_date ||
        invoice->state.size > sizeof day->state)
        return ERR_OK;
    if (tally->day_count == TALLY_DAYS) TRY(tally_flush_days(cx, tally, db));
    day = &tally->days[tally->day_count++];
    day->sums = (TallyInvoice){.tenant = keep_text(day->tenant, invoice->tenant),
                               .issue_date = keep_text(day->issue_date, invoice->issue_date),
                               .kind = keep_text(day->kind, invoice->kind),
                               .state = keep_text(day->state, invoice->state),
                               .conflict = invoice->conflict};
    *ret_day = &day->sums;
    return ERR_OK;
}

Err tally_invoice(Cx *cx, Tally *tally, Db *db, const TallyInvoice *invoice)
{
    TallyInvoice *day = NULL;
    if (tally != NULL) TRY(day_of(cx, tally, db, invoice, &day));
    if (day == NULL) return write_day(cx, db, invoice);
    day->invoices += invoice->invoices;
    day->amount += invoice->amount;
    day->tax += invoice->tax;
    day->total += invoice->total;
    // So that a sum of gathered ones can't overflow the one that it is added to.
    return day->invoices < TALLY_INVOICES ? ERR_OK : tally_flush_days(cx, tally, db);
}

Err tally_flush(Cx *cx, Tally *tally, Db *db)
{
    TRY(tally_flush_days(cx, tally, db));
    for (size_t i = 0; i < tally->count; i++) {
        const TallyPlace place = place_of(&tally->rows[i]);
        TRY(write_row(cx, db, &place, &tally->rows[i]));
    }
    tally_forget(tally);
    return ERR_OK;
}

bool tally_put_party(Tally *tally, Slice tenant, int64_t id)
{
    if (tally == NULL || id == 0 || tenant.size > TALLY_NAME_SIZE) return false;
    if (!slice_equal(tenant, (Slice){tally->party_tenant, tally->party_tenant_size})) {
        tally_forget_parties(tally);
        tally->party_tenant_size = keep(tally->party_tenant, tenant);
    }
    int64_t *place = &tally->parties[(uint64_t)id % TALLY_PARTIES];
    const bool there = *place == id;
    *place = id;
    tally->any_party = true;
    return there;
}

void tally_forget_parties(Tally *tally)
{
    if (tally == NULL || !tally->any_party) return;
    memset(tally->parties, 0, sizeof tally->parties);
    tally->any_party = false;
}

void tally_forget(Tally *tally)
{
    tally->count = tally->day_count = 0;
    tally_forget_parties(tally);
}
