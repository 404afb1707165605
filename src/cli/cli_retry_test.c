#include "cli/cli_retry.h"

#include "base/test.h"
#include "flow/flow_fixture.h"
#include "http/http_fixture.h"

TEST("cli_retry: a running server does it; what is no invoice stays in quarantine")
{
    HttpSite site = http_fixture_open(cx, NULL);
    Slice bad = flow_fixture_keep(cx, site.flow, "no invoice");
    char verb[] = "retry", data[] = "--data", key[] = "--key-file", none[] = "R-2000-000001";
    char *folder = (char *)site.folder;
    char *key_file = (char *)cx_printf(cx, "%s.key", site.folder).data;
    char *quarantined[] = {verb, data, folder, key, key_file, (char *)bad.data, NULL};
    char *missing[] = {verb, data, folder, key, key_file, none, NULL};
    char *usage[] = {verb, data, folder, NULL};
    EXPECT(cli_retry(6, quarantined) == 3);
    EXPECT(cli_retry(6, missing) == 1);
    EXPECT(cli_retry(3, usage) == 2);
    http_fixture_close(&site);
}
