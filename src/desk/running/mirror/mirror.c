#include "desk/running/mirror/mirror.h"

#include <pthread.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "base/limits.h"
#include "base/utf8.h"
#include "commit/commit_wait.h"
#include "desk/running/watch/watch_list.h"
#include "flow/mirrored.h"
#include "publish/replica_take.h"
#include "publish/seal_round.h"
#include "store/disk.h"

#define PAUSE_MAX_MS UINT64_C(60'000)
#define TELL_MS      UINT64_C(60'000)
#define SIDE_PAGES   25 // of what no event binds, in one round

struct Mirror {
    MirrorOptions options;
    const World *world;
    char *url, *token, *name;
    Signer *signer;
    NoteKey key;
    Cx cx; // holds what the key borrows
    SealRound round;
    uint64_t told, told_ms; // size that the primary heard of last, and when (steady)
    uint64_t side_ms;       // when what no event binds was asked for last (steady)
    pthread_t thread;
    bool started;
    atomic_bool stopping;
    pthread_mutex_t mutex; // over all below
    pthread_cond_t nudged;
    bool nudge;
    MirrorBrief brief;
};

static uint64_t steady_ms(const Mirror *mirror)
{
    return mirror->world->steady_ms(mirror->world->self);
}

// It has taken in a checkpoint before: its log has a name, its keys are there.
static bool is_mirror(Cx *cx, const char *folder)
{
    return access(disk_path(cx, disk_path(cx, folder, "ledger"), "checkpoint"), F_OK) == 0;
}

Err mirror_prepare(Cx *cx, const char *folder, const Primary *primary, Slice *ret_origin)
{
    NodeHello greeting;
    Err asked = primary_hello(cx, primary, &greeting);
    *ret_origin = SLICE("");
    if (asked != ERR_OK && is_mirror(cx, folder)) return ERR_OK;
    TRY(asked);
    TRY(disk_folder(cx, folder));
    Err err = disk_write_new(cx, disk_path(cx, folder, "keys"), greeting.keys);
    if (err == ERR_CONFLICT) {
        Slice there;
        TRY(disk_read(cx, disk_path(cx, folder, "keys"), LIMIT_NODE_HELLO_BYTES, &there));
        if (!slice_equal(there, greeting.keys))
            return err_set(cx, ERR_CONFLICT, "'%s' holds the keys of another log", folder);
        err = ERR_OK;
    }
    *ret_origin = greeting.origin;
    return err;
}

// --- one round

// Facts until the folder has `size` events.
typedef struct Taking {
    Store *store;
    const ReplicaLeaves *leaves;
    Slice bytes;
    uint64_t next;
} Taking;

static Err take_work(Cx *cx, Db *db, void *self)
{
    Taking *taking = self;
    return replica_take(cx, taking->store, db, taking->bytes, taking->leaves, &taking->next);
}

static Err count_events(Cx *cx, Store *store, uint64_t *ret_count)
{
    Db *db = NULL;
    TRY(store_take(cx, store, &db));
    DbRows *rows = NULL;
    bool row = false;
    Err err = db_query(cx, db, "SELECT COALESCE(MAX(sequence), 0) FROM event", NULL, 0, &rows);
    if (err == ERR_OK) err = db_next(cx, rows, &row);
    if (err == ERR_OK) *ret_count = (uint64_t)db_col_int(rows, 0);
    db_rows_close(rows);
    store_give(store, db);
    return err;
}

// One batch, in an arena of its own: there may be thousands.
static Err pull_batch(Cx *cx, Mirror *mirror, const ReplicaLeaves *leaves, uint64_t first,
                      uint64_t *ret_next)
{
    Cx own;
    cx_init(&own, cx->world, LIMIT_JOB_ARENA);
    Taking taking = {.store = flow_store(mirror->options.flow), .leaves = leaves};
    Err err = primary_facts(&own, &mirror->options.primary, first,
                            leaves->first + leaves->count - 1, &taking.bytes);
    if (err == ERR_OK) {
        err = commit_wait_work(&own, flow_committer(mirror->options.flow), take_work, &taking);
        *ret_next = taking.next;
    }
    if (err != ERR_OK) err = err_set(cx, err, "%s", own.err_text);
    cx_done(&own);
    return err;
}

