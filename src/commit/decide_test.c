#include "commit/decide.h"

#include "commit/commit_fixture.h"

TEST("decide: what no projection holds is not decided, and a reading without invoices says why")
{
    Store *store = fixture_store(cx, "decide");
    Committer *committer = NULL;
    const CommitOptions options = {};
    EXPECT_OK(commit_open(cx, store, &options, &committer));
    Receipt receipt = fixture_receive(cx, committer, SLICE("x"), SLICE(""));
    Reading seen = {.media = MEDIA_IMAGE};
    fixture_draft(cx, &seen, SOURCE_OCR, SEAL_ABSENT, FIXTURE_FIELDS({DRAFT_NUMBER, "12345678"}));
    Outcome outcome = fixture_decide(cx, committer, receipt.document, &seen);
    EXPECT(outcome.err == ERR_MISSING); // and nothing is written
    EXPECT(fixture_count(cx, store, "SELECT COUNT(*) FROM event") == 1);

    Wait wait = WAIT_INIT;
    const Reading nothing = {};
    Decision decision = {.tenant = SLICE("local"), .reading = &nothing};
    EXPECT(commit_decide(cx, committer, &decision, wait_decided, &wait) == ERR_MISSING);
    memcpy(decision.document, receipt.document, COMMIT_ID_SIZE);
    EXPECT(commit_decide(cx, committer, &decision, wait_decided, &wait) == ERR_INPUT);
    const Release release = {.tenant = SLICE("local")};
    EXPECT(commit_release(cx, committer, &release, wait_decided, &wait) == ERR_MISSING);
    commit_close(committer);
    store_close(store);
}
