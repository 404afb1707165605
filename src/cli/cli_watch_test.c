#include "cli/cli_watch.h"

#include "base/test.h"
#include "cli/cli_flags.h"
#include "flow/flow_fixture.h"

#define VKEY "node2.fapiao.example/witness+e29f6c7b+BM0Us3+VbpUxlP9/tzs9gdzFYdYadTgJS3w+GmQ+5fOq"

static int asked(const char *folder, const char *verb, const char *a, const char *b)
{
    char *argv[] = {(char *)"witness",
                    (char *)"--data",
                    (char *)folder,
                    (char *)verb,
                    (char *)a,
                    (char *)b,
                    NULL};
    return cli_watch(b != NULL ? 6 : a != NULL ? 5 : 4, argv);
}

TEST("cli_watch: a witness is put on the list and taken off, without a server")
{
    const char *folder = cx_printf(cx, "%s/d", test_folder()).data;
    flow_close(flow_fixture_open(cx, folder));
    EXPECT(asked(folder, "forget", NULL, NULL) == CLI_EXIT_USAGE);
    EXPECT(asked(folder, "add", VKEY, NULL) == CLI_EXIT_USAGE);
    EXPECT(asked(folder, "list", "x", NULL) == CLI_EXIT_USAGE);
    EXPECT(asked(folder, "add", "x", "http://127.0.0.1:1") == CLI_EXIT_FAIL);
    EXPECT(asked(folder, "add", VKEY, "http://127.0.0.1:1") == CLI_EXIT_OK);
    EXPECT(asked(folder, "list", NULL, NULL) == CLI_EXIT_OK);
    EXPECT(asked(folder, "remove", "node2", NULL) == CLI_EXIT_FAIL);
    EXPECT(asked(folder, "remove", "node2.fapiao.example/witness", NULL) == CLI_EXIT_OK);
    EXPECT(asked("/nowhere/at/all", "list", NULL, NULL) == CLI_EXIT_FAIL);
}
