#include "desk/running/sync/sync.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/date.h"
#include "base/limits.h"
#include "commit/commit_wait.h"
#include "commit/uuid7.h"
#include "desk/running/completeness/closing.h"
#include "desk/running/sync/sync_part.h"
#include "format/json/json_out.h"

#define LOOK_S  20 // how often the thread looks at the clock
#define HOUR_MS UINT64_C(3'600'000)

struct Sync {
    SyncOptions options;
    const World *world;
    pthread_t thread;
    bool started;
    pthread_mutex_t mutex; // over all below
    pthread_cond_t woken;
    bool stopping, asked, running;
    uint64_t nightly_ms; // when the last nightly run began; 0 = never
};

const SyncOptions *sync_options(const Sync *sync)
{
    return &sync->options;
}

// --- the row of a run

typedef struct Row {
    uint8_t id[COMMIT_ID_SIZE];
    Slice cause, result;
    uint64_t started_ms, ended_ms;
} Row;

static Err begin_work(Cx *cx, Db *db, void *self)
{
    const Row *row = self;
    return db_run(cx, db,
                  "INSERT INTO sync_run (tenant, id, cause, started_ms, ended_ms, result) "
                  "VALUES ('', $1, $2, $3, 0, '')",
                  DB_VALUES(db_blob((Slice){(const char *)row->id, sizeof row->id}),
                            db_text(row->cause), db_int((int64_t)row->started_ms)),
                  NULL);
}

static Err end_work(Cx *cx, Db *db, void *self)
{
    const Row *row = self;
    TRY(db_run(cx, db,
               "UPDATE sync_run SET ended_ms = $2, result = $3 WHERE tenant = '' AND id = $1",
               DB_VALUES(db_blob((Slice){(const char *)row->id, sizeof row->id}),
                         db_int((int64_t)row->ended_ms), db_text(row->result)),
               NULL));
    // The newest ones are enough: what they found is in the record itself.
    return db_run(cx, db,
                  "DELETE FROM sync_run WHERE tenant = '' AND id NOT IN (SELECT id FROM sync_run "
                  "WHERE tenant = '' ORDER BY id DESC LIMIT $1)",
                  DB_VALUES(db_int(LIMIT_SYNC_RUNS)), NULL);
}

// --- a run

static void run_part(Cx *cx, const SyncOptions *options, const SyncPart *part, JsonOut *out,
                     bool *good)
{
    Cx own;
    cx_init(&own, cx->world, LIMIT_JOB_ARENA);
    SyncSaid said = {};
    Err err = part->run(&own, options, &said);
    if (err != ERR_OK) {
        said = (SyncSaid){.zh = cx_printf(&own, "没有做成：%s", own.err_text),
                          .en = cx_printf(&own, "It could not be done: %s", own.err_text)};
    }
    *good = *good && said.good;
    json_out_object(out);
    json_out_pair(out, "part", slice_of(part->name));
    json_out_key(out, SLICE("ok"));
    json_out_bool(out, said.good);
    json_out_key(out, SLICE("count"));
    json_out_number(out, said.count);
    json_out_pair(out, "zh", said.zh);
    json_out_pair(out, "en", said.en);
    json_out_end_object(out);
    cx_done(&own);
}

static Err run_parts(Cx *cx, const Sync *sync, Slice *ret_json)
{
    size_t count = 0;
    const SyncPart *parts = sync_part_all(&count);
    bool good = true;
    JsonOut out = json_out_open(cx, LIMIT_MIB);
    json_out_object(&out);
    json_out_key(&out, SLICE("parts"));
    json_out_array(&out);
    for (size_t i = 0; i < count; i++)
        run_part(cx, &sync->options, &parts[i], &out, &good);
    json_out_end_array(&out);
    json_out_key(&out, SLICE("ok"));
    json_out_bool(&out, good);
    json_out_end_object(&out);
    return json_out_done(cx, &out, ret_json);
}

static Err run_all(Cx *cx, Sync *sync, Slice cause, Slice *ret_json)
{
    Committer *committer = flow_committer(sync->options.flow);
    Row row = {.cause = cause, .started_ms = cx_now_ms(cx)};
    uuid7_make(cx, row.id);
    TRY(commit_wait_work(cx, committer, begin_work, &row));
    TRY(run_parts(cx, sync, &row.result));
    row.ended_ms = cx_now_ms(cx);
    *ret_json = row.result;
    return commit_wait_work(cx, committer, end_work, &row);
}

Err sync_run(Cx *cx, Sync *sync, Slice cause, Slice *ret_json)
{
    (void)pthread_mutex_lock(&sync->mutex);
    bool busy = sync->running;
    sync->running = true;
    (void)pthread_mutex_unlock(&sync->mutex);
    if (busy) return err_set(cx, ERR_CONFLICT, "a run is under way already");
    Err err = run_all(cx, sync, cause, ret_json);
    (void)pthread_mutex_lock(&sync->mutex);
    sync->running = false;
    (void)pthread_mutex_unlock(&sync->mutex);
    return err;
}

bool sync_start(Sync *sync)
{
    (void)pthread_mutex_lock(&sync->mutex);
    bool free_now = !sync->running && !sync->asked;
    sync->asked = true;
    (void)pthread_cond_signal(&sync->woken);
    (void)pthread_mutex_unlock(&sync->mutex);
    return free_now;
}

