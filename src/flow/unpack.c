#include "flow/unpack.h"

#include <pthread.h>
#include <stdlib.h>
#include <time.h>

#include "base/base64.h"
#include "base/limits.h"

// Others hand in too: while too much is being written an entry waits, a minute at most.
#define BUSY_NS    20'000'000
#define BUSY_TURNS 3'000

// A container on its way. Owned by all that still tell something: the worker that unpacks, each
// entry until it is decided, the container's own decision. The last one ends it.
typedef struct Unpacking {
    pthread_mutex_t mutex;
    pthread_cond_t received;
    UnpackDone *done;
    void *self;
    size_t owners;
    size_t waiting, waiting_bytes; // entries, and their bytes, that have no reference yet
    Outcome outcome;               // of the container
    Err err;                       // the first entry that was not received
    char err_text[256];
} Unpacking;

// An entry between being handed in and its outcome.
typedef struct Entry {
    Unpacking *unpacking;
    size_t size;
} Entry;

static void *must_alloc(size_t size)
{
    void *bytes = calloc(1, size); // owned: until its last owner leaves
    if (bytes == NULL) abort();
    return bytes;
}

// Under the mutex, which it gives back.
static void leave(Unpacking *unpacking)
{
    bool last = --unpacking->owners == 0;
    (void)pthread_mutex_unlock(&unpacking->mutex);
    if (!last) return;
    unpacking->done(unpacking->self, &unpacking->outcome);
    free(unpacking->outcome.invoices);
    (void)pthread_cond_destroy(&unpacking->received);
    (void)pthread_mutex_destroy(&unpacking->mutex);
    free(unpacking);
}

static void fail(Unpacking *unpacking, Err err, const char *text)
{
    if (unpacking->err != ERR_OK) return;
    unpacking->err = err;
    memcpy(unpacking->err_text, text, strnlen(text, sizeof unpacking->err_text - 1));
}

// Both on threads of the flow.
static void on_received(void *self, const Progress *progress)
{
    Entry *entry = self;
    Unpacking *unpacking = entry->unpacking;
    (void)pthread_mutex_lock(&unpacking->mutex);
    unpacking->waiting--;
    unpacking->waiting_bytes -= entry->size;
    (void)pthread_cond_signal(&unpacking->received);
    if (progress->receipt.err == ERR_OK) {
        (void)pthread_mutex_unlock(&unpacking->mutex);
        return;
    }
    fail(unpacking, progress->receipt.err, progress->receipt.err_text);
    free(entry);
    leave(unpacking); // there will be no decision
}

static void on_decided(void *self, const Progress *progress)
{
    (void)progress; // a reader that failed left the entry in progress: its own affair
    Entry *entry = self;
    Unpacking *unpacking = entry->unpacking;
    free(entry);
    (void)pthread_mutex_lock(&unpacking->mutex);
    leave(unpacking);
}

static void on_container(void *self, Outcome *outcome)
{
    Unpacking *unpacking = self;
    (void)pthread_mutex_lock(&unpacking->mutex);
    unpacking->outcome = *outcome;
    unpacking->outcome.promise = NULL; // borrowed until here
    leave(unpacking);
}

// Room for one more entry of `size` bytes; false when one before it has failed.
static bool wait_for_room(Unpacking *unpacking, size_t size)
{
    (void)pthread_mutex_lock(&unpacking->mutex);
    while (unpacking->waiting > 0 && (unpacking->waiting >= UNPACK_WINDOW ||
                                      unpacking->waiting_bytes + size > LIMIT_ZIP_ENTRY_BYTES))
        (void)pthread_cond_wait(&unpacking->received, &unpacking->mutex);
    bool good = unpacking->err == ERR_OK;
    (void)pthread_mutex_unlock(&unpacking->mutex);
    return good;
}

static Err wait_for_all(Cx *cx, Unpacking *unpacking)
{
    (void)pthread_mutex_lock(&unpacking->mutex);
    while (unpacking->waiting > 0)
        (void)pthread_cond_wait(&unpacking->received, &unpacking->mutex);
    Err err = unpacking->err;
    if (err != ERR_OK) err = err_set(cx, err, "%s", unpacking->err_text);
    (void)pthread_mutex_unlock(&unpacking->mutex);
    return err;
}

