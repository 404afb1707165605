#include "cli/cli_erase.h"

#include "base/test.h"
#include "cli/cli_flags.h"

TEST("erase: a wrong call says how; without a server nothing is asked")
{
    (void)cx;
    static const struct {
        int argc;
        char *argv[8];
        int want;
    } cases[] = {
        {1, {"erase"}, CLI_EXIT_USAGE},
        {4, {"erase", "list", "--data", NULL}, CLI_EXIT_USAGE},
        {5, {"erase", "ask", "R-2026-000001", "--data", "/nonexistent"}, CLI_EXIT_USAGE},
        {4, {"erase", "confirm", "--data", "/nonexistent"}, CLI_EXIT_USAGE},
        {4, {"erase", "list", "--data", "/nonexistent"}, CLI_EXIT_FAIL},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char *argv[9] = {};
        int argc = 0;
        for (int k = 0; k < cases[i].argc && cases[i].argv[k] != NULL; k++)
            argv[argc++] = cases[i].argv[k];
        if (cli_erase(argc, argv) != cases[i].want)
            test_fail(__FILE__, __LINE__, cases[i].argv[cases[i].argc > 1 ? 1 : 0]);
    }
}
