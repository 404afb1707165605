#include "cli/cli_ledger.h"

#include "base/test.h"
#include "cli/cli_flags.h"

TEST("cli_ledger: wants a verb that it knows, a folder, and --out where it is written to")
{
    char name[] = "ledger", data[] = "--data=/nowhere/at/all", out[] = "--out=/nowhere/out";
    char vkey[] = "vkey", put[] = "export", odd[] = "forget";
    char *none[] = {name, data, NULL}, *unknown[] = {name, data, odd, NULL};
    char *no_out[] = {name, data, put, NULL}, *with_out[] = {name, data, out, vkey, NULL};
    char *missing[] = {name, data, vkey, NULL}, *no_folder[] = {name, data, out, put, NULL};
    EXPECT(cli_ledger(2, none) == CLI_EXIT_USAGE);
    EXPECT(cli_ledger(3, unknown) == CLI_EXIT_USAGE);
    EXPECT(cli_ledger(3, no_out) == CLI_EXIT_USAGE);
    EXPECT(cli_ledger(4, with_out) == CLI_EXIT_USAGE);
    EXPECT(cli_ledger(3, missing) == CLI_EXIT_FAIL);
    EXPECT(cli_ledger(4, no_folder) == CLI_EXIT_FAIL);
}
