#include "desk/invoice/verify/verify_record.h"

#include <pthread.h>
#include <stdatomic.h>

#include "base/test.h"
#include "base/text.h"
#include "desk/invoice/verify/verify.h"
#include "flow/flow_fixture.h"

#define NUMBERS 12 // few, so that histories meet
#define STEPS   60
#define READERS 2

static uint32_t roll(WorldFake *dice, uint32_t below)
{
    uint32_t number = 0;
    dice->world.random(dice->world.self, &number, sizeof number);
    return number % below;
}

static const char *number_of(Cx *cx, uint32_t which)
{
    return cx_printf(cx, "241120000000485421%02u", which).data;
}

// One document: a new number, a carrier of a known one, a variant, a red one, two in one, rubbish.
static const char *document_of(Cx *cx, WorldFake *dice, int step)
{
    static const char *const proofs[] = {"", "source qr\n", "seal valid 税务局\n",
                                         "seal valid 国家税务总局一个名字很长很长很长很长的局\n"};
    if (roll(dice, 12) == 0) return cx_printf(cx, "rubbish %d", step).data;
    Text text = text_open(cx, 4096);
    text_add(&text, SLICE("fapiao\n"));
    for (uint32_t i = 0, count = 1 + roll(dice, 5) / 4; i < count; i++) {
        const char *number = number_of(cx, roll(dice, NUMBERS));
        // Now and then it is on paper, and its number the second of two.
        const char *name = "kind 31\nnumber";
        if (roll(dice, 4) == 0)
            name = cx_printf(cx, "kind 85\ncode 011001900104\nnumber 123456%s\ndigital_number",
                             number + 18)
                       .data;
        text_printf(&text, "%s%s%s %s\nissue_date 2024-05-%02u\nremark %d\n", i == 0 ? "" : "---\n",
                    proofs[roll(dice, 4)], name, number, 1 + roll(dice, 2), step);
        if (roll(dice, 3) == 0)
            text_printf(&text, "red\nred.original_number %s\ntotal -1.0%u\n",
                        number_of(cx, roll(dice, NUMBERS)), roll(dice, 2));
        else if (roll(dice, 6) != 0)
            text_printf(&text, "amount 1.00\ntax 0.0%u\ntotal 1.0%u\n", roll(dice, 2),
                        roll(dice, 2));
    }
    text_byte(&text, '\0');
    return text.data;
}

static VerifyAnswer ask(Cx *cx, Flow *flow, VerifyIndex *index, uint32_t which, const char *total)
{
    const VerifyQuery query = {.number = slice_of(number_of(cx, which)),
                               .issue_date = SLICE("2024-05-01"),
                               .total = slice_of(total)};
    VerifyAnswer answer;
    EXPECT_OK(verify_ask(cx, flow_store(flow), index, &query, &answer));
    return answer;
}

static bool alike(const VerifyAnswer *a, const VerifyAnswer *b)
{
    if (a->result != b->result || a->conflict != b->conflict || a->sequence != b->sequence ||
        a->mismatch_count != b->mismatch_count)
        return false;
    for (size_t i = 0; i < a->mismatch_count; i++)
        if (strcmp(a->mismatch[i], b->mismatch[i]) != 0) return false;
    return strcmp(a->state, b->state) == 0 && strcmp(a->basis, b->basis) == 0 &&
           strcmp(a->zh, b->zh) == 0 && strcmp(a->en, b->en) == 0 &&
           slice_equal(a->signer, b->signer);
}

// What the main thread knows to be acknowledged, and who asks beside it.
typedef struct Shared {
    Flow *flow;
    VerifyIndex *index;
    _Atomic uint64_t acknowledged[NUMBERS]; // the newest sequence of that number
    _Atomic bool stop;
    _Atomic int stale, asked;
} Shared;

static void *reader_main(void *arg)
{
    Shared *shared = arg;
    for (uint32_t turn = 0; !atomic_load(&shared->stop); turn++) {
        Cx cx;
        cx_init(&cx, world_real(), 1 << 20);
        uint32_t which = turn % NUMBERS;
        uint64_t least = atomic_load(&shared->acknowledged[which]);
        VerifyRecord records[VERIFY_RECORDS_MAX];
        size_t count = 0;
        uint64_t newest = 0;
        Err err = verify_record_find(&cx, flow_store(shared->flow), shared->index, SLICE(""),
                                     slice_of(number_of(&cx, which)), records, &count);
        for (size_t i = 0; i < count; i++)
            if (records[i].sequence > newest) newest = records[i].sequence;
        // Of more variants than are looked at, the newest may be left out.
        bool whole = err == ERR_OK && count < VERIFY_RECORDS_MAX;
        if (err != ERR_OK || (whole && newest < least)) atomic_fetch_add(&shared->stale, 1);
        atomic_fetch_add(&shared->asked, 1);
        cx_done(&cx);
    }
    return NULL;
}

