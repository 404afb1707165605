#include "desk/running/watch/watch.h"

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "base/limits.h"
#include "desk/running/watch/watch_guard.h"
#include "desk/running/watch/watch_here.h"
#include "net/fetch.h"
#include "store/disk.h"

#define IDLE_MS    60'000
#define PAUSE_MS   1'000
#define LOOK_MS    1'000 // while the sealer does not tell of new checkpoints
#define NOTE_LINES LOG_KEYS

// One witness, under the watch's mutex but for what its thread alone touches.
typedef struct Guarded {
    struct Guarded *next;
    struct Watch *watch;
    Cx cx; // holds the slices below
    Slice name, vkey, url;
    NoteKey key;
    WatchGuard guard;
    atomic_bool gone; // it was taken off the list, or all ends
} Guarded;

struct Watch {
    const World *world;
    WatchOptions options;
    Store *store;
    Log *log;
    Sealer *sealer;
    Committer *committer;
    char *ca_file;         // NULL = the system's
    pthread_mutex_t mutex; // over all below
    pthread_cond_t bell;   // a checkpoint, an answer, the list, the end
    Guarded *first;
    size_t threads; // running
    size_t set;     // quorum
    bool armed, stop;
    bool waiting, alarm;
    char alarm_name[NOTE_NAME_MAX + 1];
    char halted[WATCH_TEXT_SIZE]; // what we halted with; "" = we did not
    WatchQueue queue;             // has a mutex of its own
};

// A thread has nobody to return an Err to.
static void complain(const char *doing, const Cx *cx)
{
    (void)fprintf(stderr, "fapiao: 见证 witnesses: %s: %s\n", doing, cx->err_text);
}

static uint64_t steady_ms(const Watch *watch)
{
    return watch->world->steady_ms(watch->world->self);
}

// ---- what all answers together mean; under the mutex ----

static Guarded *guarded_of(const Watch *watch, Slice name)
{
    for (Guarded *guarded = watch->first; guarded != NULL; guarded = guarded->next)
        if (slice_equal(guarded->name, name)) return guarded;
    return NULL;
}

static size_t count_guards(const Watch *watch, size_t *ret_agree)
{
    size_t count = 0;
    *ret_agree = 0;
    for (const Guarded *guarded = watch->first; guarded != NULL; guarded = guarded->next) {
        count++;
        *ret_agree += watch_guard_agrees(&guarded->guard);
    }
    return count;
}

static void raise_alarm(Cx *cx, Watch *watch, const Guarded *guarded)
{
    watch->alarm = watch->waiting = true;
    (void)snprintf(watch->alarm_name, sizeof watch->alarm_name, SLICE_FMT,
                   SLICE_ARG(guarded->name));
    Slice now = commit_halted(cx, watch->committer);
    if (now.size == 0 || slice_equal(now, slice_of(watch->halted)))
        commit_halt(watch->committer, guarded->guard.text);
    (void)snprintf(watch->halted, sizeof watch->halted, "%s", guarded->guard.text);
}

typedef enum Turn { TURN_NONE, TURN_ALARM, TURN_LIFT } Turn;

// *ret_guarded: who alarms. What it takes to make the turn durable comes after, without the mutex.
static Turn judge(Cx *cx, Watch *watch, const Guarded **ret_guarded)
{
    size_t agree = 0, count = count_guards(watch, &agree);
    if (watch->options.without) return TURN_NONE;
    const Guarded *alarmed = guarded_of(watch, slice_of(watch->alarm_name));
    const Guarded *loud = alarmed != NULL && watch_guard_alarms(&alarmed->guard) ? alarmed : NULL;
    for (const Guarded *other = watch->first; other != NULL && loud == NULL; other = other->next)
        if (watch_guard_alarms(&other->guard)) loud = other;
    if (loud != NULL) {
        bool fresh = strcmp(watch->halted, loud->guard.text) != 0;
        if (fresh) raise_alarm(cx, watch, loud);
        *ret_guarded = loud;
        return fresh ? TURN_ALARM : TURN_NONE;
    }
    if (!watch->waiting || count == 0 || agree < watch_list_need(count, watch->set) ||
        (alarmed != NULL && !watch_guard_agrees(&alarmed->guard)))
        return TURN_NONE;
    if (slice_equal(commit_halted(cx, watch->committer), slice_of(watch->halted)))
        commit_halt(watch->committer, NULL);
    watch->waiting = watch->alarm = false;
    watch->alarm_name[0] = watch->halted[0] = '\0';
    return TURN_LIFT;
}

