#include "cli/cli_organisation.h"

#include "base/test.h"
#include "cli/cli_flags.h"
#include "cli/cli_tenant.h"
#include "flow/flow_fixture.h"

static int call(Cx *cx, const char *folder, const char *const *words)
{
    char *argv[16] = {(char *)(uintptr_t) "organisation", (char *)(uintptr_t) "--data",
                      (char *)(uintptr_t)folder};
    int argc = 3;
    (void)cx;
    for (; *words != NULL; words++)
        argv[argc++] = (char *)(uintptr_t)*words;
    return cli_organisation(argc, argv);
}
#define CALL(folder, ...) call(cx, folder, (const char *const[]){__VA_ARGS__, NULL})

TEST("cli_organisation: one is made, is listed, and is there for other commands")
{
    Flow *flow = flow_fixture_open(cx, NULL);
    const char *folder = cx_printf(cx, "%s", store_folder(flow_store(flow))).data;
    flow_close(flow);
    EXPECT(CALL(folder, "add", "--name", "东方有限公司") == CLI_EXIT_OK);
    EXPECT(CALL(folder, "list") == CLI_EXIT_OK);
    EXPECT(CALL(folder, "members") == CLI_EXIT_OK);
    flow = flow_fixture_open(cx, folder);
    Db *db = NULL;
    DbRows *rows = NULL;
    bool row = false;
    Slice tenant = SLICE("");
    EXPECT_OK(store_take(cx, flow_store(flow), &db));
    EXPECT_OK(db_query(cx, db, "SELECT tenant FROM organisation WHERE tenant NOT IN ('', 'local')",
                       NULL, 0, &rows));
    EXPECT_OK(db_next(cx, rows, &row));
    EXPECT(row);
    if (row) EXPECT_OK(cx_copy(cx, db_col_text(rows, 0), &tenant));
    db_rows_close(rows);
    store_give(flow_store(flow), db);
    flow_close(flow);
    const char *id = cx_printf(cx, SLICE_FMT, SLICE_ARG(tenant)).data;
    EXPECT(CALL(folder, "show", "--organisation", id) == CLI_EXIT_OK);
    EXPECT(CALL(folder, "show", "--organisation", "nowhere") == CLI_EXIT_FAIL);
    EXPECT(CALL(folder, "remove", "nobody", "--organisation", id) == CLI_EXIT_FAIL);
}

TEST("cli_organisation: what is not whole is said how it is called")
{
    const char *folder = test_folder();
    EXPECT(CALL(folder, "add") == CLI_EXIT_USAGE);
    EXPECT(CALL(folder, "roles", "li") == CLI_EXIT_USAGE);
    EXPECT(CALL(folder, "remove") == CLI_EXIT_USAGE);
    EXPECT(CALL(folder, "invite", "--mail", "a@b.example") == CLI_EXIT_USAGE);
    EXPECT(CALL(folder, "found") == CLI_EXIT_USAGE);
}
