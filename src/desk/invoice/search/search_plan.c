#include "desk/invoice/search/search_plan.h"

#include "base/limits.h"

#define SQL_MAX ((size_t)256 * 1024)

// Every term: those of `drive` so that their index serves, the others so that none does.
static void add_terms(Text *sql, const SearchFilter *filter, SearchDrive drive, bool any)
{
    for (size_t i = 0; i < filter->term_count; i++) {
        const SearchTerm *term = &filter->terms[i];
        if (term->drive == SEARCH_ANY && !any) continue;
        Slice text = term->drive == drive ? term->driving : term->plain;
        text_printf(sql, " AND (" SLICE_FMT ")", SLICE_ARG(text));
    }
}

static const char from_invoice[] = " FROM invoice i WHERE i.tenant = $1";

// All that the filter means, unsorted: id and what else is asked for.
static void add_matches(Text *sql, const SearchFilter *filter, SearchDrive drive, Slice columns)
{
    bool any = drive == SEARCH_ANY;
    for (size_t i = 0; i < (any ? filter->way_count : 1); i++) {
        if (i > 0) text_add(sql, SLICE(" UNION "));
        text_printf(sql, "SELECT i.id AS id, " SLICE_FMT "%s", SLICE_ARG(columns), from_invoice);
        if (any) text_printf(sql, " AND (" SLICE_FMT ")", SLICE_ARG(filter->ways[i].driving));
        add_terms(sql, filter, drive, !any);
    }
}

static Err sum_of(Cx *cx, SearchSums *sums, const SearchFilter *filter, Text *sql, int columns,
                  SearchSum *ret_sum)
{
    Slice text;
    TRY(text_done(cx, sql, &text));
    return search_sums_of(cx, sums, filter->db, text, filter->values, filter->count, columns,
                          ret_sum);
}

// How many entries of its index a term leaves, up to one more than are read.
static Err probe(Cx *cx, SearchSums *sums, const SearchFilter *filter, SearchDrive drive,
                 int64_t *ret_count)
{
    Text sql = text_open(cx, SQL_MAX);
    text_add(&sql, SLICE("SELECT count(*) FROM ("));
    bool any = drive == SEARCH_ANY;
    for (size_t i = 0; i < (any ? filter->way_count : 1); i++) {
        text_printf(&sql, "%sSELECT * FROM (SELECT 1 AS one%s", i == 0 ? "" : " UNION ALL ",
                    from_invoice);
        if (any) text_printf(&sql, " AND (" SLICE_FMT ")", SLICE_ARG(filter->ways[i].driving));
        for (size_t k = 0; k < filter->term_count; k++)
            if (!any && filter->terms[k].drive == drive)
                text_printf(&sql, " AND (" SLICE_FMT ")", SLICE_ARG(filter->terms[k].driving));
        text_printf(&sql, " LIMIT %d) AS w%zu", SEARCH_DRIVEN_MAX + 1, i);
    }
    text_add(&sql, SLICE(") AS m"));
    SearchSum sum;
    TRY(sum_of(cx, sums, filter, &sql, 1, &sum));
    *ret_count = sum.count;
    return ERR_OK;
}

static bool has(const SearchFilter *filter, SearchDrive drive)
{
    for (size_t i = 0; i < filter->term_count; i++)
        if (filter->terms[i].drive == drive) return true;
    return false;
}

// How many entries of a drive's index are read, at most. The narrow ones do not say what else is
// asked.
static int64_t most(SearchDrive drive)
{
    bool narrow = drive == SEARCH_NUMBER || drive == SEARCH_CODE || drive == SEARCH_AMOUNT;
    return narrow                ? SEARCH_LOOKED_MAX
           : drive == SEARCH_ANY ? 2 * SEARCH_LOOKED_MAX
                                 : SEARCH_DRIVEN_MAX;
}

