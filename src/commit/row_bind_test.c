#include "commit/row_bind.h"

#include "base/limits.h"
#include "commit/commit_fixture.h"
#include "commit/commit_wait.h"

static const CommitOptions plain = {};

static Err script(Cx *cx, Db *db, void *self)
{
    return db_script(cx, db, self);
}

static void work(Cx *cx, Store *store, const char *sql)
{
    Committer *committer = NULL;
    EXPECT_OK(commit_open(cx, store, &plain, &committer));
    EXPECT_OK(commit_wait_work(cx, committer, script, (void *)(uintptr_t)sql));
    commit_close(committer);
}

static int64_t number(Cx *cx, Store *store, const char *sql)
{
    AUTO_ROWS DbRows *rows = NULL;
    bool row = false;
    EXPECT_OK(db_query_text(cx, store_writer(store), slice_of(sql), NULL, 0, &rows));
    EXPECT_OK(db_next(cx, rows, &row));
    return row ? db_col_int(rows, 0) : -1;
}

#define BOUND_EVENTS "SELECT count(*) FROM event WHERE type = 20"

// What event `sequence` says.
static EventBody body_of(Cx *cx, Store *store, int64_t sequence)
{
    AUTO_ROWS DbRows *rows = NULL;
    bool row = false;
    AeadKey key;
    Slice canonical;
    EventBody body;
    EXPECT_OK(db_query(cx, store_writer(store),
                       "SELECT subject, leaf_hash, content FROM event WHERE sequence = $1",
                       DB_VALUES(db_int(sequence)), &rows));
    EXPECT_OK(db_next(cx, rows, &row));
    EXPECT(row);
    EXPECT_OK(
        store_key_find(cx, store, store_writer(store), SLICE(""), db_col_blob(rows, 0), &key));
    EXPECT_OK(event_log_open(cx, &key, db_col_blob(rows, 1), db_col_blob(rows, 2), &canonical));
    EXPECT_OK(event_body_parse(cx, canonical, &body));
    return body;
}

TEST("row_bind: what a transaction writes is bound by one event in it, and loose columns by seals")
{
    Store *store = fixture_store(cx, "one");
    work(cx, store,
         "INSERT INTO member VALUES ('a', x'01', 1, 5); INSERT INTO member VALUES ('b', "
         "x'01', 1, 5); INSERT INTO attempt VALUES ('', '2026-01-01', x'01', 1)");
    EXPECT(number(cx, store, BOUND_EVENTS) == 1 &&
           number(cx, store, "SELECT count(*) FROM row_seal") == 1);
    const EventBody first = body_of(cx, store, 1);
    EXPECT(slice_equal(first.event, SLICE("bound")) && first.tenant.size == 0);
    EXPECT(slice_find(first.rows, SLICE(" - member(a, 01)\n")) == 64);
    EXPECT(first.rows.size == (size_t)2 * (64 + 17));
    // Nothing that is bound, or a loose column alone: no event.
    work(cx, store, "UPDATE attempt SET count = 2; INSERT INTO counter VALUES ('a', 'x', 1)");
    EXPECT(number(cx, store, BOUND_EVENTS) == 1);
    work(cx, store, "DELETE FROM member WHERE tenant = 'a'; DELETE FROM attempt");
    const Slice rows = body_of(cx, store, 2).rows;
    EXPECT(
        slice_equal(slice_sub(rows, 2, 64), slice_sub(first.rows, 0, 64))); // what it said before
    EXPECT(slice_starts(rows, SLICE("- ")) && slice_ends(rows, SLICE(" member(a, 01)\n")));
    EXPECT(number(cx, store, "SELECT count(*) FROM row_seal") == 0);
    EXPECT(number(cx, store, "SELECT next_sequence FROM head") == 3);
    store_close(store);
}

TEST("row_bind: a work that is refused binds nothing, its neighbours' rows are bound")
{
    Store *store = fixture_store(cx, "refused");
    Committer *committer = NULL;
    EXPECT_OK(commit_open(cx, store, &plain, &committer));
    EXPECT(commit_wait_work(cx, committer, script,
                            "INSERT INTO policy VALUES ('', 'a', x'01', 1); INSERT INTO nothing "
                            "VALUES (1)") != ERR_OK);
    EXPECT(number(cx, store, BOUND_EVENTS) == 0);
    EXPECT_OK(
        commit_wait_work(cx, committer, script, "INSERT INTO policy VALUES ('', 'a', x'01', 1)"));
    EXPECT(number(cx, store, BOUND_EVENTS) == 1);
    commit_close(committer);
    store_close(store);
}

