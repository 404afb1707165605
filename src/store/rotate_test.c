#include "store/rotate.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "base/cleanup.h"
#include "base/test.h"
#include "crypto/keyfile.h"
#include "store/disk.h"
#include "store/disk_fixture.h"
#include "store/store.h"

static const Slice tenant = {"t", 1}, subject = {"subject", 7};

// A folder with one content key in it; its key file lies beside.
static const char *make(Cx *cx, const char *name, AeadKey *ret_content)
{
    const char *folder = disk_path(cx, test_folder(), name);
    Store *store = NULL;
    EXPECT_OK(
        store_open(cx, &(StoreOptions){.folder = folder, .create = true, .write = true}, &store));
    Db *db = store_writer(store);
    EXPECT_OK(db_begin(cx, db));
    EXPECT_OK(store_key_make(cx, store, db, tenant, subject, ret_content));
    EXPECT_OK(db_commit(cx, db));
    store_close(store);
    return folder;
}

static Err content_of(Cx *cx, Store *store, AeadKey *ret_content)
{
    Db *db = NULL;
    TRY(store_take(cx, store, &db));
    Err err = store_key_find(cx, store, db, tenant, subject, ret_content);
    store_give(store, db);
    return err;
}

// It opens with the key file that lies in its place, for reading and for writing, and says the
// same.
static void expect_whole(Cx *cx, const char *folder, const AeadKey *content)
{
    for (int write = 0; write < 2; write++) {
        Store *store = NULL;
        AeadKey found;
        EXPECT_OK(store_open(cx, &(StoreOptions){.folder = folder, .write = write == 1}, &store));
        EXPECT_OK(content_of(cx, store, &found));
        EXPECT(memcmp(&found, content, sizeof found) == 0);
        store_close(store);
    }
}

static bool is_there(const char *path)
{
    struct stat info;
    return lstat(path, &info) == 0;
}

// Nothing of a rotation is left: one wrapping, one page key, no file of a half-done one.
static void expect_settled(Cx *cx, const char *folder)
{
    AeadKey kek;
    Keys keys;
    const char *key = cx_printf(cx, "%s.key", folder).data;
    EXPECT_OK(keyfile_read(cx, key, &kek));
    EXPECT_OK(keys_read(cx, disk_path(cx, folder, "keys"), &kek, &keys));
    EXPECT(keys.wrappings == 1 && !keys.has_next);
    EXPECT(!is_there(cx_printf(cx, "%s.new", key).data));
    EXPECT(!is_there(disk_path(cx, folder, "fapiao.db.next")));
}

static AeadKey key_file_of(Cx *cx, const char *folder)
{
    AeadKey kek;
    EXPECT_OK(keyfile_read(cx, cx_printf(cx, "%s.key", folder).data, &kek));
    return kek;
}

TEST("rotate: beside a running writer the key file changes, all keys stay, the old file opens "
     "nothing")
{
    AeadKey content, found;
    const char *folder = make(cx, "online", &content), *path = NULL;
    Store *running = NULL;
    EXPECT_OK(store_open(cx, &(StoreOptions){.folder = folder, .write = true}, &running));
    AeadKey before = key_file_of(cx, folder);
    EXPECT_OK(rotate_key(cx, folder, NULL, &path));
    AeadKey after = key_file_of(cx, folder);
    EXPECT(memcmp(&before, &after, sizeof before) != 0);
    struct stat info;
    EXPECT(stat(path, &info) == 0 && (info.st_mode & 0777) == 0600);
    EXPECT_OK(content_of(cx, running, &found));
    EXPECT(memcmp(&found, &content, sizeof found) == 0);
    store_close(running);
    Keys keys;
    EXPECT(keys_read(cx, disk_path(cx, folder, "keys"), &before, &keys) == ERR_CORRUPT);
    expect_whole(cx, folder, &content);
    expect_settled(cx, folder);
}

TEST("rotate: one at a time; through a link its file is changed; no key file, no rotation")
{
    AeadKey content;
    const char *folder = make(cx, "alone", &content), *path = NULL;
    const char *link_path = disk_path(cx, test_folder(), "a-link");
    const char *real = cx_printf(cx, "%s.key", folder).data;
    {
        AUTO_CLOSE int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        EXPECT(flock(fd, LOCK_EX) == 0);
        EXPECT(rotate_key(cx, folder, NULL, &path) == ERR_CONFLICT);
        expect_whole(cx, folder, &content);
    }
    EXPECT(symlink(real, link_path) == 0);
    AeadKey before = key_file_of(cx, folder);
    EXPECT_OK(rotate_key(cx, folder, link_path, &path));
    AeadKey after = key_file_of(cx, folder);
    EXPECT(memcmp(&before, &after, sizeof before) != 0);
    struct stat info;
    EXPECT(lstat(link_path, &info) == 0 && S_ISLNK(info.st_mode));
    EXPECT(rename(real, link_path) == 0);
    EXPECT(rotate_key(cx, folder, NULL, &path) == ERR_MISSING);
    EXPECT(rename(link_path, real) == 0);
    expect_whole(cx, folder, &content);
}

#define TURNS 60

static void *rotate_often(void *self)
{
    Cx cx;
    cx_init(&cx, world_real(), (size_t)16 << 20);
    const char *path = NULL;
    bool well = true;
    for (size_t i = 0; i < TURNS; i++)
        well = rotate_key(&cx, self, NULL, &path) == ERR_OK && well;
    cx_done(&cx);
    return well ? self : NULL;
}

