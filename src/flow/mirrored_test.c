#include "flow/mirrored.h"

#include "base/test.h"
#include "commit/commit_wait.h"
#include "flow/flow.h"

static Err put_mark(Cx *cx, Db *db, void *self)
{
    (void)self;
    return db_run(cx, db, "INSERT INTO meta (name, value) VALUES ($1, $2)",
                  DB_VALUES(db_text(SLICE(MIRRORED_MARK)), db_blob(SLICE("seed"))), NULL);
}

static Err open_it(Cx *cx, const char *folder, bool promotes, Flow **ret_flow)
{
    const FlowOptions options = {.store = {.folder = folder, .create = true, .write = true},
                                 .no_reading = true,
                                 .promotes = promotes};
    return flow_open(cx, &options, ret_flow);
}

static int64_t events(Cx *cx, Flow *flow)
{
    Db *db = NULL;
    DbRows *rows = NULL;
    bool row = false;
    EXPECT_OK(store_take(cx, flow_store(flow), &db));
    EXPECT_OK(db_query(cx, db, "SELECT COUNT(*) FROM event", NULL, 0, &rows));
    EXPECT_OK(db_next(cx, rows, &row));
    int64_t count = db_col_int(rows, 0);
    db_rows_close(rows);
    store_give(flow_store(flow), db);
    return count;
}

static Err write_entry(Cx *cx, Flow *flow)
{
    AuditNote note = {.tenant = SLICE("local"),
                      .actor = SLICE("local"),
                      .source = SLICE("cli"),
                      .act = SLICE("test.act"),
                      .object_kind = SLICE("folder"),
                      .object = SLICE("")};
    return commit_wait_audited(cx, flow_committer(flow), NULL, NULL, &note);
}

TEST("mirrored: a mirror's folder gets no event of its own until somebody promotes it")
{
    Flow *flow = NULL;
    const char *folder = cx_printf(cx, "%s/data", test_folder()).data;
    EXPECT_OK(open_it(cx, folder, false, &flow));
    EXPECT_OK(write_entry(cx, flow));
    EXPECT_OK(commit_wait_work(cx, flow_committer(flow), put_mark, NULL));
    int64_t count = events(cx, flow);
    flow_close(flow);

    EXPECT_OK(open_it(cx, folder, false, &flow));
    bool is = false;
    EXPECT_OK(mirrored_is(cx, flow_store(flow), &is));
    EXPECT(is && flow_sealer(flow) == NULL);
    EXPECT(write_entry(cx, flow) == ERR_DENIED &&
           slice_starts(slice_of(cx->err_text), SLICE("这里是镜像")));
    AuditNote note = {.act = SLICE("folder.rebuild")};
    EXPECT_OK(flow_rebuild(cx, flow, &note, NULL, NULL));
    EXPECT(events(cx, flow) == count);
    flow_close(flow);

    EXPECT_OK(open_it(cx, folder, true, &flow));
    EXPECT_OK(mirrored_is(cx, flow_store(flow), &is));
    EXPECT(!is && flow_sealer(flow) != NULL);
    EXPECT_OK(write_entry(cx, flow));
    EXPECT(events(cx, flow) > count);
    flow_close(flow);
}
