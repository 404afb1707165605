#include "cli/cli_audit.h"

#include "base/test.h"
#include "cli/cli_flags.h"

TEST("cli_audit: wants a folder and numbers, and a folder that is not there is no finding")
{
    char verb[] = "audit", data[] = "--data=/nowhere/at/all", from[] = "--from=x", plain[] = "x";
    char resume[] = "--resume", one[] = "--from=1";
    char *none[] = {verb, NULL}, *missing[] = {verb, data, NULL},
         *wrong[] = {verb, data, from, NULL}, *more[] = {verb, data, plain, NULL},
         *both[] = {verb, data, resume, one, NULL};
    EXPECT(cli_audit(1, none) == CLI_EXIT_USAGE);
    EXPECT(cli_audit(3, wrong) == CLI_EXIT_USAGE);
    EXPECT(cli_audit(3, more) == CLI_EXIT_USAGE);
    EXPECT(cli_audit(4, both) == CLI_EXIT_USAGE);
    EXPECT(cli_audit(2, missing) == 3);
}
