#include "desk/invoice/search/search_plan.h"

#include "base/test.h"
#include "desk/invoice/search/search_row.h"
#include "flow/flow_fixture.h"

static const SearchSort by_date = {"issue_date",
                                   "i.issue_date",
                                   "(i.issue_date || '')",
                                   "(i.issue_date || '') AS sort_key",
                                   SEARCH_DATE,
                                   true};
static const SearchSort by_total = {
    "total", SEARCH_TOTAL_KEY, SEARCH_TOTAL_PLAIN, SEARCH_TOTAL_PLAIN " AS sort_key", SEARCH_TOTAL,
    false};

#define COMMON 1U // every term leaves more than are read
#define ROWS   2U // rows of the table are read

typedef struct PlanCase {
    SearchQuery query;
    const SearchSort *sort;
    unsigned how;
    const char *plan[3]; // words of the page's plan; behind NULL one that is not there
} PlanCase;

static const char date_seek[] = "COVERING INDEX invoice_date (tenant=? AND issue_date";
static const char sorts[] = "USE TEMP B-TREE FOR ORDER BY";
static const PlanCase cases[] = {
    {{}, &by_date, 0, {"SEARCH i USING COVERING INDEX invoice_date (tenant=?)", NULL, sorts}},
    {{}, &by_total, 0, {"SEARCH i USING COVERING INDEX invoice_total (tenant=?)", NULL, sorts}},
    {{.number = SLICE("24")}, &by_date, 0, {"COVERING INDEX invoice_number (number>", sorts}},
    {{.number = SLICE("24")},
     &by_date,
     COMMON | ROWS,
     {"INDEX invoice_date (tenant=?)", NULL, sorts}},
    {{.code = SLICE("01")},
     &by_date,
     0,
     {"COVERING INDEX invoice_code (tenant=? AND code=?", NULL, sorts}},
    {{.code = SLICE("01"), .kind = SLICE("04")},
     &by_date,
     ROWS,
     {"INDEX invoice_code (tenant=? AND code=?", NULL, sorts}},
    {{.number = SLICE("24"), .kind = SLICE("32")},
     &by_date,
     ROWS,
     {"INDEX invoice_number (number>", sorts}},
    {{.seller = SLICE("one")},
     &by_date,
     0,
     {"COVERING INDEX invoice_seller (tenant=? AND seller=?)", NULL, sorts}},
    {{.seller = SLICE("one")},
     &by_date,
     COMMON,
     {"COVERING INDEX invoice_seller (tenant=? AND seller=?)", NULL, sorts}},
    {{.seller = SLICE("o")},
     &by_date,
     0,
     {"COVERING INDEX invoice_seller (tenant=? AND seller=?)", sorts}},
    {{.seller = SLICE("o")},
     &by_date,
     COMMON,
     {"COVERING INDEX invoice_date (tenant=?)", NULL, sorts}},
    {{.buyer = SLICE("one")},
     &by_total,
     0,
     {"COVERING INDEX invoice_buyer (tenant=? AND buyer=?)", sorts}},
    {{.date_from = SLICE("2024-01-01")}, &by_date, 0, {date_seek, NULL, sorts}},
    {{.date_from = SLICE("2024-01-01")}, &by_total, 0, {date_seek, sorts}},
    {{.date_from = SLICE("2024-01-01")},
     &by_total,
     COMMON,
     {"COVERING INDEX invoice_total (tenant=?)", NULL, sorts}},
    {{.amount_min = SLICE("1")},
     &by_date,
     0,
     {"COVERING INDEX invoice_amount (tenant=? AND amount>"}},
    {{.total_max = SLICE("1")},
     &by_date,
     0,
     {"COVERING INDEX invoice_total (tenant=? AND <expr><"}},
    {{.total_max = SLICE("1")},
     &by_total,
     COMMON,
     {"COVERING INDEX invoice_total (tenant=? AND <expr><", NULL, sorts}},
    {{.kind = SLICE("32")},
     &by_date,
     0,
     {date_seek, "SEARCH d USING PRIMARY KEY (tenant=? AND issue_date"}},
    {{.state = SLICE("conflict")},
     &by_date,
     0,
     {date_seek, "SEARCH d USING PRIMARY KEY (tenant=? AND issue_date"}},
    {{.q = SLICE("one")},
     &by_date,
     0,
     {"COVERING INDEX invoice_number (number>",
      "COVERING INDEX invoice_buyer (tenant=? AND buyer=?)"}},
};

static Slice explain(Cx *cx, Db *db, const SearchFilter *filter, Slice sql)
{
    Text text = text_open(cx, 65536);
    AUTO_ROWS DbRows *rows = NULL;
    Slice asked = cx_printf(cx, "EXPLAIN QUERY PLAN " SLICE_FMT, SLICE_ARG(sql));
    EXPECT_OK(db_query_text(cx, db, asked, filter->values, filter->count, &rows));
    for (bool row = true;;) {
        EXPECT_OK(db_next(cx, rows, &row));
        if (!row) break;
        text_add(&text, db_col_text(rows, 3));
        text_byte(&text, '\n');
    }
    return text_so_far(&text);
}

