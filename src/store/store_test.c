#include "store/store.h"

#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "base/cleanup.h"
#include "base/test.h"
#include "crypto/keyfile.h"
#include "store/disk.h"
#include "store/rotate.h"

static Store *open_new(Cx *cx, const char *folder)
{
    StoreOptions options = {.folder = folder, .create = true, .write = true};
    Store *store = NULL;
    EXPECT_OK(store_open(cx, &options, &store));
    return store;
}

TEST("store: makes folder and key beside it, opens again, and says what is missing")
{
    unsetenv("FAPIAO_KEY_FILE");
    unsetenv("CREDENTIALS_DIRECTORY");
    const char *folder = disk_path(cx, test_folder(), "a");
    Store *store = NULL;
    StoreOptions old = {.folder = folder, .write = true};
    EXPECT(store_open(cx, &old, &store) == ERR_MISSING);
    store_close(open_new(cx, folder));
    struct stat info;
    const char *key = cx_printf(cx, "%s.key", folder).data;
    EXPECT(stat(key, &info) == 0 && (info.st_mode & 0777) == 0600);
    EXPECT(stat(folder, &info) == 0 && (info.st_mode & 0777) == 0700);
    EXPECT(stat(disk_path(cx, folder, "fapiao.db"), &info) == 0);
    EXPECT((info.st_mode & 0777) == 0600);
    EXPECT_OK(store_open(cx, &old, &store));
    EXPECT(slice_equal(slice_of(store_folder(store)), slice_of(folder)));
    store_close(store);

    const char *away = cx_printf(cx, "%s/away.key", test_folder()).data;
    EXPECT(rename(key, away) == 0);
    EXPECT(store_open(cx, &old, &store) == ERR_MISSING);
    StoreOptions again = {.folder = folder, .create = true, .write = true};
    EXPECT(store_open(cx, &again, &store) == ERR_MISSING); // no new key for an old folder
    EXPECT(setenv("FAPIAO_KEY_FILE", away, 1) == 0);
    EXPECT_OK(store_open(cx, &old, &store));
    store_close(store);
    EXPECT(unsetenv("FAPIAO_KEY_FILE") == 0);

    AeadKey other;
    const char *wrong = cx_printf(cx, "%s/wrong.key", test_folder()).data;
    EXPECT_OK(keyfile_create(cx, wrong, &other));
    StoreOptions bad = {.folder = folder, .key_file = wrong, .write = true};
    EXPECT(store_open(cx, &bad, &store) == ERR_CORRUPT);
    EXPECT(strstr(cx->err_text, "key file") != NULL);
    EXPECT(unlink(disk_path(cx, folder, "keys")) == 0);
    bad.key_file = away;
    EXPECT(store_open(cx, &bad, &store) == ERR_CORRUPT);
}

