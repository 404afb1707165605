#include "desk/running/audit/audit_statement.h"

#include <stdio.h>

#include "base/date.h"
#include "base/limits.h"
#include "desk/running/completeness/completeness.h"
#include "desk/running/completeness/statement.h"

static void bad(Cx *cx, Audit *audit, Slice tenant, Slice day, Slice why)
{
    audit_find_add(&audit->findings, AUDIT_STATEMENT, audit_find_row(cx, "statement", tenant, day),
                   why);
}

typedef struct Row {
    Slice tenant, day, note;
    uint64_t size, time_ms;
} Row;

static Err root_of(Cx *cx, Audit *audit, uint64_t size, Digest *ret_root, bool *ret_found)
{
    *ret_root = tree_empty();
    *ret_found = size == 0;
    AUTO_ROWS DbRows *rows = NULL;
    bool row = false;
    TRY(db_query(cx, audit->db, "SELECT root FROM checkpoint WHERE tenant = '' AND size = $1",
                 DB_VALUES(db_int((int64_t)size)), &rows));
    TRY(db_next(cx, rows, &row));
    if (!row || db_col_blob(rows, 0).size != DIGEST_SIZE) return ERR_OK;
    memcpy(ret_root->bytes, db_col_blob(rows, 0).data, DIGEST_SIZE);
    *ret_found = true;
    return ERR_OK;
}

static Err check_text(Cx *cx, Audit *audit, const Row *row, const Note *note,
                      const EquationDay *says)
{
    Digest root;
    Slice again;
    bool found = false;
    TRY(root_of(cx, audit, row->size, &root, &found));
    if (!found) {
        bad(cx, audit, row->tenant, row->day, SLICE("its checkpoint is not there"));
        return ERR_OK;
    }
    EquationDay day = *says;
    (void)snprintf(day.day, sizeof day.day, SLICE_FMT, SLICE_ARG(row->day));
    TRY(statement_print(cx, log_origin(audit->log), row->tenant, &day, row->size, &root,
                        row->time_ms, &again));
    if (!slice_equal(again, note->text))
        bad(cx, audit, row->tenant, row->day,
            SLICE("tenant, day, size, root or time are not those of its note"));
    return ERR_OK;
}

static const EquationCount *source_of(const EquationDay *day, const EquationCount *like)
{
    static const EquationCount none;
    Slice name = {like->source, like->source_size};
    for (size_t i = 0; i < day->source_count; i++)
        if (slice_equal(name, (Slice){day->sources[i].source, day->sources[i].source_size}))
            return &day->sources[i];
    return &none;
}

// What came on a day stays what it was; what became of it then can't be asked for any more.
static bool same_count(const EquationCount *a, const EquationCount *b)
{
    return a->handed_in == b->handed_in && a->rejected == b->rejected;
}

static Err check_refused(Cx *cx, Audit *audit, const Row *row, const EquationDay *says)
{
    Digest now;
    TRY(completeness_refused(cx, audit->db, row->tenant, row->day, &now));
    if (!digest_equal(&now, &says->refused))
        bad(cx, audit, row->tenant, row->day,
            SLICE("what was refused that day is not what was signed"));
    return ERR_OK;
}

static Err check_counts(Cx *cx, Audit *audit, const Row *row, const EquationDay *says)
{
    EquationDay now;
    Err err = completeness_count(cx, audit->db, row->tenant, row->day, &now);
    if (err == ERR_INPUT) {
        bad(cx, audit, row->tenant, row->day, SLICE("it is no day"));
        return ERR_OK;
    }
    TRY(err);
    bool same = same_count(&now.all, &says->all);
    for (size_t i = 0; i < now.source_count; i++)
        same &= same_count(&now.sources[i], source_of(says, &now.sources[i]));
    for (size_t i = 0; i < says->source_count; i++)
        same &= same_count(&says->sources[i], source_of(&now, &says->sources[i]));
    if (!same)
        bad(cx, audit, row->tenant, row->day,
            cx_printf(cx, "it says that %lld came and %lld were refused, the facts say %lld, %lld",
                      (long long)says->all.handed_in, (long long)says->all.rejected,
                      (long long)now.all.handed_in, (long long)now.all.rejected));
    else if (says->has_refused)
        TRY(check_refused(cx, audit, row, says));
    return ERR_OK;
}

static Err check_row(Cx *cx, Audit *audit, const Row *row)
{
    Note *note = arena_try_alloc(&cx->arena, sizeof *note);
    if (note == NULL) return err_set(cx, ERR_LIMIT, "a note does not fit");
    EquationDay says;
    if (note_parse(cx, row->note, note) != ERR_OK ||
        statement_parse(cx, note->text, &says) != ERR_OK) {
        bad(cx, audit, row->tenant, row->day, SLICE("its note can't be read"));
        return ERR_OK;
    }
    for (size_t i = 0; i < LOG_KEYS; i++)
        if (note_verify(note, &log_keys(audit->log)[i], NULL) != NOTE_HOLDS)
            bad(cx, audit, row->tenant, row->day, SLICE("one of our signatures does not hold"));
    TRY(check_text(cx, audit, row, note, &says));
    return check_counts(cx, audit, row, &says);
}

