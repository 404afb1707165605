#include "store/rotate.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>

#include "base/cleanup.h"
#include "crypto/keyfile.h"
#include "store/disk.h"
#include "store/key_path.h"
#include "store/sqlite/sqlite_copy.h"
#include "store/sqlite/sqlite_engine.h"
#include "store/store.h"

#define BUSY_MS 10'000

// Where everything lies, and the lock that one rotation holds: on the folder itself.
typedef struct Place {
    const char *folder, *key_path, *new_path, *keys_path, *database, *next;
    int fd;
} Place;
#define AUTO_PLACE __attribute__((cleanup(place_done)))
static void place_done(const Place *place)
{
    if (place->fd >= 0) (void)close(place->fd); // the lock goes with it
}

static Err owned_by_us(Cx *cx, const char *path)
{
    struct stat info;
    if (stat(path, &info) != 0)
        return err_set(cx, ERR_MISSING, "there is no '%s': %s", path, strerror(errno));
    // A file of another owner in its place would shut the server out at its next start.
    if (info.st_uid != geteuid())
        return err_set(cx, ERR_DENIED, "'%s' belongs to user %u; run this as that user", path,
                       (unsigned int)info.st_uid);
    return ERR_OK;
}

static Err find_place(Cx *cx, const char *folder, const char *key_file, Place *ret_place)
{
    bool beside = false;
    char real[PATH_MAX];
    const char *named = key_path_find(cx, folder, key_file, &beside);
    // Through a link, or the link would be replaced and not the file.
    if (realpath(named, real) == NULL)
        return err_set(cx, ERR_MISSING, "there is no key file '%s'", named);
    ret_place->folder = folder;
    ret_place->key_path = cx_printf(cx, "%s", real).data;
    ret_place->new_path = cx_printf(cx, "%s.new", real).data;
    ret_place->keys_path = disk_path(cx, folder, "keys");
    ret_place->database = disk_path(cx, folder, "fapiao.db");
    ret_place->next = disk_path(cx, folder, "fapiao.db.next");
    return ERR_OK;
}

