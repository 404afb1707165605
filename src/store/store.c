#include "store/store.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "base/cleanup.h"
#include "base/limits.h"
#include "store/bound.h"
#include "store/db_engine.h"
#include "store/disk.h"
#include "store/folder_lock.h"
#include "store/keys_open.h"
#include "store/schema.h"
#include "store/segment.h"
#include "store/sqlite/sqlite_engine.h"

#define WRITER_CACHE_KIB 16'384
#define READER_CACHE_KIB 4'096
#define BUSY_MS          10'000

struct Store {
    char *folder, *path; // DIR, DIR/fapiao.db
    int lock_fd;         // -1 without write
    Keys keys;
    Db *writer;
    Changes *changes; // NULL without write
    Segments *segments;
    pthread_mutex_t mutex; // over the pool
    pthread_cond_t given;
    Db *idle[LIMIT_STORE_CONNECTIONS];
    size_t idle_count, open_count;
    atomic_int field_policy; // ProviderSuite
};

static bool is_there(const char *path)
{
    struct stat info;
    return stat(path, &info) == 0;
}

// SQLite says that it can't open a file, and neither which nor why.
static Err open_database(Cx *cx, const Store *store, const SqliteOptions *options, Db **ret_db)
{
    Slice said;
    Err err = sqlite_engine_open(cx, options, ret_db);
    if (err != ERR_STORE) return err;
    TRY(cx_copy(cx, err_text(cx), &said));
    if (is_there(store->path)) TRY(disk_reachable(cx, store->path, options->write));
    Err why = disk_writable(cx, store->folder);
    if (why == ERR_OK) return err_set(cx, err, SLICE_FMT, SLICE_ARG(said));
    return options->write
               ? why
               : err_set(cx, ERR_STORE,
                         "'%s' can't be read where nothing can be written: its database keeps two "
                         "small files beside it. Copy the folder to a disk that can be written",
                         store->folder);
}

static Err open_writer(Cx *cx, Store *store, bool create)
{
    SqliteOptions options = {.path = store->path,
                             .page_key = &store->keys.page,
                             .create = create,
                             .write = true,
                             .cache_kib = WRITER_CACHE_KIB,
                             .busy_ms = BUSY_MS};
    TRY(open_database(cx, store, &options, &store->writer));
    store->writer->changes = store->changes;
    return ERR_OK;
}

static Err read_field_policy(Cx *cx, Store *store)
{
    AUTO_ROWS DbRows *rows = NULL;
    bool row = false;
    TRY(db_query(cx, store->writer, "SELECT value FROM policy WHERE tenant = $1 AND name = $2",
                 DB_VALUES(db_text(SLICE("")), db_text(STORE_FIELD_POLICY)), &rows));
    TRY(db_next(cx, rows, &row));
    bool sm = row && slice_equal(db_col_blob(rows, 0), SLICE("sm"));
    store_field_policy_set(store, sm ? PROVIDER_SM : PROVIDER_AES);
    return ERR_OK;
}

static Err open_inside(Cx *cx, const StoreOptions *options, Store *store)
{
    const KeysPlace place = {options->folder, options->key_file, options->create, options->write};
    TRY(keys_open(cx, &place, &store->keys));
    const char *segments = disk_path(cx, options->folder, "segments");
    if (options->create && options->write) TRY(disk_folder(cx, segments));
    if (options->write) {
        // Made here, 0600: the database library would go by the umask.
        if (options->create && !is_there(store->path))
            TRY(disk_write_new(cx, store->path, SLICE("")));
        store->changes = changes_open();
        // What the last writer could not sync can be read from memory, and would be built upon.
        const char *wal = cx_printf(cx, "%s-wal", store->path).data;
        struct stat info;
        bool killed = stat(wal, &info) == 0 && info.st_size > 0;
        TRY(disk_rewrite(cx, wal));
        TRY(open_writer(cx, store, options->create));
        TRY(schema_apply(cx, store->writer));
        // What a killed process erased may stand there still. Who reads it holds that up: then it
        // is tried again, as after an erasure.
        store->writer->erasing = killed;
        Err err = killed ? db_erased(cx, store->writer) : ERR_OK;
        if (err != ERR_OK && db_broken(store->writer)) return err;
        TRY(bound_watch(cx, store->writer));
        TRY(read_field_policy(cx, store));
        // A process that was killed may have left files half written, and names that can be seen
        // and are not durable.
        // Of the keys a rotation may be writing one now: it sees to its own (store/rotate.h).
        TRY(disk_sweep(cx, options->folder, "fapiao.db"));
        TRY(disk_sweep(cx, segments, NULL));
        TRY(disk_sweep(cx, disk_path(cx, options->folder, "ledger"), NULL));
        TRY(disk_sync_folder(cx, options->folder));
        TRY(disk_sync_folder(cx, segments));
    }
    SegmentsOptions segment_options = {.folder = segments,
                                       .tag_key = &store->keys.tag,
                                       .write = options->write,
                                       .audit = options->audit && !options->write,
                                       .size_max = options->segment_max};
    return segment_open(cx, &segment_options, &store->segments);
}

