#include "publish/log.h"

#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>

#include "base/base64.h"
#include "base/cleanup.h"
#include "base/limits.h"
#include "base/text.h"
#include "commit/event_log.h"
#include "store/disk.h"

#define ORIGIN_RANDOM 8    // bytes of a made-up name
#define SPAN          1024 // stored hashes fetched in one read when they lie near each other
#define LOOK          4096 // cosignatures that are looked through for a well-witnessed checkpoint

struct Log {
    Store *store;
    char *origin;
    char *path; // of the hashes
    NoteKey keys[LOG_KEYS];
    Signer *signers[LOG_KEYS];
    const Signer *listed[LOG_KEYS];
    pthread_mutex_t mutex; // over all below
    int fd;                // of the hashes; -1 until they are there
};

static const struct {
    SignerKind kind;
    NoteKeyType type;
    Slice purpose;
} key_kinds[LOG_KEYS] = {
    {SIGNER_ED25519, NOTE_KEY_ED25519, {"fapiao/log-signer/ed25519/v1\n", 29}},
    {SIGNER_SM2, NOTE_KEY_SM2, {"fapiao/log-signer/sm2/v1\n", 25}},
};

// --- its name and keys

static Err find_origin(Cx *cx, Db *db, Slice *ret_origin)
{
    AUTO_ROWS DbRows *rows = NULL;
    TRY(db_query(cx, db, "SELECT value FROM meta WHERE name = 'log_origin'", NULL, 0, &rows));
    bool row = false;
    TRY(db_next(cx, rows, &row));
    *ret_origin = SLICE("");
    return row ? cx_copy(cx, db_col_blob(rows, 0), ret_origin) : ERR_OK;
}

static Err read_origin(Cx *cx, Store *store, Slice *ret_origin)
{
    Db *db = NULL;
    TRY(store_take(cx, store, &db));
    Err err = find_origin(cx, db, ret_origin);
    store_give(store, db);
    return err;
}

static Err keep_origin(Cx *cx, Store *store, Slice origin)
{
    Db *db = store_writer(store);
    TRY(db_begin(cx, db));
    Err err = db_run(cx, db, "INSERT INTO meta (name, value) VALUES ('log_origin', $1)",
                     DB_VALUES(db_blob(origin)), NULL);
    if (err == ERR_OK) return db_commit(cx, db);
    db_rollback(db);
    return err;
}

// What the folder says, what the caller wants, or a made-up one. *ret_new: it must be kept.
static Err choose_origin(Cx *cx, Store *store, Slice wanted, Slice *ret_origin, bool *ret_new)
{
    TRY(read_origin(cx, store, ret_origin));
    *ret_new = slice_empty(*ret_origin);
    if (*ret_new && store_writer(store) == NULL)
        return err_set(cx, ERR_MISSING, "the folder has no log yet");
    if (!*ret_new) {
        if (slice_empty(wanted) || slice_equal(wanted, *ret_origin)) return ERR_OK;
        return err_set(cx, ERR_CONFLICT, "the log of this folder is '" SLICE_FMT "' for ever",
                       SLICE_ARG(*ret_origin));
    }
    uint8_t random[ORIGIN_RANDOM];
    cx_random(cx, random, sizeof random);
    Slice hex = base64_hex(cx, (Slice){(const char *)random, sizeof random});
    *ret_origin =
        slice_empty(wanted) ? cx_printf(cx, "fapiao.local/" SLICE_FMT, SLICE_ARG(hex)) : wanted;
    return ERR_OK;
}

static Err derive_keys(Cx *cx, Log *log)
{
    Slice name = slice_of(log->origin);
    if (name.size + sizeof "/promise" > NOTE_NAME_MAX)
        return err_set(cx, ERR_INPUT, "the log's name is over %zu bytes",
                       NOTE_NAME_MAX - sizeof "/promise");
    for (size_t i = 0; i < LOG_KEYS; i++) {
        Digest seed = digest_hmac_sha256(store_log_key(log->store), key_kinds[i].purpose);
        Err err = signer_open(cx, key_kinds[i].kind, seed.bytes, &log->signers[i]);
        explicit_bzero(&seed, sizeof seed);
        TRY(err);
        log->listed[i] = log->signers[i];
        const SignerPublic public_key = signer_public(log->signers[i]);
        TRY(note_key(cx, name, key_kinds[i].type, &public_key, &log->keys[i]));
        log->keys[i].name = name; // note_key's copy goes with the request
    }
    return ERR_OK;
}

