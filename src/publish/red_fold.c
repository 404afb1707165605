#include "publish/red_fold.h"

#include "base/money.h"
#include "model/kind.h"
#include "publish/day_fold.h"

#define BLUES_MAX 64 // variants of one number that a red invoice is held against

// The code does not count where the number alone names the invoice (数电票).
static Slice link_code(Slice code, Slice number)
{
    return number.size == KIND_DIGITAL_NUMBER_SIZE ? SLICE("") : code;
}

static bool names_blue(const Draft *draft)
{
    return draft->red.is_red && !slice_empty(draft->red.original_number);
}

static Err drop_link(Cx *cx, Db *db, const RedParty *red)
{
    const Red *names = &red->draft->red;
    return db_run(cx, db,
                  "DELETE FROM red_link WHERE tenant = $1 AND number = $2 AND code = $3 "
                  "AND red = $4",
                  DB_VALUES(db_text(red->tenant), db_text(names->original_number),
                            db_text(link_code(names->original_code, names->original_number)),
                            db_blob(red->id)),
                  NULL);
}

static Err put_link(Cx *cx, Db *db, const RedParty *red)
{
    const Red *names = &red->draft->red;
    Money total;
    bool known = money_parse(cx, red->draft->total, &total) == ERR_OK;
    int64_t fen = !known ? 0 : total.fen < 0 ? -total.fen : total.fen;
    return db_run(cx, db,
                  "INSERT INTO red_link (tenant, number, code, red, red_code, red_number, total, "
                  "basis) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
                  DB_VALUES(db_text(red->tenant), db_text(names->original_number),
                            db_text(link_code(names->original_code, names->original_number)),
                            db_blob(red->id), db_text(red->draft->code),
                            db_text(red->draft->number), known ? db_int(fen) : db_null(),
                            db_int((int64_t)red->basis)),
                  NULL);
}

typedef struct Blue {
    char id[16];
    Slice number, code, digital_number; // what red ones may name it by
    int64_t basis, total, red_total;
    bool total_known;
    char state[16];
} Blue;

// Of each red number counts the strongest reading, of equals the smallest: variants of one red
// invoice do not add up.
static Err sum_links(Cx *cx, Db *db, Slice tenant, const Blue *blue, int64_t *ret_sum,
                     bool *ret_any)
{
    AUTO_ROWS DbRows *rows = NULL;
    TRY(db_query(cx, db,
                 "SELECT red_number, red_code, COALESCE(total, 0), basis FROM red_link "
                 "WHERE tenant = $1 AND number = $2 AND code = $3 AND basis <= $4 "
                 "UNION ALL SELECT red_number, red_code, COALESCE(total, 0), basis FROM red_link "
                 "WHERE tenant = $1 AND number = $5 AND code = '' AND number <> '' AND basis <= $4 "
                 "ORDER BY 1, 2, 4, 3",
                 DB_VALUES(db_text(tenant), db_text(blue->number),
                           db_text(link_code(blue->code, blue->number)), db_int(blue->basis),
                           db_text(blue->digital_number)),
                 &rows));
    Slice last_number = SLICE(""), last_code = SLICE("");
    *ret_sum = 0;
    *ret_any = false;
    for (bool row = true;;) {
        TRY(db_next(cx, rows, &row));
        if (!row) return ERR_OK;
        if (*ret_any && slice_equal(last_number, db_col_text(rows, 0)) &&
            slice_equal(last_code, db_col_text(rows, 1)))
            continue;
        TRY(cx_copy(cx, db_col_text(rows, 0), &last_number));
        TRY(cx_copy(cx, db_col_text(rows, 1), &last_code));
        *ret_any = true;
        if (__builtin_add_overflow(*ret_sum, db_col_int(rows, 2), ret_sum))
            *ret_sum = MONEY_FEN_MAX;
    }
}