static uint64_t newest_of(Cx *cx, Flow *flow, uint32_t which)
{
    VerifyRecord records[VERIFY_RECORDS_MAX];
    size_t count = 0;
    uint64_t newest = 0;
    EXPECT_OK(verify_record_find(cx, flow_store(flow), NULL, SLICE(""),
                                 slice_of(number_of(cx, which)), records, &count));
    for (size_t i = 0; i < count; i++)
        if (records[i].sequence > newest) newest = records[i].sequence;
    return newest;
}

// Every number, twice, so that the second answer comes from the index where one may.
static void compare_all(Cx *cx, Shared *shared)
{
    static const char *const totals[] = {"1.00", "1.01"};
    for (uint32_t which = 0; which < NUMBERS; which++) {
        for (int i = 0; i < 4; i++) {
            VerifyAnswer quick = ask(cx, shared->flow, shared->index, which, totals[i % 2]);
            VerifyAnswer sure = ask(cx, shared->flow, NULL, which, totals[i % 2]);
            EXPECT(alike(&quick, &sure));
        }
        atomic_store(&shared->acknowledged[which], newest_of(cx, shared->flow, which));
    }
}

static void run_history(Cx *cx, uint64_t seed)
{
    WorldFake dice;
    world_fake_init(&dice, seed, 1);
    Shared shared = {.flow = flow_fixture_open(cx, NULL)};
    shared.index = verify_index_open(cx, flow_store(shared.flow), 0);
    pthread_t readers[READERS];
    for (int i = 0; i < READERS; i++)
        EXPECT(pthread_create(&readers[i], NULL, reader_main, &shared) == 0);
    for (int step = 0; step < STEPS; step++) {
        Cx own;
        cx_init(&own, world_real(), 4 << 20);
        static const char *const tenants[] = {"local", "local", "east"};
        Slice tenant = slice_of(tenants[roll(&dice, 3)]);
        (void)flow_fixture_keep_of(&own, shared.flow, tenant, document_of(&own, &dice, step));
        if (step % 20 == 19) EXPECT_OK(flow_rebuild(&own, shared.flow, NULL, NULL, NULL));
        compare_all(&own, &shared);
        cx_done(&own);
    }
    atomic_store(&shared.stop, true);
    for (int i = 0; i < READERS; i++)
        (void)pthread_join(readers[i], NULL);
    EXPECT(atomic_load(&shared.stale) == 0 && atomic_load(&shared.asked) > 0);
    verify_index_close(shared.index);
    flow_close(shared.flow);
}

TEST("verify_record: over random histories the index answers as the database does, beside readers")
{
    for (uint64_t seed = 1; seed <= test_fewer(3); seed++) {
        printf("seed %llu\n", (unsigned long long)seed);
        run_history(cx, seed);
    }
}

TEST("verify_record: what is alone and fits is answered from memory, all else is not kept")
{
    static const struct {
        const char *name, *first, *second;
        bool kept;
        const char *whose; // the second; NULL = the same organisation's
    } cases[] = {
        {"not found", "fapiao\nkind 31\nnumber 24112000000048542199\ntotal 1.00\n", NULL, true,
         NULL},
        {"one", "fapiao\nkind 31\nnumber 24112000000048542100\ntotal 1.00\n", NULL, true, NULL},
        {"the seller's and the buyer's",
         "fapiao\nkind 31\nnumber 24112000000048542100\ntotal 1.00\n",
         "fapiao\nkind 31\nnumber 24112000000048542100\ntotal 1.00\nremark ours\n", true, "east"},
        {"theirs contradicts", "fapiao\nkind 31\nnumber 24112000000048542100\ntotal 1.00\n",
         "fapiao\nkind 31\nnumber 24112000000048542100\ntotal 2.00\n", false, "east"},
        {"variants", "fapiao\nkind 31\nnumber 24112000000048542100\ntotal 1.00\n",
         "fapiao\nkind 31\nnumber 24112000000048542100\ntotal 2.00\n", false, NULL},
        {"a long name",
         "fapiao\nkind 31\nnumber 24112000000048542100\ntotal 1.00\nseal valid "
         "一个长到放不下的名字一个长到放不下的名字一个长到放不下的名字\n",
         NULL, false, NULL},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        Flow *flow = flow_fixture_open(cx, NULL);
        VerifyIndex *index = verify_index_open(cx, flow_store(flow), 0);
        (void)flow_fixture_keep(cx, flow, cases[i].first);
        Slice whose = cases[i].whose == NULL ? SLICE("local") : slice_of(cases[i].whose);
        if (cases[i].second != NULL) (void)flow_fixture_keep_of(cx, flow, whose, cases[i].second);
        VerifyAnswer before = ask(cx, flow, index, 0, "1.00");
        VerifyAnswer after = ask(cx, flow, index, 0, "1.00");
        EXPECT(alike(&before, &after));
        VerifyKey key = verify_index_key(cx, index, SLICE(""), slice_of(number_of(cx, 0)));
        VerifyCopy copy;
        EXPECT(verify_index_find(index, &key, &copy) == cases[i].kept);
        verify_index_close(index);
        flow_close(flow);
    }
}