// ERR_CONFLICT when somebody else holds it.
static Err lock(Cx *cx, Place *place)
{
    place->fd = open(place->folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (place->fd < 0)
        return err_set(cx, ERR_MISSING, "there is no data folder '%s'", place->folder);
    if (flock(place->fd, LOCK_EX | LOCK_NB) != 0)
        return err_set(cx, ERR_CONFLICT, "another process is changing the keys of '%s'",
                       place->folder);
    return ERR_OK;
}

static Err unlink_if_there(Cx *cx, const char *path)
{
    if (unlink(path) == 0 || errno == ENOENT) return ERR_OK;
    return err_set(cx, ERR_STORE, "cannot remove '%s': %s", path, strerror(errno));
}

// A file that was being written when its writer was killed may hold keys. *ret_found = there was
// one.
static Err remove_torn(Cx *cx, const char *folder, const char *name, bool remove, bool *ret_found)
{
    AUTO_CLOSEDIR DIR *dir = opendir(folder);
    if (dir == NULL) return ERR_OK; // who may not look there has left nothing there
    for (const struct dirent *entry; (entry = readdir(dir)) != NULL;) {
        if (!disk_is_torn(entry->d_name, name)) continue;
        *ret_found = true;
        if (remove) TRY(unlink_if_there(cx, disk_path(cx, folder, entry->d_name)));
    }
    return ERR_OK;
}

static bool is_there(const char *path)
{
    struct stat info;
    return lstat(path, &info) == 0;
}

// What an interrupted rotation left besides what DIR/keys says.
static Err look_for_rest(Cx *cx, const Place *place, bool remove, bool *ret_found)
{
    *ret_found = is_there(place->new_path) || is_there(place->next);
    if (remove) TRY(unlink_if_there(cx, place->next));
    if (remove) TRY(unlink_if_there(cx, place->new_path));
    if (remove) TRY(unlink_if_there(cx, cx_printf(cx, "%s-journal", place->next).data));
    TRY(remove_torn(cx, place->folder, "keys", remove, ret_found));
    const char *slash = strrchr(place->new_path, '/'); // it is a real path: there is one
    const char *near =
        cx_printf(cx, "%.*s", (int)(slash - place->new_path) + 1, place->new_path).data;
    return remove_torn(cx, near, slash + 1, remove, ret_found);
}

// keks: the old one, and room for the new one.
static Err change_key(Cx *cx, const Place *place, AeadKey keks[static 2])
{
    Keys keys;
    TRY(keyfile_read(cx, place->key_path, &keks[0]));
    TRY(keys_read(cx, place->keys_path, &keks[0], &keys));
    // Of a rotation that was interrupted before its third step.
    bool found = false;
    TRY(look_for_rest(cx, place, true, &found));
    Err err = keyfile_create(cx, place->new_path, &keks[1]);
    if (err == ERR_OK) err = keys_replace(cx, place->keys_path, keks, 2, &keys);
    if (err == ERR_OK) err = keyfile_move(cx, place->new_path, place->key_path);
    if (err == ERR_OK) err = keys_replace(cx, place->keys_path, &keks[1], 1, &keys);
    explicit_bzero(&keys, sizeof keys);
    return err;
}

Err rotate_key(Cx *cx, const char *folder, const char *key_file, const char **ret_path)
{
    AUTO_PLACE Place place = {.fd = -1};
    TRY(find_place(cx, folder, key_file, &place));
    TRY(lock(cx, &place));
    TRY(owned_by_us(cx, place.key_path));
    TRY(owned_by_us(cx, place.keys_path));
    AeadKey keks[2];
    Err err = change_key(cx, &place, keks);
    explicit_bzero(keks, sizeof keks);
    if (err == ERR_OK) *ret_path = place.key_path;
    return err;
}

// The copy is made, checked and in its place; DIR/keys still says both.
static Err change_pages(Cx *cx, const Place *place, Store *store, const Keys *keys)
{
    const SqliteCopy copy = {
        .to = place->next, .from_key = &keys->page, .to_key = &keys->page_next};
    Err err = sqlite_copy(cx, store_writer(store), &copy);
    if (err == ERR_OK && rename(place->next, place->database) != 0)
        err = err_set(cx, ERR_STORE, "cannot put '%s' in its place: %s", place->next,
                      strerror(errno));
    if (err == ERR_OK) return disk_sync_folder(cx, place->folder);
    (void)unlink(place->next);
    return err;
}

static Err change_page_key(Cx *cx, const Place *place, Store *store, const AeadKey *kek)
{
    Keys keys;
    TRY(keys_read(cx, place->keys_path, kek, &keys));
    cx_random(cx, keys.page_next.bytes, AEAD_KEY_SIZE);
    keys.has_next = true;
    Err err = keys_replace(cx, place->keys_path, kek, 1, &keys);
    if (err == ERR_OK) err = change_pages(cx, place, store, &keys);
    if (err == ERR_OK) {
        keys.page = keys.page_next;
        keys.has_next = false;
        err = keys_replace(cx, place->keys_path, kek, 1, &keys);
    }
    explicit_bzero(&keys, sizeof keys);
    return err;
}

Err rotate_pages(Cx *cx, const char *folder, const char *key_file, uint64_t *ret_bytes)
{
    AUTO_PLACE Place place = {.fd = -1};
    TRY(find_place(cx, folder, key_file, &place));
    // Before the lock: opening settles what an earlier rotation left, under the same one.
    Store *store = NULL;
    const StoreOptions options = {.folder = folder, .key_file = key_file, .write = true};
    TRY(store_open(cx, &options, &store));
    AeadKey kek;
    Err err = lock(cx, &place);
    if (err == ERR_OK) err = owned_by_us(cx, place.keys_path);
    if (err == ERR_OK) err = owned_by_us(cx, place.database);
    if (err == ERR_OK) err = keyfile_read(cx, place.key_path, &kek);
    if (err == ERR_OK) err = change_page_key(cx, &place, store, &kek);
    explicit_bzero(&kek, sizeof kek);
    store_close(store);
    struct stat info;
    if (err == ERR_OK && stat(place.database, &info) == 0) *ret_bytes = (uint64_t)info.st_size;
    return err;
}

// The one that the database lies under.
static Err choose_page(Cx *cx, const Place *place, Keys *keys)
{
    if (!keys->has_next) return ERR_OK;
    SqliteOptions options = {.path = place->database, .page_key = &keys->page, .busy_ms = BUSY_MS};
    Db *db = NULL;
    Err err = sqlite_engine_open(cx, &options, &db);
    db_close(db);
    if (err == ERR_CORRUPT) {
        db = NULL;
        options.page_key = &keys->page_next;
        err = sqlite_engine_open(cx, &options, &db);
        db_close(db);
        if (err == ERR_OK) keys->page = keys->page_next;
    }
    return err;
}

static Err clear_up(Cx *cx, const Place *place, Keys *keys)
{
    // Read again: a rotation may have ended between what the caller read and our lock.
    AeadKey kek;
    TRY(keyfile_read(cx, place->key_path, &kek));
    Err err = keys_read(cx, place->keys_path, &kek, keys);
    if (err == ERR_OK) err = choose_page(cx, place, keys);
    bool found = false;
    if (err == ERR_OK) err = look_for_rest(cx, place, true, &found);
    if (err == ERR_OK && (keys->has_next || keys->wrappings > 1)) {
        keys->has_next = false;
        err = keys_replace(cx, place->keys_path, &kek, 1, keys);
    }
    explicit_bzero(&kek, sizeof kek);
    return err;
}

Err rotate_settle(Cx *cx, const char *folder, const char *key_file, bool write, Keys *keys)
{
    AUTO_PLACE Place place = {.fd = -1};
    TRY(find_place(cx, folder, key_file, &place));
    bool rest = false;
    if (write) TRY(look_for_rest(cx, &place, false, &rest));
    if (!rest && !keys->has_next && keys->wrappings == 1) return ERR_OK;
    Err err = write ? lock(cx, &place) : ERR_CONFLICT;
    if (err == ERR_CONFLICT) return choose_page(cx, &place, keys);
    TRY(err);
    return clear_up(cx, &place, keys);
}
