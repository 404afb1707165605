#include "flow/flow.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/limits.h"
#include "commit/commit_wait.h"
#include "flow/backlog.h"
#include "flow/jobs.h"
#include "flow/mirrored.h"
#include "flow/unpack.h"
#include "publish/fold.h"
#include "publish/rebuild.h"

#define READING_NICE 10 // scheduling priority of workers; 0 is everyone else's
#define WORKERS_MAX  64

struct Flow {
    const World *world;
    Store *store;
    Log *log;
    Committer *committer;
    FlowReader reader;
    pthread_t workers[WORKERS_MAX];
    int worker_count;
    Jobs jobs;
    pthread_mutex_t mutex; // over the sealer
    Sealer *sealer;
};

// On the committer's thread: the document is read and its outcome durable.
static void on_decided(void *self, Outcome *outcome)
{
    jobs_done(self, outcome);
    free(outcome->invoices);
}

// When every file of a container is decided, on whichever thread that was.
static void on_unpacked(void *self, Outcome *outcome)
{
    jobs_done(self, outcome);
}

// Gives the job away.
static Err unpack_job(Cx *cx, Flow *flow, Job *job, Slice bytes, Unpack *unpack)
{
    FlowArchive archive;
    TRY(flow_reader_open(cx, &flow->reader, bytes, &archive));
    unpack->entry = flow_reader_entry;
    unpack->self = &archive;
    jobs_unpacking(job);
    unpack_run(cx, unpack, on_unpacked, job);
    unpack->self = NULL;
    flow_reader_close(&archive);
    return ERR_OK;
}

// Refused ones are decided like any document that holds no invoice.
static Err check_container(Cx *cx, Flow *flow, const Unpack *unpack, Reading *reading)
{
    Db *db = NULL;
    Reason reason = REASON_NONE;
    TRY(store_take(cx, flow->store, &db));
    Err err = unpack_allowed(cx, db, unpack, &reason);
    store_give(flow->store, db);
    TRY(err);
    if (!flow_reader_unpacks(&flow->reader)) reason = REASON_UNSUPPORTED;
    if (reason == REASON_NONE) return ERR_OK;
    reading->reason = reason;
    reading->entry_count = reading->skipped_count = 0;
    return ERR_OK;
}

static Err run_job(Cx *cx, Flow *flow, Job *job)
{
    Slice tenant = {job->tenant, job->tenant_size};
    Slice document = {(const char *)job->document, COMMIT_ID_SIZE}, bytes;
    Db *db = NULL;
    TRY(store_take(cx, flow->store, &db));
    Err err = commit_original(cx, flow->store, db, tenant, document, &bytes);
    store_give(flow->store, db);
    TRY(err);
    Reading reading = {};
    TRY(flow_reader_read(cx, &flow->reader, bytes, &reading));
    Unpack unpack = {.flow = flow, .tenant = tenant, .reading = &reading};
    memcpy(unpack.document, job->document, COMMIT_ID_SIZE);
    if (reading.entry_count > 0) TRY(check_container(cx, flow, &unpack, &reading));
    if (reading.entry_count > 0) return unpack_job(cx, flow, job, bytes, &unpack);
    Decision decision = {
        .tenant = tenant, .actor = SLICE("system"), .source = SLICE("reader"), .reading = &reading};
    memcpy(decision.document, job->document, COMMIT_ID_SIZE);
    return commit_decide(cx, flow->committer, &decision, on_decided, job);
}

static void *worker_main(void *self)
{
    Flow *flow = self;
    // Receipts come first: who hands a file in never waits for the reading of another's.
    (void)setpriority(PRIO_PROCESS, (id_t)gettid(), READING_NICE);
    for (Job *job; (job = jobs_take(&flow->jobs)) != NULL;) {
        Cx cx;
        cx_init(&cx, flow->world, LIMIT_JOB_ARENA);
        Err err = run_job(&cx, flow, job);
        // The document stays in progress: it is read again soon, or after the next opening.
        if (err != ERR_OK) jobs_failed(job, err, cx.err_text);
        cx_done(&cx);
    }
    return NULL;
}

