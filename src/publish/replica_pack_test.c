#include "publish/replica_pack.h"

#include "base/limits.h"
#include "publish/publish_fixture.h"
#include "publish/replica_row.h"

TEST("replica_pack: at least one event, no more than asked for, none past the end")
{
    Store *store = fixture_store(cx, "packed");
    Committer *committer = fixture_committer(cx, store);
    for (int i = 0; i < 5; i++)
        EXPECT(fixture_receive(cx, committer, cx_printf(cx, "file %d", i), SLICE("")).err ==
               ERR_OK);
    Db *db = NULL;
    EXPECT_OK(store_take(cx, store, &db));
    static const struct {
        uint64_t first, last;
        size_t bytes_max;
        uint64_t next;
    } cases[] = {{1, 5, LIMIT_MIB, 6}, {1, 5, 20, 2}, {3, 4, LIMIT_MIB, 5}, {6, 9, LIMIT_MIB, 6}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        uint64_t next = 0;
        Slice bytes;
        EXPECT_OK(replica_pack(cx, store, db, cases[i].first, cases[i].last, cases[i].bytes_max,
                               &next, &bytes));
        EXPECT(next == cases[i].next && slice_starts(bytes, REPLICA_HEAD));
    }
    // Nothing of a file is readable in it.
    uint64_t next = 0;
    Slice bytes;
    EXPECT_OK(replica_pack(cx, store, db, 1, 5, LIMIT_MIB, &next, &bytes));
    EXPECT(slice_find(bytes, SLICE("file 3")) == SLICE_NONE);
    EXPECT(slice_find(bytes, SLICE("a.xml")) == SLICE_NONE);
    store_give(store, db);
    commit_close(committer);
    store_close(store);
}
