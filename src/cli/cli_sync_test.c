#include "cli/cli_sync.h"

#include "base/test.h"
#include "cli/cli_flags.h"
#include "flow/flow_fixture.h"

TEST("cli_sync: without --data, or with more, it says how it is used")
{
    char *none[] = {"sync", NULL};
    char *more[] = {"sync", "--data", "/tmp", "x", NULL};
    EXPECT(cli_sync(1, none) == CLI_EXIT_USAGE);
    EXPECT(cli_sync(4, more) == CLI_EXIT_USAGE);
}

TEST("cli_sync: a folder that nobody serves is reconciled by the command itself")
{
    const char *folder = cx_printf(cx, "%s/alone", test_folder()).data;
    Flow *flow = flow_fixture_open(cx, folder);
    (void)flow_fixture_keep(cx, flow, "fapiao\nnumber 24112000000000000001\n");
    flow_close(flow);
    char *argv[] = {"sync", "--data", (char *)(uintptr_t)folder, "--json", NULL};
    EXPECT(cli_sync(4, argv) == CLI_EXIT_OK);
    char *nowhere[] = {"sync", "--data", "/nowhere", NULL};
    EXPECT(cli_sync(3, nowhere) == CLI_EXIT_FAIL);
}