// What a crash left between the two commits, and what was left out of memory.
static Err find_left(void *self, const uint8_t *from, size_t room)
{
    Flow *flow = self;
    Cx cx;
    cx_init(&cx, flow->world, LIMIT_JOB_ARENA);
    Err err = backlog_find(&cx, flow->store, &flow->jobs, from, room);
    if (err != ERR_OK)
        (void)fprintf(stderr, "fapiao: 待识别的文件 documents that wait: %s\n", cx.err_text);
    cx_done(&cx);
    return err;
}

static void resume(Flow *flow)
{
    static const uint8_t lowest[COMMIT_ID_SIZE];
    jobs_left_out(&flow->jobs, lowest);
}

// On the committer's thread: a group is durable.
static void on_durable(void *self, uint64_t next_sequence)
{
    Flow *flow = self;
    (void)pthread_mutex_lock(&flow->mutex);
    if (flow->sealer != NULL) sealer_notice(flow->sealer, next_sequence);
    (void)pthread_mutex_unlock(&flow->mutex);
}

// Who writes and who signs.
static Err start_record(Cx *cx, Flow *flow, const FlowOptions *options)
{
    if (options->no_leaves) {
        const CommitOptions bare = {
            .fold = fold_fact, .per_command = options->per_command, .no_leaves = true};
        return commit_open(cx, flow->store, &bare, &flow->committer);
    }
    const CommitOptions commit = {.fold = fold_fact,
                                  .refold = rebuild_erased,
                                  .per_command = options->per_command,
                                  .durable = on_durable,
                                  .durable_self = flow,
                                  .origin = log_origin(flow->log),
                                  .keys = log_keys(flow->log),
                                  .signers = log_signers(flow->log),
                                  .key_count = LOG_PROMISE_KEYS};
    TRY(commit_open(cx, flow->store, &commit, &flow->committer));
    bool mirrored = false;
    TRY(mirrored_is(cx, flow->store, &mirrored));
    if (mirrored && options->promotes) TRY(mirrored_promote(cx, flow->committer));
    if (options->follow || (mirrored && !options->promotes)) {
        commit_halt(flow->committer, "这里是镜像，只读；请到主节点上操作。 This is a mirror: it is "
                                     "for reading; write at the primary.");
        return ERR_OK;
    }
    const SealerOptions seal = {.store = flow->store,
                                .committer = flow->committer,
                                .log = flow->log,
                                .sealed = options->sealed,
                                .self = options->sealed_self};
    Sealer *sealer = NULL;
    TRY(sealer_open(cx, &seal, &sealer));
    (void)pthread_mutex_lock(&flow->mutex);
    flow->sealer = sealer;
    (void)pthread_mutex_unlock(&flow->mutex);
    return ERR_OK;
}

static Err start(Cx *cx, Flow *flow, const FlowOptions *options)
{
    bool reads = !options->no_reading;
    if (reads && options->read == NULL)
        TRY(sandbox_open(cx, &options->sandbox, &flow->reader.sandbox));
    TRY(start_record(cx, flow, options));
    if (options->opening != NULL) TRY(options->opening(cx, options->opening_self, flow));
    if (!reads) return ERR_OK;
    // A halted committer decides nothing: flow_resume comes later.
    if (commit_halted(cx, flow->committer).size == 0) resume(flow);
    int workers = options->workers < 1 ? 1 : options->workers;
    for (int i = 0; i < workers && i < WORKERS_MAX; i++) {
        if (pthread_create(&flow->workers[i], NULL, worker_main, flow) != 0)
            return err_set(cx, ERR_STORE, "cannot start a thread");
        flow->worker_count++;
    }
    return ERR_OK;
}