// Digits alone: their index has the days, too, so it is read to its end whatever there is. Numbers
// begin with a year: by day, one would walk through all those of other years.
static bool of_number(const SearchFilter *filter, const SearchPlan *plan)
{
    return plan->drive == SEARCH_NUMBER && filter->term_count == 1 &&
           plan->sort->drive == SEARCH_DATE;
}

// Only what invoice_day knows.
static bool of_days(const SearchFilter *filter)
{
    for (size_t i = 0; i < filter->term_count; i++)
        if (filter->terms[i].drive != SEARCH_DATE && filter->terms[i].drive != SEARCH_DAY)
            return false;
    return true;
}

// The days of one party, and of one code, are in order in its own index.
static bool in_order(const SearchFilter *filter, const SearchPlan *plan)
{
    if (plan->sort->drive == plan->drive) return true;
    if (plan->sort->drive != SEARCH_DATE) return false;
    return plan->drive == SEARCH_CODE || (plan->drive == SEARCH_SELLER && filter->one_seller) ||
           (plan->drive == SEARCH_BUYER && filter->one_buyer);
}

// Something else is asked than what this drive's own terms say.
static bool asks_more(const SearchFilter *filter, SearchDrive drive)
{
    for (size_t i = 0; i < filter->term_count; i++)
        if (filter->terms[i].drive != drive) return true;
    return false;
}

Err search_plan_make(Cx *cx, SearchSums *sums, const SearchFilter *filter, const SearchSort *sort,
                     bool down, SearchPlan *ret_plan)
{
    SearchPlan plan = {.sort = sort, .down = down, .drive = SEARCH_DRIVE_COUNT};
    int64_t least = INT64_MAX;
    for (SearchDrive drive = 0; drive < SEARCH_DRIVE_COUNT; drive++) {
        if (filter->nothing) break;
        if (drive == SEARCH_DAY || filter->many[drive] || !has(filter, drive)) continue;
        // Days in their own order need no other way, whatever else is asked of kind and state.
        if (drive == SEARCH_DATE && sort->drive == SEARCH_DATE && of_days(filter)) continue;
        int64_t count = 0;
        TRY(probe(cx, sums, filter, drive, &count));
        if (count >= least) continue;
        least = count;
        plan.drive = drive;
    }
    plan.counted = plan.drive != SEARCH_DRIVE_COUNT && least <= most(plan.drive);
    // The index of amounts is narrow: many of its rows would be looked at for what the index of any
    // order says.
    if (plan.drive == SEARCH_AMOUNT && least > SEARCH_DRIVEN_MAX && asks_more(filter, plan.drive))
        plan.drive = SEARCH_DRIVE_COUNT;
    plan.driven = plan.counted || of_number(filter, &plan);
    plan.in_order = in_order(filter, &plan);
    *ret_plan = plan;
    return ERR_OK;
}

static void add_days(Text *sql, const SearchFilter *filter)
{
    text_add(sql, SLICE(" FROM invoice_day d WHERE d.tenant = $1"));
    for (size_t i = 0; i < filter->term_count; i++)
        text_printf(sql, " AND (" SLICE_FMT ")", SLICE_ARG(filter->terms[i].day));
}

#define SUMS "COALESCE(sum(%s.amount), 0), COALESCE(sum(%s.tax), 0), COALESCE(sum(%s.total), 0)"

static Err total_of_days(Cx *cx, SearchSums *sums, const SearchFilter *filter, SearchSum *ret_sum)
{
    if (filter->term_count == 0)
        return search_sums_invoices(cx, sums, filter->db, filter->seen, filter->values[0].bytes,
                                    ret_sum);
    Text sql = text_open(cx, SQL_MAX);
    text_printf(&sql, "SELECT COALESCE(sum(d.invoices), 0), " SUMS, "d", "d", "d");
    add_days(&sql, filter);
    return sum_of(cx, sums, filter, &sql, 4, ret_sum);
}