static Err pull_facts(Cx *cx, Mirror *mirror, const ReplicaLeaves *leaves)
{
    uint64_t here = 0, end = leaves->first + leaves->count;
    TRY(count_events(cx, flow_store(mirror->options.flow), &here));
    for (uint64_t next = here + 1; next < end && !mirror->stopping;) {
        uint64_t first = next;
        TRY(pull_batch(cx, mirror, leaves, first, &next));
        if (next == first)
            return err_set(cx, ERR_STORE, "the primary gave nothing of event %llu",
                           (unsigned long long)first);
    }
    return ERR_OK;
}

// The leaves from what is signed here to the checkpoint, and that they give its root: before any
// fact is taken in.
static Err pull_leaves(Cx *cx, Mirror *mirror, const Checkpoint *checkpoint,
                       ReplicaLeaves *ret_leaves)
{
    TreeEdge edge = mirror->round.edge;
    uint64_t count = checkpoint->size - edge.size;
    Slice hashes;
    TRY(primary_leaves(cx, &mirror->options.primary, edge.size + 1, checkpoint->size, &hashes));
    if (count > LIMIT_NODE_LEAVES || hashes.size != count * DIGEST_SIZE)
        return err_set(cx, ERR_STORE, "the primary gave %zu bytes of leaves", hashes.size);
    *ret_leaves = (ReplicaLeaves){.first = edge.size + 1,
                                  .hashes = (const Digest *)(const void *)hashes.data,
                                  .count = count};
    Digest stored[TREE_LEVELS];
    size_t stored_count = 0;
    for (size_t i = 0; i < count; i++)
        tree_grow(&edge, &ret_leaves->hashes[i], stored, &stored_count);
    Digest root = tree_root(&edge);
    if (!digest_equal(&root, &checkpoint->root))
        return err_set(cx, ERR_CONFLICT,
                       "the log has forked: the leaves that it shows do not "
                       "follow from those here and give its root");
    return ERR_OK;
}

// Kept here as well: receipts of this node bear it. *ret_status: what the primary answered, 0 = it
// did not.
static Err cosign(Cx *cx, Mirror *mirror, const Note *note, uint64_t size, int *ret_status)
{
    Slice line, vkey;
    uint64_t seconds = cx_now_ms(cx) / 1000;
    TRY(note_sign(cx, &mirror->key, mirror->signer, note->text, seconds, &line));
    TRY(note_key_vkey(cx, &mirror->key, &vkey));
    const WatchOutcome outcome = {.name = mirror->options.name,
                                  .size = size,
                                  .tried_ms = cx_now_ms(cx),
                                  .line = line,
                                  .seconds = seconds};
    TRY(watch_list_note(cx, flow_committer(mirror->options.flow), &outcome));
    Slice body = cx_printf(cx, SLICE_FMT "\n%llu\n" SLICE_FMT, SLICE_ARG(vkey),
                           (unsigned long long)size, SLICE_ARG(line));
    TRY(primary_cosign(cx, &mirror->options.primary, body, ret_status));
    mirror->told = size;
    mirror->told_ms = steady_ms(mirror);
    return ERR_OK;
}

// What was taken in before a crash or a cut, or a minute ago, is said again: that the node is
// there, and how far it is.
static Err tell_newest(Cx *cx, Mirror *mirror, int *ret_status)
{
    uint64_t size = mirror->round.size;
    if (size == 0 || (mirror->told == size && steady_ms(mirror) - mirror->told_ms < TELL_MS))
        return ERR_OK;
    Db *db = NULL;
    LogHead head;
    Note *note = arena_alloc(&cx->arena, sizeof *note);
    TRY(store_take(cx, flow_store(mirror->options.flow), &db));
    Err err = log_head(cx, flow_log(mirror->options.flow), db, &head);
    store_give(flow_store(mirror->options.flow), db);
    TRY(err);
    TRY(note_parse(cx, head.note, note));
    return cosign(cx, mirror, note, head.size, ret_status);
}