Err flow_open(Cx *cx, const FlowOptions *options, Flow **ret_flow)
{
    Flow *flow = calloc(1, sizeof *flow); // owned: until flow_close
    if (flow == NULL) abort();
    flow->world = cx->world;
    flow->reader =
        (FlowReader){.read = options->read, .unpack = options->unpack, .self = options->read_self};
    jobs_open(&flow->jobs, cx->world);
    jobs_finds(&flow->jobs, options->jobs, find_left, flow);
    (void)pthread_mutex_init(&flow->mutex, NULL);
    Err err = store_open(cx, &options->store, &flow->store);
    if (err == ERR_OK && !options->no_leaves)
        err = log_open(cx, flow->store, options->origin, &flow->log);
    // Beside a writer of a version that had no log there is none to read.
    if (err == ERR_MISSING && !options->store.write && flow->store != NULL) err = ERR_OK;
    if (err == ERR_OK && options->store.write) err = start(cx, flow, options);
    if (err != ERR_OK) {
        flow_close(flow);
        return err;
    }
    *ret_flow = flow;
    return ERR_OK;
}

void flow_close(Flow *flow)
{
    if (flow == NULL) return;
    jobs_stop(&flow->jobs);
    for (int i = 0; i < flow->worker_count; i++)
        (void)pthread_join(flow->workers[i], NULL);
    // Signs what is committed, through the committer: before that closes.
    (void)pthread_mutex_lock(&flow->mutex);
    Sealer *sealer = flow->sealer;
    flow->sealer = NULL;
    (void)pthread_mutex_unlock(&flow->mutex);
    sealer_close(sealer);
    commit_close(flow->committer);
    const Outcome outcome = {
        .err = ERR_STORE,
        .err_text = "the program is closing; the document is kept and will be read later"};
    jobs_close(&flow->jobs, &outcome);
    sandbox_close(flow->reader.sandbox);
    log_close(flow->log);
    store_close(flow->store);
    (void)pthread_mutex_destroy(&flow->mutex);
    free(flow);
}

Store *flow_store(Flow *flow)
{
    return flow->store;
}

Committer *flow_committer(Flow *flow)
{
    return flow->committer;
}

void flow_resume(Flow *flow)
{
    resume(flow);
}

Log *flow_log(Flow *flow)
{
    return flow->log;
}

Sealer *flow_sealer(Flow *flow)
{
    return flow->sealer;
}

// Who does not wait for the outcome leaves no ticket: a rush may be long.
static void put_job(Ticket *ticket, const uint8_t *document, bool came)
{
    static const Outcome too_many = {
        .err = ERR_LIMIT, .err_text = "too many wait for outcomes; the document is kept and read"};
    Ticket *waits = ticket->decided == NULL ? NULL : ticket;
    bool put = jobs_put(&ticket->flow->jobs, jobs_ticket_tenant(ticket), document, waits, came);
    if (waits == NULL)
        free(ticket);
    else if (!put)
        jobs_ticket_decided(ticket, &too_many);
}

// On the committer's thread: the reference is durable.
static void on_received(void *self, const Receipt *receipt)
{
    Ticket *ticket = self;
    ticket->progress.receipt = *receipt;
    if (ticket->received != NULL) ticket->received(ticket->self, &ticket->progress);
    ticket->progress.receipt.promise = NULL; // borrowed until here
    if (receipt->err != ERR_OK) {
        free(ticket);
        return;
    }
    if (receipt->state != DOC_RECEIVED) {
        const Outcome outcome = {.state = receipt->state};
        jobs_ticket_decided(ticket, &outcome);
        return;
    }
    put_job(ticket, receipt->document, !receipt->repeated);
}

Err flow_receive(Cx *cx, Flow *flow, const Arrival *arrival, FlowNotice *received,
                 FlowNotice *decided, void *self)
{
    if (flow->committer == NULL)
        return err_set(cx, ERR_DENIED, "the folder was opened for reading");
    Ticket *ticket = jobs_ticket(flow, arrival->tenant, decided, self);
    ticket->received = received;
    ticket->entry = arrival->container.size > 0;
    Err err = commit_receive(cx, flow->committer, arrival, on_received, ticket);
    if (err != ERR_OK) free(ticket);
    return err;
}

Err flow_read(Cx *cx, Sandbox *sandbox, Slice bytes, Reading *ret_reading)
{
    const FlowReader reader = {.sandbox = sandbox};
    TRY(flow_reader_read(cx, &reader, bytes, ret_reading));
    if (ret_reading->entry_count == 0 && ret_reading->reason != REASON_NO_FILES) return ERR_OK;
    *ret_reading = (Reading){.media = MEDIA_UNKNOWN,
                             .reason = REASON_UNSUPPORTED,
                             .detail = SLICE("a zip of other files: import it")};
    return ERR_OK;
}

