#include "desk/running/sync/sync_view.h"

#include "base/base64.h"
#include "base/date.h"
#include "base/limits.h"
#include "format/json/json_in.h"
#include "format/json/json_out.h"
#include "model/reason.h"

static void put_count(JsonOut *out, const char *key, int64_t count)
{
    json_out_key(out, slice_of(key));
    json_out_number(out, count);
}

// "" for never.
static void put_time(Cx *cx, JsonOut *out, const char *key, uint64_t ms)
{
    json_out_pair(out, key, ms == 0 ? SLICE("") : date_rfc3339(cx, ms));
}

// --- sources

typedef struct Arrivals { // of one source
    Slice name;
    uint64_t last_ms; // newest arrival
    int64_t received, in_progress, failed;
    JsonOut reasons; // of what failed
} Arrivals;

static void add_reason(Arrivals *source, Slice code, int64_t count)
{
    Reason reason = REASON_NONE;
    (void)reason_of_code(code, &reason);
    const ReasonRow *row = reason_row(reason);
    json_out_object(&source->reasons);
    json_out_pair(&source->reasons, "reason", code);
    json_out_pair(&source->reasons, "zh", slice_of(row->zh));
    json_out_pair(&source->reasons, "en", slice_of(row->en));
    put_count(&source->reasons, "count", count);
    json_out_end_object(&source->reasons);
    source->failed += count;
}

static void begin_source(Cx *cx, Arrivals *source, Slice name)
{
    *source = (Arrivals){.name = name, .reasons = json_out_open(cx, LIMIT_MIB)};
    json_out_array(&source->reasons);
}

static Err end_source(Cx *cx, JsonOut *out, Arrivals *source)
{
    Slice reasons;
    json_out_end_array(&source->reasons);
    TRY(json_out_done(cx, &source->reasons, &reasons));
    json_out_object(out);
    json_out_pair(out, "source", source->name);
    put_time(cx, out, "last_at", source->last_ms);
    put_count(out, "received", source->received);
    put_count(out, "in_progress", source->in_progress);
    put_count(out, "failed", source->failed);
    json_out_key(out, SLICE("reasons"));
    json_out_raw(out, reasons);
    json_out_end_object(out);
    return ERR_OK;
}

static Err print_sources(Cx *cx, JsonOut *out, Db *db, Slice tenant)
{
    AUTO_ROWS DbRows *rows = NULL;
    TRY(db_query(cx, db,
                 "SELECT source, state, CASE state WHEN 'quarantined' THEN reason ELSE '' END, "
                 "COUNT(*), MAX(received_ms) FROM (SELECT source, state, reason, received_ms "
                 "FROM document_state WHERE tenant = $1 ORDER BY document DESC LIMIT $2) AS newest "
                 "GROUP BY 1, 2, 3 ORDER BY 1, 2, 3",
                 DB_VALUES(db_text(tenant), db_int(SYNC_VIEW_DOCUMENTS)), &rows));
    Arrivals source = {};
    bool open = false;
    for (bool row = true;;) {
        TRY(db_next(cx, rows, &row));
        if (!row) break;
        if (!open || !slice_equal(db_col_text(rows, 0), source.name)) {
            Slice name;
            if (open) TRY(end_source(cx, out, &source));
            TRY(cx_copy(cx, db_col_text(rows, 0), &name));
            begin_source(cx, &source, name);
            open = true;
        }
        int64_t count = db_col_int(rows, 3);
        uint64_t last_ms = (uint64_t)db_col_int(rows, 4);
        source.received += count;
        if (last_ms > source.last_ms) source.last_ms = last_ms;
        if (slice_equal(db_col_text(rows, 1), SLICE("received"))) source.in_progress += count;
        if (slice_equal(db_col_text(rows, 1), SLICE("quarantined")))
            add_reason(&source, db_col_text(rows, 2), count);
    }
    return open ? end_source(cx, out, &source) : ERR_OK;
}

// --- nodes

