#include "publish/fold.h"

#include "commit/commit_wait.h"
#include "publish/publish_fixture.h"

static int receipts_made;

// Hands in fresh bytes and decides them by one draft.
static Outcome take_in(Cx *cx, Committer *committer, Source source, SealState seal, bool red,
                       const FixtureField *fields, size_t count)
{
    Receipt receipt =
        fixture_receive(cx, committer, cx_printf(cx, "doc %d", receipts_made++), SLICE(""));
    EXPECT(receipt.err == ERR_OK);
    Reading reading = {.media = MEDIA_XML};
    fixture_draft(cx, &reading, source, seal, fields, count);
    reading.drafts[0].red.is_red = red;
    Outcome outcome = fixture_decide(cx, committer, receipt.document, &reading);
    EXPECT(outcome.err == ERR_OK);
    return outcome;
}

static void expect_outcome(Outcome outcome, DocState state, Relation relation)
{
    EXPECT(outcome.state == state && outcome.invoice_count == 1);
    EXPECT(outcome.invoices[0].relation == relation);
    free(outcome.invoices);
}

#define NUMBER "24112000000048542163"

TEST("fold: XML, then PDF, then a picture of one invoice are one invoice with three carriers")
{
    Store *store = fixture_store(cx, "one");
    Committer *committer = fixture_committer(cx, store);
    expect_outcome(take_in(cx, committer, SOURCE_QR, SEAL_ABSENT, false,
                           FIXTURE_FIELDS({DRAFT_KIND, "32"}, {DRAFT_NUMBER, NUMBER},
                                          {DRAFT_TOTAL, "106.00"})),
                   DOC_ACCEPTED, RELATION_NEW);
    expect_outcome(take_in(cx, committer, SOURCE_TAG, SEAL_VALID, false,
                           FIXTURE_FIELDS({DRAFT_KIND, "32"}, {DRAFT_NUMBER, NUMBER},
                                          {DRAFT_ISSUE_DATE, "2024-05-06"}, {DRAFT_TOTAL, "106.00"},
                                          {DRAFT_SELLER_NAME, "甲"})),
                   DOC_ACCEPTED, RELATION_CARRIER);
    expect_outcome(
        take_in(cx, committer, SOURCE_TEXT, SEAL_ABSENT, false,
                FIXTURE_FIELDS({DRAFT_KIND, "32"}, {DRAFT_NUMBER, NUMBER}, {DRAFT_TOTAL, "106.00"},
                               {DRAFT_SELLER_NAME, "乙"}, {DRAFT_REMARK, "备注"})),
        DOC_ACCEPTED, RELATION_CARRIER);
    EXPECT(fixture_count(cx, store, "SELECT COUNT(*) FROM invoice") == 1);
    EXPECT(fixture_count(cx, store, "SELECT carriers FROM invoice") == 3);
    EXPECT(fixture_count(cx, store, "SELECT basis FROM invoice") == BASIS_SEAL_VALID);
    // Date, total and name by the seal; the remark by the unsigned file; the number by the seal.
    EXPECT(fixture_count(cx, store,
                         "SELECT COUNT(*) FROM invoice i JOIN party s ON s.id = i.seller WHERE "
                         "i.issue_date = '2024-05-06' AND s.name = '甲' AND "
                         "i.field_basis LIKE '2--2---:%' AND i.merged LIKE '%carriers_differ%' "
                         "AND i.merged LIKE '%备注%'") == 1);
    fixture_expect_rebuilt(cx, store, committer);
    commit_close(committer);
    store_close(store);
}

static ChangesMark mark_of_invoice(Cx *cx, Store *store, const char *sql)
{
    Db *db = NULL;
    DbRows *rows = NULL;
    bool row = false;
    EXPECT_OK(store_take(cx, store, &db));
    EXPECT_OK(db_query_text(cx, db, slice_of(sql), NULL, 0, &rows));
    EXPECT_OK(db_next(cx, rows, &row));
    EXPECT(row);
    ChangesMark mark = changes_mark(SLICE("local"), db_col_blob(rows, 0));
    db_rows_close(rows);
    store_give(store, db);
    return mark;
}

