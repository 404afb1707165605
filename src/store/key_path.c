#include "store/key_path.h"

#include <stdlib.h>
#include <sys/stat.h>

#include "store/disk.h"

const char *key_path_find(Cx *cx, const char *folder, const char *key_file, bool *ret_beside)
{
    *ret_beside = false;
    if (key_file != NULL) return key_file;
    const char *named = getenv("FAPIAO_KEY_FILE");
    if (named != NULL && named[0] != '\0') return named;
    const char *credentials = getenv("CREDENTIALS_DIRECTORY");
    if (credentials != NULL && credentials[0] != '\0') {
        const char *path = disk_path(cx, credentials, "fapiao.key");
        struct stat info;
        if (stat(path, &info) == 0) return path;
    }
    *ret_beside = true;
    Slice name = slice_of(folder);
    while (name.size > 1 && name.data[name.size - 1] == '/')
        name.size--;
    return cx_printf(cx, SLICE_FMT ".key", SLICE_ARG(name)).data;
}