TEST("verify_record: an invoice on paper is found by either of its numbers, in whatever order it "
     "came")
{
#define SECOND "24112000000048542100"
    static const char *const both =
        "fapiao\nkind 85\ncode 011001900104\nnumber 12345678\n"
        "digital_number " SECOND "\nissue_date 2024-05-01\ntotal 1.00\n";
    static const char *const plain = "fapiao\nkind 85\ncode 011001900104\nnumber 12345678\n"
                                     "issue_date 2024-05-01\ntotal 1.00\nremark plain\n";
    static const char *const alone = "fapiao\nkind 31\nnumber " SECOND "\n"
                                     "issue_date 2024-05-01\ntotal 1.00\nremark alone\n";
    const char *const orders[][3] = {{both, plain, alone}, {both, alone, plain},
                                     {plain, both, alone}, {alone, both, plain},
                                     {plain, alone, both}, {alone, plain, both}};
    for (size_t i = 0; i < sizeof orders / sizeof orders[0]; i++) {
        Flow *flow = flow_fixture_open(cx, NULL);
        VerifyIndex *index = verify_index_open(cx, flow_store(flow), 0);
        for (size_t k = 0; k < 3; k++) {
            (void)ask(cx, flow, index, 0, "1.00"); // so that a copy is there to go stale
            (void)flow_fixture_keep(cx, flow, orders[i][k]);
        }
        Db *db = NULL;
        EXPECT_OK(store_take(cx, flow_store(flow), &db));
        AUTO_ROWS DbRows *rows = NULL;
        bool row = false;
        EXPECT_OK(db_query(cx, db, "SELECT COUNT(*) FROM invoice", NULL, 0, &rows));
        EXPECT_OK(db_next(cx, rows, &row));
        EXPECT(db_col_int(rows, 0) == 1);
        db_rows_close(rows);
        rows = NULL;
        store_give(flow_store(flow), db);
        static const struct {
            Slice code, number;
            size_t count;
        } asked[] = {{SLICE(""), SLICE(SECOND), 1},
                     {SLICE("011001900104"), SLICE("12345678"), 1},
                     {SLICE("011001900104"), SLICE(SECOND), 1},
                     {SLICE("011001900105"), SLICE(SECOND), 0},
                     {SLICE(""), SLICE("12345678"), 0}};
        for (size_t k = 0; k < sizeof asked / sizeof asked[0]; k++) {
            VerifyRecord records[VERIFY_RECORDS_MAX];
            for (int twice = 0; twice < 2; twice++) {
                size_t count = 9;
                EXPECT_OK(verify_record_find(cx, flow_store(flow), index, asked[k].code,
                                             asked[k].number, records, &count));
                EXPECT(count == asked[k].count);
                if (count > 0) EXPECT(!records[0].conflict && records[0].total.fen == 100);
            }
        }
        verify_index_close(index);
        flow_close(flow);
    }
}

TEST("verify_record: a broken seal has no signer, and a basis that there is none of is damage")
{
    Flow *flow = flow_fixture_open(cx, NULL);
    Store *store = flow_store(flow);
    VerifyRecord records[VERIFY_RECORDS_MAX];
    size_t count = 0;
    (void)flow_fixture_keep(cx, flow,
                            "fapiao\nkind 31\nnumber " SECOND "\nissue_date 2024-05-01\n"
                            "total 1.00\nseal broken 甲\n");
    EXPECT_OK(verify_record_find(cx, store, NULL, SLICE(""), SLICE(SECOND), records, &count));
    EXPECT(count == 1 && slice_empty(records[0].signer));
    static const char *const damage[] = {"UPDATE invoice SET basis = 8",
                                         "UPDATE invoice SET basis = -1"};
    for (size_t i = 0; i < 2; i++) {
        flow_fixture_script(cx, flow, damage[i]);
        EXPECT(verify_record_find(cx, store, NULL, SLICE(""), SLICE(SECOND), records, &count) ==
               ERR_CORRUPT);
    }
    flow_close(flow);
}