TEST("fold: whoever keeps a copy of an invoice learns of every fact that concerns it")
{
    Store *store = fixture_store(cx, "copies");
    Committer *committer = fixture_committer(cx, store);
    const Changes *changes = store_changes(store);
    ChangesMark number = changes_mark(SLICE(""), SLICE(NUMBER));
    ChangesMark other = changes_mark(SLICE(""), SLICE("other"));
    const FixtureField first[] = {
        {DRAFT_KIND, "32"}, {DRAFT_NUMBER, NUMBER}, {DRAFT_TOTAL, "106.00"}};
    const FixtureField second[] = {
        {DRAFT_KIND, "32"}, {DRAFT_NUMBER, NUMBER}, {DRAFT_TOTAL, "906.00"}};
    uint64_t before = changes_now(changes);
    free(take_in(cx, committer, SOURCE_XML, SEAL_ABSENT, false, first, 3).invoices);
    EXPECT(!changes_fresh(changes, number, before));
    ChangesMark id = mark_of_invoice(cx, store, "SELECT id FROM invoice");
    // The conflict is an event of the first invoice, too, though the reading is the second one's.
    before = changes_now(changes);
    free(take_in(cx, committer, SOURCE_XML, SEAL_ABSENT, false, second, 3).invoices);
    EXPECT(!changes_fresh(changes, number, before) && !changes_fresh(changes, id, before));
    fixture_expect_rebuilt(cx, store, committer);
    EXPECT(!changes_fresh(changes, other, before));
    EXPECT(changes_fresh(changes, other, changes_now(changes)));
    commit_close(committer);
    store_close(store);
}

TEST("fold: contradicting key fields make a variant, and both are flagged")
{
    Store *store = fixture_store(cx, "variant");
    Committer *committer = fixture_committer(cx, store);
    const FixtureField first[] = {
        {DRAFT_KIND, "32"}, {DRAFT_NUMBER, NUMBER}, {DRAFT_TOTAL, "106.00"}};
    const FixtureField second[] = {
        {DRAFT_KIND, "32"}, {DRAFT_NUMBER, NUMBER}, {DRAFT_TOTAL, "906.00"}};
    expect_outcome(take_in(cx, committer, SOURCE_XML, SEAL_ABSENT, false, first, 3), DOC_ACCEPTED,
                   RELATION_NEW);
    expect_outcome(take_in(cx, committer, SOURCE_XML, SEAL_ABSENT, false, second, 3), DOC_CONFLICT,
                   RELATION_VARIANT);
    EXPECT(fixture_count(cx, store, "SELECT COUNT(*) FROM invoice WHERE conflict = 1") == 2);
    EXPECT(fixture_count(cx, store, "SELECT COUNT(*) FROM event WHERE type = 14") == 2);
    // A further carrier of the first contradicts the second: joined, and in conflict.
    expect_outcome(take_in(cx, committer, SOURCE_TEXT, SEAL_ABSENT, false, first, 3), DOC_CONFLICT,
                   RELATION_CARRIER);
    EXPECT(fixture_count(cx, store, "SELECT COUNT(*) FROM event WHERE type = 14") == 2);
    EXPECT(fixture_count(cx, store, "SELECT COUNT(*) FROM invoice") == 2);
    fixture_expect_rebuilt(cx, store, committer);
    commit_close(committer);
    store_close(store);
}

TEST("fold: a red invoice reduces the blue one, before or after it, and never on weaker evidence")
{
    Store *store = fixture_store(cx, "red");
    Committer *committer = fixture_committer(cx, store);
#define RED_FIELDS(number, total)                                                                  \
    FIXTURE_FIELDS({DRAFT_KIND, "32"}, {DRAFT_NUMBER, number}, {DRAFT_TOTAL, total},               \
                   {DRAFT_RED_ORIGINAL_NUMBER, NUMBER})
    free(take_in(cx, committer, SOURCE_XML, SEAL_ABSENT, true,
                 RED_FIELDS("24112000000000000001", "-6.00"))
             .invoices);
    free(
        take_in(cx, committer, SOURCE_TAG, SEAL_VALID, false,
                FIXTURE_FIELDS({DRAFT_KIND, "32"}, {DRAFT_NUMBER, NUMBER}, {DRAFT_TOTAL, "106.00"}))
            .invoices);
    static const char *const blue = "SELECT red_total FROM invoice WHERE number = '" NUMBER "'";
    EXPECT(fixture_count(cx, store, blue) == 0); // the red one is unsigned, the blue one sealed
    free(take_in(cx, committer, SOURCE_TAG, SEAL_VALID, true,
                 RED_FIELDS("24112000000000000001", "-6.00"))
             .invoices);
    EXPECT(fixture_count(cx, store, blue) == 600);
    EXPECT(fixture_count(cx, store, "SELECT COUNT(*) FROM invoice WHERE state = 'red_partial'") ==
           1);
    // A variant of the same red number does not count twice.
    free(take_in(cx, committer, SOURCE_TAG, SEAL_VALID, true,
                 RED_FIELDS("24112000000000000001", "-50.00"))
             .invoices);
    EXPECT(fixture_count(cx, store, blue) == 600);
    free(take_in(cx, committer, SOURCE_TAG, SEAL_VALID, true,
                 RED_FIELDS("24112000000000000002", "-100.00"))
             .invoices);
    EXPECT(fixture_count(cx, store, blue) == 10600);
    EXPECT(fixture_count(cx, store, "SELECT COUNT(*) FROM invoice WHERE state = 'red_full'") == 1);
    EXPECT(fixture_count(cx, store, "SELECT COUNT(*) FROM invoice WHERE state = 'red'") == 3);
    fixture_expect_rebuilt(cx, store, committer);
    commit_close(committer);
    store_close(store);
}

