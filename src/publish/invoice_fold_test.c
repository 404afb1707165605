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