static void print_node(Cx *cx, JsonOut *out, const WatchRow *row, uint64_t size)
{
    json_out_object(out);
    json_out_pair(out, "name", row->name);
    json_out_pair(out, "kind", row->kind);
    json_out_pair(out, "url", row->url);
    put_count(out, "size", (int64_t)row->size);
    put_count(out, "behind", row->size < size ? (int64_t)(size - row->size) : 0);
    put_time(cx, out, "ok_at", row->ok_ms);
    put_time(cx, out, "tried_at", row->tried_ms);
    json_out_pair(out, "error", row->error);
    json_out_end_object(out);
}

static Err print_nodes(Cx *cx, JsonOut *out, Db *db, uint64_t size)
{
    WatchRow *watchers = NULL;
    size_t count = 0;
    TRY(watch_list(cx, db, &watchers, &count));
    for (size_t i = 0; i < count; i++)
        print_node(cx, out, &watchers[i], size);
    return ERR_OK;
}

// What this node is itself, when it follows another.
static void print_mirror(Cx *cx, JsonOut *out, Mirror *mirror)
{
    MirrorBrief brief = mirror_brief(mirror);
    json_out_object(out);
    put_count(out, "size", (int64_t)brief.size);
    put_count(out, "primary_size", (int64_t)brief.primary_size);
    put_count(out, "behind",
              brief.primary_size > brief.size ? (int64_t)(brief.primary_size - brief.size) : 0);
    put_time(cx, out, "ok_at", brief.ok_ms);
    put_time(cx, out, "tried_at", brief.tried_ms);
    json_out_key(out, SLICE("alarm"));
    json_out_bool(out, brief.alarm);
    json_out_pair(out, "error", slice_of(brief.error));
    json_out_end_object(out);
}

// --- the whole

static void print_brief(JsonOut *out, Watch *watch)
{
    WatchBrief brief = watch_brief(watch);
    json_out_object(out);
    put_count(out, "count", (int64_t)brief.witnesses);
    put_count(out, "need", (int64_t)brief.need);
    put_count(out, "cosigned", (int64_t)brief.cosigned);
    json_out_end_object(out);
}

static Err print_ledger(Cx *cx, JsonOut *out, Db *db, Flow *flow, uint64_t *ret_size)
{
    LogHead head = {};
    if (flow_log(flow) != NULL) TRY(log_head(cx, flow_log(flow), db, &head));
    AUTO_ROWS DbRows *rows = NULL;
    bool row = false;
    TRY(db_query(cx, db, "SELECT COALESCE(MAX(sequence), 0) FROM event", NULL, 0, &rows));
    TRY(db_next(cx, rows, &row));
    int64_t events = row ? db_col_int(rows, 0) : 0;
    json_out_object(out);
    put_count(out, "size", (int64_t)head.size);
    put_count(out, "events", events);
    put_count(out, "behind", events - (int64_t)head.size);
    put_time(cx, out, "checkpoint_at", head.time_ms);
    json_out_end_object(out);
    *ret_size = head.size;
    return ERR_OK;
}

Err sync_view_print(Cx *cx, Db *db, Flow *flow, Sync *sync, Slice tenant, Slice *ret_json)
{
    Watch *watch = sync == NULL ? NULL : sync_options(sync)->watch;
    Mirror *mirror = sync == NULL ? NULL : sync_options(sync)->mirror;
    uint64_t size = 0;
    JsonOut out = json_out_open(cx, LIMIT_MIB);
    json_out_object(&out);
    json_out_key(&out, SLICE("ledger"));
    TRY(print_ledger(cx, &out, db, flow, &size));
    json_out_key(&out, SLICE("sources"));
    json_out_array(&out);
    TRY(print_sources(cx, &out, db, tenant));
    json_out_end_array(&out);
    json_out_key(&out, SLICE("nodes"));
    json_out_array(&out);
    TRY(print_nodes(cx, &out, db, size));
    json_out_end_array(&out);
    json_out_key(&out, SLICE("witnesses"));
    print_brief(&out, watch);
    json_out_key(&out, SLICE("mirror"));
    if (mirror != NULL)
        print_mirror(cx, &out, mirror);
    else
        json_out_null(&out);
    Slice halted =
        flow_committer(flow) == NULL ? SLICE("") : commit_halted(cx, flow_committer(flow));
    json_out_pair(&out, "halted", halted);
    json_out_key(&out, SLICE("running"));
    json_out_bool(&out, sync != NULL && sync_is_running(sync));
    put_time(cx, &out, "next_at", sync == NULL ? 0 : sync_next(cx, sync));
    json_out_end_object(&out);
    return json_out_done(cx, &out, ret_json);
}