static void run(Cx *cx, Db *db, const PlanCase *one, bool cursor)
{
    SearchFilter filter;
    SearchPlan plan;
    Slice sql;
    EXPECT_OK(search_filter_build(cx, db, SLICE("t"), &one->query, &filter));
    EXPECT_OK(search_plan_make(cx, NULL, &filter, one->sort, true, &plan));
    if ((one->how & COMMON) != 0) plan.driven = plan.counted = false;
    size_t key = 0, id = 0;
    if (cursor) {
        key = search_filter_value(&filter,
                                  one->sort->is_text ? db_text(SLICE("2024-05-05")) : db_int(5));
        id = search_filter_value(&filter, db_blob(SLICE("x")));
    }
    EXPECT_OK(search_plan_page(cx, &filter, &plan, key, id, 51, &sql));
    Slice plan_text = explain(cx, db, &filter, sql);
    bool good = true, absent = false;
    for (size_t i = 0; i < 3; i++) {
        const char *word = one->plan[i];
        // A cursor is a range of its own.
        Slice wanted = word == NULL ? SLICE("") : slice_of(word);
        if (cursor && wanted.size > 0 && wanted.data[wanted.size - 1] == ')') wanted.size--;
        if (word == NULL && i < 2)
            absent = true; // what follows must not be there
        else if (word != NULL)
            good = good && (slice_find(plan_text, wanted) == SLICE_NONE) == absent;
    }
    if (!good)
        fprintf(stderr, "case %zu:\n" SLICE_FMT "\n" SLICE_FMT, (size_t)(one - cases),
                SLICE_ARG(sql), SLICE_ARG(plan_text));
    EXPECT(good);
    // Rows of the table are read where the index that drives is narrow, nowhere else.
    bool rows = slice_find(plan_text, SLICE("i USING INDEX")) != SLICE_NONE;
    EXPECT(rows == ((one->how & ROWS) != 0));
    EXPECT(slice_find(plan_text, SLICE("SCAN i")) == SLICE_NONE);
}

TEST("search_plan: every filter and order is read from the index that was made for it")
{
    Flow *flow = flow_fixture_open(cx, NULL);
    Db *db = NULL;
    flow_fixture_script(cx, flow,
                        "INSERT INTO party VALUES ('t', 1, 'one', 'A', 'one');"
                        "INSERT INTO party VALUES ('t', 2, 'two', 'B', 'two')");
    EXPECT_OK(store_take(cx, flow_store(flow), &db));
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        run(cx, db, &cases[i], false);
        run(cx, db, &cases[i], true);
    }
    store_give(flow_store(flow), db);
    flow_close(flow);
}

// Of names that many parties have: the order is walked, and each invoice is asked for its party.
TEST("search_plan: names of many parties are asked for where an order's index leads")
{
    Flow *flow = flow_fixture_open(cx, NULL);
    Db *db = NULL;
    flow_fixture_script(cx, flow,
                        "INSERT INTO party WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 "
                        "FROM n WHERE x <= 1000) SELECT 't', x, 'one', x, 'one' FROM n");
    EXPECT_OK(store_take(cx, flow_store(flow), &db));
    static const struct {
        SearchQuery query;
        const SearchSort *sort;
        const char *walk;
        bool near;
    } near_cases[] = {
        {{.seller = SLICE("one")}, &by_date, "COVERING INDEX invoice_date (tenant=?", true},
        {{.buyer = SLICE("one")}, &by_total, "COVERING INDEX invoice_total (tenant=?", true},
        {{.seller = SLICE("one"), .date_from = SLICE("2024-01-01")},
         &by_date,
         "COVERING INDEX invoice_date (tenant=? AND issue_date",
         true},
        {{.q = SLICE("one")}, &by_date, "INDEX invoice_date (tenant=?", true},
        {{.kind = SLICE("32")}, &by_date, "", false},
        {{}, &by_date, "", false},
    };
    for (size_t i = 0; i < sizeof near_cases / sizeof near_cases[0]; i++) {
        SearchFilter filter;
        SearchPlan plan;
        Slice sql;
        EXPECT_OK(search_filter_build(cx, db, SLICE("t"), &near_cases[i].query, &filter));
        EXPECT_OK(search_plan_make(cx, NULL, &filter, near_cases[i].sort, true, &plan));
        if (near_cases[i].near) plan.driven = plan.counted = false;
        EXPECT_OK(search_plan_near(cx, &filter, &plan, 0, 0, 51, &sql));
        EXPECT((sql.size > 0) == near_cases[i].near);
        if (sql.size == 0) continue;
        Slice text = explain(cx, db, &filter, sql);
        bool good = slice_find(text, slice_of(near_cases[i].walk)) != SLICE_NONE &&
                    slice_find(text, SLICE("SEARCH p USING PRIMARY KEY (tenant=? AND id=?)")) !=
                        SLICE_NONE &&
                    slice_find(text, slice_of(sorts)) == SLICE_NONE;
        if (!good) fprintf(stderr, "case %zu:\n" SLICE_FMT, i, SLICE_ARG(text));
        EXPECT(good);
    }
    // Counted party by party.
    SearchFilter filter = {.db = db};
    (void)search_filter_value(&filter, db_text(SLICE("t")));
    Slice text = explain(cx, db, &filter,
                         SLICE("SELECT i.amount FROM party p CROSS JOIN invoice i WHERE p.tenant = "
                               "$1 AND i.tenant = $1 AND i.seller = p.id AND p.name LIKE '%o%' AND "
                               "(i.kind = '32') LIMIT 10001"));
    EXPECT(slice_find(text, SLICE("COVERING INDEX invoice_seller (tenant=? AND seller=?)")) !=
           SLICE_NONE);
    EXPECT(slice_find(text, SLICE("SEARCH p USING PRIMARY KEY (tenant=?)")) == 0);
    store_give(flow_store(flow), db);
    flow_close(flow);
}