// What no event binds.
typedef struct SideTaking {
    Log *log;
    Slice bytes;
    ReplicaSide side;
    bool more;
} SideTaking;

static Err side_work(Cx *cx, Db *db, void *self)
{
    SideTaking *taking = self;
    return replica_side_take(cx, db, taking->log, taking->bytes, &taking->side, &taking->more);
}

static Err side_have(Cx *cx, Mirror *mirror, ReplicaSide *ret_side)
{
    Db *db = NULL;
    Store *store = flow_store(mirror->options.flow);
    TRY(store_take(cx, store, &db));
    Err err = replica_side_have(cx, db, ret_side);
    store_give(store, db);
    return err;
}

static Err pull_side_once(Cx *cx, Mirror *mirror, SideTaking *taking)
{
    TRY(primary_side(cx, &mirror->options.primary, &taking->side, &taking->bytes));
    return commit_wait_work(cx, flow_committer(mirror->options.flow), side_work, taking);
}

static Err pull_side(Cx *cx, Mirror *mirror)
{
    SideTaking taking = {.log = flow_log(mirror->options.flow), .more = true};
    TRY(side_have(cx, mirror, &taking.side));
    // Nothing vouches for refusals: a primary that never ends is asked for more in the next round.
    for (int page = 0; taking.more && page < SIDE_PAGES && !mirror->stopping; page++) {
        Cx own;
        cx_init(&own, cx->world, LIMIT_JOB_ARENA);
        Err err = pull_side_once(&own, mirror, &taking);
        if (err != ERR_OK) err = err_set(cx, err, "%s", own.err_text);
        cx_done(&own);
        TRY(err);
    }
    if (!taking.more) mirror->side_ms = steady_ms(mirror);
    return ERR_OK;
}

static void note_seen(Mirror *mirror, uint64_t size)
{
    (void)pthread_mutex_lock(&mirror->mutex);
    mirror->brief.primary_size = size;
    (void)pthread_mutex_unlock(&mirror->mutex);
}

// A checkpoint that the primary shows: taken in, held against what is here, cosigned.
static Err follow(Cx *cx, Mirror *mirror, Slice bytes)
{
    Note *note = arena_alloc(&cx->arena, sizeof *note);
    Checkpoint checkpoint;
    TRY(note_parse(cx, bytes, note));
    TRY(checkpoint_parse(cx, note->text, &checkpoint));
    note_seen(mirror, checkpoint.size);
    TRY(seal_round_check(cx, &mirror->round, bytes));
    if (checkpoint.size > mirror->round.size) {
        ReplicaLeaves leaves;
        TRY(pull_leaves(cx, mirror, &checkpoint, &leaves));
        TRY(pull_facts(cx, mirror, &leaves));
    }
    if (mirror->stopping) return ERR_OK;
    TRY(seal_round_follow(cx, &mirror->round, bytes));
    TRY(pull_side(cx, mirror));
    int status = 0;
    return cosign(cx, mirror, note, checkpoint.size, &status);
}

// Where the primary refuses what is said here (404: it never signed that size; 403: not that root,
// or another key than before), what it shows tells whether its log is still this one.
static Err run_round(Cx *cx, Mirror *mirror)
{
    int status = 0;
    Err told = tell_newest(cx, mirror, &status);
    if (told != ERR_OK && status != 403 && status != 404) return told;
    uint64_t over = mirror->round.size - (told != ERR_OK && status == 403);
    Slice note;
    TRY(primary_checkpoint(cx, &mirror->options.primary, over, &note));
    if (note.size == 0) { // nothing new
        bool due = steady_ms(mirror) - mirror->side_ms >= TELL_MS;
        return told == ERR_OK && due ? pull_side(cx, mirror) : told;
    }
    return follow(cx, mirror, note);
}

// --- the thread