static Err total_of_matches(Cx *cx, SearchSums *sums, const SearchFilter *filter, SearchDrive drive,
                            SearchSum *ret_sum)
{
    Text sql = text_open(cx, SQL_MAX);
    text_printf(&sql, "SELECT count(*), " SUMS " FROM (", "m", "m", "m");
    add_matches(&sql, filter, drive, SLICE("i.amount AS amount, i.tax AS tax, i.total AS total"));
    text_add(&sql, SLICE(") AS m"));
    return sum_of(cx, sums, filter, &sql, 4, ret_sum);
}

static const SearchTerm *of_many(const SearchFilter *filter)
{
    for (size_t i = 0; i < filter->term_count; i++)
        if (filter->terms[i].each.size > 0) return &filter->terms[i];
    return NULL;
}

// Every term but `but`: those of many parties by each invoice, those of `drive` so that its index
// serves.
static void add_each(Text *sql, const SearchFilter *filter, SearchDrive drive,
                     const SearchTerm *but)
{
    for (size_t i = 0; i < filter->term_count; i++) {
        const SearchTerm *term = &filter->terms[i];
        Slice text = term->each.size > 0    ? term->each
                     : term->drive == drive ? term->driving
                                            : term->plain;
        if (term != but) text_printf(sql, " AND (" SLICE_FMT ")", SLICE_ARG(text));
    }
}

// Of many parties: one after the other, until there are more than are counted. Not *ret_all: only
// that there are so many is known.
static Err total_of_parties(Cx *cx, SearchSums *sums, const SearchFilter *filter,
                            const SearchTerm *one, SearchSum *ret_sum, bool *ret_all)
{
    Text sql = text_open(cx, SQL_MAX);
    text_printf(&sql,
                "SELECT count(*), " SUMS " FROM (SELECT i.amount AS amount, i.tax AS tax, "
                "i.total AS total FROM party p CROSS JOIN invoice i WHERE p.tenant = $1 AND "
                "i.tenant = $1 AND " SLICE_FMT,
                "m", "m", "m", SLICE_ARG(one->join));
    add_each(&sql, filter, SEARCH_DRIVE_COUNT, one);
    text_printf(&sql, " LIMIT %d) AS m", SEARCH_COUNTED_MAX + 1);
    TRY(sum_of(cx, sums, filter, &sql, 4, ret_sum));
    *ret_all = one->drive != SEARCH_ANY && ret_sum->count <= SEARCH_COUNTED_MAX;
    return ERR_OK;
}

// Whether there are more than are counted.
static Err count_up_to(Cx *cx, SearchSums *sums, const SearchFilter *filter, SearchDrive drive,
                       SearchSum *ret_sum)
{
    Text sql = text_open(cx, SQL_MAX);
    text_printf(&sql, "SELECT count(*) FROM (SELECT 1 AS one%s", from_invoice);
    add_terms(&sql, filter, drive, true);
    text_printf(&sql, " LIMIT %d) AS m", SEARCH_COUNTED_MAX + 1);
    return sum_of(cx, sums, filter, &sql, 1, ret_sum);
}

Err search_plan_total(Cx *cx, SearchSums *sums, const SearchFilter *filter, const SearchPlan *plan,
                      SearchSum *ret_sum, bool *ret_exact)
{
    *ret_exact = true;
    *ret_sum = (SearchSum){};
    if (filter->nothing) return ERR_OK;
    if (of_days(filter)) return total_of_days(cx, sums, filter, ret_sum);
    if (plan->counted) return total_of_matches(cx, sums, filter, plan->drive, ret_sum);
    // Any of several ways at once has no index: what is walked is the order's.
    SearchDrive drive = plan->drive == SEARCH_ANY ? SEARCH_DRIVE_COUNT : plan->drive;
    const SearchTerm *many = of_many(filter);
    bool all = false;
    if (many != NULL) TRY(total_of_parties(cx, sums, filter, many, ret_sum, &all));
    if (all) return ERR_OK;
    if (many == NULL || ret_sum->count <= SEARCH_COUNTED_MAX)
        TRY(count_up_to(cx, sums, filter, drive, ret_sum));
    if (ret_sum->count <= SEARCH_COUNTED_MAX)
        return total_of_matches(cx, sums, filter, drive, ret_sum);
    *ret_exact = false;
    *ret_sum = (SearchSum){.count = SEARCH_COUNTED_MAX};
    return ERR_OK;
}