static int64_t count_of(Cx *cx, Store *store, const char *sql)
{
    Db *db = NULL;
    DbRows *rows = NULL;
    bool row = false;
    EXPECT_OK(store_take(cx, store, &db));
    EXPECT_OK(db_query(cx, db, sql, NULL, 0, &rows));
    EXPECT_OK(db_next(cx, rows, &row));
    int64_t count = row ? db_col_int(rows, 0) : -1;
    db_rows_close(rows);
    store_give(store, db);
    return count;
}

#define HEAD "fapiao\nkind 31\nnumber " SECOND "\n"

TEST("verify_record: what fits two variants is the stronger one's, among equals the first one's")
{
    static const struct {
        const char *first, *second, *joined;
    } cases[] = {{"", "seal valid 税务局\n", "SELECT carriers FROM invoice WHERE total = 200"},
                 {"seal valid 税务局\n", "", "SELECT carriers FROM invoice WHERE total = 100"},
                 {"", "", "SELECT carriers FROM invoice WHERE total = 100"}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        Flow *flow = flow_fixture_open(cx, NULL);
        const char *one = cx_printf(cx, HEAD "total 1.00\n%s%c", cases[i].first, 0).data;
        const char *two = cx_printf(cx, HEAD "total 2.00\n%s%c", cases[i].second, 0).data;
        (void)flow_fixture_keep(cx, flow, one);
        (void)flow_fixture_keep(cx, flow, two);
        (void)flow_fixture_keep(cx, flow, HEAD "remark knows no total\n");
        EXPECT(count_of(cx, flow_store(flow), "SELECT COUNT(*) FROM invoice") == 2);
        EXPECT(count_of(cx, flow_store(flow), cases[i].joined) == 2);
        flow_close(flow);
    }
}

TEST("verify_record: records are both given where one answers what the other does not")
{
#define CHECK_A "check_code 01897109054748898321\n"
#define CHECK_B "check_code 01897109054748898322\n"
    static const struct {
        const char *ours, *theirs;
        size_t count;
        bool conflict;
    } cases[] = {
        {"total 1.00\n", "total 1.00\nremark theirs\n", 1, false},
        {"total 1.00\n", "total 1.00\nissue_date 2024-05-01\n", 2, false},
        {"issue_date 2024-05-02\n", "issue_date 2024-05-01\n", 2, true},
        {"total 1.00\n", "total 1.00\n" CHECK_A, 2, false},
        {CHECK_A, CHECK_B, 2, false},
        {"total 1.00\n", "total 1.00\namount 0.00\n", 2, false},
        {"amount 1.00\n", "amount 2.00\n", 2, true},
        {"amount 1.00\n", "amount 1.00\ntotal 0.00\n", 2, false},
        {"total 1.00\n", "total 2.00\n", 2, true},
        {"total 1.00\n", "total 1.00\nseal valid 税务局\n", 2, false},
        {"tax 1.00\nseal valid 税务局\n", "tax 2.00\nseal valid 乙\n", 2, true},
        // Who sealed it nobody asks: the first one's is told.
        {"total 1.00\nseal valid 税务局\n", "total 1.00\nseal valid 乙\n", 1, false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        Flow *flow = flow_fixture_open(cx, NULL);
        VerifyRecord records[VERIFY_RECORDS_MAX];
        size_t count = 0;
        (void)flow_fixture_keep_of(cx, flow, SLICE("local"),
                                   cx_printf(cx, HEAD "%s%c", cases[i].ours, 0).data);
        (void)flow_fixture_keep_of(cx, flow, SLICE("east"),
                                   cx_printf(cx, HEAD "%s%c", cases[i].theirs, 0).data);
        EXPECT_OK(verify_record_find(cx, flow_store(flow), NULL, SLICE(""), SLICE(SECOND), records,
                                     &count));
        EXPECT(count == cases[i].count && records[0].conflict == cases[i].conflict);
        bool sealed = strstr(cases[i].ours, "税务局") || strstr(cases[i].theirs, "税务局");
        EXPECT(slice_equal(records[0].signer, sealed ? SLICE("税务局") : SLICE("")));
        flow_close(flow);
    }
}
