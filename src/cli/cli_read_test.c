#include "cli/cli_read.h"

#include "base/test.h"
#include "cli/cli_flags.h"

// What it prints and answers over files is tested from outside: test/e2e/hostile_test.py.
TEST("cli_read: without a file, or with an option that is none, it is wrong usage")
{
    char verb[] = "read", json[] = "--json", odd[] = "--odd", file[] = "x.xml";
    char *none[] = {verb, json, NULL};
    EXPECT(cli_read(2, none) == CLI_EXIT_USAGE);
    char *wrong[] = {verb, odd, file, NULL};
    EXPECT(cli_read(3, wrong) == CLI_EXIT_USAGE);
}
