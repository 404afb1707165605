#include "desk/running/audit/audit_check.h"

#include "desk/running/audit/audit_fixture.h"

TEST("audit_segments: heads, sizes, and records over each other")
{
    AuditFolder folder = audit_fixture_folder(cx, "segments", 26, false);
    Store *store = NULL;
    const StoreOptions options = {.folder = folder.path, .key_file = folder.key_file};
    EXPECT_OK(store_open(cx, &options, &store));
    EXPECT(store_segment_newest(store) > 3);
    const char *one = cx_printf(cx, "segments/%s", store_segment_name(cx, store, 1)).data;
    const char *two = cx_printf(cx, "segments/%s", store_segment_name(cx, store, 2)).data;
    const char *three = cx_printf(cx, "segments/%s", store_segment_name(cx, store, 3)).data;
    store_close(store);
    audit_fixture_write(cx, &folder, one, 3, SLICE("x"));
    audit_fixture_write(cx, &folder, one, 18, SLICE("x"));
    audit_fixture_write(cx, &folder, two, 100, SLICE(""));
    EXPECT(unlink(cx_printf(cx, "%s/%s", folder.path, three).data) == 0);
    for (int quick = 0; quick < 2; quick++) {
        AuditReport report = audit_fixture_run(cx, &folder, (AuditOptions){.quick = quick == 1});
        EXPECT(audit_fixture_has(&report, "segment", cx_printf(cx, "%s@0", one)));
        EXPECT(audit_fixture_has(&report, "segment_gone", slice_of(three)));
        if (quick == 1) continue;
        EXPECT(audit_fixture_has(&report, "segment", cx_printf(cx, "%s@17", one)));
        EXPECT(audit_fixture_has(&report, "segment", cx_printf(cx, "%s@", two)));
        EXPECT(audit_fixture_has(&report, "bytes", cx_printf(cx, "%s@17", one)));
    }
}
