#include "cli/cli_audit_log.h"

#include "base/test.h"
#include "cli/cli_flags.h"

TEST("cli_audit_log: wants a folder, and one form at most")
{
    char name[] = "audit-log", data[] = "--data=/nowhere/at/all", json[] = "--json";
    char csv[] = "--csv", word[] = "word", from[] = "--from=never";
    char *none[] = {name, NULL}, *both[] = {name, data, json, csv, NULL};
    char *words[] = {name, data, word, NULL}, *missing[] = {name, data, json, from, NULL};
    EXPECT(cli_audit_log(1, none) == CLI_EXIT_USAGE);
    EXPECT(cli_audit_log(4, both) == CLI_EXIT_USAGE);
    EXPECT(cli_audit_log(3, words) == CLI_EXIT_USAGE);
    EXPECT(cli_audit_log(4, missing) == CLI_EXIT_FAIL);
}