TEST("store: one writer at a time, readers beside it, and a child does not keep the lock")
{
    const char *folder = disk_path(cx, test_folder(), "b");
    Store *store = open_new(cx, folder);
    Store *second = NULL;
    StoreOptions write = {.folder = folder, .write = true}, read = {.folder = folder};
    EXPECT(store_open(cx, &write, &second) == ERR_CONFLICT);
    EXPECT_OK(store_open(cx, &read, &second));
    Db *db = NULL;
    EXPECT_OK(store_take(cx, second, &db));
    EXPECT(db_run(cx, db, "INSERT INTO meta VALUES ('a', x'00')", NULL, 0, NULL) != ERR_OK);
    store_give(second, db);
    store_close(second);

    pid_t child = fork();
    if (child == 0) {
        (void)execlp("sleep", "sleep", "20", (char *)NULL);
        _exit(1);
    }
    store_close(store);
    // As soon as another program runs in the child, which on a busy machine takes its time.
    Err err = ERR_CONFLICT;
    for (int i = 0; err == ERR_CONFLICT && i < 200; i++) {
        usleep(50'000);
        err = store_open(cx, &write, &second);
    }
    (void)kill(child, SIGKILL);
    (void)waitpid(child, NULL, 0);
    EXPECT_OK(err);
    store_close(second);
}

// In a child with a view of its own of the disks: `folder` can only be read there. False where no
// such view is to be had.
static bool seal_off(const char *folder)
{
    if (unshare(CLONE_NEWNS) != 0 && unshare(CLONE_NEWUSER | CLONE_NEWNS) != 0) return false;
    return mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0 &&
           mount(folder, folder, NULL, MS_BIND, NULL) == 0 &&
           mount(NULL, folder, NULL, MS_BIND | MS_REMOUNT | MS_RDONLY, NULL) == 0;
}

// 0 = as it should be.
static int look_at_sealed(Cx *cx, const char *folder)
{
    StoreOptions write = {.folder = folder, .write = true}, read = {.folder = folder};
    Store *store = NULL;
    Db *db = NULL;
    if (store_open(cx, &write, &store) != ERR_STORE) return 1;
    if (strstr(cx->err_text, "' can't be written: its disk is read-only") == NULL) return 2;
    if (store_open(cx, &read, &store) != ERR_OK) return 3;
    if (store_writable(cx, store) != ERR_STORE) return 4;
    if (store_take(cx, store, &db) != ERR_STORE) return 5;
    if (strstr(cx->err_text, "can't be read where nothing can be written") == NULL) return 6;
    store_close(store);
    return 0;
}

TEST("store: a disk that is read-only is called so, and nothing is said of one that is not")
{
    const char *folder = disk_path(cx, test_folder(), "sealed");
    Store *store = open_new(cx, folder);
    EXPECT_OK(store_writable(cx, store));
    store_close(store);
    pid_t child = fork();
    if (child == 0) _exit(seal_off(folder) ? look_at_sealed(cx, folder) : 99);
    int status = 0;
    EXPECT(waitpid(child, &status, 0) == child && WIFEXITED(status));
    if (WEXITSTATUS(status) == 99) test_skip("no view of the disks of one's own");
    EXPECT(WEXITSTATUS(status) == 0);
    EXPECT(rename(folder, disk_path(cx, test_folder(), "moved")) == 0);
    EXPECT(disk_writable(cx, folder) == ERR_MISSING);
}

TEST("store: content keys are found again, tied to their subject, and gone when erased")
{
    Store *store = open_new(cx, disk_path(cx, test_folder(), "c"));
    Db *db = store_writer(store);
    Slice tenant = SLICE("local"), subject = SLICE("\0one"), other = SLICE("\0two");
    AeadKey made, found;
    EXPECT_OK(store_key_make(cx, store, db, tenant, subject, &made));
    EXPECT_OK(store_key_find(cx, store, db, tenant, subject, &found));
    EXPECT(memcmp(&made, &found, sizeof made) == 0);
    EXPECT(store_key_find(cx, store, db, tenant, other, &found) == ERR_MISSING);
    EXPECT(store_key_make(cx, store, db, tenant, subject, &made) == ERR_CONFLICT);
    // A wrapped key that was moved to another subject does not open.
    EXPECT_OK(db_run(cx, db, "INSERT INTO content_key SELECT tenant, $1, wrapped FROM content_key",
                     DB_VALUES(db_blob(other)), NULL));
    EXPECT(store_key_find(cx, store, db, tenant, other, &found) == ERR_CORRUPT);
    EXPECT_OK(db_script(cx, db,
                        "INSERT INTO meta VALUES ('erasing', x'00');"
                        "DELETE FROM content_key; DELETE FROM meta WHERE name='erasing'"));
    EXPECT(store_key_find(cx, store, db, tenant, subject, &found) == ERR_MISSING);

    Digest a = store_tag(store, SLICE("identity"), SLICE("x"));
    Digest b = store_tag(store, SLICE("attempt"), SLICE("x"));
    EXPECT(!digest_equal(&a, &b) && store_log_key(store).size == 32);
    store_close(store);
}

TEST("store: a field opens again after the keys changed, and in no other folder")
{
    const char *folder = disk_path(cx, test_folder(), "h");
    const FieldPlace place = {"person", "phone", SLICE("local"), SLICE("1")};
    static const ProviderSuite policies[] = {PROVIDER_AES, PROVIDER_SM};
    Provider provider;
    FieldKeys keys;
    Slice sealed[2], plain;
    FieldIndex before[2], after;
    Store *store = open_new(cx, folder);
    for (size_t i = 0; i < 2; i++) {
        keys = store_field_keys(store, policies[i], &provider);
        EXPECT_OK(field_seal(cx, &keys, &place, SLICE("13800138000"), &sealed[i]));
        EXPECT_OK(
            field_index(cx, &keys, &place, FIELD_KIND_PHONE, SLICE("13800138000"), &before[i]));
    }
    store_close(store);

    const char *path = NULL;
    uint64_t size = 0;
    EXPECT_OK(rotate_key(cx, folder, NULL, &path));
    EXPECT_OK(rotate_pages(cx, folder, NULL, &size));
    Store *other = open_new(cx, disk_path(cx, test_folder(), "i"));
    EXPECT_OK(store_open(cx, &(StoreOptions){.folder = folder}, &store));
    for (size_t i = 0; i < 2; i++) {
        keys = store_field_keys(store, policies[1 - i], &provider);
        EXPECT_OK(field_open(cx, &keys, &place, sealed[i], &plain));
        EXPECT(slice_equal(plain, SLICE("13800138000")));
        keys = store_field_keys(store, policies[i], &provider);
        EXPECT_OK(
            field_index(cx, &keys, &place, FIELD_KIND_PHONE, SLICE("+86 13800138000"), &after));
        EXPECT(memcmp(&before[i], &after, sizeof after) == 0);
        keys = store_field_keys(other, policies[i], &provider);
        EXPECT(field_open(cx, &keys, &place, sealed[i], &plain) == ERR_CORRUPT);
    }
    store_close(other);
    store_close(store);
}

TEST("store: bytes lie sealed in segments, and the writer can be reopened")
{
    Store *store = open_new(cx, disk_path(cx, test_folder(), "d"));
    StorePlace place;
    EXPECT_OK(store_append(cx, store, SLICE("sealed"), &place));
    EXPECT_OK(store_sync(cx, store));
    EXPECT_OK(store_reopen_writer(cx, store));
    Slice sealed;
    EXPECT_OK(store_fetch(cx, store, place, &sealed));
    EXPECT(slice_equal(sealed, SLICE("sealed")));
    store_close(store);
}

static off_t wal_size(Cx *cx, const char *folder)
{
    struct stat info;
    return stat(disk_path(cx, folder, "fapiao.db-wal"), &info) == 0 ? info.st_size : 0;
}

TEST("store: what a killed process left in the log of pages is gone after the next start")
{
    const char *folder = disk_path(cx, test_folder(), "killed");
    store_close(open_new(cx, folder));
    pid_t child = fork();
    if (child == 0) {
        Store *store = open_new(cx, folder);
        (void)db_run(cx, store_writer(store), "INSERT INTO meta VALUES ('a', x'00')", NULL, 0,
                     NULL);
        _exit(0); // without closing
    }
    int status = 1;
    EXPECT(waitpid(child, &status, 0) == child && status == 0);
    EXPECT(wal_size(cx, folder) > 0);
    Store *store = NULL;
    const StoreOptions write = {.folder = folder, .write = true}, read = {.folder = folder};
    {
        // Beside a reader who stays: the start does not fail, and it is tried again.
        Store *reader = NULL;
        Db *db = NULL;
        DbRows *rows = NULL;
        bool row = false;
        EXPECT_OK(store_open(cx, &read, &reader));
        EXPECT_OK(store_take(cx, reader, &db));
        EXPECT_OK(db_query(cx, db, "SELECT name FROM meta", NULL, 0, &rows));
        EXPECT_OK(db_next(cx, rows, &row));
        EXPECT_OK(store_open(cx, &write, &store));
        EXPECT(db_wants_erased(store_writer(store)));
        db_rows_close(rows);
        store_give(reader, db);
        store_close(reader);
        EXPECT_OK(store_erase_finish(cx, store_writer(store)));
    }
    EXPECT(!db_wants_erased(store_writer(store)) && wal_size(cx, folder) == 0);
    store_close(store);
}
