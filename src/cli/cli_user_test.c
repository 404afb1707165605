#include "cli/cli_user.h"

#include "base/test.h"
#include "cli/cli_flags.h"
#include "flow/flow_fixture.h"
#include "http/http_fixture.h"

#define WORDS_MAX 12

// `words` up to NULL, behind --data `folder`.
static int asked(const char *folder, const char *const words[static WORDS_MAX])
{
    char *argv[WORDS_MAX + 4] = {(char *)"user", (char *)"--data", (char *)(uintptr_t)folder};
    int argc = 3;
    for (int i = 0; words[i] != NULL; i++)
        argv[argc++] = (char *)(uintptr_t)words[i];
    return cli_user(argc, argv);
}
#define ASKED(folder, ...) asked(folder, (const char *const[WORDS_MAX]){__VA_ARGS__})

static void see_to_one(const char *folder)
{
    EXPECT(ASKED(folder, "setup-code") == CLI_EXIT_OK);
    EXPECT(ASKED(folder, "add", "wang", "--role", "issuer", "--name", "王小明") == CLI_EXIT_OK);
    EXPECT(ASKED(folder, "setup-code") == CLI_EXIT_FAIL);
    EXPECT(ASKED(folder, "add", "wang") == CLI_EXIT_FAIL);
    EXPECT(ASKED(folder, "add", "li", "--role", "king") == CLI_EXIT_FAIL);
    EXPECT(ASKED(folder, "add", "li@example.org", "--role", "tax_reviewer") == CLI_EXIT_OK);
    EXPECT(ASKED(folder, "list") == CLI_EXIT_OK);
    EXPECT(ASKED(folder, "show", "li@example.org") == CLI_EXIT_OK);
    EXPECT(ASKED(folder, "show", "nobody") == CLI_EXIT_FAIL);
    EXPECT(ASKED(folder, "disable", "wang") == CLI_EXIT_OK);
    EXPECT(ASKED(folder, "enable", "wang") == CLI_EXIT_OK);
    EXPECT(ASKED(folder, "password", "wang") == CLI_EXIT_OK);
    EXPECT(ASKED(folder, "factor-reset", "wang") == CLI_EXIT_OK);
    EXPECT(ASKED(folder, "roles", "li@example.org", "tax_auditor") == CLI_EXIT_OK);
    EXPECT(ASKED(folder, "roles", "li@example.org", "system_admin,audit_admin") == CLI_EXIT_FAIL);
    EXPECT(ASKED(folder, "roles", "li@example.org", "none") == CLI_EXIT_OK);
    EXPECT(ASKED(folder, "token", "wang", "--name", "ERP", "--acts", "hand_in", "--days", "30") ==
           CLI_EXIT_OK);
    EXPECT(ASKED(folder, "token", "wang", "--name", "ERP", "--acts", "fly", "--days", "30") ==
           CLI_EXIT_FAIL);
    EXPECT(ASKED(folder, "policy") == CLI_EXIT_OK);
    EXPECT(ASKED(folder, "policy", "password.length", "12") == CLI_EXIT_OK);
    EXPECT(ASKED(folder, "policy", "password.length", "1") == CLI_EXIT_FAIL);
    EXPECT(ASKED(folder, "delete", "wang") == CLI_EXIT_OK);
    EXPECT(ASKED(folder, "show", "wang") == CLI_EXIT_FAIL);
}

TEST("cli_user: sees to accounts without a server")
{
    const char *folder = cx_printf(cx, "%s/d", test_folder()).data;
    flow_close(flow_fixture_open(cx, folder));
    see_to_one(folder);
}

TEST("cli_user: sees to accounts beside a server")
{
    HttpSite site = http_fixture_open(cx, NULL);
    see_to_one(site.folder);
    http_fixture_close(&site);
}

TEST("cli_user: says how it is called, and fails where there is no folder")
{
    EXPECT(ASKED("/nowhere/at/all", "list") == CLI_EXIT_FAIL);
    EXPECT(ASKED("/nowhere/at/all", "fly") == CLI_EXIT_USAGE);
    EXPECT(ASKED("/nowhere/at/all", "add") == CLI_EXIT_USAGE);
    EXPECT(ASKED("/nowhere/at/all", "roles", "wang") == CLI_EXIT_USAGE);
}