// On the committer's thread: the document is out of quarantine, or was not in it.
static void on_released(void *self, Outcome *outcome)
{
    Ticket *ticket = self;
    if (outcome->err != ERR_OK) {
        jobs_ticket_decided(ticket, outcome);
        return;
    }
    put_job(ticket, ticket->progress.receipt.document, false);
}

static Err find_document(Cx *cx, Flow *flow, Slice tenant, Slice reference, Receipt *receipt,
                         DocState *ret_state)
{
    Db *db = NULL;
    TRY(store_take(cx, flow->store, &db));
    DbRows *rows = NULL;
    bool row = false;
    Err err = db_query(cx, db,
                       "SELECT document, sha256, state FROM document_state "
                       "WHERE tenant = $1 AND document = "
                       "(SELECT id FROM document WHERE tenant = $1 AND reference = $2)",
                       DB_VALUES(db_text(tenant), db_text(reference)), &rows);
    if (err == ERR_OK) err = db_next(cx, rows, &row);
    if (err == ERR_OK && (!row || reference.size >= COMMIT_REFERENCE_SIZE))
        err =
            err_set(cx, ERR_MISSING, "there is no document '" SLICE_FMT "'", SLICE_ARG(reference));
    if (err == ERR_OK &&
        (db_col_blob(rows, 0).size != COMMIT_ID_SIZE || db_col_blob(rows, 1).size != DIGEST_SIZE ||
         !commit_state_of(db_col_text(rows, 2), ret_state)))
        err = err_set(cx, ERR_CORRUPT, "the row of a document is damaged");
    if (err == ERR_OK) {
        memcpy(receipt->document, db_col_blob(rows, 0).data, COMMIT_ID_SIZE);
        memcpy(receipt->sha256.bytes, db_col_blob(rows, 1).data, DIGEST_SIZE);
        memcpy(receipt->reference, reference.data, reference.size);
        memcpy(receipt->first_reference, reference.data, reference.size);
    }
    db_rows_close(rows);
    store_give(flow->store, db);
    return err;
}

Err flow_retry(Cx *cx, Flow *flow, Slice tenant, Slice actor, Slice reference, FlowNotice *decided,
               void *self)
{
    if (flow->committer == NULL)
        return err_set(cx, ERR_DENIED, "the folder was opened for reading");
    Receipt receipt = {.repeated = true};
    DocState state = DOC_RECEIVED;
    TRY(find_document(cx, flow, tenant, reference, &receipt, &state));
    Ticket *ticket = jobs_ticket(flow, tenant, decided, self);
    ticket->progress.receipt = receipt;
    if (state == DOC_RECEIVED) { // on its way, or left lying by a reader that failed
        put_job(ticket, receipt.document, false);
        return ERR_OK;
    }
    Release release = {.tenant = tenant, .actor = actor, .source = SLICE("retry")};
    memcpy(release.document, receipt.document, COMMIT_ID_SIZE);
    Err err = commit_release(cx, flow->committer, &release, on_released, ticket);
    if (err != ERR_OK) free(ticket);
    return err;
}

static Err rebuild_work(Cx *cx, Db *db, void *self)
{
    return rebuild_run(cx, db, self);
}

Err flow_rebuild(Cx *cx, Flow *flow, AuditNote *note,
                 void (*progress)(void *self, uint64_t done, uint64_t all), void *self)
{
    if (flow->committer == NULL)
        return err_set(cx, ERR_DENIED, "the folder was opened for reading");
    RebuildOptions options = {.store = flow->store, .progress = progress, .self = self};
    bool audited = note != NULL && commit_halted(cx, flow->committer).size == 0;
    Err err = audited ? commit_wait_audited(cx, flow->committer, rebuild_work, &options, note)
                      : commit_wait_work(cx, flow->committer, rebuild_work, &options);
    return err == ERR_OK ? ERR_OK : err_wrap(cx, err, "rebuilding");
}
