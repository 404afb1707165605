#include "commit/commit.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/limits.h"
#include "commit/audited.h"
#include "commit/group.h"
#include "model/reading_json.h"

// A group that was large is followed by another large one: wait for it, at most 1 ms.
#define GATHER_FROM    8       // commands in the last group
#define GATHER_NS      200'000 // one moment
#define GATHER_MOMENTS 5

#define AUDIT_BYTES ((size_t)16 * 1024) // what a queued entry is counted as: its command, its texts

#define HALT_BYTES 512 // of the text that says why; an error has no more room

struct Committer {
    Group group;
    CommitOptions options;
    const World *world;
    size_t group_max;
    bool per_command;
    pthread_t thread;
    pthread_mutex_t mutex; // over all below
    pthread_cond_t queued;
    Command *first, **last;
    size_t queue_count, last_count; // commands in the queue; in the last group
    size_t bytes;                   // of all queued and running commands
    bool closing;
    char halted[HALT_BYTES]; // why; "" = it is not
};

static const char *const state_names[] = {
    [DOC_RECEIVED] = "received", [DOC_ACCEPTED] = "accepted",       [DOC_DUPLICATE] = "duplicate",
    [DOC_CONFLICT] = "conflict", [DOC_QUARANTINED] = "quarantined", [DOC_REJECTED] = "rejected",
    [DOC_UNPACKED] = "unpacked", [DOC_ERASED] = "erased",
};

const char *commit_state_name(DocState state)
{
    return state_names[state];
}

static const struct {
    EventType type;
    const char *name;
} event_names[] = {
    {EVENT_ACCEPTED, "accepted"}, {EVENT_VOIDED, "voided"},
    {EVENT_REDDENED, "reddened"}, {EVENT_CORRECTED, "corrected"},
    {EVENT_VERIFIED, "verified"}, {EVENT_ENTERED, "entered"},
    {EVENT_ARCHIVED, "archived"}, {EVENT_ERASED, "erased"},
    {EVENT_RECEIVED, "received"}, {EVENT_CARRIER, "carrier"},
    {EVENT_CONFLICT, "conflict"}, {EVENT_QUARANTINED, "quarantined"},
    {EVENT_RELEASED, "released"}, {EVENT_MERGED, "merged"},
    {EVENT_UNPACKED, "unpacked"}, {EVENT_AUDITED, "audited"},
    {EVENT_BOUND, "bound"},
};

const char *commit_event_name(EventType type)
{
    for (size_t i = 0; i < sizeof event_names / sizeof event_names[0]; i++)
        if (event_names[i].type == type) return event_names[i].name;
    return "";
}

bool commit_state_of(Slice name, DocState *ret_state)
{
    for (DocState state = DOC_RECEIVED; state <= DOC_ERASED; state++)
        if (slice_equal(name, slice_of(state_names[state]))) {
            *ret_state = state;
            return true;
        }
    return false;
}

static const char *const relation_names[] = {
    [RELATION_NEW] = "new", [RELATION_CARRIER] = "carrier", [RELATION_VARIANT] = "variant"};

const char *commit_relation_name(Relation relation)
{
    return relation_names[relation];
}

bool commit_relation_of(Slice name, Relation *ret_relation)
{
    for (Relation relation = RELATION_NEW; relation <= RELATION_VARIANT; relation++)
        if (slice_equal(name, slice_of(relation_names[relation]))) {
            *ret_relation = relation;
            return true;
        }
    return false;
}

static void copy_error(char *to, size_t room, const Cx *cx)
{
    size_t size = strnlen(cx->err_text, room - 1);
    memcpy(to, cx->err_text, size);
    to[size] = '\0';
}

static void answer(Command *command)
{
    Receipt *receipt = &command->receiving.receipt;
    Outcome *outcome = &command->deciding.outcome;
    switch (command->kind) {
    case COMMAND_RECEIVE:
        if (command->err != ERR_OK) {
            *receipt = (Receipt){.err = command->err, .sha256 = command->receiving.sha256};
            copy_error(receipt->err_text, sizeof receipt->err_text, &command->cx);
        }
        receipt->promise = command->promise;
        receipt->opening = command->promise == NULL ? NULL : &command->receiving.opening;
        command->received(command->self, receipt);
        break;
    case COMMAND_DECIDE:
        if (command->err != ERR_OK) {
            free(outcome->invoices);
            *outcome = (Outcome){.err = command->err};
            copy_error(outcome->err_text, sizeof outcome->err_text, &command->cx);
        }
        outcome->promise = command->promise;
        command->decided(command->self, outcome);
        break;
    case COMMAND_WORK:
    case COMMAND_AUDITED:
        if (command->worked != NULL) command->worked(command->self, command->err);
        break;
    }
}

