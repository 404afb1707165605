#include "cli/cli_flags.h"

#include "base/test.h"

static const char *value;
static bool set;
static const CliFlag flags[] = {{"--data", &value, NULL}, {"--json", NULL, &set}};

static bool take(int *argc, char **argv)
{
    value = NULL;
    set = false;
    return cli_flags_take(argc, argv, flags, 2);
}

TEST("cli_flags: options are taken out wherever they stand, the rest keeps its order")
{
    char *argv[] = {"read", "a", "--json", "-", "--data", "dir", "b", NULL};
    int argc = 7;
    EXPECT(take(&argc, argv));
    EXPECT(argc == 4 && set && strcmp(value, "dir") == 0);
    EXPECT(strcmp(argv[1], "a") == 0 && strcmp(argv[2], "-") == 0 && strcmp(argv[3], "b") == 0);
    EXPECT(argv[4] == NULL);
}

TEST("cli_flags: a value may follow an equals sign, and -- ends the options")
{
    char *argv[] = {"read", "--data=a=b", "--", "--json", NULL};
    int argc = 4;
    EXPECT(take(&argc, argv));
    EXPECT(argc == 2 && !set && strcmp(value, "a=b") == 0 && strcmp(argv[1], "--json") == 0);
}

TEST("cli_flags: unknown options and missing values are refused")
{
    static const char *const wrong[] = {"--dat", "--datas", "--data", "--json=1", "-x"};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        char argument[16];
        (void)snprintf(argument, sizeof argument, "%s", wrong[i]);
        char *argv[] = {"read", argument, NULL};
        int argc = 2;
        EXPECT(!take(&argc, argv));
    }
    EXPECT(cli_flags_usage("test") == CLI_EXIT_USAGE);
}

TEST("cli_flags: who asks how a command is called has called nothing wrongly")
{
    static const char *const asked[] = {"--help", "-h"};
    for (size_t i = 0; i < sizeof asked / sizeof asked[0]; i++) {
        char argument[16];
        (void)snprintf(argument, sizeof argument, "%s", asked[i]);
        char *argv[] = {"read", "file", argument, NULL}, *after[] = {"read", "--", argument, NULL};
        int argc = 3;
        EXPECT(!take(&argc, argv) && cli_flags_usage("test") == CLI_EXIT_OK);
        argc = 3;
        EXPECT(take(&argc, after) && argc == 2); // a file of that name
        EXPECT(cli_flags_usage("test") == CLI_EXIT_USAGE);
    }
}
