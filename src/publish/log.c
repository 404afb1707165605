#include "publish/log.h"

#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>

#include "base/base64.h"
#include "base/cleanup.h"
#include "publish/hashes.h"
#include "store/disk.h"

#define ORIGIN_RANDOM 8 // bytes of a made-up name

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
    log->origin = strdup(text);                      // owned: by the log
    log->path = strdup(hashes_path(cx, log->store)); // owned: by the log
    if (log->origin == NULL || log->path == NULL) return err_set(cx, ERR_STORE, "out of memory");
    TRY(derive_keys(cx, log));
    if (store_writer(log->store) != NULL)
        TRY(disk_folder(cx, disk_path(cx, store_folder(log->store), "ledger")));
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

Store *log_store(const Log *log)
{
    return log->store;
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
static int fd_of(Log *log)
{
    (void)pthread_mutex_lock(&log->mutex);
    if (log->fd < 0) log->fd = open(log->path, O_RDONLY | O_CLOEXEC);
    int fd = log->fd;
    (void)pthread_mutex_unlock(&log->mutex);
    return fd;
}

static Err read_hashes(Cx *cx, void *self, const uint64_t *indexes, size_t count,
                       Digest *ret_hashes)
{
    int fd = fd_of(self);
    if (fd < 0) return err_set(cx, ERR_CORRUPT, "there is no file of hashes");
    return hashes_read(cx, fd, indexes, count, ret_hashes);
}

TreeReader log_reader(Log *log)
{
    return (TreeReader){.self = log, .read = read_hashes};
}
