#include "desk/running/sync/sync_part.h"

#include "base/limits.h"
#include "desk/people/erasure/erasure.h"
#include "desk/running/audit/audit.h"
#include "desk/running/completeness/closing.h"

#define SETTLE_MS UINT64_C(10'000)  // for witnesses to answer
#define STUCK_MS  UINT64_C(120'000) // a reading takes at most half of it

static Err count_of(Cx *cx, Store *store, const char *sql, int64_t value, int64_t *ret_count)
{
    Db *db = NULL;
    TRY(store_take(cx, store, &db));
    DbRows *rows = NULL;
    bool row = false;
    Err err = db_query_text(cx, db, slice_of(sql), DB_VALUES(db_int(value)), &rows);
    if (err == ERR_OK) err = db_next(cx, rows, &row);
    *ret_count = err == ERR_OK && row ? db_col_int(rows, 0) : 0;
    db_rows_close(rows);
    store_give(store, db);
    return err;
}

// What came and was never decided is read again.
static Err open_documents(Cx *cx, const SyncOptions *options, SyncSaid *said)
{
    int64_t stuck = 0;
    TRY(count_of(cx, flow_store(options->flow),
                 "SELECT COUNT(*) FROM document_state WHERE done_ms IS NULL AND received_ms < $1",
                 (int64_t)(cx_now_ms(cx) - STUCK_MS), &stuck));
    said->count = stuck;
    said->good = stuck == 0;
    if (stuck == 0) {
        said->zh = SLICE("没有迟迟未识别的文件。");
        said->en = SLICE("No document has been waiting to be read.");
        return ERR_OK;
    }
    bool halted = commit_halted(cx, flow_committer(options->flow)).size > 0;
    if (!halted) flow_resume(options->flow);
    said->zh = cx_printf(cx, "%lld 份文件迟迟没有结果，%s。", (long long)stuck,
                         halted ? "写入恢复后再识别" : "已重新排队识别");
    said->en = cx_printf(cx, "%lld documents had no outcome yet; %s.", (long long)stuck,
                         halted ? "they wait until writing goes on" : "they are being read again");
    return ERR_OK;
}

static Err ledger_head(Cx *cx, const SyncOptions *options, SyncSaid *said)
{
    Flow *flow = options->flow;
    int64_t events = 0;
    Db *db = NULL;
    LogHead head;
    if (flow_sealer(flow) != NULL) TRY(sealer_flush(cx, flow_sealer(flow)));
    TRY(store_take(cx, flow_store(flow), &db));
    Err err = log_head(cx, flow_log(flow), db, &head);
    store_give(flow_store(flow), db);
    TRY(err);
    TRY(count_of(cx, flow_store(flow), "SELECT COALESCE(MAX(sequence), $1) FROM event", 0,
                 &events));
    // More events than leaves may be there: they came since.
    said->count = (int64_t)head.size;
    said->good = events >= (int64_t)head.size && (events == 0 || head.size > 0);
    said->zh = cx_printf(cx, "账本 %llu 条已签名，事件 %lld 条。", (unsigned long long)head.size,
                         (long long)events);
    said->en = cx_printf(cx, "%llu entries of the ledger are signed; there are %lld events.",
                         (unsigned long long)head.size, (long long)events);
    return ERR_OK;
}

static Err list_watchers(Cx *cx, Store *store, WatchRow **ret_rows, size_t *ret_count)
{
    Db *db = NULL;
    TRY(store_take(cx, store, &db));
    Err err = watch_list(cx, db, ret_rows, ret_count);
    store_give(store, db);
    return err;
}

static Err other_nodes(Cx *cx, const SyncOptions *options, SyncSaid *said)
{
    WatchRow *rows = NULL;
    size_t count = 0, behind = 0;
    if (options->mirror != NULL) mirror_nudge(options->mirror);
    watch_settle(options->watch, SETTLE_MS);
    TRY(list_watchers(cx, flow_store(options->flow), &rows, &count));
    uint64_t size =
        flow_sealer(options->flow) == NULL ? 0 : sealer_size(flow_sealer(options->flow));
    for (size_t i = 0; i < count; i++)
        behind += rows[i].error.size > 0 || rows[i].size < size;
    said->count = (int64_t)count;
    said->good = behind == 0;
    said->zh = count == 0 ? SLICE("没有见证，也没有镜像：整个文件夹被换回旧的，别处无人能发现。")
                          : cx_printf(cx, "见证与镜像共 %zu 个，%zu 个落后或有错。", count, behind);
    said->en = count == 0
                   ? SLICE("There is no witness and no mirror: nobody else would notice the "
                           "whole folder being put back to an older state.")
                   : cx_printf(cx, "%zu witnesses and mirrors, %zu of them behind or failing.",
                               count, behind);
    return ERR_OK;
}

static Err past_days(Cx *cx, const SyncOptions *options, SyncSaid *said)
{
    int count = 0;
    if (options->mirror == NULL)
        TRY(closing_all(cx, flow_store(options->flow), flow_committer(options->flow),
                        flow_log(options->flow), &count));
    said->count = count;
    said->good = true;
    said->zh = count == 0 ? SLICE("没有到期待签的日子。")
                          : cx_printf(cx, "新签了 %d 天的收件等式。", count);
    said->en = count == 0 ? SLICE("No day is due to be signed.")
                          : cx_printf(cx, "%d past days were closed and signed.", count);
    return ERR_OK;
}

// Nobody has confirmed them within the policy's days.
static Err old_requests(Cx *cx, const SyncOptions *options, SyncSaid *said)
{
    size_t count = 0;
    const ErasureDesk desk = {flow_store(options->flow), flow_committer(options->flow)};
    if (options->mirror == NULL) TRY(erasure_expire(cx, &desk, &count));
    said->count = (int64_t)count;
    said->good = true;
    said->zh = count == 0 ? SLICE("没有到期的永久删除申请。")
                          : cx_printf(cx, "%zu 份永久删除申请没有人决定，已过期。", count);
    said->en = count == 0 ? SLICE("No request to erase has expired.")
                          : cx_printf(cx, "%zu requests to erase have expired undecided.", count);
    return ERR_OK;
}

static Err whole_record(Cx *cx, const SyncOptions *options, SyncSaid *said)
{
    AuditReport report = {.ok = true};
    const AuditOptions audit = {
        .folder = options->folder, .key_file = options->key_file, .quick = true};
    if (!options->no_audit) TRY(audit_run(cx, &audit, &report));
    said->count = (int64_t)report.count;
    said->good = report.ok;
    said->zh = report.ok
                   ? SLICE("抽查了记录、账本和文件，没有发现问题。")
                   : cx_printf(cx, "抽查发现 %zu 处不对；请运行 fapiao audit。第一处：" SLICE_FMT,
                               report.count, SLICE_ARG(report.findings[0].where));
    said->en =
        report.ok
            ? SLICE("A sample of record, ledger and files was checked; nothing is wrong.")
            : cx_printf(cx, "A sample shows %zu findings; run fapiao audit. The first: " SLICE_FMT,
                        report.count, SLICE_ARG(report.findings[0].where));
    return ERR_OK;
}

static const SyncPart parts[] = {
    {"documents", open_documents}, {"ledger", ledger_head},    {"nodes", other_nodes},
    {"days", past_days},           {"erasures", old_requests}, {"audit", whole_record},
};

const SyncPart *sync_part_all(size_t *ret_count)
{
    *ret_count = sizeof parts / sizeof parts[0];
    return parts;
}
