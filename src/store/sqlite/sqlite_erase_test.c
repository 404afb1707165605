// Erasing a content key: not one byte of it is left in the pages, whoever has all keys.
#include <stdlib.h>
#include <sys/stat.h>

#include "base/test.h"
#include "crypto/keyfile.h"
#include "store/disk.h"
#include "store/keys.h"
#include "store/sqlite/foreign_fixture.h"
#include "store/sqlite/sqlite_engine.h"
#include "store/store.h"

#define SUBJECTS    3000
#define SUBJECT     16
#define WRAPPED     (AEAD_KEY_SIZE + AEAD_OVERHEAD)
#define RAW_MAX     ((size_t)64 << 20)
#define ERASE_EVERY 100

static const Slice tenant = {"local", 5};

typedef struct Kept {
    uint8_t subject[SUBJECTS][SUBJECT];
    uint8_t wrapped[SUBJECTS][WRAPPED];
} Kept;

static Slice subject_of(const Kept *kept, size_t i)
{
    return (Slice){(const char *)kept->subject[i], SUBJECT};
}

// Keys of subjects without any order, a hundred a transaction: pages of the tree split all the
// time.
static Kept *fill(Cx *cx, Store *store)
{
    Kept *kept = arena_alloc(&cx->arena, sizeof *kept);
    Db *db = store_writer(store);
    for (size_t i = 0; i < SUBJECTS; i++) {
        if (i % 100 == 0) EXPECT_OK(db_begin(cx, db));
        cx_random(cx, kept->subject[i], SUBJECT);
        AeadKey content;
        Slice wrapped;
        EXPECT_OK(store_key_new(cx, store, tenant, subject_of(kept, i), &content, &wrapped));
        EXPECT(wrapped.size == WRAPPED);
        memcpy(kept->wrapped[i], wrapped.data, WRAPPED);
        EXPECT_OK(store_key_put(cx, db, tenant, subject_of(kept, i), wrapped));
        if (i % 100 == 99) EXPECT_OK(db_commit(cx, db));
    }
    return kept;
}

static AeadKey page_key(Cx *cx, const char *folder)
{
    AeadKey kek;
    Keys keys;
    EXPECT_OK(keyfile_read(cx, cx_printf(cx, "%s.key", folder).data, &kek));
    EXPECT_OK(keys_read(cx, disk_path(cx, folder, "keys"), &kek, &keys));
    return keys.page;
}

// All pages of the database file as whoever has its key sees them: used, free, and between rows.
static Slice raw_pages(Cx *cx, const char *folder)
{
    const char *copy = disk_path(cx, test_folder(), "raw");
    Slice sealed;
    EXPECT_OK(disk_read(cx, disk_path(cx, folder, "fapiao.db"), RAW_MAX, &sealed));
    EXPECT_OK(disk_replace(cx, copy, sealed));
    AeadKey key = page_key(cx, folder);
    Slice plain = foreign_pages(cx, copy, &key);
    EXPECT(slice_starts(plain, SLICE("SQLite format 3")));
    return plain;
}

static size_t occurrences(Slice pages, const uint8_t *wrapped)
{
    size_t count = 0;
    // The middle of it is enough: no part of a key may be left.
    Slice needle = {(const char *)wrapped + 12, AEAD_KEY_SIZE};
    for (size_t at; (at = slice_find(pages, needle)) != SLICE_NONE; count++)
        pages = slice_sub(pages, at + needle.size, pages.size);
    return count;
}

static off_t wal_size(Cx *cx, const char *folder)
{
    struct stat info;
    EXPECT(stat(disk_path(cx, folder, "fapiao.db-wal"), &info) == 0);
    return info.st_size;
}

TEST("erase: the key is in no page and no WAL any more; all others are")
{
    const char *folder = disk_path(cx, test_folder(), "e");
    Store *store = NULL;
    EXPECT_OK(
        store_open(cx, &(StoreOptions){.folder = folder, .create = true, .write = true}, &store));
    Kept *kept = fill(cx, store);
    Db *db = store_writer(store);
    EXPECT_OK(db_erased(cx, db)); // empties the WAL: the search below finds what is there
    Slice pages = raw_pages(cx, folder);
    for (size_t i = 0; i < SUBJECTS; i += ERASE_EVERY)
        EXPECT(occurrences(pages, kept->wrapped[i]) == 1);

    AeadKey found;
    EXPECT_OK(db_begin(cx, db));
    for (size_t i = 0; i < SUBJECTS; i += ERASE_EVERY)
        EXPECT_OK(store_erase_subject(cx, db, tenant, subject_of(kept, i)));
    EXPECT_OK(db_commit(cx, db));
    EXPECT(wal_size(cx, folder) > 0);
    EXPECT_OK(store_erase_finish(cx, db));
    EXPECT(wal_size(cx, folder) == 0);

    pages = raw_pages(cx, folder);
    for (size_t i = 0; i < SUBJECTS; i++) {
        bool erased = i % ERASE_EVERY == 0;
        if (erased || i % 37 == 0) EXPECT(occurrences(pages, kept->wrapped[i]) == (erased ? 0 : 1));
        EXPECT(store_key_find(cx, store, db, tenant, subject_of(kept, i), &found) ==
               (erased ? ERR_MISSING : ERR_OK));
    }
    store_close(store);
    pages = raw_pages(cx, folder);
    for (size_t i = 0; i < SUBJECTS; i += ERASE_EVERY)
        EXPECT(occurrences(pages, kept->wrapped[i]) == 0);
}