// ---- making it last; without the mutex ----

static void keep_alarm(Cx *cx, Watch *watch, Slice name, Slice text)
{
    (void)fprintf(stderr, "fapiao: " SLICE_FMT "\n", SLICE_ARG(text));
    Slice value = cx_printf(cx, SLICE_FMT "\n" SLICE_FMT, SLICE_ARG(name), SLICE_ARG(text));
    if (watch_list_set_meta(cx, watch->committer, WATCH_ALARM_META, value) != ERR_OK)
        complain("alarm", cx);
}

static void keep_lifted(Cx *cx, Watch *watch)
{
    (void)fprintf(stderr, "fapiao: 见证方确认账本没有倒退，恢复写入。"
                          "The witnesses have found the log consistent: writing goes on.\n");
    Err err = watch_list_set_meta(cx, watch->committer, WATCH_ALARM_META, SLICE(""));
    if (err == ERR_OK) err = watch_here_keep(cx, store_folder(watch->store));
    if (err == ERR_OK)
        flow_resume(watch->options.flow);
    else
        complain("resume", cx);
}

static void keep_outcome(Cx *cx, const Guarded *guarded, const WatchAnswer *answer, uint64_t size)
{
    bool signed_it = answer->verdict == WATCH_COSIGNED;
    const WatchOutcome outcome = {.name = guarded->name,
                                  .size = signed_it ? size : 0,
                                  .tried_ms = cx_now_ms(cx),
                                  .line = answer->line,
                                  .seconds = answer->seconds,
                                  .error = answer->text};
    if (watch_list_note(cx, guarded->watch->committer, &outcome) != ERR_OK) complain("note", cx);
}

// ---- who waits ----

// The size of the newest checkpoint that as many as are needed have signed.
static Err find_witnessed(Cx *cx, Watch *watch, uint64_t *ret_size)
{
    Db *db = NULL;
    LogHead head = {};
    size_t need = watch_brief(watch).need;
    *ret_size = UINT64_MAX;
    if (need == 0) return ERR_OK;
    TRY(store_take(cx, watch->store, &db));
    Err err = log_head_over(cx, watch->log, db, 0, need, &head);
    store_give(watch->store, db);
    *ret_size = err == ERR_OK && head.witnesses >= need ? head.size : 0;
    return err == ERR_MISSING ? ERR_OK : err;
}

static void ring(Cx *cx, Watch *watch)
{
    uint64_t size = 0;
    if (watch_queue_empty(&watch->queue)) return;
    if (find_witnessed(cx, watch, &size) != ERR_OK) complain("ring", cx);
    watch_queue_ring(&watch->queue, size);
}

void watch_when(Watch *watch, uint64_t index, WatchWitnessed *then, void *self)
{
    if (watch == NULL) {
        then(self, true);
        return;
    }
    Cx cx;
    cx_init(&cx, watch->world, LIMIT_REQUEST_ARENA);
    // In this order: what is signed from now on rings as well.
    watch_queue_add(&watch->queue, index, then, self);
    ring(&cx, watch);
    cx_done(&cx);
}

void watch_let_go(Watch *watch)
{
    if (watch != NULL) watch_queue_end(&watch->queue);
}

// ---- one question ----