static Err hand_in(Cx *cx, Flow *flow, const Arrival *arrival, Unpacking *unpacking)
{
    Entry *entry = must_alloc(sizeof *entry);
    *entry = (Entry){unpacking, arrival->bytes.size};
    (void)pthread_mutex_lock(&unpacking->mutex);
    unpacking->owners++;
    unpacking->waiting++;
    unpacking->waiting_bytes += entry->size;
    (void)pthread_mutex_unlock(&unpacking->mutex);
    Err err = flow_receive(cx, flow, arrival, on_received, on_decided, entry);
    for (int i = 0; err == ERR_LIMIT && i < BUSY_TURNS; i++) {
        (void)nanosleep(&(struct timespec){.tv_nsec = BUSY_NS}, NULL);
        err = flow_receive(cx, flow, arrival, on_received, on_decided, entry);
    }
    if (err == ERR_OK) return ERR_OK;
    (void)pthread_mutex_lock(&unpacking->mutex);
    unpacking->waiting--;
    unpacking->waiting_bytes -= entry->size;
    unpacking->owners--; // never the last: the worker is one
    (void)pthread_mutex_unlock(&unpacking->mutex);
    free(entry);
    return err;
}

// An LF, which no key that comes over HTTP has in it: nobody else's key is like it.
static Slice key_of(Cx *cx, const Unpack *unpack, uint32_t index)
{
    Slice id = {(const char *)unpack->document, COMMIT_ID_SIZE};
    Slice hex = base64_hex(cx, id);
    return cx_printf(cx, "fapiao/entry/v1\n" SLICE_FMT "\n%u", SLICE_ARG(hex), index);
}

// In an arena of its own: a large entry is not kept when the next one comes.
static Err take_one(Cx *cx, const Unpack *unpack, const Arrival *like, const ReadingEntry *entry,
                    Unpacking *unpacking)
{
    Cx own;
    cx_init(&own, cx->world, LIMIT_JOB_ARENA);
    Arrival arrival = *like;
    arrival.file_name = entry->name;
    arrival.idempotency = key_of(&own, unpack, entry->index);
    arrival.entry = entry->index;
    Err err = unpack->entry(&own, unpack->self, entry, &arrival.bytes);
    if (err == ERR_OK) err = hand_in(&own, unpack->flow, &arrival, unpacking);
    if (err != ERR_OK) err = err_set(cx, err, "%s", own.err_text);
    cx_done(&own);
    return err;
}

static Err find_sender(Cx *cx, const Unpack *unpack, Arrival *arrival)
{
    Store *store = flow_store(unpack->flow);
    Db *db = NULL;
    TRY(store_take(cx, store, &db));
    DbRows *rows = NULL;
    bool row = false;
    Err err = db_query(cx, db, "SELECT actor, source FROM document WHERE tenant = $1 AND id = $2",
                       DB_VALUES(db_text(unpack->tenant), db_blob(arrival->container)), &rows);
    if (err == ERR_OK) err = db_next(cx, rows, &row);
    if (err == ERR_OK && !row) err = err_set(cx, ERR_CORRUPT, "a container is not there");
    if (err == ERR_OK) err = cx_copy(cx, db_col_text(rows, 0), &arrival->actor);
    if (err == ERR_OK) err = cx_copy(cx, db_col_text(rows, 1), &arrival->source);
    db_rows_close(rows);
    store_give(store, db);
    return err;
}

static Err take_all(Cx *cx, const Unpack *unpack, Unpacking *unpacking)
{
    const Reading *reading = unpack->reading;
    Arrival like = {.tenant = unpack->tenant,
                    .container = {(const char *)unpack->document, COMMIT_ID_SIZE}};
    TRY(find_sender(cx, unpack, &like));
    Err err = ERR_OK;
    for (size_t i = 0; i < reading->entry_count && err == ERR_OK; i++) {
        if (!wait_for_room(unpacking, reading->entries[i].size)) break;
        err = take_one(cx, unpack, &like, &reading->entries[i], unpacking);
    }
    Err others = wait_for_all(cx, unpacking);
    TRY(err);
    return others;
}

