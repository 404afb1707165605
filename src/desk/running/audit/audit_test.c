#include "desk/running/audit/audit.h"

#include "desk/running/audit/audit_fixture.h"

TEST("audit: a folder that nobody touched is well, whole and in a sample, and a report prints")
{
    AuditFolder folder = audit_fixture_folder(cx, "well", 11, true);
    static const AuditOptions kinds[] = {{}, {.no_content = true}, {.quick = true, .seed = 5}};
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        AuditReport report = audit_fixture_run(cx, &folder, kinds[i]);
        audit_fixture_show(&report);
        EXPECT(report.ok && report.count == 0 && report.more == 0);
        EXPECT(report.events > 110 && report.checked_count == 12);
        EXPECT((report.seed == 5) == kinds[i].quick);
        EXPECT(report.root.size == (kinds[i].quick ? 0 : 64));
    }
    AuditReport report = audit_fixture_run(cx, &folder, kinds[0]);
    Slice json;
    EXPECT_OK(audit_print(cx, &report, &json));
    EXPECT(slice_starts(json, SLICE("{\"ok\":true,\"events\":")));
    EXPECT(slice_find(json, SLICE("\"findings\":[]")) != SLICE_NONE);
    EXPECT(slice_find(json, SLICE("\"projections\":{\"things\":")) != SLICE_NONE);
    const AuditOptions nowhere = {.folder = "/nowhere/at/all"};
    EXPECT(audit_run(cx, &nowhere, &report) == ERR_MISSING);
}

TEST("audit: beside a server that writes, a snapshot is well")
{
    AuditFolder folder = audit_fixture_folder(cx, "beside", 12, false);
    audit_fixture_open(cx, &folder);
    for (int i = 0; i < 5; i++) {
        audit_fixture_grow(cx, &folder, 3);
        Slice unsealed = cx_printf(cx, "unsealed %d", i);
        EXPECT(fixture_receive(cx, folder.committer, unsealed, SLICE("")).err == ERR_OK);
        AuditReport report = audit_fixture_run(cx, &folder, (AuditOptions){});
        audit_fixture_show(&report);
        EXPECT(report.ok);
    }
    audit_fixture_close(&folder);
}
