#include "cli/cli_tenant.h"

#include "base/test.h"
#include "flow/flow_fixture.h"

TEST("cli_tenant: the first organisation unless one is named, which must be there")
{
    Flow *flow = flow_fixture_open(cx, NULL);
    Store *store = flow_store(flow);
    const StoreOptions options = {.folder = store_folder(store)};
    Slice tenant = SLICE("");
    EXPECT_OK(cli_tenant(cx, store, &options, NULL, &tenant));
    EXPECT(slice_equal(tenant, SLICE("local")));
    EXPECT_OK(cli_tenant(cx, NULL, &options, "local", &tenant)); // beside the one who writes
    EXPECT(slice_equal(tenant, SLICE("local")));
    EXPECT(cli_tenant(cx, store, &options, "nowhere", &tenant) == ERR_MISSING);
    EXPECT(cli_tenant(cx, NULL, &options, "", &tenant) == ERR_MISSING);
    flow_close(flow);
}