// What we show is ours alone: no witness sees who else has signed.
static Err own_note(Cx *cx, const Watch *watch, Slice bytes, Slice *ret_note)
{
    Note *note = arena_alloc(&cx->arena, sizeof *note);
    Slice lines[NOTE_LINES];
    size_t count = 0;
    TRY(note_parse(cx, bytes, note));
    for (size_t i = 0; i < note->line_count && count < NOTE_LINES; i++)
        for (size_t k = 0; k < LOG_KEYS && count < NOTE_LINES; k++)
            if (note_line_is_of(&note->lines[i], &log_keys(watch->log)[k]))
                lines[count++] = note->lines[i].line;
    return note_print(cx, note->text, lines, count, ret_note);
}

static Err newest(Cx *cx, const Watch *watch, LogHead *ret_head)
{
    Db *db = NULL;
    TRY(store_take(cx, watch->store, &db));
    Err err = log_head(cx, watch->log, db, ret_head);
    store_give(watch->store, db);
    return err;
}

static Err ask(Cx *cx, const Guarded *guarded, uint64_t known, LogHead *ret_head,
               WatchAnswer *ret_answer)
{
    const Watch *watch = guarded->watch;
    for (int i = 0; i < 2; i++) {
        TRY(newest(cx, watch, ret_head));
        if (ret_head->note.size == 0) return ERR_OK;
        WatchAsk question = {.url = guarded->url,
                             .key = guarded->key,
                             .origin = log_origin(watch->log),
                             .log_keys = log_keys(watch->log),
                             .log_key_count = LOG_KEYS,
                             .reader = log_reader(watch->log),
                             .size = ret_head->size,
                             .known = known,
                             .root = ret_head->root,
                             .timeout_ms = watch->options.try_ms,
                             .ca_file = watch->ca_file,
                             .stop = &guarded->gone};
        TRY(own_note(cx, watch, ret_head->note, &question.note));
        TRY(watch_ask(cx, &question, ret_answer));
        // It may have seen a checkpoint that was signed while it was asked.
        if (ret_answer->verdict != WATCH_AHEAD) return ERR_OK;
        LogHead now;
        TRY(newest(cx, watch, &now));
        if (now.size < ret_answer->theirs.size) return ERR_OK;
    }
    return ERR_OK;
}

// Asks one witness and takes what it says. Enters and leaves with the mutex.
static void turn_of(Guarded *guarded)
{
    Watch *watch = guarded->watch;
    uint64_t known = guarded->guard.known, seen = sealer_size(watch->sealer);
    (void)pthread_mutex_unlock(&watch->mutex);
    Cx cx;
    cx_init(&cx, watch->world, LIMIT_REQUEST_ARENA);
    LogHead head = {};
    WatchAnswer answer = {.known = known, .text = SLICE(""), .line = SLICE("")};
    Err err = ask(&cx, guarded, known, &head, &answer);
    bool stopped = atomic_load(&guarded->gone);
    if (err != ERR_OK) {
        complain("ask", &cx);
        answer = (WatchAnswer){.known = known, .text = err_text(&cx), .line = SLICE("")};
    }
    if (!stopped && (err != ERR_OK || head.note.size > 0))
        keep_outcome(&cx, guarded, &answer, head.size);
    (void)pthread_mutex_lock(&watch->mutex);
    uint64_t size = head.size > seen ? head.size : seen;
    if (err == ERR_OK && head.note.size == 0)
        guarded->guard.next_ms = steady_ms(watch) + watch->options.idle_ms; // nothing to show yet
    else
        watch_guard_took(&guarded->guard, &answer, size, steady_ms(watch), watch->options.idle_ms,
                         watch->options.pause_ms);
    const Guarded *alarmed = NULL;
    Turn turn = stopped ? TURN_NONE : judge(&cx, watch, &alarmed);
    Slice name = SLICE(""), text = SLICE("");
    bool alarm = turn == TURN_ALARM && cx_copy(&cx, alarmed->name, &name) == ERR_OK &&
                 cx_copy(&cx, slice_of(alarmed->guard.text), &text) == ERR_OK;
    (void)pthread_cond_broadcast(&watch->bell);
    (void)pthread_mutex_unlock(&watch->mutex);
    if (answer.verdict == WATCH_COSIGNED) ring(&cx, watch);
    if (alarm) keep_alarm(&cx, watch, name, text);
    if (turn == TURN_LIFT) keep_lifted(&cx, watch);
    cx_done(&cx);
    (void)pthread_mutex_lock(&watch->mutex);
}

