#include "publish/rebuild.h"

#include "base/limits.h"
#include "publish/publish_fixture.h"

// A random reading of one of few invoices: by any source, with some fields left out or wrong, now
// and then red.
static void random_reading(Cx *cx, WorldFake *fake, Reading *reading)
{
    uint8_t dice[16];
    fake->world.random(fake, dice, sizeof dice);
    int which = dice[0] % 12;
    bool red = which >= 9; // these redden 0, 1, 2
    static const Source sources[] = {SOURCE_XML, SOURCE_TAG, SOURCE_TEXT,
                                     SOURCE_QR,  SOURCE_OCR, SOURCE_MANUAL};
    Source source = sources[dice[1] % 6];
    SealState seal = dice[2] % 3 == 0 ? SEAL_VALID : SEAL_ABSENT;
    int total = 10000 + which * 100 + (dice[3] % 8 == 0 ? 1 : 0);
    bool digital = which % 2 == 0;
    const char *sign = red ? "-" : "";
    fixture_draft(
        cx, reading, source, seal,
        FIXTURE_FIELDS(
            {DRAFT_KIND, digital ? "32" : "10"}, {DRAFT_CODE, digital ? "" : "011001900611"},
            {DRAFT_NUMBER, digital ? cx_printf(cx, "241120000000000000%02d", which).data
                                   : cx_printf(cx, "123456%02d", which).data},
            {DRAFT_ISSUE_DATE, dice[4] % 4 == 0 ? "" : "2024-03-05"},
            {DRAFT_AMOUNT, dice[5] % 3 == 0 ? "" : cx_printf(cx, "%s%d.00", sign, total).data},
            {DRAFT_TOTAL, dice[6] % 5 == 0 ? "" : cx_printf(cx, "%s%d.50", sign, total).data},
            {DRAFT_SELLER_NAME, dice[7] % 2 == 0 ? "甲公司" : "甲有限公司"},
            {DRAFT_SELLER_TAX_ID, dice[8] % 2 == 0 ? "" : "91110000123456789X"},
            {DRAFT_BUYER_NAME, dice[9] % 2 == 0 ? "" : "乙公司"},
            {DRAFT_REMARK, dice[10] % 2 == 0 ? "" : "备注"},
            {DRAFT_RED_ORIGINAL_CODE, red && !digital ? "011001900611" : ""},
            {DRAFT_RED_ORIGINAL_NUMBER, !red      ? ""
                                        : digital ? "24112000000000000000"
                                                  : cx_printf(cx, "123456%02d", which - 8).data}));
    Draft *draft = &reading->drafts[reading->draft_count - 1];
    draft->red.is_red = red;
    draft->seal.signer = seal == SEAL_VALID ? SLICE("某税务局") : SLICE("");
    for (int i = 0; i < dice[11] % 4; i++) {
        Line *line = NULL;
        EXPECT_OK(draft_add_line(cx, draft, &line));
        *line = (Line){
            .name = cx_printf(cx, "*服务*%d", i), .amount = SLICE("1.00"), .tax_rate = SLICE("6%")};
    }
    if (dice[12] % 3 == 0)
        EXPECT_OK(draft_add_finding(cx, draft, "total_sum", SEVERITY_WARN, SLICE("total"), "差 %d",
                                    dice[12] % 2));
}