// The day before the first on which a file came: the first statement is of the next one, at most.
static Err first_day(Cx *cx, Audit *audit, Slice tenant, Slice *ret_day)
{
    Date date;
    Slice came;
    TRY(completeness_first(cx, audit->db, tenant, &came));
    if (date_parse(cx, came, &date) != ERR_OK) return ERR_OK;
    char text[DATE_TEXT_SIZE + 1];
    return cx_copy(cx, date_print(date_of_days(date_days(date) - 1), text), ret_day);
}

// Days are signed without a gap, from the first on which a file came.
static Err check_gap(Cx *cx, Audit *audit, const Row *row, Slice tenant, Slice day)
{
    Date now, before;
    if (!slice_equal(tenant, row->tenant)) {
        tenant = row->tenant;
        day = SLICE("");
        TRY(first_day(cx, audit, tenant, &day));
    }
    if (slice_empty(day) || date_parse(cx, row->day, &now) != ERR_OK ||
        date_parse(cx, day, &before) != ERR_OK)
        return ERR_OK;
    for (int32_t gone = date_days(before) + 1; gone < date_days(now); gone++) {
        char text[DATE_TEXT_SIZE + 1];
        bad(cx, audit, tenant, date_print(date_of_days(gone), text), SLICE("missing"));
        if (gone - date_days(before) > (int32_t)LIMIT_AUDIT_FINDINGS_OF_KIND) break;
    }
    return ERR_OK;
}

// What counts the days: 20261121 is the newest that was signed.
static void counted_wrong(Cx *cx, Audit *audit, Slice tenant, const char *why)
{
    audit_find_add(&audit->findings, AUDIT_HEAD,
                   audit_find_row(cx, "counter", tenant, SLICE("statement")), slice_of(why));
}

static int32_t days_of(Cx *cx, Slice day)
{
    Date date;
    return date_parse(cx, day, &date) == ERR_OK ? date_days(date) : 0;
}

// Columns: tenant, the newest day that is there, the one that was counted; NULL = none.
static Err check_newest(Cx *cx, Audit *audit, const DbRows *rows)
{
    Slice tenant = db_col_text(rows, 0);
    int32_t newest = days_of(cx, db_col_text(rows, 1));
    long long number = db_col_int(rows, 2);
    int32_t counted = days_of(cx, cx_printf(cx, "%04lld-%02lld-%02lld", number / 10'000,
                                            number / 100 % 100, number % 100));
    if (newest == counted && newest != 0) return ERR_OK;
    counted_wrong(cx, audit, tenant, "it is not the newest day that is signed");
    if (counted == 0) return ERR_OK;
    int32_t gone = counted - newest <= (int32_t)LIMIT_AUDIT_FINDINGS_OF_KIND ? newest + 1 : counted;
    for (; gone <= counted; gone++) {
        char text[DATE_TEXT_SIZE + 1];
        bad(cx, audit, tenant, date_print(date_of_days(gone), text), SLICE("missing"));
    }
    return ERR_OK;
}

static Err check_all_newest(Cx *cx, Audit *audit)
{
    AUTO_ROWS DbRows *rows = NULL;
    TRY(db_query(cx, audit->db,
                 "SELECT t.tenant, (SELECT MAX(day) FROM statement s WHERE s.tenant = t.tenant), "
                 "(SELECT next_value FROM counter c WHERE c.tenant = t.tenant "
                 "AND c.name = 'statement') FROM (SELECT tenant FROM statement UNION "
                 "SELECT tenant FROM counter WHERE name = 'statement') AS t",
                 NULL, 0, &rows));
    for (bool row = true;;) {
        TRY(db_next(cx, rows, &row));
        if (!row) return ERR_OK;
        TRY(check_newest(cx, audit, rows));
    }
}

Err audit_statement_all(Cx *cx, Audit *audit, uint64_t *things)
{
    AUTO_ROWS DbRows *rows = NULL;
    Slice tenant = SLICE(""), day = SLICE("");
    TRY(db_query(cx, audit->db,
                 "SELECT tenant, day, note, size, time_ms FROM statement ORDER BY tenant, day",
                 NULL, 0, &rows));
    for (bool there = true;; ++*things) {
        TRY(db_next(cx, rows, &there));
        if (!there) return check_all_newest(cx, audit);
        Row row = {.tenant = db_col_text(rows, 0),
                   .day = db_col_text(rows, 1),
                   .note = db_col_blob(rows, 2),
                   .size = (uint64_t)db_col_int(rows, 3),
                   .time_ms = (uint64_t)db_col_int(rows, 4)};
        TRY(check_gap(cx, audit, &row, tenant, day));
        Cx own;
        cx_init(&own, cx->world, LIMIT_JOB_ARENA);
        Err err = check_row(&own, audit, &row);
        if (err != ERR_OK) err = err_set(cx, err, "%s", own.err_text);
        cx_done(&own);
        TRY(err);
        TRY(cx_copy(cx, row.tenant, &tenant));
        TRY(cx_copy(cx, row.day, &day));
    }
}