static void put_outcome(JsonOut *out, const JsonValue *part)
{
    bool good = json_in_bool(json_in_get(part, "ok"), false);
    json_out_object(out);
    json_out_pair(out, "part", json_in_string(json_in_get(part, "part")));
    json_out_key(out, SLICE("ok"));
    json_out_bool(out, good);
    put_count(out, "count", 0);
    json_out_pair(out, "zh", good ? SLICE("没有问题。") : SLICE("有不对的，管理员看得到详情。"));
    json_out_pair(out, "en",
                  good ? SLICE("Nothing is wrong.")
                       : SLICE("Something is wrong; administrators see what."));
    json_out_end_object(out);
}

static Err put_outcomes(Cx *cx, JsonOut *out, Slice result)
{
    JsonIn *in = NULL;
    TRY(json_in_open(cx, result, &in));
    const JsonValue *root = json_in_root(in), *part = json_in_first(json_in_get(root, "parts"));
    json_out_object(out);
    json_out_key(out, SLICE("parts"));
    json_out_array(out);
    for (; part != NULL; part = json_in_next(part))
        put_outcome(out, part);
    json_out_end_array(out);
    json_out_key(out, SLICE("ok"));
    json_out_bool(out, json_in_bool(json_in_get(root, "ok"), false));
    json_out_end_object(out);
    json_in_close(in);
    return ERR_OK;
}

Err sync_view_runs(Cx *cx, Db *db, Slice before, int limit, bool whole, Slice *ret_json)
{
    uint8_t id[COMMIT_ID_SIZE];
    memset(id, 0xFF, sizeof id);
    if (!slice_empty(before) && base64_unhex(cx, before, id, sizeof id) != ERR_OK)
        return err_set(cx, ERR_INPUT, "cursor: is none of ours");
    AUTO_ROWS DbRows *rows = NULL;
    TRY(db_query(cx, db,
                 "SELECT id, cause, started_ms, ended_ms, result FROM sync_run "
                 "WHERE tenant = '' AND id < $1 ORDER BY id DESC LIMIT $2",
                 DB_VALUES(db_blob((Slice){(const char *)id, sizeof id}), db_int(limit)), &rows));
    JsonOut out = json_out_open(cx, LIMIT_MIB);
    json_out_object(&out);
    json_out_key(&out, SLICE("items"));
    json_out_array(&out);
    Slice last = SLICE("");
    int count = 0;
    for (bool row = true;; count++) {
        TRY(db_next(cx, rows, &row));
        if (!row) break;
        last = base64_hex(cx, db_col_blob(rows, 0));
        json_out_object(&out);
        json_out_pair(&out, "id", last);
        json_out_pair(&out, "cause", db_col_text(rows, 1));
        put_time(cx, &out, "started_at", (uint64_t)db_col_int(rows, 2));
        put_time(cx, &out, "ended_at", (uint64_t)db_col_int(rows, 3));
        json_out_key(&out, SLICE("result"));
        if (db_col_text(rows, 4).size == 0)
            json_out_null(&out);
        else if (whole)
            json_out_raw(&out, db_col_text(rows, 4));
        else
            TRY(put_outcomes(cx, &out, db_col_text(rows, 4)));
        json_out_end_object(&out);
    }
    json_out_end_array(&out);
    json_out_pair(&out, "next_cursor", count == limit ? last : SLICE(""));
    json_out_end_object(&out);
    return json_out_done(cx, &out, ret_json);
}