Err store_open(Cx *cx, const StoreOptions *options, Store **ret_store)
{
    bool making = options->create && options->write;
    if (!making && !is_there(options->folder))
        return err_set(cx, ERR_MISSING, "there is no data folder '%s'", options->folder);
    if (making) TRY(disk_folder(cx, options->folder));
    TRY(folder_lock_possible(cx, options->folder));
    if (options->write) TRY(disk_writable(cx, options->folder));

    Store *store = calloc(1, sizeof *store); // owned: by whoever opened it
    if (store == NULL) return err_set(cx, ERR_STORE, "out of memory");
    store->lock_fd = -1;
    store->field_policy = PROVIDER_AES;
    (void)pthread_mutex_init(&store->mutex, NULL);
    (void)pthread_cond_init(&store->given, NULL);
    store->folder = strdup(options->folder);                           // owned: by the store
    store->path = strdup(disk_path(cx, options->folder, "fapiao.db")); // owned: by the store
    Err err = store->folder == NULL || store->path == NULL ? err_set(cx, ERR_STORE, "out of memory")
                                                           : ERR_OK;
    if (err == ERR_OK && options->write)
        err = folder_lock_take(cx, options->folder, &store->lock_fd);
    if (err == ERR_OK) err = open_inside(cx, options, store);
    if (err != ERR_OK) {
        store_close(store);
        return err;
    }
    *ret_store = store;
    return ERR_OK;
}

void store_close(Store *store)
{
    if (store == NULL) return;
    for (size_t i = 0; i < store->idle_count; i++)
        db_close(store->idle[i]);
    db_close(store->writer);
    changes_close(store->changes);
    segment_close(store->segments);
    (void)pthread_cond_destroy(&store->given);
    (void)pthread_mutex_destroy(&store->mutex);
    if (store->lock_fd >= 0) (void)close(store->lock_fd); // the lock goes with it
    explicit_bzero(&store->keys, sizeof store->keys);
    free(store->folder);
    free(store->path);
    free(store);
}

Err store_take(Cx *cx, Store *store, Db **ret_db)
{
    (void)pthread_mutex_lock(&store->mutex);
    while (store->idle_count == 0 && store->open_count == LIMIT_STORE_CONNECTIONS)
        (void)pthread_cond_wait(&store->given, &store->mutex);
    if (store->idle_count > 0) {
        *ret_db = store->idle[--store->idle_count];
        (void)pthread_mutex_unlock(&store->mutex);
        return ERR_OK;
    }
    store->open_count++;
    (void)pthread_mutex_unlock(&store->mutex);

    SqliteOptions options = {.path = store->path,
                             .page_key = &store->keys.page,
                             .cache_kib = READER_CACHE_KIB,
                             .busy_ms = BUSY_MS};
    Err err = open_database(cx, store, &options, ret_db);
    if (err == ERR_OK) return ERR_OK;
    (void)pthread_mutex_lock(&store->mutex);
    store->open_count--;
    (void)pthread_cond_signal(&store->given);
    (void)pthread_mutex_unlock(&store->mutex);
    return err;
}

void store_give(Store *store, Db *db)
{
    if (db == NULL) return;
    db_rollback(db); // a snapshot that was left open would keep the WAL from shrinking
    (void)pthread_mutex_lock(&store->mutex);
    store->idle[store->idle_count++] = db;
    (void)pthread_cond_signal(&store->given);
    (void)pthread_mutex_unlock(&store->mutex);
}

Db *store_writer(Store *store)
{
    return store->writer;
}

Err store_reopen_writer(Cx *cx, Store *store)
{
    db_close(store->writer);
    store->writer = NULL;
    // What the transaction that failed has written shows now, if at all.
    changes_touch_all(store->changes);
    Err err = open_writer(cx, store, false);
    if (err == ERR_OK) err = bound_watch(cx, store->writer);
    changes_settle(store->changes);
    return err;
}

const Changes *store_changes(const Store *store)
{
    return store->changes;
}

void store_when(Store *store, Slice tenant, Slice about, ChangesRing *ring, void *self)
{
    if (store->changes != NULL)
        changes_when(store->changes, changes_mark(tenant, about), ring, self);
}

void store_when_no_more(Store *store, const void *self)
{
    if (store->changes != NULL) changes_when_no_more(store->changes, self);
}

Err store_writable(Cx *cx, const Store *store)
{
    return disk_writable(cx, store->folder);
}

const char *store_folder(const Store *store)
{
    return store->folder;
}

// What a wrapped content key belongs to: "fapiao/content-key/v1" LF tenant LF subject.
static Slice about_key(Cx *cx, Slice tenant, Slice subject)
{
    static const Slice head = {"fapiao/content-key/v1\n", 22};
    char *bytes = arena_alloc(&cx->arena, head.size + tenant.size + 1 + subject.size);
    memcpy(bytes, head.data, head.size);
    memcpy(bytes + head.size, tenant.data, tenant.size);
    bytes[head.size + tenant.size] = '\n';
    memcpy(bytes + head.size + tenant.size + 1, subject.data, subject.size);
    return (Slice){bytes, head.size + tenant.size + 1 + subject.size};
}