// ---- threads ----

// From the sealer's thread, or from ours within arm.
static void on_covered(void *self, bool covered)
{
    Watch *watch = self;
    (void)covered;
    (void)pthread_mutex_lock(&watch->mutex);
    watch->armed = false;
    (void)pthread_cond_broadcast(&watch->bell);
    (void)pthread_mutex_unlock(&watch->mutex);
}

// Waits for the bell, at most until `until_ms`. Under the mutex.
static void wait_until(Watch *watch, uint64_t until_ms)
{
    uint64_t now = steady_ms(watch), ms = until_ms > now ? until_ms - now : 1;
    struct timespec end;
    (void)clock_gettime(CLOCK_MONOTONIC, &end);
    uint64_t nanoseconds = (uint64_t)end.tv_nsec + ms % 1000 * 1'000'000;
    end.tv_sec += (time_t)(ms / 1000 + nanoseconds / 1'000'000'000);
    end.tv_nsec = (long)(nanoseconds % 1'000'000'000);
    (void)pthread_cond_timedwait(&watch->bell, &watch->mutex, &end);
}

// One of the threads has the sealer ring when there is a checkpoint of more than `size`.
static void arm(Watch *watch, uint64_t size)
{
    if (watch->armed || watch->stop) return;
    watch->armed = true;
    (void)pthread_mutex_unlock(&watch->mutex);
    sealer_when(watch->sealer, size, on_covered, watch);
    (void)pthread_mutex_lock(&watch->mutex);
}

static void unlink_guarded(Guarded *guarded)
{
    Guarded **place = &guarded->watch->first;
    while (*place != NULL && *place != guarded)
        place = &(*place)->next;
    if (*place != NULL) *place = guarded->next;
}

static void *guard_main(void *self)
{
    Guarded *guarded = self;
    Watch *watch = guarded->watch;
    (void)pthread_mutex_lock(&watch->mutex);
    while (!atomic_load(&guarded->gone)) {
        uint64_t size = sealer_size(watch->sealer), now = steady_ms(watch);
        if (watch_guard_due(&guarded->guard, size, now)) {
            turn_of(guarded);
            continue;
        }
        arm(watch, size);
        if (atomic_load(&guarded->gone)) break;
        uint64_t until = guarded->guard.next_ms;
        if (!watch->armed && until > now + LOOK_MS) until = now + LOOK_MS;
        wait_until(watch, until);
    }
    watch->threads--;
    unlink_guarded(guarded);
    (void)pthread_cond_broadcast(&watch->bell);
    (void)pthread_mutex_unlock(&watch->mutex);
    cx_done(&guarded->cx);
    free(guarded);
    return NULL;
}

// Under the mutex.
static Err add_guard(Cx *cx, Watch *watch, const WatchRow *row)
{
    Guarded *guarded = calloc(1, sizeof *guarded); // owned: by its thread
    if (guarded == NULL) abort();
    cx_init(&guarded->cx, watch->world, LIMIT_MIB);
    guarded->watch = watch;
    guarded->guard.known = row->size;
    Err err = cx_copy(&guarded->cx, row->name, &guarded->name);
    if (err == ERR_OK) err = cx_copy(&guarded->cx, row->url, &guarded->url);
    if (err == ERR_OK) err = cx_copy(&guarded->cx, row->vkey, &guarded->vkey);
    if (err == ERR_OK) err = note_key_parse(&guarded->cx, row->vkey, &guarded->key);
    pthread_t thread;
    if (err == ERR_OK && pthread_create(&thread, NULL, guard_main, guarded) != 0)
        err = err_set(&guarded->cx, ERR_STORE, "cannot start a thread");
    if (err != ERR_OK) {
        err = err_set(cx, err, "witness '" SLICE_FMT "': %s", SLICE_ARG(row->name),
                      guarded->cx.err_text);
        cx_done(&guarded->cx);
        free(guarded);
        return err;
    }
    (void)pthread_detach(thread);
    guarded->next = watch->first;
    watch->first = guarded;
    watch->threads++;
    return ERR_OK;
}

// Whether the row is this witness as it was.
static bool is_row(const Guarded *guarded, const WatchRow *row)
{
    return slice_equal(row->kind, SLICE("witness")) && slice_equal(row->name, guarded->name) &&
           slice_equal(row->vkey, guarded->vkey) && slice_equal(row->url, guarded->url);
}

static Err follow_list(Cx *cx, Watch *watch, const WatchRow *rows, size_t count)
{
    for (Guarded *guarded = watch->first, *next = NULL; guarded != NULL; guarded = next) {
        next = guarded->next;
        bool there = false;
        for (size_t i = 0; i < count; i++)
            there = there || is_row(guarded, &rows[i]);
        if (there) continue;
        // Its thread ends when it sees this; what it said no longer counts from now on.
        atomic_store(&guarded->gone, true);
        unlink_guarded(guarded);
    }
    Err err = ERR_OK;
    for (size_t i = 0; err == ERR_OK && i < count; i++)
        if (slice_equal(rows[i].kind, SLICE("witness")) && guarded_of(watch, rows[i].name) == NULL)
            err = add_guard(cx, watch, &rows[i]);
    (void)pthread_cond_broadcast(&watch->bell);
    return err;
}

static Err reload(Cx *cx, Watch *watch)
{
    Db *db = NULL;
    WatchRow *rows = NULL;
    size_t count = 0, set = 0;
    TRY(store_take(cx, watch->store, &db));
    Err err = watch_list(cx, db, &rows, &count);
    if (err == ERR_OK) err = watch_list_quorum(cx, db, &set);
    store_give(watch->store, db);
    TRY(err);
    (void)pthread_mutex_lock(&watch->mutex);
    if (watch->options.quorum == 0) watch->set = set;
    if (!watch->stop) err = follow_list(cx, watch, rows, count);
    (void)pthread_mutex_unlock(&watch->mutex);
    return err;
}

void watch_reload(Watch *watch)
{
    if (watch == NULL) return;
    Cx cx;
    cx_init(&cx, watch->world, LIMIT_REQUEST_ARENA);
    if (reload(&cx, watch) != ERR_OK) complain("list", &cx);
    ring(&cx, watch); // fewer may be needed
    cx_done(&cx);
}

// ---- from opening to closing ----

static Watch *watch_new(Cx *cx, const WatchOptions *options)
{
    Watch *watch = calloc(1, sizeof *watch); // owned: until watch_close
    if (watch == NULL) abort();
    watch->world = cx->world;
    watch->options = *options;
    if (watch->options.idle_ms == 0) watch->options.idle_ms = IDLE_MS;
    if (watch->options.pause_ms == 0) watch->options.pause_ms = PAUSE_MS;
    watch->set = options->quorum;
    watch->store = flow_store(options->flow);
    watch->committer = flow_committer(options->flow);
    watch->log = flow_log(options->flow);
    watch->sealer = flow_sealer(options->flow);
    const char *certificates = disk_path(cx, store_folder(watch->store), "ledger/witnesses.pem");
    if (access(certificates, F_OK) == 0) watch->ca_file = strdup(certificates); // owned: by it
    pthread_condattr_t monotonic;
    (void)pthread_condattr_init(&monotonic);
    (void)pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    (void)pthread_mutex_init(&watch->mutex, NULL);
    watch_queue_init(&watch->queue);
    (void)pthread_cond_init(&watch->bell, &monotonic);
    (void)pthread_condattr_destroy(&monotonic);
    return watch;
}

Err watch_open(Cx *cx, const WatchOptions *options, Watch **ret_watch)
{
    *ret_watch = NULL;
    if (flow_log(options->flow) == NULL || flow_sealer(options->flow) == NULL) return ERR_OK;
    WatchStanding standing;
    TRY(watch_opening_look(cx, options->flow, &standing));
    Watch *watch = watch_new(cx, options);
    if (standing.why.size > 0 && !options->without) {
        watch->waiting = true;
        watch->alarm = standing.alarm;
        (void)snprintf(watch->halted, sizeof watch->halted, SLICE_FMT, SLICE_ARG(standing.why));
        (void)snprintf(watch->alarm_name, sizeof watch->alarm_name, SLICE_FMT,
                       SLICE_ARG(standing.alarm_name));
    }
    *ret_watch = watch;
    return reload(cx, watch);
}

static bool all_asked(const Watch *watch, uint64_t size)
{
    for (const Guarded *guarded = watch->first; guarded != NULL; guarded = guarded->next)
        if (guarded->guard.asked < size && guarded->guard.failures == 0) return false;
    return true;
}

void watch_settle(Watch *watch, uint64_t ms)
{
    if (watch == NULL) return;
    uint64_t end = steady_ms(watch) + ms;
    Cx cx;
    cx_init(&cx, watch->world, LIMIT_REQUEST_ARENA);
    // A halted log signs nothing; then what was signed is asked about.
    Err err = sealer_flush(&cx, watch->sealer);
    if (err != ERR_OK && err != ERR_DENIED) complain("sign", &cx);
    cx_done(&cx);
    (void)pthread_mutex_lock(&watch->mutex);
    while (!all_asked(watch, sealer_size(watch->sealer)) && steady_ms(watch) < end)
        wait_until(watch, end);
    (void)pthread_mutex_unlock(&watch->mutex);
}

void watch_stop(Watch *watch)
{
    if (watch == NULL) return;
    (void)pthread_mutex_lock(&watch->mutex);
    watch->stop = true;
    for (Guarded *guarded = watch->first; guarded != NULL; guarded = guarded->next)
        atomic_store(&guarded->gone, true);
    (void)pthread_cond_broadcast(&watch->bell);
    while (watch->threads > 0)
        (void)pthread_cond_wait(&watch->bell, &watch->mutex);
    (void)pthread_mutex_unlock(&watch->mutex);
    watch_queue_end(&watch->queue);
}

void watch_close(Watch *watch)
{
    if (watch == NULL) return;
    (void)pthread_cond_destroy(&watch->bell);
    (void)pthread_mutex_destroy(&watch->mutex);
    watch_queue_done(&watch->queue);
    free(watch->ca_file);
    free(watch);
}

bool watch_stopped(Watch *watch)
{
    if (watch == NULL) return true;
    (void)pthread_mutex_lock(&watch->mutex);
    bool stopped = watch->stop;
    (void)pthread_mutex_unlock(&watch->mutex);
    return stopped;
}

WatchBrief watch_brief(Watch *watch)
{
    WatchBrief brief = {};
    if (watch == NULL) return brief;
    size_t agree = 0;
    (void)pthread_mutex_lock(&watch->mutex);
    brief.witnesses = count_guards(watch, &agree);
    brief.need = watch_list_need(brief.witnesses, watch->set);
    uint64_t size = sealer_size(watch->sealer);
    for (const Guarded *guarded = watch->first; guarded != NULL; guarded = guarded->next)
        brief.cosigned += watch_guard_agrees(&guarded->guard) && guarded->guard.known >= size;
    brief.waiting = watch->waiting;
    brief.alarm = watch->alarm;
    brief.without = watch->options.without;
    (void)pthread_mutex_unlock(&watch->mutex);
    return brief;
}