static void note_outcome(Cx *cx, Mirror *mirror, Err err)
{
    (void)pthread_mutex_lock(&mirror->mutex);
    MirrorBrief *brief = &mirror->brief;
    brief->tried_ms = cx_now_ms(cx);
    brief->size = mirror->round.size;
    brief->alarm = err == ERR_CONFLICT || err == ERR_CORRUPT;
    brief->error[0] = '\0';
    if (err == ERR_OK) {
        brief->ok_ms = brief->tried_ms;
    } else {
        size_t size = strnlen(cx->err_text, NODE_ERROR_MAX);
        while (size > 0 && !utf8_is_clean((Slice){cx->err_text, size}))
            size--;
        memcpy(brief->error, cx->err_text, size);
        brief->error[size] = '\0';
    }
    (void)pthread_mutex_unlock(&mirror->mutex);
}

// The primary shows it to its people; when it can't be reached, they see how long ago it was.
static void tell_trouble(Mirror *mirror, const char *text)
{
    Cx cx;
    cx_init(&cx, mirror->world, LIMIT_REQUEST_ARENA);
    Err err = primary_trouble(&cx, &mirror->options.primary, slice_of(text));
    (void)err;
    cx_done(&cx);
}

static void pause_ms(Mirror *mirror, uint64_t ms)
{
    struct timespec until;
    (void)clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec += (time_t)(ms / 1000);
    until.tv_nsec += (long)(ms % 1000) * 1'000'000;
    if (until.tv_nsec >= 1'000'000'000) {
        until.tv_sec++;
        until.tv_nsec -= 1'000'000'000;
    }
    (void)pthread_mutex_lock(&mirror->mutex);
    while (!mirror->nudge && !mirror->stopping)
        if (pthread_cond_timedwait(&mirror->nudged, &mirror->mutex, &until) != 0) break;
    mirror->nudge = false;
    (void)pthread_mutex_unlock(&mirror->mutex);
}

static void *mirror_main(void *self)
{
    Mirror *mirror = self;
    uint64_t first = mirror->options.pause_ms == 0 ? 1000 : mirror->options.pause_ms;
    for (uint64_t pause = first; !mirror->stopping;) {
        Cx cx;
        cx_init(&cx, mirror->world, LIMIT_JOB_ARENA);
        uint64_t size = mirror->round.size, begun_ms = steady_ms(mirror);
        Err err = run_round(&cx, mirror);
        note_outcome(&cx, mirror, err);
        if (err != ERR_OK && err != ERR_DENIED && !mirror->stopping)
            tell_trouble(mirror, mirror->brief.error);
        cx_done(&cx);
        if (err == ERR_OK) {
            pause = first;
            // A primary that says at once that it has nothing new is not asked as fast as it can
            // say so.
            if (mirror->round.size == size && steady_ms(mirror) - begun_ms < first)
                pause_ms(mirror, first);
            continue;
        }
        mirror->told = 0;
        pause_ms(mirror, pause);
        pause = pause * 2 < PAUSE_MAX_MS ? pause * 2 : PAUSE_MAX_MS;
    }
    return NULL;
}

// --- opening

// Its own key: 32 random bytes in meta, made once. The folder is another one than the primary's.
static Err seed_work(Cx *cx, Db *db, void *self)
{
    uint8_t *seed = self;
    AUTO_ROWS DbRows *rows = NULL;
    bool row = false;
    TRY(db_query(cx, db, "SELECT value FROM meta WHERE name = $1",
                 DB_VALUES(db_text(SLICE(MIRRORED_MARK))), &rows));
    TRY(db_next(cx, rows, &row));
    if (row && db_col_blob(rows, 0).size == SIGNER_SEED_SIZE) {
        memcpy(seed, db_col_blob(rows, 0).data, SIGNER_SEED_SIZE);
        return ERR_OK;
    }
    db_rows_close(rows);
    rows = NULL;
    cx_random(cx, seed, SIGNER_SEED_SIZE);
    return db_run(cx, db, "INSERT INTO meta (name, value) VALUES ($1, $2)",
                  DB_VALUES(db_text(SLICE(MIRRORED_MARK)),
                            db_blob((Slice){(const char *)seed, SIGNER_SEED_SIZE})),
                  NULL);
}

