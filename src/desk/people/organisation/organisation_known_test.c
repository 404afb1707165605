#include "desk/people/organisation/organisation_known.h"

#include "base/test.h"
#include "commit/commit_wait.h"
#include "flow/flow_fixture.h"

static Err rows_work(Cx *cx, Db *db, void *self)
{
    (void)self;
    return db_run(cx, db,
                  "INSERT INTO organisation (tenant, kind, name, tax_id, tax_tag, state, "
                  "created_ms) VALUES ('east', 'enterprise', x'', x'', x'', 'active', 1), "
                  "('gone', 'enterprise', x'', x'', x'', 'disabled', 1) ON CONFLICT DO NOTHING",
                  NULL, 0, NULL);
}

TEST("organisation_known: one that is there, the first one always, never the platform")
{
    Flow *flow = flow_fixture_open(cx, NULL);
    Db *db = NULL;
    EXPECT_OK(commit_wait_work(cx, flow_committer(flow), rows_work, NULL));
    EXPECT_OK(store_take(cx, flow_store(flow), &db));
    EXPECT_OK(organisation_known(cx, db, SLICE("east")));
    EXPECT_OK(organisation_known(cx, db, SLICE("local")));
    static const char *const not_there[] = {"", "gone", "nowhere", "EAST"};
    for (size_t i = 0; i < sizeof not_there / sizeof not_there[0]; i++)
        EXPECT(organisation_known(cx, db, slice_of(not_there[i])) == ERR_MISSING);
    store_give(flow_store(flow), db);
    flow_close(flow);
}