static void random_arrival(Cx *cx, WorldFake *fake, Committer *committer, int i)
{
    uint8_t dice[4];
    fake->world.random(fake, dice, sizeof dice);
    // One in eight has the bytes of an earlier one.
    int content = dice[0] % 8 == 0 && i > 0 ? dice[1] % i : i;
    Receipt receipt =
        fixture_receive(cx, committer, cx_printf(cx, "document %d", content), SLICE(""));
    EXPECT(receipt.err == ERR_OK);
    if (receipt.state == DOC_DUPLICATE || dice[0] % 16 == 1) return; // or left in progress
    Reading reading = {.media = MEDIA_PDF};
    if (dice[2] % 6 == 0)
        reading.reason = REASON_NEEDS_OCR;
    else
        for (int n = 0; n <= dice[3] % 16 / 14; n++)
            random_reading(cx, fake, &reading);
    Outcome outcome = fixture_decide(cx, committer, receipt.document, &reading);
    EXPECT(outcome.err == ERR_OK);
    if (outcome.state == DOC_QUARANTINED && dice[3] % 2 == 0) {
        Release release = {
            .tenant = SLICE("local"), .actor = SLICE("local"), .source = SLICE("test")};
        memcpy(release.document, receipt.document, COMMIT_ID_SIZE);
        Wait wait = WAIT_INIT;
        EXPECT_OK(commit_release(cx, committer, &release, wait_decided, &wait));
        wait_for(&wait);
        EXPECT(wait.outcome.err == ERR_OK);
    }
    free(outcome.invoices);
}

TEST("I8: rebuilt projections are the live ones, byte for byte, over a random mix of arrivals")
{
    for (uint64_t seed = 1; seed <= 3; seed++) {
        WorldFake fake;
        world_fake_init(&fake, seed, 0);
        Store *store = fixture_store(cx, cx_printf(cx, "mix-%d", (int)seed).data);
        Committer *committer = fixture_committer(cx, store);
        for (int i = 0; i < 150; i++) {
            Cx own;
            cx_init(&own, world_real(), LIMIT_JOB_ARENA);
            random_arrival(&own, &fake, committer, i);
            cx_done(&own);
        }
        EXPECT(fixture_count(cx, store, "SELECT COUNT(*) FROM invoice WHERE conflict = 1") > 1);
        EXPECT(fixture_count(cx, store, "SELECT COUNT(*) FROM invoice WHERE state LIKE 'red_%'") >
               0);
        EXPECT(fixture_count(cx, store, "SELECT MAX(carriers) FROM invoice") > 3);
        EXPECT(fixture_count(cx, store, "SELECT COUNT(*) = MAX(sequence) FROM event") == 1);
        fixture_expect_rebuilt(cx, store, committer);
        commit_close(committer);
        store_close(store);
    }
}

static uint64_t last_done, last_all;
static void progress(void *self, uint64_t done, uint64_t all)
{
    (void)self;
    last_done = done;
    last_all = all;
}

TEST("rebuild: tells its progress, leaves out what was erased, and says what is damaged")
{
    Store *store = fixture_store(cx, "erased");
    Committer *committer = fixture_committer(cx, store);
    Receipt one = fixture_receive(cx, committer, SLICE("one"), SLICE(""));
    Receipt two = fixture_receive(cx, committer, SLICE("two"), SLICE(""));
    EXPECT(one.err == ERR_OK && two.err == ERR_OK);
    commit_close(committer);
    Db *db = store_writer(store);
    const RebuildOptions options = {.store = store, .progress = progress};
    EXPECT_OK(db_run(cx, db, "INSERT INTO meta VALUES ('erasing', x'00')", NULL, 0, NULL));
    Slice id = {(const char *)one.document, COMMIT_ID_SIZE};
    EXPECT_OK(
        db_run(cx, db, "DELETE FROM content_key WHERE subject = $1", DB_VALUES(db_blob(id)), NULL));
    EXPECT_OK(db_begin(cx, db));
    EXPECT_OK(rebuild_run(cx, db, &options));
    EXPECT_OK(db_commit(cx, db));
    EXPECT(last_done == 2 && last_all == 2);
    EXPECT(fixture_count(cx, store, "SELECT COUNT(*) FROM document_state") == 1);

    // A damaged event ends it, and the old projections stay.
    EXPECT_OK(db_script(cx, db, "DROP TRIGGER event_no_update; UPDATE event SET content = x'00'"));
    EXPECT_OK(db_begin(cx, db));
    EXPECT(rebuild_run(cx, db, &options) == ERR_CORRUPT);
    db_rollback(db);
    EXPECT(fixture_count(cx, store, "SELECT COUNT(*) FROM document_state") == 1);
    store_close(store);
}