static Err find_blues(Cx *cx, Db *db, Slice tenant, Slice number, Slice code, Blue *blues,
                      size_t *ret_count)
{
    AUTO_ROWS DbRows *rows = NULL;
    bool digital = number.size == KIND_DIGITAL_NUMBER_SIZE;
#define BLUE_COLUMNS "SELECT id, basis, total, state, red_total, number, code, digital_number "
#define IS_BLUE      "AND state IN ('normal', 'red_partial', 'red_full') "
    TRY(db_query(
        cx, db,
        BLUE_COLUMNS
        "FROM invoice WHERE tenant = $1 AND number = $2 AND ($4 = 1 OR code = $3) " IS_BLUE
        "UNION " BLUE_COLUMNS "FROM invoice WHERE tenant = $1 AND digital_number = $2 "
        "AND digital_number <> '' AND $4 = 1 " IS_BLUE "ORDER BY 1",
        DB_VALUES(db_text(tenant), db_text(number), db_text(code), db_int(digital ? 1 : 0)),
        &rows));
    *ret_count = 0;
    for (bool row = true; *ret_count < BLUES_MAX;) {
        TRY(db_next(cx, rows, &row));
        if (!row) break;
        Slice id = db_col_blob(rows, 0);
        Blue *blue = &blues[*ret_count];
        if (id.size != sizeof blue->id) return err_set(cx, ERR_CORRUPT, "an id is damaged");
        memcpy(blue->id, id.data, sizeof blue->id);
        blue->basis = db_col_int(rows, 1);
        blue->total_known = !db_col_null(rows, 2);
        blue->total = db_col_int(rows, 2);
        Slice state = db_col_text(rows, 3); // one of those three
        memcpy(blue->state, state.data, state.size);
        blue->state[state.size] = '\0';
        blue->red_total = db_col_int(rows, 4);
        TRY(cx_copy(cx, db_col_text(rows, 5), &blue->number));
        TRY(cx_copy(cx, db_col_text(rows, 6), &blue->code));
        TRY(cx_copy(cx, db_col_text(rows, 7), &blue->digital_number));
        ++*ret_count;
    }
    return ERR_OK;
}

// All invoices of that number anew: variants have bases of their own.
static Err recompute(Cx *cx, Db *db, const RedParty *by, Slice number, Slice code)
{
    const Slice tenant = by->tenant;
    if (slice_empty(number)) return ERR_OK;
    Blue blues[BLUES_MAX];
    size_t count = 0;
    code = link_code(code, number);
    TRY(find_blues(cx, db, tenant, number, code, blues, &count));
    for (size_t i = 0; i < count; i++) {
        const Blue *blue = &blues[i];
        int64_t sum = 0;
        bool any = false;
        TRY(sum_links(cx, db, tenant, blue, &sum, &any));
        bool full = any && blue->total_known && blue->total > 0 && sum >= blue->total;
        Slice state = full ? SLICE("red_full") : any ? SLICE("red_partial") : SLICE("normal");
        Slice id = {blue->id, sizeof blue->id};
        db_touch(db, tenant, id);
        if (slice_equal(state, slice_of(blue->state)) && sum == blue->red_total) continue;
        TRY(day_fold_take(cx, db, by->tally, tenant, id));
        TRY(db_run(cx, db,
                   "UPDATE invoice SET state = $3, red_total = $4 WHERE tenant = $1 AND id = $2",
                   DB_VALUES(db_text(tenant), db_blob(id), db_text(state), db_int(sum)), NULL));
        TRY(day_fold_put(cx, db, tenant, id));
    }
    return ERR_OK;
}

static Err has_link(Cx *cx, Db *db, Slice tenant, Slice number, Slice code, bool *ret_has)
{
    AUTO_ROWS DbRows *rows = NULL;
    TRY(db_query(cx, db, "SELECT 1 FROM red_link WHERE tenant = $1 AND number = $2 AND code = $3",
                 DB_VALUES(db_text(tenant), db_text(number), db_text(link_code(code, number))),
                 &rows));
    return db_next(cx, rows, ret_has);
}

static Err recompute_named(Cx *cx, Db *db, const RedParty *red)
{
    const Red *names = &red->draft->red;
    return recompute(cx, db, red, names->original_number, names->original_code);
}

Err red_fold_drop(Cx *cx, Db *db, const RedParty *gone)
{
    if (!names_blue(gone->draft)) return ERR_OK;
    TRY(drop_link(cx, db, gone));
    return recompute_named(cx, db, gone);
}

Err red_fold_invoice(Cx *cx, Db *db, const RedParty *now, const RedParty *before)
{
    bool had = before != NULL && names_blue(before->draft);
    if (had) TRY(drop_link(cx, db, before));
    if (names_blue(now->draft)) TRY(put_link(cx, db, now));
    if (had) TRY(recompute_named(cx, db, before));
    if (names_blue(now->draft)) TRY(recompute_named(cx, db, now));
    Slice number = now->draft->number, code = now->draft->code;
    bool linked = true;
    // A new invoice that no red one names is as it was written, and changes no other.
    if (before == NULL) TRY(has_link(cx, db, now->tenant, number, code, &linked));
    if (!linked && !slice_empty(now->draft->digital_number))
        TRY(has_link(cx, db, now->tenant, now->draft->digital_number, SLICE(""), &linked));
    return linked ? recompute(cx, db, now, number, code) : ERR_OK;
}
