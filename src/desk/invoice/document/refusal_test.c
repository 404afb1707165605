#include "desk/invoice/document/refusal.h"

#include "commit/commit_fixture.h"

TEST("refusal: is written behind the answer, as many as there were")
{
    Store *store = fixture_store(cx, "refused");
    Committer *committer = NULL;
    const CommitOptions options = {};
    EXPECT_OK(commit_open(cx, store, &options, &committer));
    refusal_note(cx, committer, SLICE("local"), SLICE("cli"), REASON_EMPTY, 0);
    refusal_note(cx, committer, SLICE("local"), SLICE("http"), REASON_TOO_LARGE, 70'000'000);
    refusal_note(cx, NULL, SLICE("local"), SLICE("cli"), REASON_EMPTY, 0); // a mirror: no committer
    commit_close(committer);                                               // drains
    EXPECT(fixture_count(cx, store, "SELECT COUNT(*) FROM refusal WHERE reason = 'empty'") == 1);
    EXPECT(fixture_count(cx, store,
                         "SELECT size FROM refusal WHERE source = 'http' AND "
                         "reason = 'too_large'") == 70'000'000);
    store_close(store);
}
