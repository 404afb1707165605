#include "publish/invoice_fold.h"

#include "publish/publish_fixture.h"

TEST("invoice fold: lines and parties of the stronger carrier replace those of the weaker")
{
    Store *store = fixture_store(cx, "lines");
    Committer *committer = fixture_committer(cx, store);
    for (int i = 0; i < 3; i++) {
        Receipt receipt = fixture_receive(cx, committer, cx_printf(cx, "doc %d", i), SLICE(""));
        Reading reading = {.media = MEDIA_PDF};
        fixture_draft(cx, &reading, SOURCE_TEXT, i == 1 ? SEAL_VALID : SEAL_ABSENT,
                      FIXTURE_FIELDS({DRAFT_KIND, "32"}, {DRAFT_NUMBER, "24112000000048542163"},
                                     {DRAFT_SELLER_NAME, i == 1 ? "甲" : "乙"}));
        for (int n = 0; n < 3 - i; n++) {
            Line *line = NULL;
            EXPECT_OK(draft_add_line(cx, &reading.drafts[0], &line));
            *line = (Line){.name = cx_printf(cx, "line %d of %d", n, i), .amount = SLICE("1.50")};
        }
        Outcome outcome = fixture_decide(cx, committer, receipt.document, &reading);
        EXPECT(outcome.state == DOC_ACCEPTED);
        free(outcome.invoices);
    }
    EXPECT(fixture_count(cx, store, "SELECT COUNT(*) FROM line WHERE name LIKE '% of 1'") == 2);
    EXPECT(fixture_count(cx, store, "SELECT COUNT(*) FROM line") == 2);
    EXPECT(fixture_count(cx, store, "SELECT amount FROM line WHERE position = 0") == 150);
    EXPECT(fixture_count(cx, store, "SELECT COUNT(*) FROM party WHERE name <> ''") == 1);
    EXPECT(fixture_count(cx, store, "SELECT amount IS NULL FROM invoice") == 1);
    commit_close(committer);
    store_close(store);
}

TEST("invoice fold: an event without its reading is damage")
{
    Store *store = fixture_store(cx, "damage");
    Db *db = store_writer(store);
    const EventBody body = {};
    Fact fact = {.type = EVENT_ACCEPTED, .tenant = SLICE("local"), .body = &body};
    EXPECT(invoice_fold_reading(cx, db, &fact, 0) == ERR_CORRUPT);
    fact.type = EVENT_CARRIER;
    EXPECT(invoice_fold_reading(cx, db, &fact, 0) == ERR_CORRUPT);
    store_close(store);
}

// --- two invoices that are one

#define CODE    "044001900104"
#define NUMBER  "12345678"
#define DIGITAL "24112000000048542163"

typedef struct Paper {
    const char *code, *number, *digital, *total, *remark;
    SealState seal;
} Paper;

// By code and number, by the 20 digits, by both.
static const Paper papers[] = {
    {CODE, NUMBER, "", "106.00", "甲", SEAL_ABSENT},
    {"", DIGITAL, "", "106.00", "", SEAL_ABSENT},
    {CODE, NUMBER, DIGITAL, "", "", SEAL_ABSENT},
};
static const int orders[][3] = {{0, 1, 2}, {0, 2, 1}, {1, 0, 2}, {1, 2, 0}, {2, 0, 1}, {2, 1, 0}};
#define ORDERS (sizeof orders / sizeof orders[0])

static Outcome hand_in(Cx *cx, Committer *committer, int which, const Paper *paper)
{
    Receipt receipt = fixture_receive(cx, committer, cx_printf(cx, "doc %d", which), SLICE(""));
    Reading reading = {.media = MEDIA_XML};
    fixture_draft(cx, &reading, SOURCE_XML, paper->seal,
                  FIXTURE_FIELDS({DRAFT_KIND, paper->code[0] != '\0' ? "86" : "32"},
                                 {DRAFT_CODE, paper->code}, {DRAFT_NUMBER, paper->number},
                                 {DRAFT_DIGITAL_NUMBER, paper->digital},
                                 {DRAFT_ISSUE_DATE, "2024-05-06"}, {DRAFT_TOTAL, paper->total},
                                 {DRAFT_SELLER_NAME, "某公司"}, {DRAFT_REMARK, paper->remark}));
    Outcome outcome = fixture_decide(cx, committer, receipt.document, &reading);
    EXPECT(outcome.err == ERR_OK);
    free(outcome.invoices);
    return outcome;
}

