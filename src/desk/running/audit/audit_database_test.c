#include "desk/running/audit/audit_check.h"

#include "desk/running/audit/audit_fixture.h"

TEST("audit_database: a page that was changed is the database's fault, and ends no audit")
{
    AuditFolder folder = audit_fixture_folder(cx, "database", 24, false);
    audit_fixture_write(cx, &folder, "fapiao.db", 4096 * 9 + 100, SLICE("xxxxxxxx"));
    AuditReport report = audit_fixture_run(cx, &folder, (AuditOptions){});
    audit_fixture_show(&report);
    EXPECT(!report.ok && audit_fixture_has(&report, "database", SLICE("fapiao.db")));
    EXPECT(report.checked_count == 11);
}
