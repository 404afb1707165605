#include "cli/cli_receipt.h"

#include "base/test.h"
#include "cli/cli_flags.h"

TEST("cli_receipt: wants a folder and one reference, one form, a wait that is a number")
{
    char verb[] = "receipt", data[] = "--data=/nowhere/at/all", reference[] = "R-2026-000001";
    char closed[] = "--public", promise[] = "--promise", soon[] = "--wait=soon", sm2[] = "--sm2";
    char *none[] = {verb, data, NULL}, *no_data[] = {verb, reference, NULL};
    char *both[] = {verb, data, closed, promise, reference, NULL};
    char *promised[] = {verb, data, sm2, promise, reference, NULL};
    char *bad_wait[] = {verb, data, soon, reference, NULL};
    char *missing[] = {verb, data, reference, NULL};
    EXPECT(cli_receipt(2, none) == CLI_EXIT_USAGE);
    EXPECT(cli_receipt(2, no_data) == CLI_EXIT_USAGE);
    EXPECT(cli_receipt(5, both) == CLI_EXIT_USAGE);
    EXPECT(cli_receipt(5, promised) == CLI_EXIT_USAGE);
    EXPECT(cli_receipt(4, bad_wait) == CLI_EXIT_USAGE);
    EXPECT(cli_receipt(3, missing) == CLI_EXIT_FAIL);
}