TEST("fold: no invoice is quarantine, release lets it be read again, and deciding twice changes "
     "nothing")
{
    Store *store = fixture_store(cx, "quarantine");
    Committer *committer = fixture_committer(cx, store);
    Receipt receipt = fixture_receive(cx, committer, SLICE("no invoice"), SLICE(""));
    Reading none = {.media = MEDIA_PDF, .reason = REASON_ENCRYPTED};
    Outcome outcome = fixture_decide(cx, committer, receipt.document, &none);
    EXPECT(outcome.state == DOC_QUARANTINED && outcome.reason == REASON_ENCRYPTED);
    outcome = fixture_decide(cx, committer, receipt.document, &none);
    EXPECT(outcome.state == DOC_QUARANTINED && outcome.reason == REASON_ENCRYPTED);
    EXPECT(fixture_count(cx, store, "SELECT COUNT(*) FROM event") == 2);

    Release release = {.tenant = SLICE("local"), .actor = SLICE("a"), .source = SLICE("s")};
    memcpy(release.document, receipt.document, COMMIT_ID_SIZE);
    Wait one = WAIT_INIT, two = WAIT_INIT;
    EXPECT_OK(commit_release(cx, committer, &release, wait_decided, &one));
    EXPECT_OK(commit_release(cx, committer, &release, wait_decided, &two));
    wait_for(&one);
    wait_for(&two);
    EXPECT(one.outcome.err == ERR_OK && one.outcome.state == DOC_RECEIVED);
    EXPECT(two.outcome.err == ERR_CONFLICT);
    EXPECT(fixture_count(cx, store, "SELECT COUNT(*) FROM document_state WHERE done_ms IS NULL") ==
           1);

    Reading found = {.media = MEDIA_PDF};
    fixture_draft(cx, &found, SOURCE_TEXT, SEAL_ABSENT,
                  FIXTURE_FIELDS({DRAFT_KIND, "32"}, {DRAFT_NUMBER, NUMBER}));
    expect_outcome(fixture_decide(cx, committer, receipt.document, &found), DOC_ACCEPTED,
                   RELATION_NEW);
    expect_outcome(fixture_decide(cx, committer, receipt.document, &found), DOC_ACCEPTED,
                   RELATION_NEW);
    EXPECT(fixture_count(cx, store, "SELECT COUNT(*) FROM event") == 4);
    EXPECT(fixture_count(cx, store, "SELECT COUNT(*) FROM reading") == 1);
    fixture_expect_rebuilt(cx, store, committer);
    commit_close(committer);
    store_close(store);
}

TEST("fold: entries of the audit log are filtered by what is not personal, live and rebuilt")
{
    Store *store = fixture_store(cx, "audit");
    Committer *committer = fixture_committer(cx, store);
    for (int i = 0; i < 6; i++) {
        AuditNote note = {.tenant = i % 2 == 0 ? SLICE("local") : SLICE(""),
                          .actor = SLICE("u-01"),
                          .source = SLICE("test"),
                          .address = SLICE("203.0.113.7"),
                          .act = SLICE("member.change"),
                          .object_kind = SLICE("account"),
                          .object = cx_printf(cx, "u-%d", i),
                          .after = SLICE("{\"name\":\"甲\"}"),
                          .result = i % 3 == 0 ? SLICE("refused") : SLICE("")};
        EXPECT_OK(commit_wait_audited(cx, committer, NULL, NULL, &note));
    }
    EXPECT(fixture_count(cx, store,
                         "SELECT COUNT(*) FROM audit_entry a JOIN event e ON e.tenant = a.tenant "
                         "AND e.sequence = a.sequence AND e.time_ms = a.time_ms AND e.type = 19 "
                         "WHERE a.act = 'member.change' AND a.object_kind = 'account' AND "
                         "a.actor = 'u-01'") == 6);
    EXPECT(fixture_count(cx, store,
                         "SELECT COUNT(*) FROM audit_entry WHERE tenant = '' AND result = 'done' "
                         "AND object IN ('u-1', 'u-5')") == 2);
    EXPECT(fixture_count(cx, store, "SELECT COUNT(*) FROM audit_entry WHERE result = 'refused'") ==
           2);
    fixture_expect_rebuilt(cx, store, committer);
    commit_close(committer);
    store_close(store);
}