void unpack_run(Cx *cx, const Unpack *unpack, UnpackDone *done, void *self)
{
    Unpacking *unpacking = must_alloc(sizeof *unpacking);
    *unpacking = (Unpacking){.done = done, .self = self, .owners = 1};
    (void)pthread_mutex_init(&unpacking->mutex, NULL);
    (void)pthread_cond_init(&unpacking->received, NULL);
    Err err = take_all(cx, unpack, unpacking);
    Decision decision = {.tenant = unpack->tenant,
                         .actor = SLICE("system"),
                         .source = SLICE("reader"),
                         .reading = unpack->reading};
    memcpy(decision.document, unpack->document, COMMIT_ID_SIZE);
    if (err == ERR_OK)
        err = commit_decide(cx, flow_committer(unpack->flow), &decision, on_container, unpacking);
    if (err == ERR_OK) return; // the decision is the owner now
    Outcome outcome = {.err = err};
    memcpy(outcome.err_text, cx->err_text, strnlen(cx->err_text, sizeof outcome.err_text - 1));
    on_container(unpacking, &outcome);
}

// The container that a document came out of. false: it was handed in as it is.
static Err find_outer(Cx *cx, Db *db, Slice tenant, Slice document, Slice *ret_outer,
                      bool *ret_found)
{
    AUTO_ROWS DbRows *rows = NULL;
    TRY(db_query(cx, db, "SELECT container FROM document_entry WHERE tenant = $1 AND document = $2",
                 DB_VALUES(db_text(tenant), db_blob(document)), &rows));
    TRY(db_next(cx, rows, ret_found));
    return *ret_found ? cx_copy(cx, db_col_blob(rows, 0), ret_outer) : ERR_OK;
}

// What came out of the containers in a container, but for one of them: it may have been begun
// before a crash.
static Err sum_of(Cx *cx, Db *db, Slice tenant, Slice container, Slice but, uint64_t *ret_count,
                  uint64_t *ret_bytes)
{
    AUTO_ROWS DbRows *rows = NULL;
    TRY(db_query(cx, db,
                 "SELECT COUNT(*), COALESCE(SUM(s.size), 0) FROM document_entry e "
                 "JOIN document_entry n ON n.tenant = e.tenant AND n.container = e.document "
                 "JOIN document_state s ON s.tenant = n.tenant AND s.document = n.document "
                 "WHERE e.tenant = $1 AND e.container = $2 AND e.document <> $3",
                 DB_VALUES(db_text(tenant), db_blob(container), db_blob(but)), &rows));
    bool row = false;
    TRY(db_next(cx, rows, &row));
    *ret_count = row ? (uint64_t)db_col_int(rows, 0) : 0;
    *ret_bytes = row ? (uint64_t)db_col_int(rows, 1) : 0;
    return ERR_OK;
}

Err unpack_allowed(Cx *cx, Db *db, const Unpack *unpack, Reason *ret_reason)
{
    const Slice self = {(const char *)unpack->document, COMMIT_ID_SIZE};
    Slice at = self;
    size_t depth = 0;
    for (bool found = true; depth <= LIMIT_ZIP_DEPTH; depth++) {
        TRY(find_outer(cx, db, unpack->tenant, at, &at, &found));
        if (!found) break;
    }
    *ret_reason = depth >= LIMIT_ZIP_DEPTH ? REASON_HOSTILE : REASON_NONE;
    if (depth == 0 || *ret_reason != REASON_NONE) return ERR_OK;
    // Those that lie in one container are together held to what one alone may hold.
    uint64_t count = 0, bytes = 0;
    TRY(sum_of(cx, db, unpack->tenant, at, self, &count, &bytes));
    for (size_t i = 0; i < unpack->reading->entry_count; i++)
        bytes += unpack->reading->entries[i].size;
    count += unpack->reading->entry_count;
    if (count > LIMIT_ZIP_ENTRIES || bytes > LIMIT_ZIP_TOTAL_BYTES) *ret_reason = REASON_HOSTILE;
    return ERR_OK;
}
