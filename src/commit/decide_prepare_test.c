#include "commit/decide.h"

#include "commit/commit_fixture.h"

static Deciding prepared(Cx *cx, Store *store, const uint8_t *document, const Reading *reading)
{
    Decision decision = {
        .tenant = SLICE("local"), .actor = SLICE("a"), .source = SLICE("s"), .reading = reading};
    memcpy(decision.document, document, COMMIT_ID_SIZE);
    Deciding deciding;
    EXPECT_OK(decide_prepare(cx, store, &decision, &deciding));
    return deciding;
}

TEST("decide_prepare: drafts without an identity found nothing, and say why")
{
    Store *store = fixture_store(cx, "prepare");
    Committer *committer = NULL;
    const CommitOptions options = {};
    EXPECT_OK(commit_open(cx, store, &options, &committer));
    Receipt receipt = fixture_receive(cx, committer, SLICE("x"), SLICE(""));

    Reading mixed = {.media = MEDIA_PDF};
    fixture_draft(cx, &mixed, SOURCE_TEXT, SEAL_ABSENT, FIXTURE_FIELDS({DRAFT_TOTAL, "1.00"}));
    fixture_draft(cx, &mixed, SOURCE_TEXT, SEAL_VALID,
                  FIXTURE_FIELDS({DRAFT_KIND, "32"}, {DRAFT_NUMBER, "24112000000048542163"}));
    Deciding deciding = prepared(cx, store, receipt.document, &mixed);
    EXPECT(deciding.reason == REASON_NONE && deciding.draft_count == 1);
    EXPECT(deciding.drafts[0].ordinal == 1 && deciding.drafts[0].basis == BASIS_SEAL_VALID);
    // The draft is what a rebuild will see.
    EXPECT(slice_equal(deciding.drafts[0].draft.number, mixed.drafts[1].number));
    EXPECT(deciding.drafts[0].draft.number.data != mixed.drafts[1].number.data);

    Reading no_number = {.media = MEDIA_PDF}, seen = {.media = MEDIA_IMAGE};
    fixture_draft(cx, &no_number, SOURCE_TEXT, SEAL_ABSENT, FIXTURE_FIELDS({DRAFT_TOTAL, "1.00"}));
    fixture_draft(cx, &seen, SOURCE_OCR, SEAL_ABSENT, FIXTURE_FIELDS({DRAFT_NUMBER, "12345678"}));
    deciding = prepared(cx, store, receipt.document, &no_number);
    EXPECT(deciding.draft_count == 0 && deciding.reason == REASON_NOT_INVOICE);
    deciding = prepared(cx, store, receipt.document, &seen);
    EXPECT(deciding.draft_count == 0 && deciding.reason == REASON_NEEDS_OCR);
    commit_close(committer);
    store_close(store);
}
