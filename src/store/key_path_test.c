#include "store/key_path.h"

#include <stdlib.h>

#include "base/test.h"
#include "store/disk.h"

static bool is(Cx *cx, const char *key_file, const char *path, bool beside)
{
    bool found = !beside;
    const char *answer = key_path_find(cx, "/srv/data//", key_file, &found);
    return strcmp(answer, path) == 0 && found == beside;
}

TEST("key_path: what was said goes before the environment, that before a credential, that before "
     "the folder's neighbour")
{
    const char *folder = test_folder();
    const char *credential = disk_path(cx, folder, "fapiao.key");
    EXPECT(unsetenv("FAPIAO_KEY_FILE") == 0 && unsetenv("CREDENTIALS_DIRECTORY") == 0);
    EXPECT(is(cx, NULL, "/srv/data.key", true));
    EXPECT(setenv("CREDENTIALS_DIRECTORY", folder, 1) == 0);
    EXPECT(is(cx, NULL, "/srv/data.key", true)); // there is none in it
    EXPECT_OK(disk_write_new(cx, credential, SLICE("x")));
    EXPECT(is(cx, NULL, credential, false));
    EXPECT(setenv("FAPIAO_KEY_FILE", "/etc/key", 1) == 0);
    EXPECT(is(cx, NULL, "/etc/key", false));
    EXPECT(is(cx, "/other", "/other", false));
    EXPECT(unsetenv("FAPIAO_KEY_FILE") == 0 && unsetenv("CREDENTIALS_DIRECTORY") == 0);
}