static Err open_inside(Cx *cx, Log *log, Slice wanted)
{
    Slice origin;
    bool fresh = false;
    TRY(choose_origin(cx, log->store, wanted, &origin, &fresh));
    const char *text = NULL;
    TRY(cx_cstr(cx, origin, &text));
    log->origin = strdup(text); // owned: by the log
    const char *folder = disk_path(cx, store_folder(log->store), "ledger");
    log->path = strdup(disk_path(cx, folder, "hashes")); // owned: by the log
    if (log->origin == NULL || log->path == NULL) return err_set(cx, ERR_STORE, "out of memory");
    TRY(derive_keys(cx, log));
    if (store_writer(log->store) != NULL) TRY(disk_folder(cx, folder));
    return fresh ? keep_origin(cx, log->store, origin) : ERR_OK;
}

Err log_open(Cx *cx, Store *store, Slice origin, Log **ret_log)
{
    Log *log = calloc(1, sizeof *log); // owned: by whoever opened it
    if (log == NULL) return err_set(cx, ERR_STORE, "out of memory");
    log->store = store;
    log->fd = -1;
    (void)pthread_mutex_init(&log->mutex, NULL);
    Err err = open_inside(cx, log, origin);
    if (err != ERR_OK) {
        log_close(log);
        return err;
    }
    *ret_log = log;
    return ERR_OK;
}

void log_close(Log *log)
{
    if (log == NULL) return;
    for (size_t i = 0; i < LOG_KEYS; i++)
        signer_close(log->signers[i]);
    cleanup_fd_now(&log->fd);
    (void)pthread_mutex_destroy(&log->mutex);
    free(log->origin);
    free(log->path);
    free(log);
}

Slice log_origin(const Log *log)
{
    return slice_of(log->origin);
}

const NoteKey *log_keys(const Log *log)
{
    return log->keys;
}

const Signer *const *log_signers(const Log *log)
{
    return log->listed;
}

Digest log_mac(const Log *log, const Slice *parts, size_t count)
{
    return digest_hmac_sha256_parts(store_log_key(log->store), parts, count);
}

// --- stored hashes

// The writer makes the file after its log was opened, or while another process has its own open.
static int hashes_fd(Log *log)
{
    (void)pthread_mutex_lock(&log->mutex);
    if (log->fd < 0) log->fd = open(log->path, O_RDONLY | O_CLOEXEC);
    int fd = log->fd;
    (void)pthread_mutex_unlock(&log->mutex);
    return fd;
}

// How many of `indexes` one read fetches: they ascend and lie near each other.
static size_t near_each_other(const uint64_t *indexes, size_t count)
{
    size_t end = 1;
    while (end < count && indexes[end] > indexes[end - 1] && indexes[end] - indexes[0] < SPAN)
        end++;
    return end;
}

static Err read_hashes(Cx *cx, void *self, const uint64_t *indexes, size_t count,
                       Digest *ret_hashes)
{
    int fd = hashes_fd(self);
    if (fd < 0) return err_set(cx, ERR_CORRUPT, "there is no file of hashes");
    for (size_t at = 0; at < count;) {
        size_t batch = near_each_other(indexes + at, count - at);
        uint64_t first = indexes[at], last = indexes[at + batch - 1];
        Slice bytes;
        TRY(disk_read_at(cx, fd, first * DIGEST_SIZE, (size_t)(last - first + 1) * DIGEST_SIZE,
                         &bytes));
        for (size_t i = 0; i < batch; i++)
            memcpy(ret_hashes[at + i].bytes, bytes.data + (indexes[at + i] - first) * DIGEST_SIZE,
                   DIGEST_SIZE);
        at += batch;
    }
    return ERR_OK;
}

TreeReader log_reader(Log *log)
{
    return (TreeReader){.self = log, .read = read_hashes};
}

// --- checkpoints

// The newest of each name: a witness may have signed one size several times. Mirrors sign, too, but
// who keeps them may be who keeps the log: they are not counted.
static Err add_cosignatures(Cx *cx, Db *db, LogHead *head)
{
    AUTO_ROWS DbRows *rows = NULL;
    TRY(db_query(cx, db,
                 "SELECT c.name, c.line, (SELECT COUNT(*) FROM watcher w WHERE w.tenant = '' "
                 "AND w.name = c.name AND w.kind = 'mirror') FROM cosignature c "
                 "WHERE c.tenant = '' AND c.size = $1 ORDER BY c.name, c.seconds DESC",
                 DB_VALUES(db_int((int64_t)head->size)), &rows));
    Text note = text_open(cx, LIMIT_NOTE_BYTES);
    text_add(&note, head->note);
    Slice last = SLICE("");
    for (size_t lines = 0; lines < NOTE_SIGNATURES_MAX - LOG_KEYS;) {
        bool row = false;
        TRY(db_next(cx, rows, &row));
        if (!row) break;
        if (lines > 0 && slice_equal(last, db_col_text(rows, 0))) continue;
        TRY(cx_copy(cx, db_col_text(rows, 0), &last));
        text_add(&note, db_col_blob(rows, 1));
        head->witnesses += db_col_int(rows, 2) == 0;
        lines++;
    }
    return text_done(cx, &note, &head->note);
}

