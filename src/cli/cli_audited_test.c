#include "cli/cli_audited.h"

#include "base/test.h"
#include "cli/cli_flags.h"
#include "cli/cli_mirror.h"
#include "cli/cli_notify.h"
#include "cli/cli_rebuild.h"
#include "flow/flow_fixture.h"

static int64_t entries(Cx *cx, const char *folder)
{
    Store *store = NULL;
    Db *db = NULL;
    int64_t count = -1;
    const StoreOptions options = {.folder = folder};
    EXPECT_OK(store_open(cx, &options, &store));
    EXPECT_OK(store_take(cx, store, &db));
    {
        AUTO_ROWS DbRows *rows = NULL;
        bool row = false;
        EXPECT_OK(db_query(cx, db, "SELECT COUNT(*) FROM event WHERE type = $1",
                           DB_VALUES(db_int(19)), &rows));
        EXPECT_OK(db_next(cx, rows, &row));
        if (row) count = db_col_int(rows, 0);
    }
    store_give(store, db);
    store_close(store);
    return count;
}

TEST("cli_audited: a setting, a mirror and rebuilding leave an entry each, also when they fail")
{
    const char *folder = cx_printf(cx, "%s/d", test_folder()).data;
    char *data = (char *)folder, flag[] = "--data", set[] = "set", name[] = "mail.url",
         good[] = "smtp://mail.example:587", bad[] = "nonsense", notify[] = "notify",
         mirror[] = "mirror", add[] = "add", east[] = "east", rebuild[] = "rebuild";
    char *sets[] = {notify, flag, data, set, name, good, NULL};
    char *fails[] = {notify, flag, data, set, name, bad, NULL};
    char *adds[] = {mirror, add, flag, data, east, NULL};
    char *rebuilds[] = {rebuild, flag, data, NULL};
    flow_close(flow_fixture_open(cx, folder));
    int64_t before = entries(cx, folder);
    EXPECT(cli_notify(6, sets) == CLI_EXIT_OK);
    EXPECT(entries(cx, folder) == before + 1);
    EXPECT(cli_notify(6, fails) == CLI_EXIT_FAIL);
    EXPECT(entries(cx, folder) == before + 2);
    EXPECT(cli_mirror(5, adds) == CLI_EXIT_OK);
    EXPECT(entries(cx, folder) == before + 3);
    EXPECT(cli_rebuild(3, rebuilds) == CLI_EXIT_OK);
    EXPECT(entries(cx, folder) == before + 4);
}
