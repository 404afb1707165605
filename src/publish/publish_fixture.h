// For tests of projections: what they hold, as one digest a table.
#pragma once
#include "commit/commit_fixture.h"
#include "publish/fold.h"
#include "publish/rebuild.h"
#include "store/schema.h"

#define FIXTURE_TABLES 16
typedef struct FixtureDump {
    Digest tables[FIXTURE_TABLES];
    size_t rows;
} FixtureDump;

static inline void fixture_dump_row(DigestStream *stream, const DbRows *rows, int columns)
{
    for (int i = 0; i < columns; i++) {
        char number[32];
        (void)snprintf(number, sizeof number, "|%d %lld ", db_col_null(rows, i),
                       (long long)db_col_int(rows, i));
        digest_stream_add(stream, slice_of(number));
        digest_stream_add(stream, db_col_text(rows, i));
        digest_stream_add(stream, db_col_blob(rows, i));
    }
    digest_stream_add(stream, SLICE("\n"));
}

static inline FixtureDump fixture_dump(Cx *cx, Store *store)
{
    FixtureDump dump = {};
    Db *db = NULL;
    EXPECT_OK(store_take(cx, store, &db));
    for (size_t i = 0; SCHEMA_PROJECTIONS[i] != NULL; i++) {
        EXPECT(i < FIXTURE_TABLES);
        int64_t columns = fixture_count(
            cx, store,
            cx_printf(cx, "SELECT COUNT(*) FROM pragma_table_info('%s')", SCHEMA_PROJECTIONS[i])
                .data);
        EXPECT(columns > 0);
        DbRows *rows = NULL;
        EXPECT_OK(db_query_text(cx, db, cx_printf(cx, "SELECT * FROM %s", SCHEMA_PROJECTIONS[i]),
                                NULL, 0, &rows));
        DigestStream *stream = digest_stream_open(DIGEST_SHA256);
        for (bool row = true;;) {
            EXPECT_OK(db_next(cx, rows, &row));
            if (!row) break;
            fixture_dump_row(stream, rows, (int)columns);
            dump.rows++;
        }
        dump.tables[i] = digest_stream_close(stream);
        db_rows_close(rows);
    }
    store_give(store, db);
    return dump;
}

typedef struct FixtureRebuild {
    Wait wait; // first: wait_worked takes the same pointer
    Store *store;
} FixtureRebuild;

static inline Err fixture_rebuild_work(Cx *cx, Db *db, void *self)
{
    const RebuildOptions options = {.store = ((FixtureRebuild *)self)->store};
    return rebuild_run(cx, db, &options);
}

// Rebuilds, and expects what was live.
static inline void fixture_expect_rebuilt(Cx *cx, Store *store, Committer *committer)
{
    FixtureDump live = fixture_dump(cx, store);
    FixtureRebuild rebuild = {.wait = WAIT_INIT, .store = store};
    EXPECT_OK(commit_work(cx, committer, fixture_rebuild_work, wait_worked, &rebuild));
    wait_for(&rebuild.wait);
    EXPECT(rebuild.wait.err == ERR_OK);
    FixtureDump rebuilt = fixture_dump(cx, store);
    EXPECT(live.rows == rebuilt.rows && live.rows > 0);
    for (size_t i = 0; SCHEMA_PROJECTIONS[i] != NULL; i++)
        if (!digest_equal(&live.tables[i], &rebuilt.tables[i]))
            test_fail(__FILE__, __LINE__, SCHEMA_PROJECTIONS[i]);
}

static inline Committer *fixture_committer(Cx *cx, Store *store)
{
    Committer *committer = NULL;
    const CommitOptions options = {.fold = fold_fact};
    EXPECT_OK(commit_open(cx, store, &options, &committer));
    return committer;
}
