#include "cli/cli_original.h"

#include "base/test.h"
#include "cli/cli_flags.h"

TEST("cli_original: wants a folder and one reference, and says when there is none")
{
    char verb[] = "original", data[] = "--data=/nowhere/at/all", reference[] = "R-2026-000001";
    char *none[] = {verb, data, NULL}, *no_data[] = {verb, reference, NULL};
    char *missing[] = {verb, data, reference, NULL};
    EXPECT(cli_original(2, none) == CLI_EXIT_USAGE);
    EXPECT(cli_original(2, no_data) == CLI_EXIT_USAGE);
    EXPECT(cli_original(3, missing) == CLI_EXIT_FAIL);
}
