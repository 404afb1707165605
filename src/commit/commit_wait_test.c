#include "commit/commit_wait.h"

#include "commit/commit_fixture.h"

static Err write_one(Cx *cx, Db *db, void *self)
{
    const char *name = self;
    return db_run(cx, db, "INSERT INTO meta (name, value) VALUES ($1, x'00')",
                  DB_VALUES(db_text(slice_of(name))), NULL);
}

static Err refuse(Cx *cx, Db *db, void *self)
{
    TRY(write_one(cx, db, self));
    return err_set(cx, ERR_DENIED, "not this one");
}

TEST("commit_wait: what it answers is durable, or undone with the work's own words")
{
    Store *store = fixture_store(cx, "waited");
    Committer *committer = NULL;
    const CommitOptions options = {};
    EXPECT_OK(commit_open(cx, store, &options, &committer));
    EXPECT_OK(commit_wait_work(cx, committer, write_one, "one"));
    EXPECT(commit_wait_work(cx, committer, refuse, "two") == ERR_DENIED);
    EXPECT(strcmp(cx->err_text, "not this one") == 0);
    EXPECT(commit_wait_work(cx, committer, write_one, "one") == ERR_CONFLICT);
    EXPECT(fixture_count(cx, store, "SELECT COUNT(*) FROM meta WHERE name IN ('one', 'two')") == 1);
    commit_close(committer);
    store_close(store);
}
