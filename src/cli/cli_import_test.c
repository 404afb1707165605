#include "cli/cli_import.h"

#include "base/test.h"
#include "cli/cli_flags.h"

// What it prints over files is tested from outside: test/e2e.
TEST("cli_import: without a folder or a path it is wrong usage")
{
    char verb[] = "import", data[] = "--data=/nowhere/at/all", jobs[] = "--jobs=none", path[] = "x";
    char *none[] = {verb, NULL}, *no_path[] = {verb, data, NULL}, *no_data[] = {verb, path, NULL};
    char *bad_jobs[] = {verb, data, jobs, path, NULL};
    EXPECT(cli_import(1, none) == CLI_EXIT_USAGE);
    EXPECT(cli_import(2, no_path) == CLI_EXIT_USAGE);
    EXPECT(cli_import(2, no_data) == CLI_EXIT_USAGE);
    EXPECT(cli_import(4, bad_jobs) == CLI_EXIT_USAGE);
}