static void add_days_from(Text *sql, const SearchFilter *filter, const SearchPlan *plan, size_t key)
{
    add_days(sql, filter);
    if (key > 0) text_printf(sql, " AND d.issue_date %s $%zu", plan->down ? "<=" : ">=", key);
}

// The day by which a page is full; "" when no day has such invoices. All of the first day may lie
// before the cursor.
static Err last_day(Cx *cx, const SearchFilter *filter, const SearchPlan *plan, size_t key,
                    size_t limit, Slice *ret_day)
{
    Text sql = text_open(cx, SQL_MAX);
    text_add(&sql, SLICE("SELECT d.issue_date, sum(d.invoices)"));
    add_days_from(&sql, filter, plan, key);
    text_printf(&sql, " GROUP BY d.issue_date ORDER BY d.issue_date %s",
                plan->down ? "DESC" : "ASC");
    Slice text;
    TRY(text_done(cx, &sql, &text));
    AUTO_ROWS DbRows *rows = NULL;
    TRY(db_query_text(cx, filter->db, text, filter->values, filter->count, &rows));
    *ret_day = SLICE("");
    int64_t found = 0;
    for (bool first = key > 0; found < (int64_t)limit; first = false) {
        bool row = false;
        TRY(db_next(cx, rows, &row));
        if (!row) break;
        TRY(cx_copy(cx, db_col_text(rows, 0), ret_day));
        if (!first) found += db_col_int(rows, 1);
    }
    return ERR_OK;
}

static void add_order(Text *sql, const SearchPlan *plan, const char *column, const char *id)
{
    const char *way = plan->down ? "DESC" : "ASC";
    text_printf(sql, " ORDER BY %s %s, %s %s", column, way, id, way);
}

static void add_cursor(Text *sql, const SearchPlan *plan, const char *column, const char *id,
                       size_t key, size_t key_id)
{
    if (key == 0) return;
    text_printf(sql, " AND (%s, %s) %s ($%zu, $%zu)", column, id, plan->down ? "<" : ">", key,
                key_id);
}

// One index has both what drives and the order: read until the page is full.
static void add_walk(Text *sql, const SearchFilter *filter, const SearchPlan *plan, size_t key,
                     size_t id)
{
    SearchDrive drive = plan->in_order ? plan->drive : plan->sort->drive;
    text_printf(sql, "SELECT i.id AS id, %s AS sort_key%s", plan->sort->column, from_invoice);
    add_terms(sql, filter, drive, true);
    add_cursor(sql, plan, plan->sort->column, "i.id", key, id);
    add_order(sql, plan, plan->sort->column, "i.id");
}

// A kind or a state that is rare is on few days: only these are looked at.
static Err add_some_days(Cx *cx, Text *sql, SearchFilter *filter, const SearchPlan *plan,
                         size_t key, size_t id, size_t limit)
{
    Slice day;
    TRY(last_day(cx, filter, plan, key, limit, &day));
    size_t last = search_filter_value(filter, db_text(day));
    text_printf(sql, "SELECT i.id AS id, %s AS sort_key%s AND i.issue_date IN (SELECT d.issue_date",
                plan->sort->plain, from_invoice);
    add_days_from(sql, filter, plan, key);
    text_printf(sql, " AND d.issue_date %s $%zu)", plan->down ? ">=" : "<=", last);
    add_terms(sql, filter, SEARCH_DRIVE_COUNT, true);
    add_cursor(sql, plan, plan->sort->plain, "i.id", key, id);
    add_order(sql, plan, plan->sort->plain, "i.id");
    return ERR_OK;
}