static void command_free(Command *command)
{
    promise_drop(command->promise);
    cx_done(&command->cx);
    explicit_bzero(command, sizeof *command);
    free(command);
}

// Those who were just answered come again at once: with a moment's patience they share one commit
// instead of two. Half of them are enough: then one half is on its way while the other is
// committed, instead of all at once and then nobody. Under the mutex.
static void gather(Committer *committer)
{
    static const struct timespec moment = {.tv_nsec = GATHER_NS};
    size_t wanted = committer->last_count / 2;
    for (int i = 0; i < GATHER_MOMENTS && committer->last_count >= GATHER_FROM &&
                    committer->queue_count < wanted && !committer->closing;
         i++) {
        (void)pthread_mutex_unlock(&committer->mutex);
        (void)nanosleep(&moment, NULL);
        (void)pthread_mutex_lock(&committer->mutex);
    }
}

// Takes the head of the queue: as many commands as make one group. NULL when closing and empty.
static Command *take_group(Committer *committer)
{
    (void)pthread_mutex_lock(&committer->mutex);
    while (committer->first == NULL && !committer->closing)
        (void)pthread_cond_wait(&committer->queued, &committer->mutex);
    gather(committer);
    Command *head = committer->first, **end = &committer->first;
    size_t bytes = 0, count = 0;
    for (; *end != NULL && count < committer->group_max; count++) {
        bytes += (*end)->bytes;
        if (count > 0 && bytes > LIMIT_GROUP_BYTES) break;
        end = &(*end)->next;
    }
    committer->queue_count -= count;
    committer->last_count = count;
    committer->first = *end;
    if (committer->first == NULL) committer->last = &committer->first;
    // When the whole queue is taken, `end` is the last command's own link; else it is cut there.
    if (head != NULL) *end = NULL;
    (void)pthread_mutex_unlock(&committer->mutex);
    return head;
}

static void answer_all(Committer *committer, Command *commands)
{
    size_t bytes = 0;
    while (commands != NULL) {
        Command *command = commands;
        commands = command->next;
        answer(command);
        bytes += command->bytes;
        command_free(command);
    }
    (void)pthread_mutex_lock(&committer->mutex);
    committer->bytes -= bytes;
    (void)pthread_mutex_unlock(&committer->mutex);
}

static void *committer_main(void *self)
{
    Committer *committer = self;
    const CommitOptions *options = &committer->options;
    for (Command *commands; (commands = take_group(committer)) != NULL;) {
        uint64_t before = committer->group.next_sequence;
        (void)pthread_mutex_lock(&committer->mutex);
        committer->group.closed = committer->halted[0] != '\0';
        (void)pthread_mutex_unlock(&committer->mutex);
        group_run(&committer->group, commands);
        uint64_t now = committer->group.next_sequence;
        if (now != before && options->durable != NULL) options->durable(options->durable_self, now);
        answer_all(committer, commands);
    }
    return NULL;
}

Err commit_open(Cx *cx, Store *store, const CommitOptions *options, Committer **ret_committer)
{
    Committer *committer = calloc(1, sizeof *committer); // owned: by whoever opened it
    if (committer == NULL) return err_set(cx, ERR_STORE, "out of memory");
    committer->options = *options;
    committer->group = (Group){.store = store,
                               .log = {.store = store,
                                       .fold = options->fold,
                                       .refold = options->refold,
                                       .keep_leaves = options->key_count > 0,
                                       .no_leaves = options->no_leaves},
                               .options = &committer->options};
    committer->world = cx->world;
    committer->group_max = options->group_max == 0 ? LIMIT_GROUP : options->group_max;
    if (options->per_command) committer->group_max = 1;
    committer->last = &committer->first;
    (void)pthread_mutex_init(&committer->mutex, NULL);
    (void)pthread_cond_init(&committer->queued, NULL);
    if (pthread_create(&committer->thread, NULL, committer_main, committer) != 0) {
        free(committer);
        return err_set(cx, ERR_STORE, "cannot start a thread");
    }
    *ret_committer = committer;
    return ERR_OK;
}

uint64_t commit_count(const Committer *committer)
{
    return committer->group.commits;
}

void commit_close(Committer *committer)
{
    if (committer == NULL) return;
    (void)pthread_mutex_lock(&committer->mutex);
    committer->closing = true;
    (void)pthread_cond_signal(&committer->queued);
    (void)pthread_mutex_unlock(&committer->mutex);
    (void)pthread_join(committer->thread, NULL);
    (void)pthread_cond_destroy(&committer->queued);
    (void)pthread_mutex_destroy(&committer->mutex);
    event_log_done(&committer->group.log);
    known_done(&committer->group.known);
    free(committer);
}