static SearchSum total_of(Cx *cx, Db *db, SearchQuery query, bool *ret_exact)
{
    SearchFilter filter;
    SearchPlan plan;
    SearchSum sum;
    EXPECT_OK(search_filter_build(cx, db, SLICE("t"), &query, &filter));
    EXPECT_OK(search_plan_make(cx, NULL, &filter, &by_date, true, &plan));
    EXPECT_OK(search_plan_total(cx, NULL, &filter, &plan, &sum, ret_exact));
    return sum;
}

TEST("search_plan: what nothing drives is counted up to a limit, and says so")
{
    Flow *flow = flow_fixture_open(cx, NULL);
    Db *db = NULL;
    // One index entry more than are read, of two sellers; one in 4096 is a kind of its own.
    Slice fill = cx_printf(
        cx,
        "INSERT INTO party VALUES ('t', 1, 'one', 'A', 'one'); INSERT INTO party VALUES "
        "('t', 2, 'ore', 'B', 'ore');"
        "INSERT INTO invoice WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE "
        "x < %d) SELECT 't', CAST(printf('%%08d', x) AS BLOB), CASE WHEN x %% 4096 = 0 THEN '31' "
        "ELSE "
        "'32' END, '', printf('%%020d', x), '2024-01-01', 1, 1, 2, '', 1 + x %% 2, 0, 0, '', "
        "'normal', "
        "0, 0, 1, 0, 1, '', '' FROM n;"
        "INSERT INTO invoice_day VALUES ('t', '2024-01-01', '32', 'normal', 0, 7, 7, 7, 14)",
        SEARCH_DRIVEN_MAX + 1);
    flow_fixture_script(cx, flow, fill.data);
    EXPECT_OK(store_take(cx, flow_store(flow), &db));
    bool exact = false;
    SearchSum sum = total_of(cx, db, (SearchQuery){.seller = SLICE("o")}, &exact);
    EXPECT(!exact && sum.count == SEARCH_COUNTED_MAX && sum.total == 0);
    sum = total_of(cx, db, (SearchQuery){.seller = SLICE("o"), .kind = SLICE("31")}, &exact);
    EXPECT(exact && sum.count == SEARCH_DRIVEN_MAX / 4096 && sum.total == 2 * sum.count);
    // An amount that nearly all have does not drive beside a kind.
    SearchQuery all = {.amount_max = SLICE("0.01"), .kind = SLICE("31")};
    sum = total_of(cx, db, all, &exact);
    EXPECT(exact && sum.count == SEARCH_DRIVEN_MAX / 4096 && sum.total == 2 * sum.count);
    SearchFilter filter;
    SearchPlan plan;
    EXPECT_OK(search_filter_build(cx, db, SLICE("t"), &all, &filter));
    EXPECT_OK(search_plan_make(cx, NULL, &filter, &by_date, true, &plan));
    EXPECT(plan.drive == SEARCH_DRIVE_COUNT && !plan.counted && !plan.driven);
    Slice text = explain(cx, db, &filter,
                         SLICE("SELECT count(*) FROM (SELECT 1 AS one FROM invoice i WHERE "
                               "i.tenant = $1 AND ((i.amount + 0) <= $2) AND (i.kind = $3) LIMIT "
                               "10001) AS m"));
    EXPECT(slice_find(text, SLICE("COVERING INDEX")) != SLICE_NONE);
    sum = total_of(cx, db, (SearchQuery){.amount_max = SLICE("0.01")}, &exact);
    EXPECT(!exact && sum.count == SEARCH_COUNTED_MAX);
    sum = total_of(cx, db, (SearchQuery){.seller = SLICE("one")}, &exact);
    EXPECT(exact && sum.count == SEARCH_DRIVEN_MAX / 2 && sum.total == 2 * sum.count);
    sum = total_of(cx, db, (SearchQuery){.seller = SLICE("nobody")}, &exact);
    EXPECT(exact && sum.count == 0);
    sum = total_of(cx, db, (SearchQuery){.kind = SLICE("32")}, &exact);
    EXPECT(exact && sum.count == 7 && sum.total == 14);
    store_give(flow_store(flow), db);
    flow_close(flow);
}
