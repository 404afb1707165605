#include "desk/invoice/search/search.h"

#include "base/limits.h"
#include "base/test.h"
#include "flow/flow_fixture.h"

// Five invoices: two sellers, a conflict, an unknown total.
static Flow *filled(Cx *cx)
{
    static const char *const texts[] = {
        "fapiao\nkind 31\nnumber 24110000000000000001\nissue_date 2024-01-10\namount 100.00\n"
        "tax 6.00\ntotal 106.00\nseller.name 北京甲乙科技有限公司\n"
        "seller.tax_id 91110108MA01ABCD1X\nbuyer.name Acme_1 Ltd\nseal valid 税务局\n",
        "fapiao\nkind 32\nnumber 24110000000000000002\nissue_date 2024-02-10\namount 200.00\n"
        "tax 12.00\ntotal 212.00\nseller.name 北京甲乙科技有限公司\n"
        "seller.tax_id 91110108MA01ABCD1X\nbuyer.name AcmeX1 Ltd\n",
        "fapiao\nkind 10\ncode 011001900511\nnumber 12345678\nissue_date 2024-03-10\n"
        "amount -50.00\ntax -3.00\ntotal -53.00\nseller.name 上海丙丁商贸有限公司\n",
        "fapiao\nkind 32\nnumber 24310000000000000003\nissue_date 2024-04-10\n"
        "seller.name 上海丙丁商贸有限公司\n",
        "fapiao\nkind 31\nnumber 24110000000000000001\nissue_date 2024-01-10\namount 999.00\n"
        "tax 1.00\ntotal 1000.00\nseller.name 北京甲乙科技有限公司\n"
        "seller.tax_id 91110108MA01ABCD1X\n"};
    Flow *flow = flow_fixture_open(cx, NULL);
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        (void)flow_fixture_keep(cx, flow, texts[i]);
    return flow;
}

static Err list(Cx *cx, Flow *flow, SearchQuery query, SearchPage *page)
{
    PermissionActor actor = permission_actor(PERMISSION_LOCAL);
    Db *db = NULL;
    EXPECT_OK(store_take(cx, flow_store(flow), &db));
    Err err = search_list(cx, db, &actor, &query, page);
    store_give(flow_store(flow), db);
    return err;
}

TEST("search: a name is found however it and what is asked for were set")
{
    Flow *flow = flow_fixture_open(cx, NULL);
    (void)flow_fixture_keep(
        cx, flow,
        "fapiao\nkind 31\nnumber 24110000000000000001\nissue_date 2024-01-10\namount 1234.50\n"
        "seller.name 丙 公　司（北京）\nbuyer.name Acme  Trading CO．\n");
    static const Slice asked[] = {
        SLICE("丙公司"),   SLICE("丙 公 司"),     SLICE("公司(北"), SLICE("司（北京）"),
        SLICE("　丙公　"), SLICE("acme trading"), SLICE("Acme  T"), SLICE("ACMETRADING co."),
    };
    for (size_t i = 0; i < 2 * sizeof asked / sizeof asked[0]; i++) {
        Slice name = asked[i / 2];
        SearchQuery query = i % 2 == 0  ? (SearchQuery){.q = name}
                            : i / 2 < 5 ? (SearchQuery){.seller = name}
                                        : (SearchQuery){.buyer = name};
        SearchPage page = {};
        EXPECT_OK(list(cx, flow, query, &page));
        EXPECT(page.count == 1 && page.row_count == 1 && page.hidden == 0);
    }
    static const struct {
        SearchQuery query;
        int64_t count;
    } cases[] = {
        {{.q = SLICE("丙司")}, 0},
        {{.q = SLICE("％")}, 0},
        {{.q = SLICE("2411 0000 0000")}, 1},
        {{.number = SLICE("２４１１ 0000 0000 0000 0001")}, 1},
        {{.amount_min = SLICE("1,234.50"), .amount_max = SLICE("￥1234.5")}, 1},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        SearchPage page = {};
        EXPECT_OK(list(cx, flow, cases[i].query, &page));
        EXPECT(page.count == cases[i].count && page.count == (int64_t)page.row_count);
    }
    flow_close(flow);
}