static Err take_head(Cx *cx, Db *db, DbRows *rows, LogHead *ret_head)
{
    bool row = false;
    *ret_head = (LogHead){.root = tree_empty()};
    TRY(db_next(cx, rows, &row));
    if (!row) return ERR_OK;
    if (db_col_blob(rows, 1).size != DIGEST_SIZE)
        return err_set(cx, ERR_CORRUPT, "a checkpoint's root is damaged");
    ret_head->size = (uint64_t)db_col_int(rows, 0);
    memcpy(ret_head->root.bytes, db_col_blob(rows, 1).data, DIGEST_SIZE);
    TRY(cx_copy(cx, db_col_blob(rows, 2), &ret_head->note));
    ret_head->time_ms = (uint64_t)db_col_int(rows, 3);
    return add_cosignatures(cx, db, ret_head);
}

Err log_head(Cx *cx, Log *log, Db *db, LogHead *ret_head)
{
    (void)log;
    AUTO_ROWS DbRows *rows = NULL;
    TRY(db_query(cx, db,
                 "SELECT size, root, note, time_ms FROM checkpoint WHERE tenant = '' "
                 "ORDER BY size DESC LIMIT 1",
                 NULL, 0, &rows));
    return take_head(cx, db, rows, ret_head);
}

// A size over `index` with that many names under it; 0 when none is found. Looked for among the
// newest cosignatures, then among the first ones over the leaf: when witnesses have been away for
// long, what they signed at its time still stands.
static Err find_witnessed(Cx *cx, Db *db, uint64_t index, size_t witnesses, uint64_t *ret_size)
{
#define OF_WITNESSES                                                                               \
    "SELECT size FROM (SELECT size, name FROM cosignature WHERE tenant = '' AND size > $1 "        \
    "AND name NOT IN (SELECT name FROM watcher WHERE tenant = '' AND kind = 'mirror') "
    static const char *const looks[] = {
        OF_WITNESSES "ORDER BY size DESC LIMIT $3) GROUP BY size "
                     "HAVING COUNT(DISTINCT name) >= $2 ORDER BY size DESC LIMIT 1",
        OF_WITNESSES "ORDER BY size LIMIT $3) GROUP BY size "
                     "HAVING COUNT(DISTINCT name) >= $2 ORDER BY size DESC LIMIT 1",
    };
    *ret_size = 0;
    for (size_t i = 0; i < sizeof looks / sizeof looks[0] && *ret_size == 0; i++) {
        AUTO_ROWS DbRows *rows = NULL;
        bool row = false;
        TRY(db_query(cx, db, looks[i],
                     DB_VALUES(db_int((int64_t)index), db_int((int64_t)witnesses), db_int(LOOK)),
                     &rows));
        TRY(db_next(cx, rows, &row));
        if (row) *ret_size = (uint64_t)db_col_int(rows, 0);
    }
    return ERR_OK;
}

Err log_head_over(Cx *cx, Log *log, Db *db, uint64_t index, size_t witnesses, LogHead *ret_head)
{
    uint64_t size = 0;
    if (witnesses > 0) TRY(find_witnessed(cx, db, index, witnesses, &size));
    if (size > 0) {
        AUTO_ROWS DbRows *rows = NULL;
        TRY(db_query(cx, db,
                     "SELECT size, root, note, time_ms FROM checkpoint "
                     "WHERE tenant = '' AND size = $1",
                     DB_VALUES(db_int((int64_t)size)), &rows));
        TRY(take_head(cx, db, rows, ret_head));
    } else {
        TRY(log_head(cx, log, db, ret_head));
    }
    if (ret_head->size > index) return ERR_OK;
    return err_set(cx, ERR_MISSING, "no checkpoint covers leaf %llu yet",
                   (unsigned long long)index);
}

// --- events

#define EVENT_COLUMNS                                                                              \
    "SELECT sequence, type, tenant, subject, previous, leaf_hash, commit_sha256, commit_sm3, "     \
    "time_ms FROM event "