TEST("row_bind: what a program of before wrote is bound at the first start, once")
{
    Store *store = fixture_store(cx, "before");
    Db *db = store_writer(store);
    EXPECT_OK(db_script(cx, db,
                        "INSERT INTO member VALUES ('a', x'01', 1, 5); INSERT INTO session VALUES "
                        "('', x'aa', x'', x'', 'a', 1, 1, 1, x'', 0)"));
    EXPECT_OK(bound_settle(cx, db, false)); // nobody noticed it then
    work(cx, store, "SELECT 1");
    EXPECT(number(cx, store, BOUND_EVENTS) == 1 &&
           number(cx, store, "SELECT count(*) FROM row_seal") == 1);
    EXPECT(slice_find(body_of(cx, store, 1).rows, SLICE(" * session(, aa)\n")) != SLICE_NONE);
    work(cx, store, "SELECT 1");
    EXPECT(number(cx, store, BOUND_EVENTS) == 1);
    store_close(store);
}

TEST("row_bind: a halted log takes no event: the rows wait until it goes on")
{
    Store *store = fixture_store(cx, "halted");
    Committer *committer = NULL;
    EXPECT_OK(commit_open(cx, store, &plain, &committer));
    commit_halt(committer, "a mirror");
    EXPECT_OK(commit_wait_work(cx, committer, script,
                               "INSERT INTO member VALUES ('a', x'01', 1, 5); INSERT INTO attempt "
                               "VALUES ('', '2026-01-01', x'01', 1)"));
    EXPECT(number(cx, store, BOUND_EVENTS) == 0 &&
           number(cx, store, "SELECT count(*) FROM row_seal") == 1);
    commit_halt(committer, NULL);
    EXPECT_OK(commit_wait_work(cx, committer, script, "SELECT 1"));
    EXPECT(number(cx, store, BOUND_EVENTS) == 1);
    EXPECT(slice_find(body_of(cx, store, 1).rows, SLICE(" * member(a, 01)\n")) == 64);
    // Halted later on, it knows what stood there before.
    commit_halt(committer, "a fork");
    EXPECT_OK(commit_wait_work(cx, committer, script, "UPDATE member SET roles = 2"));
    EXPECT_OK(commit_wait_work(cx, committer, script, "UPDATE member SET roles = 3"));
    commit_halt(committer, NULL);
    EXPECT_OK(commit_wait_work(cx, committer, script, "SELECT 1"));
    EXPECT(number(cx, store, BOUND_EVENTS) == 2);
    EXPECT(slice_equal(slice_sub(body_of(cx, store, 2).rows, 65, 64),
                       slice_sub(body_of(cx, store, 1).rows, 0, 64)));
    commit_close(committer);
    store_close(store);
}

// A mirror has the log and none of the people; when it becomes the primary, they begin anew.
TEST("row_bind: where none of the bound rows is left, that is said once, before the first new one")
{
    Store *store = fixture_store(cx, "successor");
    work(cx, store, "INSERT INTO member VALUES ('a', x'01', 1, 5)");
    EXPECT_OK(db_script(cx, store_writer(store), "DELETE FROM member"));
    EXPECT_OK(bound_settle(cx, store_writer(store), false));
    work(cx, store, "SELECT 1");
    EXPECT(slice_equal(body_of(cx, store, 2).reason, ROW_BIND_ANEW));
    work(cx, store, "INSERT INTO member VALUES ('b', x'01', 1, 5)");
    EXPECT(number(cx, store, BOUND_EVENTS) == 3);
    EXPECT(slice_find(body_of(cx, store, 3).rows, SLICE(" - member(b, 01)\n")) == 64);
    store_close(store);
}

TEST("row_bind: more rows than one event holds are bound by several")
{
    Store *store = fixture_store(cx, "many");
    work(cx, store,
         "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000) "
         "INSERT INTO policy SELECT '', 'name ' || i, x'01', i FROM n");
    EXPECT(number(cx, store, BOUND_EVENTS) ==
           1 + (int64_t)(1000 * (64 + 21) / LIMIT_BOUND_EVENT_BYTES));
    store_close(store);
}
