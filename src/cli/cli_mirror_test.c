#include "cli/cli_mirror.h"

#include <stdio.h>

#include "base/test.h"
#include "cli/cli_flags.h"

static int run(int argc, char **argv)
{
    return cli_mirror(argc, argv);
}

TEST("cli_mirror: what it can't mean is answered with its usage")
{
    char *const lines[][8] = {
        {"mirror", NULL},
        {"mirror", "add", "east", NULL}, // where?
        {"mirror", "--data", "/tmp", "http://127.0.0.1:1", NULL},
        {"mirror", "add", "--data", "/tmp", NULL},
        {"mirror", "add", "--data", "/tmp", "a", "b", NULL},
    };
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        char *argv[8];
        int argc = 0;
        for (; lines[i][argc] != NULL; argc++)
            argv[argc] = lines[i][argc];
        argv[argc] = NULL;
        EXPECT(run(argc, argv) == CLI_EXIT_USAGE);
    }
}

TEST("cli_mirror: a token does not travel unencrypted to another machine")
{
    const char *token = cx_printf(cx, "%s/token", test_folder()).data;
    FILE *file = fopen(token, "w");
    EXPECT(file != NULL);
    for (int i = 0; i < 64; i++)
        (void)fputc('0', file);
    (void)fclose(file);
    const char *data = cx_printf(cx, "%s/none", test_folder()).data;
    char *argv[] = {"mirror", "--data",  (char *)(uintptr_t)data,  "--name",
                    "east",   "--token", (char *)(uintptr_t)token, "http://10.0.0.1:1",
                    NULL};
    EXPECT(run(8, argv) == CLI_EXIT_FAIL);
}