TEST("erase: one subject alone, once, and only inside that way")
{
    const char *folder = disk_path(cx, test_folder(), "f");
    Store *store = NULL;
    EXPECT_OK(
        store_open(cx, &(StoreOptions){.folder = folder, .create = true, .write = true}, &store));
    Kept *kept = fill(cx, store);
    Db *db = store_writer(store);
    EXPECT_OK(db_begin(cx, db));
    EXPECT_OK(store_erase_subject(cx, db, tenant, subject_of(kept, 5)));
    EXPECT(store_erase_subject(cx, db, tenant, subject_of(kept, 5)) == ERR_MISSING);
    db_rollback(db);
    AeadKey found;
    EXPECT_OK(store_key_find(cx, store, db, tenant, subject_of(kept, 5), &found));
    EXPECT_OK(db_begin(cx, db));
    EXPECT_OK(store_erase_subject(cx, db, tenant, subject_of(kept, 5)));
    // The door is shut again within the same transaction.
    EXPECT(db_run(cx, db, "DELETE FROM content_key", NULL, 0, NULL) == ERR_CONFLICT);
    EXPECT_OK(db_commit(cx, db));
    EXPECT(db_run(cx, db, "DELETE FROM content_key", NULL, 0, NULL) == ERR_CONFLICT);
    EXPECT(store_key_find(cx, store, db, tenant, subject_of(kept, 5), &found) == ERR_MISSING);
    EXPECT_OK(store_key_find(cx, store, db, tenant, subject_of(kept, 6), &found));
    store_close(store);
}

TEST("erase: it is not over while somebody reads what was there, and is when asked again")
{
    const char *folder = disk_path(cx, test_folder(), "g");
    Store *store = NULL;
    EXPECT_OK(
        store_open(cx, &(StoreOptions){.folder = folder, .create = true, .write = true}, &store));
    Kept *kept = fill(cx, store);
    Db *db = store_writer(store), *reader = NULL;
    AeadKey found;
    EXPECT_OK(store_take(cx, store, &reader));
    EXPECT_OK(db_begin_read(cx, reader));
    EXPECT_OK(store_key_find(cx, store, reader, tenant, subject_of(kept, 5), &found));
    EXPECT_OK(db_begin(cx, db));
    EXPECT_OK(store_erase_subject(cx, db, tenant, subject_of(kept, 5)));
    EXPECT_OK(db_commit(cx, db));
    EXPECT(store_erase_finish(cx, db) == ERR_STORE);
    EXPECT_OK(store_key_find(cx, store, reader, tenant, subject_of(kept, 5), &found));
    store_give(store, reader);
    EXPECT_OK(store_erase_finish(cx, db));
    EXPECT(wal_size(cx, folder) == 0);
    EXPECT(occurrences(raw_pages(cx, folder), kept->wrapped[5]) == 0);
    store_close(store);
}

// What was given back before the erasure: pages of rows that were replaced or taken away.
TEST("erase: nothing is left in pages that were free already")
{
    const char *folder = disk_path(cx, test_folder(), "h");
    Store *store = NULL;
    EXPECT_OK(
        store_open(cx, &(StoreOptions){.folder = folder, .create = true, .write = true}, &store));
    Kept *kept = fill(cx, store);
    Db *db = store_writer(store);
    static const Slice words = {"a line of an invoice that was long", 34};
    char *value = arena_alloc(&cx->arena, 200'000);
    for (size_t i = 0; i + words.size < 200'000; i += words.size)
        memcpy(value + i, words.data, words.size);
    EXPECT_OK(db_begin(cx, db));
    EXPECT_OK(db_run(cx, db, "INSERT INTO meta (name, value) VALUES ('long', $1)",
                     DB_VALUES(db_blob((Slice){value, 190'000})), NULL));
    EXPECT_OK(db_commit(cx, db));
    EXPECT_OK(db_begin(cx, db));
    EXPECT_OK(db_run(cx, db, "DELETE FROM meta WHERE name = 'long'", NULL, 0, NULL));
    EXPECT_OK(db_commit(cx, db));
    EXPECT_OK(db_erased(cx, db));
    Slice before = raw_pages(cx, folder);
    EXPECT(slice_find(before, words) != SLICE_NONE); // the search finds what is there

    for (size_t i = 0; i < 5; i++) {
        EXPECT_OK(db_begin(cx, db));
        EXPECT_OK(store_erase_subject(cx, db, tenant, subject_of(kept, i)));
        EXPECT_OK(db_commit(cx, db));
        EXPECT_OK(store_erase_finish(cx, db));
        Slice pages = raw_pages(cx, folder);
        EXPECT(slice_find(pages, words) == SLICE_NONE);
        // The value of zeros takes what is free, and a page or two for its own row at most.
        EXPECT(pages.size <= before.size + (size_t)2 * 4096);
    }
    store_close(store);
}