TEST("rotate: whoever opens the folder meanwhile finds a key that fits")
{
    AeadKey content;
    const char *folder = make(cx, "meanwhile", &content);
    pthread_t thread;
    EXPECT(pthread_create(&thread, NULL, rotate_often, (void *)(uintptr_t)folder) == 0);
    void *well = NULL;
    size_t opened = 0;
    Err err = ERR_OK;
    while (err == ERR_OK && pthread_tryjoin_np(thread, &well) != 0) {
        Store *store = NULL;
        Cx mine;
        cx_init(&mine, world_real(), (size_t)16 << 20);
        err = store_open(&mine, &(StoreOptions){.folder = folder}, &store);
        store_close(store);
        if (err != ERR_OK) printf("# %s\n", mine.err_text);
        cx_done(&mine);
        opened++;
    }
    if (err != ERR_OK) EXPECT(pthread_join(thread, &well) == 0);
    EXPECT(err == ERR_OK && well != NULL && opened > 0);
    expect_whole(cx, folder, &content);
    expect_settled(cx, folder);
}

// Does it in a child that dies before its n-th change to the disk. False when it came to its end.
static bool dies_at(Cx *cx, const char *folder, bool pages, size_t n)
{
    pid_t child = fork();
    EXPECT(child >= 0);
    if (child == 0) {
        const char *path = NULL;
        uint64_t size = 0;
        disk_test_die_at(n);
        Err err =
            pages ? rotate_pages(cx, folder, NULL, &size) : rotate_key(cx, folder, NULL, &path);
        _exit(err == ERR_OK ? 0 : 1);
    }
    int status = 0;
    EXPECT(waitpid(child, &status, 0) == child && WIFEXITED(status));
    EXPECT(WEXITSTATUS(status) == 0 || WEXITSTATUS(status) == DISK_FIXTURE_DEAD);
    return WEXITSTATUS(status) == DISK_FIXTURE_DEAD;
}

TEST("rotate: killed before any change to the disk, the key file that is there opens the folder")
{
    for (int pages = 0; pages < 2; pages++) {
        AeadKey content;
        const char *folder = make(cx, pages == 1 ? "killed-pages" : "killed-key", &content);
        const AeadKey first = key_file_of(cx, folder);
        size_t n = 1, with_old = 0, with_new = 0;
        for (; dies_at(cx, folder, pages == 1, n); n++) {
            AeadKey now = key_file_of(cx, folder);
            bool old = memcmp(&now, &first, sizeof now) == 0;
            with_old += old ? 1 : 0;
            with_new += old ? 0 : 1;
            expect_whole(cx, folder, &content);
            expect_settled(cx, folder);
        }
        expect_whole(cx, folder, &content);
        expect_settled(cx, folder);
        // It died in many places, on both sides of the step that counts.
        EXPECT(n > 8);
        if (pages == 0) EXPECT(with_old > 4 && with_new > 2);
        printf("# %s: killed at %zu steps\n", pages == 1 ? "pages" : "key", n - 1);
    }
}

TEST("rotate: an interrupted rotation is taken up by the next one just as well")
{
    AeadKey content;
    const char *folder = make(cx, "again", &content), *path = NULL;
    uint64_t size = 0;
    for (size_t n = 1; dies_at(cx, folder, n % 2 == 0, n); n++) {
        EXPECT_OK(rotate_key(cx, folder, NULL, &path));
        EXPECT_OK(rotate_pages(cx, folder, NULL, &size));
        expect_whole(cx, folder, &content);
        expect_settled(cx, folder);
    }
}

TEST("rotate: the database lies under another key, and the one of before opens nothing")
{
    AeadKey content;
    const char *folder = make(cx, "pages", &content);
    const char *path = disk_path(cx, folder, "keys");
    AeadKey kek = key_file_of(cx, folder);
    Keys before, after;
    uint64_t size = 0;
    EXPECT_OK(keys_read(cx, path, &kek, &before));
    EXPECT_OK(rotate_pages(cx, folder, NULL, &size));
    EXPECT_OK(keys_read(cx, path, &kek, &after));
    EXPECT(size > 4096 && memcmp(&before.page, &after.page, sizeof before.page) != 0);
    EXPECT(memcmp(&before.data, &after.data, 3 * sizeof(AeadKey)) == 0);
    expect_whole(cx, folder, &content);
    expect_settled(cx, folder);
    after.page = before.page;
    EXPECT_OK(keys_replace(cx, path, &kek, 1, &after));
    Store *store = NULL;
    EXPECT(store_open(cx, &(StoreOptions){.folder = folder, .write = true}, &store) == ERR_CORRUPT);
}

TEST("rotate: while somebody writes or reads in the folder its pages stay as they are")
{
    AeadKey content;
    const char *folder = make(cx, "busy", &content);
    uint64_t size = 0;
    for (int write = 0; write < 2; write++) {
        Store *store = NULL;
        Db *db = NULL;
        EXPECT_OK(store_open(cx, &(StoreOptions){.folder = folder, .write = write == 1}, &store));
        EXPECT_OK(store_take(cx, store, &db));
        EXPECT_OK(db_begin_read(cx, db));
        AeadKey found;
        EXPECT_OK(store_key_find(cx, store, db, tenant, subject, &found));
        EXPECT(rotate_pages(cx, folder, NULL, &size) == ERR_CONFLICT);
        store_give(store, db);
        store_close(store);
        expect_whole(cx, folder, &content);
        expect_settled(cx, folder);
    }
    EXPECT_OK(rotate_pages(cx, folder, NULL, &size));
}
