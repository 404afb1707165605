#include "cli/cli_key.h"

#include <stdio.h>
#include <string.h>

#include "base/limits.h"
#include "cli/cli_flags.h"
#include "cli/cli_say.h"
#include "desk/running/watch/watch_here.h"
#include "store/rotate.h"

static Err rotate(Cx *cx, const char *data, const char *key_file)
{
    const char *path = NULL;
    TRY(rotate_key(cx, data, key_file, &path));
    (void)fprintf(stderr,
                  "fapiao: 已换上新的主密钥文件 %s；旧文件的内容已被覆盖，再也打不开这个数据目录。"
                  "请马上另存一份新的。更换之前做的备份仍要用当时的密钥文件。\n"
                  "fapiao: '%s' is a new key file; the bytes of the one before were written over, "
                  "and it opens this data folder no more. Keep a copy of the new one in a safe "
                  "place now. Backups that were made before still need the key file of their "
                  "time.\n",
                  path, path);
    return ERR_OK;
}

static Err rotate_database(Cx *cx, const char *data, const char *key_file)
{
    // The database becomes another file: to who watches for copies this folder would be one.
    bool same = watch_here_same(cx, data);
    uint64_t size = 0;
    TRY(rotate_pages(cx, data, key_file, &size));
    if (same) TRY(watch_here_keep(cx, data));
    (void)fprintf(stderr,
                  "fapiao: 数据库已用新的密钥重写，共 %llu 字节，逐表核对无误；主密钥文件不变。\n"
                  "fapiao: the database lies under a new key, %llu bytes, each table checked; the "
                  "key file stays the same.\n",
                  (unsigned long long)size, (unsigned long long)size);
    return ERR_OK;
}

static const struct {
    const char *verb;
    Err (*run)(Cx *cx, const char *data, const char *key_file);
} verbs[] = {
    {"rotate", rotate},
    {"rotate-pages", rotate_database},
};

int cli_key(int argc, char **argv)
{
    const char *data = NULL, *key_file = NULL;
    const CliFlag flags[] = {{"--data", &data, NULL}, {"--key-file", &key_file, NULL}};
    size_t chosen = SIZE_MAX;
    bool well = cli_flags_take(&argc, argv, flags, sizeof flags / sizeof flags[0]);
    for (size_t i = 0; well && argc == 2 && i < sizeof verbs / sizeof verbs[0]; i++)
        if (strcmp(argv[1], verbs[i].verb) == 0) chosen = i;
    if (data == NULL || chosen == SIZE_MAX)
        return cli_flags_usage("fapiao key rotate|rotate-pages --data DIR [--key-file FILE]");
    Cx cx;
    cx_init(&cx, world_real(), LIMIT_JOB_ARENA);
    Err err = verbs[chosen].run(&cx, data, key_file);
    if (err != ERR_OK) cli_say_error(&cx);
    cx_done(&cx);
    return err == ERR_OK ? CLI_EXIT_OK : CLI_EXIT_FAIL;
}
