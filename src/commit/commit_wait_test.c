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

static AuditNote note_of(const char *act)
{
    return (AuditNote){.tenant = SLICE("local"),
                       .actor = SLICE("u-01"),
                       .source = SLICE("test"),
                       .act = slice_of(act)};
}

typedef struct Naming {
    AuditNote note;
    const char *name;
    Err err;
    int runs;
} Naming;

// Says what it did only once it knows; each time it finds the note as it came.
static Err name_it(Cx *cx, Db *db, void *self)
{
    Naming *naming = self;
    naming->runs++;
    EXPECT(slice_empty(naming->note.object));
    naming->note.object = slice_of(naming->name);
    TRY(write_one(cx, db, (void *)(uintptr_t)naming->name));
    return naming->err == ERR_OK ? ERR_OK : err_set(cx, naming->err, "not %s", naming->name);
}

TEST(
    "commit_wait: a write and its entry are durable together; a refused one leaves its entry alone")
{
    Store *store = fixture_store(cx, "audited");
    Committer *committer = NULL;
    const CommitOptions options = {};
    EXPECT_OK(commit_open(cx, store, &options, &committer));
    Naming one = {.note = note_of("meta.add"), .name = "one"};
    EXPECT_OK(commit_wait_audited(cx, committer, name_it, &one, &one.note));
    EXPECT(fixture_count(cx, store, "SELECT COUNT(*) FROM event WHERE type = 19") == 1);
    static const Err refusals[] = {ERR_DENIED, ERR_CONFLICT, ERR_INPUT, ERR_MISSING, ERR_LIMIT};
    for (size_t i = 0; i < sizeof refusals / sizeof refusals[0]; i++) {
        Naming two = {.note = note_of("meta.add"), .name = "two", .err = refusals[i]};
        EXPECT(commit_wait_audited(cx, committer, name_it, &two, &two.note) == refusals[i]);
        EXPECT(strcmp(cx->err_text, "not two") == 0);
        EXPECT(fixture_count(cx, store, "SELECT COUNT(*) FROM event WHERE type = 19") ==
               2 + (int64_t)i);
    }
    EXPECT(fixture_count(cx, store, "SELECT COUNT(*) FROM meta WHERE name IN ('one', 'two')") == 1);
    const AuditNote alone = note_of("invoice.read");
    EXPECT_OK(commit_audit(cx, committer, &alone));
    commit_close(committer); // drains
    EXPECT(fixture_count(cx, store, "SELECT COUNT(*) FROM event WHERE type = 19") == 7);
    EXPECT(fixture_count(cx, store, "SELECT COUNT(*) FROM event WHERE follows = 0") == 1);
    store_close(store);
}

TEST("commit_wait: nothing is audited behind a halt, so nothing that must be is done")
{
    Store *store = fixture_store(cx, "halted");
    Committer *committer = NULL;
    const CommitOptions options = {};
    EXPECT_OK(commit_open(cx, store, &options, &committer));
    commit_halt(committer, "the log went back");
    Naming one = {.note = note_of("meta.add"), .name = "one"};
    EXPECT(commit_wait_audited(cx, committer, name_it, &one, &one.note) == ERR_DENIED);
    EXPECT(one.runs == 0 && strcmp(cx->err_text, "the log went back") == 0);
    EXPECT(commit_audit(cx, committer, &one.note) == ERR_DENIED);
    commit_halt(committer, NULL);
    one.note.tenant = SLICE("0123456789012345678901234567890123456789012345678901234567890123+");
    EXPECT(commit_wait_audited(cx, committer, name_it, &one, &one.note) == ERR_INPUT);
    EXPECT(one.runs == 0);
    commit_close(committer);
    EXPECT(fixture_count(cx, store, "SELECT COUNT(*) FROM event") == 0);
    store_close(store);
}
