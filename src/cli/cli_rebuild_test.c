#include "cli/cli_rebuild.h"

#include "base/test.h"
#include "cli/cli_flags.h"

TEST("cli_rebuild: wants a folder, and says when there is none")
{
    char verb[] = "rebuild", data[] = "--data=/nowhere/at/all";
    char *none[] = {verb, NULL}, *missing[] = {verb, data, NULL};
    EXPECT(cli_rebuild(1, none) == CLI_EXIT_USAGE);
    EXPECT(cli_rebuild(2, missing) == CLI_EXIT_FAIL);
}