// The tag of the tenant that came last: events of one tenant come in long runs.
typedef struct Tagger {
    Slice log_key, tenant;
    bool known; // false = none came yet: the platform's name is empty, too
    uint8_t tag[LEAF_TENANT_TAG_SIZE];
} Tagger;

static Err tag_of(Cx *cx, Tagger *tagger, Slice tenant)
{
    if (tagger->known && slice_equal(tagger->tenant, tenant)) return ERR_OK;
    tagger->known = true;
    leaf_tenant_tag(tagger->log_key, tenant, tagger->tag);
    return cx_copy(cx, tenant, &tagger->tenant);
}

// The leaf anew from the row, and whether its hash is what stands there.
static Err leaf_of(Cx *cx, Tagger *tagger, const DbRows *rows, LogEvent *event)
{
    Leaf leaf = {.type = (LeafType)db_col_int(rows, 1),
                 .subject = leaf_subject(tagger->log_key, db_col_blob(rows, 3)),
                 .time_ms = (uint64_t)db_col_int(rows, 8)};
    TRY(tag_of(cx, tagger, db_col_text(rows, 2)));
    memcpy(leaf.tenant_tag, tagger->tag, sizeof leaf.tenant_tag);
    Digest *const digests[] = {&leaf.previous, &event->leaf_hash, &leaf.commitment.sha256,
                               &leaf.commitment.sm3};
    event->sequence = (uint64_t)db_col_int(rows, 0);
    event->type = db_col_int(rows, 1);
    bool good = event->type >= 0 && event->type < LEAF_TYPE_COUNT;
    for (int i = 0; i < 4 && good; i++) {
        Slice bytes = db_col_blob(rows, 4 + i);
        good = bytes.size == DIGEST_SIZE;
        if (good) memcpy(digests[i]->bytes, bytes.data, DIGEST_SIZE);
    }
    if (good) event->leaf = leaf_pack(&leaf);
    Digest hash = good ? leaf_hash(&event->leaf) : (Digest){};
    if (good && digest_equal(&hash, &event->leaf_hash)) return ERR_OK;
    return err_set(cx, ERR_CORRUPT, "event %llu is not what its leaf says",
                   (unsigned long long)event->sequence);
}

Err log_leaves(Cx *cx, Log *log, Db *db, uint64_t first, size_t count, LeafBytes *ret_leaves,
               size_t *ret_count)
{
    *ret_count = 0;
    Tagger tagger = {.log_key = store_log_key(log->store)};
    AUTO_ROWS DbRows *rows = NULL;
    TRY(db_query(cx, db, EVENT_COLUMNS "WHERE sequence > $1 ORDER BY sequence LIMIT $2",
                 DB_VALUES(db_int((int64_t)first), db_int((int64_t)count)), &rows));
    while (*ret_count < count) {
        bool row = false;
        LogEvent event = {};
        TRY(db_next(cx, rows, &row));
        if (!row) break;
        TRY(leaf_of(cx, &tagger, rows, &event));
        if (event.sequence != first + *ret_count + 1)
            return err_set(cx, ERR_CORRUPT, "event %llu is missing",
                           (unsigned long long)(first + *ret_count + 1));
        ret_leaves[(*ret_count)++] = event.leaf;
    }
    return ERR_OK;
}

static Err take_event(Cx *cx, const Log *log, DbRows *rows, LogEvent *ret_event)
{
    bool row = false;
    LogEvent event = {};
    Tagger tagger = {.log_key = store_log_key(log->store)};
    TRY(db_next(cx, rows, &row));
    if (!row) return err_set(cx, ERR_MISSING, "there is no such event");
    TRY(leaf_of(cx, &tagger, rows, &event));
    event.tenant = tagger.tenant;
    TRY(cx_copy(cx, db_col_blob(rows, 3), &event.subject));
    *ret_event = event;
    return ERR_OK;
}

Err log_event(Cx *cx, Log *log, Db *db, uint64_t sequence, LogEvent *ret_event)
{
    AUTO_ROWS DbRows *rows = NULL;
    TRY(db_query(cx, db, EVENT_COLUMNS "WHERE sequence = $1", DB_VALUES(db_int((int64_t)sequence)),
                 &rows));
    return take_event(cx, log, rows, ret_event);
}

Err log_event_newest(Cx *cx, Log *log, Db *db, Slice tenant, Slice subject, LogEvent *ret_event)
{
    AUTO_ROWS DbRows *rows = NULL;
    TRY(db_query(cx, db,
                 EVENT_COLUMNS "WHERE tenant = $1 AND subject = $2 ORDER BY follows DESC LIMIT 1",
                 DB_VALUES(db_text(tenant), db_blob(subject)), &rows));
    return take_event(cx, log, rows, ret_event);
}