static Err open_key(Cx *cx, Mirror *mirror)
{
    uint8_t seed[SIGNER_SEED_SIZE];
    TRY(commit_wait_work(cx, flow_committer(mirror->options.flow), seed_work, seed));
    Err err = signer_open(cx, SIGNER_ED25519, seed, &mirror->signer);
    explicit_bzero(seed, sizeof seed);
    TRY(err);
    const SignerPublic public_key = signer_public(mirror->signer);
    return note_key(&mirror->cx, slice_of(mirror->name), NOTE_KEY_COSIGNATURE, &public_key,
                    &mirror->key);
}

static Err open_inside(Cx *cx, Mirror *mirror)
{
    const MirrorOptions *options = &mirror->options;
    const char *text = NULL;
    TRY(cx_cstr(cx, options->primary.url, &text));
    mirror->url = strdup(text); // owned: by the mirror
    TRY(cx_cstr(cx, options->primary.token, &text));
    mirror->token = strdup(text); // owned: by the mirror
    TRY(cx_cstr(cx, options->name, &text));
    mirror->name = strdup(text); // owned: by the mirror
    if (mirror->url == NULL || mirror->token == NULL || mirror->name == NULL)
        return err_set(cx, ERR_STORE, "out of memory");
    mirror->options.primary.url = slice_of(mirror->url);
    mirror->options.primary.token = slice_of(mirror->token);
    mirror->options.name = slice_of(mirror->name);
    mirror->options.primary.stop = &mirror->stopping;
    if (mirror->options.primary.timeout_ms == 0)
        mirror->options.primary.timeout_ms = LIMIT_FETCH_MS;
    TRY(open_key(cx, mirror));
    mirror->round = (SealRound){.store = flow_store(options->flow),
                                .committer = flow_committer(options->flow),
                                .log = flow_log(options->flow)};
    TRY(seal_round_open(cx, &mirror->round));
    mirror->brief.size = mirror->round.size;
    if (pthread_create(&mirror->thread, NULL, mirror_main, mirror) != 0)
        return err_set(cx, ERR_STORE, "cannot start a thread");
    mirror->started = true;
    return ERR_OK;
}

Err mirror_open(Cx *cx, const MirrorOptions *options, Mirror **ret_mirror)
{
    Mirror *mirror = calloc(1, sizeof *mirror); // owned: by whoever opened it
    if (mirror == NULL) return err_set(cx, ERR_STORE, "out of memory");
    mirror->options = *options;
    mirror->world = cx->world;
    mirror->round.fd = -1;
    cx_init(&mirror->cx, cx->world, LIMIT_REQUEST_ARENA);
    (void)pthread_mutex_init(&mirror->mutex, NULL);
    (void)pthread_cond_init(&mirror->nudged, NULL);
    Err err = open_inside(cx, mirror);
    if (err != ERR_OK) {
        mirror_close(mirror);
        return err;
    }
    *ret_mirror = mirror;
    return ERR_OK;
}

void mirror_nudge(Mirror *mirror)
{
    (void)pthread_mutex_lock(&mirror->mutex);
    mirror->nudge = true;
    (void)pthread_cond_signal(&mirror->nudged);
    (void)pthread_mutex_unlock(&mirror->mutex);
}

void mirror_stop(Mirror *mirror)
{
    if (mirror == NULL || !mirror->started) return;
    mirror->stopping = true;
    mirror_nudge(mirror);
    (void)pthread_join(mirror->thread, NULL);
    mirror->started = false;
}

void mirror_close(Mirror *mirror)
{
    if (mirror == NULL) return;
    mirror_stop(mirror);
    seal_round_close(&mirror->round);
    signer_close(mirror->signer);
    cx_done(&mirror->cx);
    (void)pthread_cond_destroy(&mirror->nudged);
    (void)pthread_mutex_destroy(&mirror->mutex);
    free(mirror->url);
    free(mirror->token);
    free(mirror->name);
    free(mirror);
}

MirrorBrief mirror_brief(Mirror *mirror)
{
    (void)pthread_mutex_lock(&mirror->mutex);
    MirrorBrief brief = mirror->brief;
    (void)pthread_mutex_unlock(&mirror->mutex);
    return brief;
}

Err mirror_vkey(Cx *cx, Mirror *mirror, Slice *ret_vkey)
{
    return note_key_vkey(cx, &mirror->key, ret_vkey);
}