TEST("search: every filter alone, and what it hides is counted")
{
    Flow *flow = filled(cx);
    static const struct {
        SearchQuery query;
        int64_t count;
    } cases[] = {
        {{}, 5},
        {{.number = SLICE("2411")}, 3},
        {{.number = SLICE("12345678")}, 1},
        {{.number = SLICE("%")}, 0},
        {{.code = SLICE("011001900511")}, 1},
        {{.seller = SLICE("甲乙")}, 3},
        {{.seller = SLICE("91110108MA01ABCD1X")}, 3},
        {{.seller = SLICE("91110108")}, 0},
        {{.seller = SLICE("丙丁")}, 2},
        {{.buyer = SLICE("acme_1")}, 1},
        {{.buyer = SLICE("ACME")}, 2},
        {{.buyer = SLICE("%")}, 0},
        {{.date_from = SLICE("2024-02-10")}, 3},
        {{.date_to = SLICE("20240210")}, 3},
        {{.date_from = SLICE("2024-02-01"), .date_to = SLICE("2024-03-31")}, 2},
        {{.amount_min = SLICE("100")}, 3},
        {{.amount_max = SLICE("0")}, 1},
        {{.total_min = SLICE("106.00"), .total_max = SLICE("212.00")}, 2},
        {{.kind = SLICE("32")}, 2},
        {{.state = SLICE("normal"), .kind = SLICE("31")}, 2},
        {{.state = SLICE("conflict")}, 2},
        {{.q = SLICE("丙丁")}, 2},
        {{.q = SLICE("212.00")}, 1},
        {{.q = SLICE("24310")}, 1},
        {{.q = SLICE("' OR 1=1 --")}, 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        SearchPage page;
        EXPECT_OK(list(cx, flow, cases[i].query, &page));
        if (page.count != cases[i].count)
            fprintf(stderr, "case %zu: %lld\n", i, (long long)page.count);
        EXPECT(page.count == cases[i].count && page.count == (int64_t)page.row_count);
        EXPECT(page.hidden == 5 - page.count);
    }
    SearchPage page;
    EXPECT_OK(list(cx, flow, (SearchQuery){.seller = SLICE("甲乙")}, &page));
    EXPECT(page.total_sum == 10600 + 21200 + 100000 && page.tax_sum == 600 + 1200 + 100);
    flow_close(flow);
}

TEST("search: each order pages through everything once")
{
    Flow *flow = filled(cx);
    static const char *const sorts[] = {"",       "issue_date",  "-issue_date", "total",
                                        "-total", "received_at", "-received_at"};
    for (size_t i = 0; i < sizeof sorts / sizeof sorts[0]; i++) {
        SearchQuery query = {.sort = slice_of(sorts[i]), .limit = 2};
        SearchRow seen[8] = {};
        size_t count = 0;
        for (;;) {
            SearchPage page;
            EXPECT_OK(list(cx, flow, query, &page));
            EXPECT(page.count == 5 && page.row_count <= 2);
            for (size_t k = 0; k < page.row_count; k++)
                seen[count++] = page.rows[k];
            if (page.next_cursor.size == 0) break;
            query.cursor = page.next_cursor;
        }
        EXPECT(count == 5);
        for (size_t k = 1; k < count; k++) {
            if (strcmp(sorts[i], "total") == 0 && seen[k - 1].has_total)
                EXPECT(seen[k - 1].total <= seen[k].total);
            if (i < 1 || i == 2)
                EXPECT(slice_compare(seen[k - 1].issue_date, seen[k].issue_date) >= 0);
        }
        if (strcmp(sorts[i], "total") == 0) EXPECT(!seen[0].has_total);
    }
    flow_close(flow);
}

TEST("search: with any filter, each order pages through what it means once")
{
    Flow *flow = filled(cx);
    static const SearchQuery queries[] = {{.number = SLICE("2")},
                                          {.code = SLICE("011001900511")},
                                          {.seller = SLICE("甲乙")},
                                          {.buyer = SLICE("acme")},
                                          {.date_from = SLICE("2024-01-10")},
                                          {.amount_min = SLICE("-60")},
                                          {.total_max = SLICE("9999")},
                                          {.kind = SLICE("31")},
                                          {.kind = SLICE("32")},
                                          {.state = SLICE("normal")},
                                          {.state = SLICE("conflict")},
                                          {.q = SLICE("2")},
                                          {.q = SLICE("有限")},
                                          {.seller = SLICE("公司"), .kind = SLICE("31")}};
    static const char *const sorts[] = {"issue_date", "-issue_date", "total",
                                        "-total",     "received_at", "-received_at"};
    for (size_t i = 0; i < sizeof queries / sizeof queries[0] * 6; i++) {
        SearchQuery query = queries[i / 6];
        query.sort = slice_of(sorts[i % 6]);
        query.limit = 1;
        Slice seen[8];
        size_t count = 0;
        SearchPage page = {};
        do {
            EXPECT_OK(list(cx, flow, query, &page));
            EXPECT(page.exact && page.row_count == 1 && count < 8);
            for (size_t k = 0; k < count; k++)
                EXPECT(!slice_equal(seen[k], page.rows[0].id));
            seen[count++] = page.rows[0].id;
            query.cursor = page.next_cursor;
        } while (page.next_cursor.size > 0);
        if ((int64_t)count != page.count)
            fprintf(stderr, "query %zu by %s: %zu of %lld\n", i / 6, sorts[i % 6], count,
                    (long long)page.count);
        EXPECT((int64_t)count == page.count);
    }
    flow_close(flow);
}

TEST("search: what makes no sense is refused, the field named; so is who may not")
{
    Flow *flow = filled(cx);
    static const struct {
        SearchQuery query;
        const char *field;
    } cases[] = {{{.date_from = SLICE("2024-13-01")}, "date_from: "},
                 {{.total_max = SLICE("1e5")}, "total_max: "},
                 {{.kind = SLICE("zz")}, "kind: "},
                 {{.state = SLICE("gone")}, "state: "},
                 {{.sort = SLICE("number")}, "sort: "},
                 {{.limit = 201}, "limit: "},
                 {{.limit = -1}, "limit: "},
                 {{.cursor = SLICE("AAAA")}, "cursor: "},
                 {{.cursor = SLICE("!!")}, "cursor: "}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        SearchPage page;
        EXPECT(list(cx, flow, cases[i].query, &page) == ERR_INPUT);
        EXPECT(slice_starts(err_text(cx), slice_of(cases[i].field)));
    }
    // A cursor belongs to its order.
    SearchPage page;
    EXPECT_OK(list(cx, flow, (SearchQuery){.sort = SLICE("total"), .limit = 2}, &page));
    SearchQuery other = {.sort = SLICE("-total"), .cursor = page.next_cursor};
    EXPECT(list(cx, flow, other, &page) == ERR_INPUT);
    PermissionActor stranger = permission_actor(PERMISSION_STRANGER);
    Db *db = NULL;
    EXPECT_OK(store_take(cx, flow_store(flow), &db));
    EXPECT(search_list(cx, db, &stranger, &(SearchQuery){}, &page) == ERR_DENIED);
    store_give(flow_store(flow), db);
    flow_close(flow);
}

// 30,000 invoices over 400 days: of 2,600 sellers, half are called 东…; the sellers 西… have few
// and old ones; every third buyer is called 东….
static Flow *with_many(Cx *cx)
{
    Flow *flow = flow_fixture_open(cx, NULL);
    flow_fixture_script(
        cx, flow,
        "INSERT INTO party WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE "
        "x < 3900) SELECT 'local', x, CASE WHEN x <= 1300 THEN '东' WHEN x <= 2600 THEN '中' ELSE "
        "'西' END || x || CASE WHEN x % 2 = 0 THEN 'Ab' ELSE '' END, 'TAX' || x, "
        "CASE WHEN x <= 1300 THEN '东' WHEN x <= 2600 THEN '中' ELSE '西' END || x || "
        "CASE WHEN x % 2 = 0 THEN 'ab' ELSE '' END FROM n;"
        "INSERT INTO invoice WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE "
        "x < 30000) SELECT 'local', CAST(printf('%016d', (x * 7919) % 1000003) AS BLOB), "
        "CASE WHEN x % 40 = 0 THEN '31' ELSE '32' END, '', printf('%020d', x), "
        "date('2024-01-01', '+' || (x / 75) || ' days'), x % 1000, 1, CASE WHEN x % 50 = 0 THEN "
        "NULL ELSE x % 977 END, '', CASE WHEN x < 1400 THEN 2600 + x % 1300 + 1 ELSE "
        "1 + (x * 31) % 2600 END, 1 + (x * 17) % 3900, 0, '', 'normal', 0, 0, 1, 0, x, '', '' FROM "
        "n");
    return flow;
}

#define EAST "(SELECT id FROM party WHERE name LIKE '%东%')"
#define WEST "(SELECT id FROM party WHERE name LIKE '%西%')"

typedef struct ManyCase {
    SearchQuery query;
    const char *where, *order;
    bool exact; // or there are more than are counted
} ManyCase;

// All pages of a search, one after the other, are what a naive SELECT says.
static void compare(Cx *cx, Flow *flow, const ManyCase *one)
{
    Db *db = NULL;
    EXPECT_OK(store_take(cx, flow_store(flow), &db));
    Slice sql = cx_printf(cx, "SELECT id FROM invoice WHERE %s ORDER BY %s, id %s", one->where,
                          one->order, strstr(one->order, "DESC") != NULL ? "DESC" : "ASC");
    PermissionActor actor = permission_actor(PERMISSION_LOCAL);
    SearchQuery query = one->query;
    AUTO_ROWS DbRows *rows = NULL;
    EXPECT_OK(db_query_text(cx, db, sql, NULL, 0, &rows));
    int64_t count = 0;
    query.limit = 200;
    for (bool done = false; !done;) {
        Cx own;
        SearchPage page;
        cx_init(&own, cx->world, LIMIT_JOB_ARENA);
        Db *other = NULL;
        EXPECT_OK(store_take(cx, flow_store(flow), &other));
        if (search_list(&own, other, &actor, &query, &page) != ERR_OK)
            test_fail(__FILE__, __LINE__, own.err_text);
        store_give(flow_store(flow), other);
        if (page.exact != one->exact)
            fprintf(stderr, "%s: %lld\n", one->where, (long long)page.count);
        EXPECT(page.exact == one->exact);
        for (size_t i = 0; i < page.row_count; i++, count++) {
            bool row = false;
            EXPECT_OK(db_next(cx, rows, &row));
            EXPECT(row && slice_equal(db_col_blob(rows, 0), page.rows[i].id));
        }
        EXPECT_OK(cx_copy(cx, page.next_cursor, &query.cursor));
        done = page.next_cursor.size == 0;
        if (done && page.exact) EXPECT(page.count == count);
        if (!page.exact) EXPECT(page.count == 10'000);
        cx_done(&own);
        if (count >= 2000 && !one->exact) break; // far enough
    }
    bool row = false;
    EXPECT_OK(db_next(cx, rows, &row));
    EXPECT(count > 0 && row == !one->exact);
    db_rows_close(rows);
    rows = NULL;
    store_give(flow_store(flow), db);
}

TEST("search: names that many parties have, page by page, in every order, as a naive SELECT has "
     "them")
{
    static const ManyCase cases[] = {
        {{.seller = SLICE("东")}, "seller IN " EAST, "issue_date DESC", false},
        {{.seller = SLICE("东"), .sort = SLICE("issue_date")},
         "seller IN " EAST,
         "issue_date ASC",
         false},
        {{.seller = SLICE("东"), .sort = SLICE("-total")},
         "seller IN " EAST,
         "COALESCE(total, -1000000000000001) DESC",
         false},
        {{.seller = SLICE("东"), .sort = SLICE("-received_at")},
         "seller IN " EAST,
         "received_ms DESC",
         false},
        // Of the newest none is theirs: nothing near fills a page.
        {{.seller = SLICE("西")}, "seller IN " WEST, "issue_date DESC", true},
        {{.seller = SLICE("西"), .sort = SLICE("issue_date")},
         "seller IN " WEST,
         "issue_date ASC",
         true},
        {{.seller = SLICE("东"), .kind = SLICE("31")},
         "seller IN " EAST " AND kind = '31'",
         "issue_date DESC",
         true},
        {{.seller = SLICE("东"), .buyer = SLICE("东")},
         "seller IN " EAST " AND buyer IN " EAST,
         "issue_date DESC",
         true},
        {{.seller = SLICE("东"), .date_to = SLICE("2024-12-01")},
         "seller IN " EAST " AND issue_date <= '2024-12-01'",
         "issue_date DESC",
         true},
        {{.seller = SLICE("ab")},
         "seller IN (SELECT id FROM party WHERE name LIKE '%Ab%')",
         "issue_date DESC",
         false},
        {{.q = SLICE("东")}, "(seller IN " EAST " OR buyer IN " EAST ")", "issue_date DESC", false},
    };
    Flow *flow = with_many(cx);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        compare(cx, flow, &cases[i]);
    flow_close(flow);
}

TEST("search: an invoice on paper is found by either of its numbers, alone and with other terms")
{
    Flow *flow = filled(cx);
    (void)flow_fixture_keep(cx, flow,
                            "fapiao\nkind 86\ncode 044001900104\nnumber 87654321\n"
                            "digital_number 24440000000000000007\nissue_date 2024-05-10\n"
                            "amount 10.00\ntax 0.60\ntotal 10.60\nseller.name 广州戊己商行\n");
    static const struct {
        SearchQuery query;
        int64_t count;
    } cases[] = {
        {{.number = SLICE("24440000000000000007")}, 1},
        {{.number = SLICE("2444")}, 1},
        {{.number = SLICE("24")}, 5}, // with the four that begin so themselves
        {{.number = SLICE("24"), .kind = SLICE("86")}, 1},
        {{.number = SLICE("24"), .seller = SLICE("戊己")}, 1},
        {{.number = SLICE("24"), .total_max = SLICE("20")}, 1},
        {{.number = SLICE("87654321")}, 1},
        {{.q = SLICE("24440000000000000007")}, 1},
        {{.q = SLICE("87654321")}, 1},
        {{.number = SLICE("24440000000000000008")}, 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        static const char *const sorts[] = {"", "total", "-issue_date", "received_at"};
        for (size_t k = 0; k < sizeof sorts / sizeof sorts[0]; k++) {
            SearchQuery query = cases[i].query;
            SearchPage page;
            query.sort = slice_of(sorts[k]);
            EXPECT_OK(list(cx, flow, query, &page));
            if (page.count != cases[i].count)
                fprintf(stderr, "case %zu: %lld\n", i, (long long)page.count);
            EXPECT(page.count == cases[i].count && page.count == (int64_t)page.row_count);
        }
    }
    flow_close(flow);
}