void commit_halt(Committer *committer, const char *why)
{
    (void)pthread_mutex_lock(&committer->mutex);
    (void)snprintf(committer->halted, sizeof committer->halted, "%s", why == NULL ? "" : why);
    (void)pthread_mutex_unlock(&committer->mutex);
}

Slice commit_halted(Cx *cx, Committer *committer)
{
    (void)pthread_mutex_lock(&committer->mutex);
    Slice why = cx_printf(cx, "%s", committer->halted);
    (void)pthread_mutex_unlock(&committer->mutex);
    return why;
}

static Err reserve(Cx *cx, Committer *committer, CommandKind kind, size_t bytes)
{
    Err err = ERR_OK;
    (void)pthread_mutex_lock(&committer->mutex);
    if (committer->closing)
        err = err_set(cx, ERR_STORE, "the program is closing");
    else if (kind != COMMAND_WORK && committer->halted[0] != '\0')
        err = err_set(cx, ERR_DENIED, "%s", committer->halted);
    else if (committer->bytes + bytes > LIMIT_IN_FLIGHT_BYTES)
        err = err_set(cx, ERR_LIMIT, "too much is being written already");
    else
        committer->bytes += bytes;
    (void)pthread_mutex_unlock(&committer->mutex);
    return err;
}

static Command *command_new(const Committer *committer, CommandKind kind, size_t bytes, void *self)
{
    Command *command = calloc(1, sizeof *command); // owned: by the queue, freed when answered
    if (command == NULL) abort();                  // as an arena does for sizes we choose
    command->kind = kind;
    command->bytes = bytes;
    command->self = self;
    cx_init(&command->cx, committer->world, LIMIT_JOB_ARENA);
    return command;
}

static void enqueue(Committer *committer, Command *command)
{
    (void)pthread_mutex_lock(&committer->mutex);
    bool was_empty = committer->first == NULL;
    *committer->last = command;
    committer->last = &command->next;
    committer->queue_count++;
    (void)pthread_mutex_unlock(&committer->mutex);
    if (was_empty) (void)pthread_cond_signal(&committer->queued);
}

// A command that could not be prepared: its error becomes the caller's.
static Err give_up(Cx *cx, Committer *committer, Command *command, Err err)
{
    memcpy(cx->err_text, command->cx.err_text, sizeof cx->err_text);
    (void)pthread_mutex_lock(&committer->mutex);
    committer->bytes -= command->bytes;
    (void)pthread_mutex_unlock(&committer->mutex);
    command_free(command);
    return err;
}

Err commit_receive(Cx *cx, Committer *committer, const Arrival *arrival, CommitReceived *done,
                   void *self)
{
    TRY(reserve(cx, committer, COMMAND_RECEIVE, arrival->bytes.size));
    Command *command = command_new(committer, COMMAND_RECEIVE, arrival->bytes.size, self);
    command->received = done;
    Err err = receive_prepare(&command->cx, committer->group.store, arrival, &command->receiving);
    if (err != ERR_OK) return give_up(cx, committer, command, err);
    enqueue(committer, command);
    return ERR_OK;
}

Err commit_decide(Cx *cx, Committer *committer, const Decision *decision, CommitDecided *done,
                  void *self)
{
    TRY(reserve(cx, committer, COMMAND_DECIDE, 0));
    Command *command = command_new(committer, COMMAND_DECIDE, 0, self);
    command->decided = done;
    Err err = decide_prepare(&command->cx, committer->group.store, decision, &command->deciding);
    if (err != ERR_OK) return give_up(cx, committer, command, err);
    enqueue(committer, command);
    return ERR_OK;
}

Err commit_release(Cx *cx, Committer *committer, const Release *release, CommitDecided *done,
                   void *self)
{
    TRY(reserve(cx, committer, COMMAND_DECIDE, 0));
    Command *command = command_new(committer, COMMAND_DECIDE, 0, self);
    command->decided = done;
    Err err =
        decide_prepare_release(&command->cx, committer->group.store, release, &command->deciding);
    if (err != ERR_OK) return give_up(cx, committer, command, err);
    enqueue(committer, command);
    return ERR_OK;
}

Err commit_work(Cx *cx, Committer *committer, CommitWork *work, void (*done)(void *self, Err err),
                void *self)
{
    TRY(reserve(cx, committer, COMMAND_WORK, 0));
    Command *command = command_new(committer, COMMAND_WORK, 0, self);
    command->work = work;
    command->worked = done;
    enqueue(committer, command);
    return ERR_OK;
}

static Err audit(Cx *cx, Committer *committer, Command *command, AuditNote *note)
{
    if (note->tenant.size > EVENT_LOG_TENANT_SIZE)
        return give_up(cx, committer, command,
                       err_set(&command->cx, ERR_INPUT, "a tenant's name has at most %d bytes",
                               EVENT_LOG_TENANT_SIZE));
    command->note = note;
    command->came = *note;
    enqueue(committer, command);
    return ERR_OK;
}