// Salt and canonical bytes. ERR_MISSING when the key was erased.
static Err unseal(Cx *cx, Log *log, Db *db, const LogEvent *event, Slice *ret_plain)
{
    AeadKey key;
    TRY(event_log_key(cx, log->store, db, (EventType)event->type, event->tenant, event->subject,
                      &key));
    AUTO_ROWS DbRows *rows = NULL;
    TRY(db_query(cx, db, "SELECT content FROM event WHERE sequence = $1",
                 DB_VALUES(db_int((int64_t)event->sequence)), &rows));
    bool row = false;
    TRY(db_next(cx, rows, &row));
    if (!row) return err_set(cx, ERR_CORRUPT, "an event is gone");
    Slice about =
        event_log_about(cx, SLICE("fapiao/event/v1"), SLICE(""), digest_slice(&event->leaf_hash));
    Err err = aead_open(cx, &key, about, db_col_blob(rows, 0), ret_plain);
    explicit_bzero(&key, sizeof key);
    return err;
}

Err log_opening(Cx *cx, Log *log, Db *db, const LogEvent *event, bool closed,
                ProofOpening *ret_opening)
{
    ProofOpening opening = {.leaf = event->leaf};
    *ret_opening = opening;
    if (closed) return ERR_OK;
    Slice plain;
    Err err = unseal(cx, log, db, event, &plain);
    if (err == ERR_MISSING) return ERR_OK; // erased: that it was there is all that can be shown
    TRY(err);
    Leaf leaf;
    bool good = plain.size > LEAF_SALT_SIZE && leaf_unpack(leaf_slice(&event->leaf), &leaf);
    if (good) {
        opening.open = true;
        memcpy(opening.salt, plain.data, LEAF_SALT_SIZE);
        opening.canonical = slice_sub(plain, LEAF_SALT_SIZE, plain.size);
        Commitment said = leaf_commit(opening.salt, opening.canonical);
        good = digest_equal(&said.sha256, &leaf.commitment.sha256) &&
               digest_equal(&said.sm3, &leaf.commitment.sm3);
    }
    if (!good)
        return err_set(cx, ERR_CORRUPT, "event %llu does not say what its leaf is bound to",
                       (unsigned long long)event->sequence);
    *ret_opening = opening;
    return ERR_OK;
}

static Err is_mirror(Cx *cx, Db *db, Slice name, bool *ret_is)
{
    AUTO_ROWS DbRows *rows = NULL;
    TRY(db_query(cx, db,
                 "SELECT 1 FROM watcher WHERE tenant = '' AND name = $1 AND kind = 'mirror'",
                 DB_VALUES(db_text(name)), &rows));
    return db_next(cx, rows, ret_is);
}

// The checkpoint with the lines that a receipt bears: one whose key the holder was not given would
// have it refused.
static Err note_for_receipt(Cx *cx, const Log *log, Db *db, Slice whole, bool sm2, Slice *ret_note)
{
    Note *note = arena_alloc(&cx->arena, sizeof *note);
    Slice lines[NOTE_SIGNATURES_MAX];
    size_t count = 0;
    TRY(note_parse(cx, whole, note));
    for (size_t i = 0; i < note->line_count; i++) {
        const NoteLine *line = &note->lines[i];
        bool left_out = !sm2 && note_line_is_of(line, &log->keys[1]);
        if (!left_out && !slice_equal(line->name, log_origin(log)))
            TRY(is_mirror(cx, db, line->name, &left_out));
        if (!left_out) lines[count++] = line->line;
    }
    return note_print(cx, note->text, lines, count, ret_note);
}

Err log_proof(Cx *cx, Log *log, Db *db, const LogEvent *event, const ProofOpening *opening,
              LogProofOptions options, Slice *ret_bytes)
{
    LogHead head;
    Proof proof = {.index = event->sequence - 1};
    TRY(log_head_over(cx, log, db, proof.index, options.witnesses, &head));
    TRY(note_for_receipt(cx, log, db, head.note, options.sm2, &proof.note));
    const TreeReader reader = log_reader(log);
    TRY(tree_inclusion(cx, &reader, proof.index, head.size, &proof.path));
    if (!tree_includes(proof.index, head.size, &event->leaf_hash, &proof.path, &head.root))
        return err_set(cx, ERR_CORRUPT, "the stored hashes do not lead from event %llu to the root",
                       (unsigned long long)event->sequence);
    TRY(proof_opening_print(cx, opening, &proof.extra));
    return proof_print(cx, &proof, ret_bytes);
}
