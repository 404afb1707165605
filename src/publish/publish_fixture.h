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
        EXPECT_OK(db_query_text(
            cx, db, cx_printf(cx, "SELECT * FROM %s ORDER BY 1, 2", SCHEMA_PROJECTIONS[i]), NULL, 0,
            &rows));
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

typedef struct FixtureErase {
    Wait wait; // first, as above
    Erasure erasure;
} FixtureErase;

static inline Err fixture_erase_work(Cx *cx, Db *db, void *self)
{
    (void)cx;
    (void)db;
    (void)self;
    return ERR_OK;
}

// Erases as "u-two", asked by "u-one".
static inline FixtureErase fixture_erase(Cx *cx, Committer *committer, Slice document, Slice reason)
{
    AuditNote note = {.tenant = SLICE("local"),
                      .actor = SLICE("u-two"),
                      .source = SLICE("http"),
                      .act = SLICE("erasure.confirm"),
                      .object_kind = SLICE("document")};
    FixtureErase erase = {.wait = WAIT_INIT,
                          .erasure = {.tenant = SLICE("local"),
                                      .actor = SLICE("u-two"),
                                      .source = SLICE("http"),
                                      .document = document,
                                      .reason = reason,
                                      .asked = SLICE("u-one")}};
    EXPECT_OK(commit_erase(cx, committer, &erase.erasure, fixture_erase_work, &note, wait_worked,
                           &erase));
    wait_for(&erase.wait);
    return erase;
}

static inline Committer *fixture_committer(Cx *cx, Store *store)
{
    Committer *committer = NULL;
    const CommitOptions options = {.fold = fold_fact, .refold = rebuild_erased};
    EXPECT_OK(commit_open(cx, store, &options, &committer));
    return committer;
}