static void add_sorted(Text *sql, const SearchFilter *filter, const SearchPlan *plan, size_t key,
                       size_t id)
{
    text_add(sql, SLICE("SELECT m.id AS id, m.sort_key AS sort_key FROM ("));
    add_matches(sql, filter, plan->drive, slice_of(plan->sort->keyed));
    text_add(sql, SLICE(") AS m WHERE 1 = 1"));
    add_cursor(sql, plan, "m.sort_key", "m.id", key, id);
    add_order(sql, plan, "m.sort_key", "m.id");
}

Err search_plan_page(Cx *cx, SearchFilter *filter, const SearchPlan *plan, size_t key, size_t id,
                     size_t limit, Slice *ret_sql)
{
    Text sql = text_open(cx, SQL_MAX);
    bool by_day = has(filter, SEARCH_DAY) && of_days(filter) && plan->sort->drive == SEARCH_DATE;
    if (by_day)
        TRY(add_some_days(cx, &sql, filter, plan, key, id, limit));
    else if (plan->driven && !plan->in_order)
        add_sorted(&sql, filter, plan, key, id);
    else
        add_walk(&sql, filter, plan, key, id);
    text_printf(&sql, " LIMIT %zu", limit);
    return text_done(cx, &sql, ret_sql);
}

// Where the next SEARCH_NEAR_MAX of the order end: values for a cursor, 0 when there are not so
// many.
static Err find_end(Cx *cx, SearchFilter *filter, const SearchPlan *plan, size_t key, size_t id,
                    size_t *ret_key, size_t *ret_id)
{
    Text sql = text_open(cx, SQL_MAX);
    text_printf(&sql, "SELECT %s, i.id%s", plan->sort->column, from_invoice);
    for (size_t i = 0; i < filter->term_count; i++)
        if (filter->terms[i].drive == plan->sort->drive)
            text_printf(&sql, " AND (" SLICE_FMT ")", SLICE_ARG(filter->terms[i].driving));
    add_cursor(&sql, plan, plan->sort->column, "i.id", key, id);
    add_order(&sql, plan, plan->sort->column, "i.id");
    text_printf(&sql, " LIMIT 1 OFFSET %d", SEARCH_NEAR_MAX - 1);
    Slice text, day, last;
    TRY(text_done(cx, &sql, &text));
    AUTO_ROWS DbRows *rows = NULL;
    bool row = false;
    TRY(db_query_text(cx, filter->db, text, filter->values, filter->count, &rows));
    TRY(db_next(cx, rows, &row));
    *ret_key = *ret_id = 0;
    if (!row) return ERR_OK;
    TRY(cx_copy(cx, db_col_text(rows, 0), &day));
    TRY(cx_copy(cx, db_col_blob(rows, 1), &last));
    *ret_key = search_filter_value(filter, plan->sort->is_text ? db_text(day)
                                                               : db_int(db_col_int(rows, 0)));
    *ret_id = search_filter_value(filter, db_blob(last));
    return ERR_OK;
}

Err search_plan_near(Cx *cx, SearchFilter *filter, const SearchPlan *plan, size_t key, size_t id,
                     size_t limit, Slice *ret_sql)
{
    *ret_sql = SLICE("");
    if (plan->driven || of_many(filter) == NULL) return ERR_OK;
    size_t end_key = 0, end_id = 0;
    TRY(find_end(cx, filter, plan, key, id, &end_key, &end_id));
    Text sql = text_open(cx, SQL_MAX);
    text_printf(&sql, "SELECT i.id AS id, %s AS sort_key%s", plan->sort->column, from_invoice);
    add_each(&sql, filter, plan->sort->drive, NULL);
    add_cursor(&sql, plan, plan->sort->column, "i.id", key, id);
    if (end_key != 0)
        text_printf(&sql, " AND (%s, i.id) %s ($%zu, $%zu)", plan->sort->column,
                    plan->down ? ">=" : "<=", end_key, end_id);
    add_order(&sql, plan, plan->sort->column, "i.id");
    text_printf(&sql, " LIMIT %zu", limit);
    return text_done(cx, &sql, ret_sql);
}
