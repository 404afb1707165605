#include "cli/cli_notify.h"

#include "base/base64.h"
#include "base/test.h"
#include "cli/cli_flags.h"
#include "desk/people/notify/notify.h"
#include "flow/flow_fixture.h"

static int asked(const char *folder, const char *verb, const char *a, const char *b)
{
    char *argv[] = {(char *)"notify",
                    (char *)"--data",
                    (char *)folder,
                    (char *)verb,
                    (char *)a,
                    (char *)b,
                    NULL};
    return cli_notify(b != NULL ? 6 : a != NULL ? 5 : 4, argv);
}

static const char *newest(Cx *cx, const char *folder)
{
    Store *store = NULL;
    Db *db = NULL;
    NotifyRow *rows = NULL;
    size_t count = 0;
    const StoreOptions options = {.folder = folder};
    EXPECT_OK(store_open(cx, &options, &store));
    EXPECT_OK(store_take(cx, store, &db));
    EXPECT_OK(notify_list(cx, store, db, NULL, SLICE(""), SLICE(""), 1, &rows, &count));
    store_give(store, db);
    store_close(store);
    EXPECT(count == 1);
    Slice id = base64_hex(cx, (Slice){(const char *)rows[0].id, sizeof rows[0].id});
    return cx_printf(cx, SLICE_FMT, SLICE_ARG(id)).data;
}

TEST("cli_notify: messages are tested, listed, shown and retried, without a server")
{
    const char *folder = cx_printf(cx, "%s/d", test_folder()).data;
    flow_close(flow_fixture_open(cx, folder));
    EXPECT(asked(folder, "forget", NULL, NULL) == CLI_EXIT_USAGE);
    EXPECT(asked(folder, "show", NULL, NULL) == CLI_EXIT_USAGE);
    EXPECT(asked(folder, "set", "mail.url", NULL) == CLI_EXIT_USAGE);
    EXPECT(asked(folder, "settings", "x", NULL) == CLI_EXIT_USAGE);
    EXPECT(asked(folder, "list", NULL, NULL) == CLI_EXIT_OK);
    EXPECT(asked(folder, "test", "mail", "nobody") == CLI_EXIT_FAIL);
    EXPECT(asked(folder, "test", "mail", "a@b.example") == CLI_EXIT_OK);
    const char *id = newest(cx, folder);
    EXPECT(asked(folder, "list", "waiting", NULL) == CLI_EXIT_OK);
    EXPECT(asked(folder, "list", "lost", NULL) == CLI_EXIT_FAIL);
    EXPECT(asked(folder, "show", id, NULL) == CLI_EXIT_OK);
    EXPECT(asked(folder, "show", "00000000000000000000000000000000", NULL) == CLI_EXIT_FAIL);
    EXPECT(asked(folder, "retry", id, NULL) == CLI_EXIT_OK);
    EXPECT(asked(folder, "retry", "x", NULL) == CLI_EXIT_FAIL);
    EXPECT(asked(folder, "set", "mail.url", "smtp://mail.example:587") == CLI_EXIT_OK);
    EXPECT(asked(folder, "set", "mail.url", "nonsense") == CLI_EXIT_FAIL);
    EXPECT(asked(folder, "settings", NULL, NULL) == CLI_EXIT_OK);
    EXPECT(asked("/nowhere/at/all", "list", NULL, NULL) == CLI_EXIT_FAIL);
}
