#include "store/keys_open.h"

#include <stdio.h>
#include <sys/stat.h>

#include "crypto/keyfile.h"
#include "store/disk.h"
#include "store/key_path.h"
#include "store/rotate.h"

static bool is_there(const char *path)
{
    struct stat info;
    return stat(path, &info) == 0;
}

static Err read_kek(Cx *cx, const KeysPlace *place, bool fresh, AeadKey *ret_kek)
{
    bool beside = false;
    const char *path = key_path_find(cx, place->folder, place->key_file, &beside);
    Err err = keyfile_read(cx, path, ret_kek);
    if (err != ERR_MISSING) return err;
    if (!place->create || !beside)
        return err_set(cx, ERR_MISSING, "there is no key file '%s'", path);
    // A new key for an old folder would only hide that the right one is gone.
    if (!fresh)
        return err_set(cx, ERR_MISSING,
                       "the key file '%s' of this data folder is gone; put it back", path);
    TRY(keyfile_create(cx, path, ret_kek));
    (void)fprintf(
        stderr,
        "fapiao: 新建了密钥文件 made a new key file '%s'.\n"
        "fapiao: 没有它，这个数据目录谁也读不了：请另存一份在安全的地方，不要和目录的备份放在一起。"
        "Without it nobody can read the data folder: keep a copy in a safe place, not beside "
        "the folder's backups.\n",
        path);
    return ERR_OK;
}

// Beside a rotation the key file that was read may be the old one by the time DIR/keys is: then a
// second look finds another one. Where it is the same it is the wrong one.
static Err unwrap(Cx *cx, const KeysPlace *place, const char *path, AeadKey *kek, Keys *ret_keys)
{
    Err err = keys_read(cx, path, kek, ret_keys);
    for (bool changed = true; err == ERR_CORRUPT && changed;) {
        AeadKey before = *kek;
        TRY(read_kek(cx, place, false, kek));
        changed = memcmp(&before, kek, sizeof before) != 0;
        err = keys_read(cx, path, kek, ret_keys);
        explicit_bzero(&before, sizeof before);
    }
    return err;
}

Err keys_open(Cx *cx, const KeysPlace *place, Keys *ret_keys)
{
    const char *path = disk_path(cx, place->folder, "keys");
    bool database = is_there(disk_path(cx, place->folder, "fapiao.db"));
    bool keys = is_there(path);
    AeadKey kek;
    TRY(read_kek(cx, place, !keys && !database, &kek));
    Err err = ERR_OK;
    if (keys)
        err = unwrap(cx, place, path, &kek, ret_keys);
    else if (database)
        err = err_set(cx, ERR_CORRUPT, "'%s' is missing; without it nothing can be read", path);
    else if (place->create && place->write)
        err = keys_create(cx, path, &kek, ret_keys);
    else
        err = err_set(cx, ERR_MISSING, "'%s' is no data folder", place->folder);
    explicit_bzero(&kek, sizeof kek);
    if (err == ERR_OK && keys)
        err = rotate_settle(cx, place->folder, place->key_file, place->write, ret_keys);
    return err;
}
