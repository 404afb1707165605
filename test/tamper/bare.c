// bare FOLDER KEY OUT: all that whoever holds every key can make of a data folder.
//
//   OUT/pages   every page of the database in the clear, as they lie: used, free, what is left
//               between rows
//   OUT/wal     every frame of its WAL, old ones too
//   OUT/opened  originals, readings, events and messages that a content key opens
//   OUT/keys    a line for each content key: subject, the key as it is stored, the key; hexadecimal
//
// Says on stdout how many subjects have no key any more, and that none of the others' opens them.
// FOLDER is a copy that nobody writes in: opening the database changes it.
#include <fcntl.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/base64.h"
#include "base/cleanup.h"
#include "base/limits.h"
#include "commit/event_log.h"
#include "crypto/keyfile.h"
#include "store/disk.h"
#include "store/keys.h"

#define ARENA        (LIMIT_MIB * 2048)
#define FRAME_HEADER 24
#define WAL_HEADER   32
#define PAGE_SIZE    4096

typedef struct Bare {
    Cx *cx;
    Store *store;
    Db *db;
    const char *folder, *key_file, *out;
    FILE *opened;
    AeadKey *keys;
    size_t key_count;
    int bare, lost; // subjects without a key; sealed values of theirs that were tried
} Bare;

static void must(bool well, const char *what)
{
    if (well) return;
    (void)fprintf(stderr, "bare: %s\n", what);
    exit(1);
}

static void well(const Bare *bare, Err err)
{
    must(err == ERR_OK, bare->cx->err_text);
}

static void put(FILE *file, Slice bytes)
{
    must(fwrite(bytes.data, 1, bytes.size, file) == bytes.size && fputc('\n', file) != EOF,
         "cannot write");
}

static FILE *out_file(const Bare *bare, const char *name)
{
    FILE *file = fopen(disk_path(bare->cx, bare->out, name), "wb");
    must(file != NULL, "cannot make a file");
    return file;
}

// ---- pages ----

static sqlite3 *open_raw(const Bare *bare, const char *path)
{
    AeadKey kek;
    Keys keys;
    sqlite3 *handle = NULL;
    well(bare, keyfile_read(bare->cx, bare->key_file, &kek));
    well(bare, keys_read(bare->cx, disk_path(bare->cx, bare->folder, "keys"), &kek, &keys));
    Slice hex = base64_hex(bare->cx, (Slice){(const char *)keys.page.bytes, AEAD_KEY_SIZE});
    Slice key = cx_printf(bare->cx, "raw:" SLICE_FMT, SLICE_ARG(hex));
    must(sqlite3_open_v2(path, &handle, SQLITE_OPEN_READWRITE, NULL) == SQLITE_OK, path);
    must(sqlite3mc_config(handle, "cipher", CODEC_TYPE_AEGIS) == CODEC_TYPE_AEGIS, "no cipher");
    must(sqlite3_key(handle, key.data, (int)key.size) == SQLITE_OK, "the page key");
    return handle;
}

// Through the file as the pager has it, whose reading opens what it reads. A page that does not
// open (a torn frame of a killed server) is none.
static void put_pages(const Bare *bare, sqlite3 *handle, int which, const char *name)
{
    sqlite3_file *pages = NULL;
    sqlite3_int64 size = 0, header = which == SQLITE_FCNTL_JOURNAL_POINTER ? WAL_HEADER : 0;
    int frame = header == 0 ? 0 : FRAME_HEADER, count = 0;
    AUTO_FCLOSE FILE *out = out_file(bare, name);
    must(sqlite3_file_control(handle, "main", which, (void *)&pages) == SQLITE_OK, name);
    if (pages->pMethods == NULL) return; // there is no such file
    must(pages->pMethods->xFileSize(pages, &size) == SQLITE_OK, name);
    char page[PAGE_SIZE];
    for (sqlite3_int64 at = header; at + frame + PAGE_SIZE <= size; at += frame + PAGE_SIZE)
        if (pages->pMethods->xRead(pages, page, PAGE_SIZE, at + frame) == SQLITE_OK) {
            put(out, (Slice){page, PAGE_SIZE});
            count++;
        }
    (void)printf("%s %d\n", name, count);
}

static void bare_pages(const Bare *bare)
{
    sqlite3 *handle = open_raw(bare, disk_path(bare->cx, bare->folder, "fapiao.db"));
    // The WAL is opened by who reads.
    must(sqlite3_exec(handle, "BEGIN; SELECT COUNT(*) FROM sqlite_schema", NULL, NULL, NULL) ==
             SQLITE_OK,
         "the database");
    put_pages(bare, handle, SQLITE_FCNTL_JOURNAL_POINTER, "wal");
    put_pages(bare, handle, SQLITE_FCNTL_FILE_POINTER, "pages");
    // Nothing is merged: what lies there is read again.
    must(sqlite3_db_config(handle, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL) == SQLITE_OK, "");
    must(sqlite3_close(handle) == SQLITE_OK, "closing");
}

// ---- keys and what they open ----

static void bare_keys(Bare *bare)
{
    AUTO_ROWS DbRows *rows = NULL;
    AUTO_FCLOSE FILE *out = out_file(bare, "keys");
    Cx *cx = bare->cx;
    bare->keys = arena_alloc(&cx->arena, LIMIT_MIB);
    well(bare, db_query(cx, bare->db, "SELECT tenant, subject, wrapped FROM content_key", NULL, 0,
                        &rows));
    for (bool row = true;;) {
        well(bare, db_next(cx, rows, &row));
        if (!row) return;
        AeadKey *key = &bare->keys[bare->key_count++];
        must(bare->key_count * sizeof *key < LIMIT_MIB, "too many keys");
        well(bare, store_key_find(cx, bare->store, bare->db, db_col_text(rows, 0),
                                  db_col_blob(rows, 1), key));
        put(out,
            cx_printf(cx, SLICE_FMT " " SLICE_FMT " " SLICE_FMT,
                      SLICE_ARG(base64_hex(cx, db_col_blob(rows, 1))),
                      SLICE_ARG(base64_hex(cx, db_col_blob(rows, 2))),
                      SLICE_ARG(base64_hex(cx, (Slice){(const char *)key->bytes, AEAD_KEY_SIZE}))));
    }
}