Err store_key_new(Cx *cx, Store *store, Slice tenant, Slice subject, AeadKey *ret_key,
                  Slice *ret_wrapped)
{
    cx_random(cx, ret_key->bytes, AEAD_KEY_SIZE);
    return aead_seal(cx, &store->keys.data, about_key(cx, tenant, subject),
                     (Slice){(const char *)ret_key->bytes, AEAD_KEY_SIZE}, ret_wrapped);
}

Err store_key_put(Cx *cx, Db *db, Slice tenant, Slice subject, Slice wrapped)
{
    return db_run(cx, db,
                  "INSERT INTO content_key (tenant, subject, wrapped) "
                  "VALUES ($1, $2, $3)",
                  DB_VALUES(db_text(tenant), db_blob(subject), db_blob(wrapped)), NULL);
}

Err store_key_make(Cx *cx, Store *store, Db *db, Slice tenant, Slice subject, AeadKey *ret_key)
{
    Slice wrapped;
    TRY(store_key_new(cx, store, tenant, subject, ret_key, &wrapped));
    return store_key_put(cx, db, tenant, subject, wrapped);
}

Err store_key_find(Cx *cx, Store *store, Db *db, Slice tenant, Slice subject, AeadKey *ret_key)
{
    AUTO_ROWS DbRows *rows = NULL;
    TRY(db_query(cx, db, "SELECT wrapped FROM content_key WHERE tenant = $1 AND subject = $2",
                 DB_VALUES(db_text(tenant), db_blob(subject)), &rows));
    bool row = false;
    TRY(db_next(cx, rows, &row));
    if (!row) return err_set(cx, ERR_MISSING, "the content key was erased");
    Slice plain;
    TRY(aead_open(cx, &store->keys.data, about_key(cx, tenant, subject), db_col_blob(rows, 0),
                  &plain));
    if (plain.size != AEAD_KEY_SIZE) return err_set(cx, ERR_CORRUPT, "a content key is damaged");
    memcpy(ret_key->bytes, plain.data, AEAD_KEY_SIZE);
    return ERR_OK;
}

static Err delete_key(Cx *cx, Db *db, Slice tenant, Slice subject)
{
    uint64_t deleted = 0;
    TRY(db_run(cx, db, "INSERT INTO meta (name, value) VALUES ('erasing', $1)",
               DB_VALUES(db_blob(SLICE("1"))), NULL));
    TRY(db_run(cx, db, "DELETE FROM content_key WHERE tenant = $1 AND subject = $2",
               DB_VALUES(db_text(tenant), db_blob(subject)), &deleted));
    TRY(db_run(cx, db, "DELETE FROM meta WHERE name = 'erasing'", NULL, 0, NULL));
    if (deleted == 1) return ERR_OK;
    return err_set(cx, ERR_MISSING, "there is no content key of that subject");
}

Err store_erase_subject(Cx *cx, Db *db, Slice tenant, Slice subject)
{
    TRY(db_erasing(cx, db));
    TRY(delete_key(cx, db, tenant, subject));
    db_touch(db, tenant, subject);
    return ERR_OK;
}

Err store_erase_finish(Cx *cx, Db *db)
{
    return db_erased(cx, db);
}

FieldKeys store_field_keys(const Store *store, ProviderSuite policy, Provider *provider)
{
    *provider = provider_software(&store->keys.data);
    return (FieldKeys){.provider = provider, .policy = policy, .version = 1};
}

ProviderSuite store_field_policy(const Store *store)
{
    return (ProviderSuite)atomic_load(&store->field_policy);
}

void store_field_policy_set(Store *store, ProviderSuite policy)
{
    atomic_store(&store->field_policy, (int)policy);
}

Digest store_tag(const Store *store, Slice purpose, Slice message)
{
    // The purpose has no zero byte, so purpose and message can't run into each other.
    Digest key =
        digest_hmac_sha256((Slice){(const char *)store->keys.tag.bytes, AEAD_KEY_SIZE}, purpose);
    return digest_hmac_sha256(digest_slice(&key), message);
}

Slice store_log_key(const Store *store)
{
    return (Slice){(const char *)store->keys.log.bytes, AEAD_KEY_SIZE};
}

Err store_append(Cx *cx, Store *store, Slice sealed, StorePlace *ret_place)
{
    return segment_append(cx, store->segments, sealed, ret_place);
}

Err store_append_all(Cx *cx, Store *store, const Slice *sealed, size_t count,
                     StorePlace *ret_places)
{
    return segment_append_all(cx, store->segments, sealed, count, ret_places);
}

void store_sync_soon(Store *store)
{
    segment_sync_soon(store->segments);
}

Err store_sync(Cx *cx, Store *store)
{
    return segment_sync(cx, store->segments);
}

Err store_fetch(Cx *cx, Store *store, StorePlace place, Slice *ret_sealed)
{
    return segment_fetch(cx, store->segments, place, ret_sealed);
}

const char *store_segment_name(Cx *cx, const Store *store, int64_t segment)
{
    return segment_name(cx, store->segments, segment);
}

int64_t store_segment_newest(const Store *store)
{
    return segment_newest(store->segments);
}
