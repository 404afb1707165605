#include "store/changes.h"

#include "base/test.h"
#include "store/store.h"

TEST("changes: what was seen before a touch is never fresh again, what is seen after it is")
{
    Changes *changes = changes_open();
    ChangesMark one = changes_mark(SLICE("a"), SLICE("1"));
    ChangesMark two = changes_mark(SLICE("a"), SLICE("2"));
    EXPECT(one != two && one != changes_mark(SLICE("b"), SLICE("1")));
    uint64_t before = changes_now(changes);
    EXPECT(changes_fresh(changes, one, before));
    changes_touch(changes, one);
    changes_touch(changes, one);
    uint64_t during = changes_now(changes);
    EXPECT(!changes_fresh(changes, one, before) && !changes_fresh(changes, one, during));
    EXPECT(changes_fresh(changes, two, before));
    changes_settle(changes);
    EXPECT(!changes_fresh(changes, one, before) && !changes_fresh(changes, one, during));
    EXPECT(changes_fresh(changes, one, changes_now(changes)));
    EXPECT(changes_fresh(changes, two, before));
    changes_close(changes);
}

TEST("changes: touching all, and touching too many for one transaction, leaves nothing fresh")
{
    Changes *changes = changes_open();
    ChangesMark other = changes_mark(SLICE("a"), SLICE("other"));
    for (int round = 0; round < 2; round++) {
        uint64_t before = changes_now(changes);
        if (round == 0) changes_touch_all(changes);
        for (int i = 0; round == 1 && i < 20'000; i++) {
            ChangesMark mark = changes_mark(SLICE("a"), cx_printf(cx, "%d", i));
            if (mark != other) changes_touch(changes, mark);
        }
        EXPECT(!changes_fresh(changes, other, before));
        EXPECT(!changes_fresh(changes, other, changes_now(changes)));
        changes_settle(changes);
        EXPECT(!changes_fresh(changes, other, before));
        EXPECT(changes_fresh(changes, other, changes_now(changes)));
    }
    changes_close(changes);
}

TEST("changes: a commit, a rollback and a new writer settle; a folder that is read has none")
{
    Store *store = NULL, *reader = NULL;
    StoreOptions options = {
        .folder = cx_printf(cx, "%s/data", test_folder()).data, .create = true, .write = true};
    EXPECT_OK(store_open(cx, &options, &store));
    const Changes *changes = store_changes(store);
    ChangesMark mark = changes_mark(SLICE("local"), SLICE("1"));
    for (int way = 0; way < 3; way++) {
        uint64_t before = changes_now(changes);
        Db *db = store_writer(store);
        EXPECT_OK(db_begin(cx, db));
        db_touch(db, SLICE("local"), SLICE("1"));
        EXPECT(!changes_fresh(changes, mark, changes_now(changes)));
        if (way == 0) EXPECT_OK(db_commit(cx, db));
        if (way == 1) db_rollback(db);
        if (way == 2) EXPECT_OK(store_reopen_writer(cx, store));
        EXPECT(!changes_fresh(changes, mark, before));
        EXPECT(changes_fresh(changes, mark, changes_now(changes)));
        // After a commit that failed nobody knows what it wrote.
        ChangesMark other = changes_mark(SLICE("local"), SLICE("2"));
        EXPECT(changes_fresh(changes, other, before) == (way < 2));
    }
    EXPECT_OK(store_open(cx, &(StoreOptions){.folder = options.folder}, &reader));
    EXPECT(store_changes(reader) == NULL);
    store_close(reader);
    store_close(store);
}

static void count_ring(void *self)
{
    ++*(int *)self;
}

TEST("changes: a bell rings when a transaction that touched its mark has ended, and no more when "
     "it is taken away")
{
    Changes *changes = changes_open();
    ChangesMark mine = changes_mark(SLICE(""), SLICE("mine"));
    ChangesMark other = changes_mark(SLICE(""), SLICE("other"));
    int mine_count = 0, other_count = 0;
    changes_when(changes, mine, count_ring, &mine_count);
    changes_when(changes, other, count_ring, &other_count);
    changes_settle(changes);
    EXPECT(mine_count == 0 && other_count == 0);
    changes_touch(changes, mine);
    EXPECT(mine_count == 0);
    changes_settle(changes);
    EXPECT(mine_count == 1 && other_count == 0);
    changes_settle(changes);
    EXPECT(mine_count == 1);
    changes_touch_all(changes);
    changes_settle(changes);
    EXPECT(mine_count == 2 && other_count == 1);
    changes_when_no_more(changes, &mine_count);
    changes_touch(changes, mine);
    changes_touch(changes, other);
    changes_settle(changes);
    EXPECT(mine_count == 2 && other_count == 2);
    changes_close(changes);
}