Err commit_audited(Cx *cx, Committer *committer, CommitWork *work, AuditNote *note,
                   void (*done)(void *self, Err err), void *self)
{
    TRY(reserve(cx, committer, COMMAND_AUDITED, 0));
    Command *command = command_new(committer, COMMAND_AUDITED, 0, self);
    command->work = work;
    command->worked = done;
    return audit(cx, committer, command, note);
}

Err commit_erase(Cx *cx, Committer *committer, Erasure *erasure, CommitWork *work, AuditNote *note,
                 void (*done)(void *self, Err err), void *self)
{
    TRY(reserve(cx, committer, COMMAND_AUDITED, 0));
    Command *command = command_new(committer, COMMAND_AUDITED, 0, self);
    command->work = work;
    command->erasure = erasure;
    command->worked = done;
    return audit(cx, committer, command, note);
}

Err commit_audit(Cx *cx, Committer *committer, const AuditNote *note)
{
    // Nobody waits, so the queue itself must not grow without end.
    TRY(reserve(cx, committer, COMMAND_AUDITED, AUDIT_BYTES));
    Command *command = command_new(committer, COMMAND_AUDITED, AUDIT_BYTES, NULL);
    AuditNote *copy = arena_alloc(&command->cx.arena, sizeof *copy);
    Err err = audited_copy(&command->cx, note, copy);
    if (err != ERR_OK) return give_up(cx, committer, command, err);
    return audit(cx, committer, command, copy);
}

// Where the bytes lie: a duplicate's lie with the first.
static Err find_place(Cx *cx, Db *db, Slice tenant, Slice document, StorePlace *ret_place,
                      Slice *ret_first, Slice *ret_sha256)
{
    AUTO_ROWS DbRows *rows = NULL;
    TRY(db_query(cx, db,
                 "SELECT f.segment, f.position, f.stored_size, f.id, f.sha256 FROM document d "
                 "JOIN document f ON f.tenant = d.tenant AND f.id = COALESCE(d.same_as, d.id) "
                 "WHERE d.tenant = $1 AND d.id = $2",
                 DB_VALUES(db_text(tenant), db_blob(document)), &rows));
    bool row = false;
    TRY(db_next(cx, rows, &row));
    if (!row) return err_set(cx, ERR_MISSING, "there is no such document");
    *ret_place = (StorePlace){db_col_int(rows, 0), db_col_int(rows, 1), db_col_int(rows, 2)};
    TRY(cx_copy(cx, db_col_blob(rows, 3), ret_first));
    return cx_copy(cx, db_col_blob(rows, 4), ret_sha256);
}

Err commit_original(Cx *cx, Store *store, Db *db, Slice tenant, Slice document, Slice *ret_bytes)
{
    StorePlace place = {};
    Slice first = {}, sha256 = {}, sealed = {}, bytes = {};
    TRY(find_place(cx, db, tenant, document, &place, &first, &sha256));
    AeadKey key;
    TRY(store_key_find(cx, store, db, tenant, first, &key));
    TRY(store_fetch(cx, store, place, &sealed));
    Slice about = event_log_about(cx, SLICE("fapiao/document/v1"), tenant, first);
    TRY(aead_open(cx, &key, about, sealed, &bytes));
    Digest digest = digest_of(DIGEST_SHA256, bytes);
    if (!slice_equal(digest_slice(&digest), sha256))
        return err_set(cx, ERR_CORRUPT, "a document's bytes are not those that were received");
    *ret_bytes = bytes;
    return ERR_OK;
}

Err commit_reading(Cx *cx, Store *store, Db *db, Slice tenant, Slice reading, Draft *ret_draft,
                   Slice *ret_canonical)
{
    AUTO_ROWS DbRows *rows = NULL;
    TRY(db_query(cx, db, "SELECT document, content FROM reading WHERE tenant = $1 AND id = $2",
                 DB_VALUES(db_text(tenant), db_blob(reading)), &rows));
    bool row = false;
    TRY(db_next(cx, rows, &row));
    if (!row) return err_set(cx, ERR_MISSING, "there is no such reading");
    AeadKey key;
    TRY(store_key_find(cx, store, db, tenant, db_col_blob(rows, 0), &key));
    Slice canonical;
    Slice about = event_log_about(cx, SLICE("fapiao/reading/v1"), tenant, reading);
    TRY(aead_open(cx, &key, about, db_col_blob(rows, 1), &canonical));
    if (reading_json_parse(cx, canonical, ret_draft) != ERR_OK)
        return err_set(cx, ERR_CORRUPT, "a reading is damaged");
    *ret_canonical = canonical;
    return ERR_OK;
}