static void expect_one(Cx *cx, Store *store, const char *where)
{
    Slice sql = cx_printf(cx,
                          "SELECT COUNT(*) FROM invoice WHERE kind = '86' AND code = '" CODE
                          "' AND number = '" NUMBER "' AND digital_number = '" DIGITAL
                          "' AND carriers = 3 AND findings = 0 AND conflict = 0 AND total = 10600 "
                          "AND merged LIKE '%%甲%%' AND %s",
                          where);
    EXPECT(fixture_count(cx, store, sql.data) == 1);
    EXPECT(fixture_count(cx, store, "SELECT COUNT(*) FROM invoice") == 1);
    EXPECT(fixture_count(cx, store,
                         "SELECT COUNT(*) FROM carrier c JOIN invoice i ON "
                         "i.id = c.invoice") == 3);
    EXPECT(fixture_count(cx, store, "SELECT SUM(invoices) FROM invoice_day") == 1);
    EXPECT(fixture_count(cx, store, "SELECT SUM(total) FROM invoice_day") == 10600);
    EXPECT(fixture_count(cx, store, "SELECT SUM(accepted) FROM document_day WHERE conflict = 0") >=
           3);
}

TEST("invoice fold: by code and number, by the 20 digits and by both is one invoice, in any order")
{
    for (size_t i = 0; i < ORDERS; i++) {
        Store *store = fixture_store(cx, cx_printf(cx, "order-%zu", i).data);
        Committer *committer = fixture_committer(cx, store);
        for (int n = 0; n < 3; n++)
            (void)hand_in(cx, committer, n, &papers[orders[i][n]]);
        // Where the two came first they had been kept apart; the later one leads to the first.
        bool late = orders[i][2] == 2;
        expect_one(cx, store,
                   "state = 'normal' AND received_ms = "
                   "(SELECT MIN(received_ms) FROM document_state)");
        EXPECT(fixture_count(cx, store, "SELECT COUNT(*) FROM event WHERE type = 17") == late);
        EXPECT(fixture_count(cx, store,
                             "SELECT COUNT(*) FROM invoice_joined j JOIN invoice i ON i.id = "
                             "j.invoice JOIN event e ON e.subject = j.former AND e.type = 17 AND "
                             "e.time_ms = j.time_ms WHERE j.former <> j.invoice") == late);
        fixture_expect_rebuilt(cx, store, committer);
        commit_close(committer);
        store_close(store);
    }
}

TEST("invoice fold: what reddens either of its names reddens the one, in any order")
{
    for (size_t i = 0; i < ORDERS * 2; i++) {
        Store *store = fixture_store(cx, cx_printf(cx, "red-%zu", i).data);
        Committer *committer = fixture_committer(cx, store);
        for (int n = 0; n < 2; n++)
            (void)hand_in(cx, committer, n, &papers[orders[i % ORDERS][n]]);
        // One by each name, 6.00 and 20.00.
        for (int n = 0; n < 2; n++) {
            Receipt receipt = fixture_receive(cx, committer, cx_printf(cx, "red %d", n), SLICE(""));
            Reading reading = {.media = MEDIA_XML};
            fixture_draft(cx, &reading, SOURCE_XML, SEAL_ABSENT,
                          FIXTURE_FIELDS({DRAFT_KIND, "32"},
                                         {DRAFT_NUMBER,
                                          n == 0 ? "25112000000000000001" : "25112000000000000002"},
                                         {DRAFT_TOTAL, n == 0       ? "-6.00"
                                                       : i < ORDERS ? "-20.00"
                                                                    : "-100.00"},
                                         {DRAFT_RED_ORIGINAL_CODE, n == 0 ? CODE : ""},
                                         {DRAFT_RED_ORIGINAL_NUMBER, n == 0 ? NUMBER : DIGITAL}));
            reading.drafts[0].red.is_red = true;
            Outcome outcome = fixture_decide(cx, committer, receipt.document, &reading);
            EXPECT(outcome.state == DOC_ACCEPTED);
            free(outcome.invoices);
        }
        (void)hand_in(cx, committer, 2, &papers[orders[i % ORDERS][2]]);
        EXPECT(fixture_count(cx, store,
                             i < ORDERS ? "SELECT COUNT(*) FROM invoice WHERE carriers = 3 AND "
                                          "red_total = 2600 AND state = 'red_partial'"
                                        : "SELECT COUNT(*) FROM invoice WHERE carriers = 3 AND "
                                          "red_total = 10600 AND state = 'red_full'") == 1);
        EXPECT(fixture_count(cx, store, "SELECT COUNT(*) FROM invoice") == 3);
        fixture_expect_rebuilt(cx, store, committer);
        commit_close(committer);
        store_close(store);
    }
}

