#include "publish/head_swap.h"

#include "publish/record_fixture.h"

TEST("head_swap: from what it was said to be, or nothing is written")
{
    Store *store = fixture_store(cx, "swap");
    Log *log = NULL;
    Committer *committer = NULL;
    EXPECT_OK(log_open(cx, store, SLICE("swap.example"), &log));
    EXPECT_OK(commit_open(cx, store, &(CommitOptions){}, &committer));
    const Digest one = digest_of(DIGEST_SHA256, SLICE("1"));
    const Digest two = digest_of(DIGEST_SHA256, SLICE("2"));
    HeadSwap swap = {.log = log, .size = 5, .time_ms = 2000, .root = one, .note = SLICE("note")};
    EXPECT_OK(head_swap(cx, committer, &swap));
    EXPECT(!swap.forked && fixture_count(cx, store, "SELECT size FROM log_head") == 5);
    EXPECT(head_swap(cx, committer, &swap) == ERR_CONFLICT && swap.forked); // from none again
    HeadSwap other = {
        .log = log, .old_size = 5, .old_root = two, .size = 6, .root = two, .note = SLICE("note")};
    EXPECT(head_swap(cx, committer, &other) == ERR_CONFLICT && other.forked);
    EXPECT(fixture_count(cx, store, "SELECT COUNT(*) FROM checkpoint") == 1);
    other.old_root = one;
    EXPECT_OK(head_swap(cx, committer, &other));
    EXPECT(!other.forked && fixture_count(cx, store, "SELECT size FROM log_head") == 6);
    // A clock that was put back makes it no older than the one before.
    EXPECT(fixture_count(cx, store, "SELECT time_ms FROM checkpoint WHERE size = 6") == 2000);
    commit_close(committer);
    log_close(log);
    store_close(store);
}
