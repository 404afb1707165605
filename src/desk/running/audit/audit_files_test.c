#include "desk/running/audit/audit_check.h"

#include "desk/running/audit/audit_fixture.h"

TEST("audit_files: what does not belong is named, and a segment that is gone")
{
    AuditFolder folder = audit_fixture_folder(cx, "files", 25, false);
    audit_fixture_write(cx, &folder, "stray", 0, SLICE("x"));
    audit_fixture_write(cx, &folder, "segments/stray", 0, SLICE("x"));
    audit_fixture_write(cx, &folder, "ledger/stray", 0, SLICE("x"));
    AuditReport report = audit_fixture_run(cx, &folder, (AuditOptions){});
    EXPECT(report.count == 3);
    EXPECT(audit_fixture_has(&report, "unknown_file", SLICE("stray")));
    EXPECT(audit_fixture_has(&report, "unknown_file", SLICE("segments/stray")));
    EXPECT(audit_fixture_has(&report, "unknown_file", SLICE("ledger/stray")));
    EXPECT(unlink(cx_printf(cx, "%s/keys", folder.path).data) == 0);
    report = audit_fixture_run(cx, &folder, (AuditOptions){});
    EXPECT(report.count == 1 && audit_fixture_has(&report, "keys", SLICE("keys")));
}