bool sync_is_running(Sync *sync)
{
    (void)pthread_mutex_lock(&sync->mutex);
    bool running = sync->running || sync->asked;
    (void)pthread_mutex_unlock(&sync->mutex);
    return running;
}

// --- the clock

// Into a day of China. At hour 0 the day before can't be signed yet: ten minutes later.
static uint64_t due_in_day(const Sync *sync)
{
    uint64_t hour_ms = (uint64_t)sync->options.hour * HOUR_MS;
    return hour_ms < CLOSING_WAIT_MS ? CLOSING_WAIT_MS : hour_ms;
}

// The hour's last occurrence at or before `now_ms`; 0 on a machine whose clock has not been set.
static uint64_t last_due(const Sync *sync, uint64_t now_ms)
{
    if (now_ms < DATE_MS_PER_DAY) return 0;
    const uint64_t due = date_begins_in_china(date_days_in_china(now_ms)) + due_in_day(sync);
    return due > now_ms ? due - DATE_MS_PER_DAY : due;
}

uint64_t sync_next(Cx *cx, const Sync *sync)
{
    return sync->options.hour < 0 ? 0 : last_due(sync, cx_now_ms(cx)) + DATE_MS_PER_DAY;
}

static void look_once(Sync *sync)
{
    Cx cx;
    cx_init(&cx, sync->world, LIMIT_JOB_ARENA);
    (void)pthread_mutex_lock(&sync->mutex);
    uint64_t now = cx_now_ms(&cx);
    // A clock that was ahead and was put right must not leave us waiting for that time to come.
    if (sync->nightly_ms > now) sync->nightly_ms = now;
    bool nightly = sync->options.hour >= 0 && sync->nightly_ms < last_due(sync, now);
    bool asked = sync->asked;
    if (nightly) sync->nightly_ms = now;
    (void)pthread_mutex_unlock(&sync->mutex);
    Slice json;
    Err err = ERR_OK;
    if (nightly || asked)
        err = sync_run(&cx, sync, nightly ? SLICE("nightly") : SLICE("now"), &json);
    if (err != ERR_OK) (void)fprintf(stderr, "fapiao: sync: %s\n", cx.err_text);
    cx_done(&cx);
    if (!nightly && !asked) return;
    // Only now: until it is done, whoever asks sees it under way and is served by it.
    (void)pthread_mutex_lock(&sync->mutex);
    sync->asked = false;
    (void)pthread_mutex_unlock(&sync->mutex);
}

static void *sync_main(void *self)
{
    Sync *sync = self;
    for (;;) {
        look_once(sync);
        struct timespec until;
        (void)clock_gettime(CLOCK_REALTIME, &until);
        until.tv_sec += LOOK_S;
        (void)pthread_mutex_lock(&sync->mutex);
        while (!sync->stopping && !sync->asked)
            if (pthread_cond_timedwait(&sync->woken, &sync->mutex, &until) != 0) break;
        bool stopping = sync->stopping;
        (void)pthread_mutex_unlock(&sync->mutex);
        if (stopping) return NULL;
    }
}

// A night that passed while nothing ran is made up for; a folder without any run begins tonight.
static Err find_last(Cx *cx, Sync *sync)
{
    Db *db = NULL;
    TRY(store_take(cx, flow_store(sync->options.flow), &db));
    DbRows *rows = NULL;
    bool row = false;
    Err err = db_query(cx, db,
                       "SELECT MAX(started_ms) FROM sync_run WHERE tenant = '' "
                       "AND cause = 'nightly' AND ended_ms > 0",
                       NULL, 0, &rows);
    if (err == ERR_OK) err = db_next(cx, rows, &row);
    sync->nightly_ms = err == ERR_OK && row && !db_col_null(rows, 0) ? (uint64_t)db_col_int(rows, 0)
                                                                     : cx_now_ms(cx);
    db_rows_close(rows);
    store_give(flow_store(sync->options.flow), db);
    return err;
}

Err sync_open(Cx *cx, const SyncOptions *options, Sync **ret_sync)
{
    Sync *sync = calloc(1, sizeof *sync); // owned: by whoever opened it
    if (sync == NULL) return err_set(cx, ERR_STORE, "out of memory");
    sync->options = *options;
    sync->world = cx->world;
    (void)pthread_mutex_init(&sync->mutex, NULL);
    (void)pthread_cond_init(&sync->woken, NULL);
    Err err = find_last(cx, sync);
    if (err == ERR_OK && pthread_create(&sync->thread, NULL, sync_main, sync) != 0)
        err = err_set(cx, ERR_STORE, "cannot start a thread");
    if (err != ERR_OK) {
        sync_close(sync);
        return err;
    }
    sync->started = true;
    *ret_sync = sync;
    return ERR_OK;
}

void sync_stop(Sync *sync)
{
    if (sync == NULL || !sync->started) return;
    (void)pthread_mutex_lock(&sync->mutex);
    sync->stopping = true;
    (void)pthread_cond_signal(&sync->woken);
    (void)pthread_mutex_unlock(&sync->mutex);
    (void)pthread_join(sync->thread, NULL);
    sync->started = false;
}

void sync_close(Sync *sync)
{
    if (sync == NULL) return;
    sync_stop(sync);
    (void)pthread_cond_destroy(&sync->woken);
    (void)pthread_mutex_destroy(&sync->mutex);
    free(sync);
}