// Under its own key; without one under each that is left, which must all fail.
static void open_one(Bare *bare, EventType type, Slice tenant, Slice subject, Slice about,
                     Slice sealed)
{
    AeadKey key;
    Slice plain;
    Cx *cx = bare->cx;
    Err err = event_log_key(cx, bare->store, bare->db, type, tenant, subject, &key);
    if (err == ERR_OK) {
        well(bare, aead_open(cx, &key, about, sealed, &plain));
        put(bare->opened, plain);
        return;
    }
    must(err == ERR_MISSING, cx->err_text);
    bare->lost++;
    for (size_t i = 0; i < bare->key_count; i++)
        must(aead_open(cx, &bare->keys[i], about, sealed, &plain) == ERR_CORRUPT,
             "another subject's key opens what was erased");
}

static void bare_originals(Bare *bare)
{
    AUTO_ROWS DbRows *rows = NULL;
    Cx *cx = bare->cx;
    well(bare, db_query(cx, bare->db,
                        "SELECT tenant, id, segment, position, stored_size FROM document "
                        "WHERE segment IS NOT NULL",
                        NULL, 0, &rows));
    for (bool row = true;;) {
        Slice sealed;
        well(bare, db_next(cx, rows, &row));
        if (!row) return;
        const StorePlace place = {db_col_int(rows, 2), db_col_int(rows, 3), db_col_int(rows, 4)};
        Slice tenant = db_col_text(rows, 0), id = db_col_blob(rows, 1);
        well(bare, store_fetch(cx, bare->store, place, &sealed));
        open_one(bare, EVENT_RECEIVED, tenant, id,
                 event_log_about(cx, SLICE("fapiao/document/v1"), tenant, id), sealed);
    }
}

static void bare_readings(Bare *bare)
{
    AUTO_ROWS DbRows *rows = NULL;
    Cx *cx = bare->cx;
    well(bare, db_query(cx, bare->db, "SELECT tenant, id, document, content FROM reading", NULL, 0,
                        &rows));
    for (bool row = true;;) {
        well(bare, db_next(cx, rows, &row));
        if (!row) return;
        Slice tenant = db_col_text(rows, 0);
        open_one(bare, EVENT_RECEIVED, tenant, db_col_blob(rows, 2),
                 event_log_about(cx, SLICE("fapiao/reading/v1"), tenant, db_col_blob(rows, 1)),
                 db_col_blob(rows, 3));
    }
}

static void bare_events(Bare *bare)
{
    AUTO_ROWS DbRows *rows = NULL;
    Cx *cx = bare->cx;
    well(bare, db_query(cx, bare->db,
                        "SELECT tenant, type, subject, leaf_hash, content FROM event ORDER BY "
                        "sequence",
                        NULL, 0, &rows));
    for (bool row = true;;) {
        well(bare, db_next(cx, rows, &row));
        if (!row) return;
        EventType type = (EventType)db_col_int(rows, 1);
        if (type == EVENT_ERASED) bare->bare++;
        open_one(bare, type, db_col_text(rows, 0), db_col_blob(rows, 2),
                 event_log_about(cx, SLICE("fapiao/event/v1"), SLICE(""), db_col_blob(rows, 3)),
                 db_col_blob(rows, 4));
    }
}

static void bare_messages(Bare *bare)
{
    static const char *const columns[] = {"to_sealed", "body_sealed"};
    AUTO_ROWS DbRows *rows = NULL;
    Cx *cx = bare->cx;
    Provider provider;
    const FieldKeys keys = store_field_keys(bare->store, PROVIDER_AES, &provider);
    well(bare,
         db_query(cx, bare->db, "SELECT tenant, id, to_sealed, body_sealed FROM notify_outbox",
                  NULL, 0, &rows));
    for (bool row = true;;) {
        well(bare, db_next(cx, rows, &row));
        if (!row) return;
        for (int i = 0; i < 2; i++) {
            const FieldPlace place = {"notify_outbox", columns[i], db_col_text(rows, 0),
                                      db_col_blob(rows, 1)};
            Slice plain, sealed = db_col_blob(rows, 2 + i);
            if (slice_empty(sealed)) continue;
            well(bare, field_open(cx, &keys, &place, sealed, &plain));
            put(bare->opened, plain);
        }
    }
}

int main(int argc, char **argv)
{
    static Cx cx;
    must(argc == 4, "usage: bare FOLDER KEY OUT");
    cx_init(&cx, world_real(), ARENA);
    Bare bare = {.cx = &cx, .folder = argv[1], .key_file = argv[2], .out = argv[3]};
    bare_pages(&bare);
    const StoreOptions options = {.folder = bare.folder, .key_file = bare.key_file};
    well(&bare, store_open(&cx, &options, &bare.store));
    well(&bare, store_take(&cx, bare.store, &bare.db));
    bare.opened = out_file(&bare, "opened");
    bare_keys(&bare);
    bare_originals(&bare);
    bare_readings(&bare);
    bare_events(&bare);
    bare_messages(&bare);
    must(fclose(bare.opened) == 0, "cannot write");
    store_give(bare.store, bare.db);
    store_close(bare.store);
    (void)printf("erased %d\nsealed %d\n", bare.bare, bare.lost);
    cx_done(&cx);
    return 0;
}
