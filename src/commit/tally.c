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

Err tally_flush(Cx *cx, Tally *tally, Db *db)
{
    for (size_t i = 0; i < tally->count; i++) {
        const TallyPlace place = place_of(&tally->rows[i]);
        TRY(write_row(cx, db, &place, &tally->rows[i]));
    }
    tally_forget(tally);
    return ERR_OK;
}

void tally_forget(Tally *tally)
{
    tally->count = 0;
}