// A red invoice that is on paper itself: its blue one is reddened once.
TEST("invoice fold: a red invoice that was kept as two reddens once when it is one")
{
    for (size_t i = 0; i < ORDERS; i++) {
        Store *store = fixture_store(cx, cx_printf(cx, "reds-%zu", i).data);
        Committer *committer = fixture_committer(cx, store);
        const Paper blue = {"", "24112000000000000007", "", "500.00", "", SEAL_ABSENT};
        (void)hand_in(cx, committer, 9, &blue);
        for (int n = 0; n < 3; n++) {
            const Paper *paper = &papers[orders[i][n]];
            Receipt receipt = fixture_receive(cx, committer, cx_printf(cx, "red %d", n), SLICE(""));
            Reading reading = {.media = MEDIA_XML};
            fixture_draft(cx, &reading, SOURCE_XML, SEAL_ABSENT,
                          FIXTURE_FIELDS({DRAFT_KIND, "86"}, {DRAFT_CODE, paper->code},
                                         {DRAFT_NUMBER, paper->number},
                                         {DRAFT_DIGITAL_NUMBER, paper->digital},
                                         {DRAFT_TOTAL, "-100.00"},
                                         {DRAFT_RED_ORIGINAL_NUMBER, "24112000000000000007"}));
            reading.drafts[0].red.is_red = true;
            free(fixture_decide(cx, committer, receipt.document, &reading).invoices);
        }
        EXPECT(fixture_count(cx, store, "SELECT COUNT(*) FROM red_link") == 1);
        EXPECT(fixture_count(cx, store, "SELECT red_total FROM invoice WHERE total = 50000") ==
               10000);
        EXPECT(fixture_count(cx, store, "SELECT COUNT(*) FROM invoice WHERE state = 'red'") == 1);
        fixture_expect_rebuilt(cx, store, committer);
        commit_close(committer);
        store_close(store);
    }
}

TEST("invoice fold: two names whose invoices contradict stay two, and both are flagged")
{
    // By the 20 digits it says another total; the one that bears both agrees with either, or none.
    static const char *const totals[] = {"106.00", "906.00", ""};
    for (size_t i = 0; i < ORDERS * 3; i++) {
        Store *store = fixture_store(cx, cx_printf(cx, "other-%zu", i).data);
        Committer *committer = fixture_committer(cx, store);
        Paper own[3] = {papers[0], papers[1], papers[2]};
        own[1].total = "906.00";
        own[2].total = totals[i / ORDERS];
        for (int n = 0; n < 3; n++)
            (void)hand_in(cx, committer, n, &own[orders[i % ORDERS][n]]);
        EXPECT(fixture_count(cx, store, "SELECT COUNT(*) FROM invoice WHERE conflict = 1") == 2);
        EXPECT(fixture_count(cx, store, "SELECT COUNT(*) FROM invoice") == 2);
        EXPECT(fixture_count(cx, store, "SELECT SUM(carriers) FROM invoice") == 3);
        EXPECT(fixture_count(cx, store, "SELECT COUNT(*) FROM event WHERE type = 17") == 0);
        fixture_expect_rebuilt(cx, store, committer);
        commit_close(committer);
        store_close(store);
    }
}

TEST("invoice fold: nothing weaker joins an invoice that something stronger named to another")
{
    for (size_t i = 0; i < ORDERS * 2; i++) {
        Store *store = fixture_store(cx, cx_printf(cx, "weak-%zu", i).data);
        Committer *committer = fixture_committer(cx, store);
        Paper own[3] = {papers[0], papers[1], papers[2]};
        own[1].seal = SEAL_VALID;
        if (i >= ORDERS) own[0].seal = SEAL_VALID;
        const int *order = orders[i % ORDERS];
        for (int n = 0; n < 3; n++)
            (void)hand_in(cx, committer, n, &own[order[n]]);
        bool founded = order[2] == 1 || order[0] == 2; // by both names, by what is weak
        EXPECT(fixture_count(cx, store, "SELECT COUNT(*) FROM invoice") == (founded ? 1 : 2));
        // Neither name is lost: each finds what it was handed in by.
        EXPECT(fixture_count(cx, store,
                             "SELECT COUNT(*) FROM invoice WHERE code = '" CODE
                             "' AND number = '" NUMBER "'") == 1);
        EXPECT(fixture_count(cx, store,
                             "SELECT COUNT(*) FROM invoice WHERE basis = 2 AND '" DIGITAL
                             "' IN (number, digital_number)") > 0);
        fixture_expect_rebuilt(cx, store, committer);
        commit_close(committer);
        store_close(store);
    }
}

TEST("invoice fold: what is weaker than the one of code and number says all the same which 20 "
     "digits it has")
{
    for (size_t i = 0; i < ORDERS; i++) {
        Store *store = fixture_store(cx, cx_printf(cx, "strong-%zu", i).data);
        Committer *committer = fixture_committer(cx, store);
        Paper own[3] = {papers[0], papers[1], papers[2]};
        own[0].seal = SEAL_VALID;
        for (int n = 0; n < 3; n++)
            (void)hand_in(cx, committer, n, &own[orders[i][n]]);
        expect_one(cx, store, "basis = 2");
        fixture_expect_rebuilt(cx, store, committer);
        commit_close(committer);
        store_close(store);
    }
}

TEST(
    "invoice fold: two codes and numbers of the same 20 digits stay two, whoever reads those alone")
{
    static const Paper own[] = {{CODE, "87654321", "", "106.00", "", SEAL_VALID},
                                {CODE, NUMBER, DIGITAL, "", "", SEAL_ABSENT},
                                {CODE, "87654321", DIGITAL, "", "", SEAL_ABSENT},
                                {"", DIGITAL, "", "", "", SEAL_ABSENT}};
    Store *store = fixture_store(cx, "digits");
    Committer *committer = fixture_committer(cx, store);
    for (int n = 0; n < 4; n++)
        EXPECT(hand_in(cx, committer, n, &own[n]).state == DOC_ACCEPTED);
    EXPECT(fixture_count(cx, store,
                         "SELECT COUNT(*) FROM invoice WHERE digital_number = '" DIGITAL "'") == 2);
    fixture_expect_rebuilt(cx, store, committer);
    commit_close(committer);
    store_close(store);
}

static Slice document_of(Cx *cx, Store *store, int nth)
{
    Db *db = NULL;
    DbRows *rows = NULL;
    bool row = false;
    Slice id = SLICE("");
    EXPECT_OK(store_take(cx, store, &db));
    EXPECT_OK(db_query(cx, db, "SELECT id FROM document ORDER BY reference LIMIT 1 OFFSET $1",
                       DB_VALUES(db_int(nth)), &rows));
    EXPECT_OK(db_next(cx, rows, &row));
    EXPECT(row);
    EXPECT_OK(cx_copy(cx, db_col_blob(rows, 0), &id));
    db_rows_close(rows);
    store_give(store, db);
    return id;
}

TEST("invoice fold: what is left of a joined invoice is one still, whatever of it is erased")
{
    for (size_t i = 0; i < ORDERS * 2; i++) {
        Store *store = fixture_store(cx, cx_printf(cx, "erased-%zu", i).data);
        Committer *committer = fixture_committer(cx, store);
        // The second that comes is the stronger one, or the weaker.
        Paper own[3] = {papers[0], papers[1], papers[2]};
        own[i / ORDERS].seal = own[2].seal = SEAL_VALID;
        for (int n = 0; n < 3; n++)
            (void)hand_in(cx, committer, n, &own[n]);
        EXPECT(fixture_count(cx, store, "SELECT COUNT(*) FROM invoice") == 1);
        for (int n = 0; n < 3; n++) {
            Slice id = document_of(cx, store, orders[i % ORDERS][n]);
            FixtureErase erase = fixture_erase(cx, committer, id, SLICE("court_order"));
            EXPECT(erase.wait.err == ERR_OK);
            EXPECT(fixture_count(cx, store, "SELECT COUNT(*) FROM invoice") == (n < 2));
            EXPECT(fixture_count(cx, store, "SELECT COUNT(*) FROM carrier") == 2 - n);
            EXPECT(fixture_count(cx, store, "SELECT COUNT(*) FROM invoice_joined") == (n < 2));
            fixture_expect_rebuilt(cx, store, committer);
        }
        // Both ids are erased with the last: no key is left.
        EXPECT(fixture_count(cx, store, "SELECT COUNT(*) FROM event WHERE type = 8") == 5);
        EXPECT(fixture_count(cx, store, "SELECT COUNT(*) FROM invoice_day") == 0);
        EXPECT(fixture_count(cx, store, "SELECT COUNT(*) FROM party") == 0);
        commit_close(committer);
        store_close(store);
    }
}
