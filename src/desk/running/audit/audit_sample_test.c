#include "desk/running/audit/audit_sample.h"

#include "desk/running/audit/audit_fixture.h"

TEST("audit_sample: a sample sees the newest checkpoint and the paths of its leaves")
{
    AuditFolder folder = audit_fixture_folder(cx, "sample", 32, false);
    AuditReport report = audit_fixture_run(cx, &folder, (AuditOptions){.quick = true, .seed = 3});
    EXPECT(report.ok && report.seed == 3);
    audit_fixture_write(cx, &folder, "ledger/hashes", 32 * 2, SLICE("xx"));
    report = audit_fixture_run(cx, &folder, (AuditOptions){.quick = true, .seed = 3});
    EXPECT(audit_fixture_has(&report, "hashes", SLICE("ledger/hashes@96, leaf 2")));
    EXPECT(unlink(cx_printf(cx, "%s/ledger/checkpoint", folder.path).data) == 0);
    report = audit_fixture_run(cx, &folder, (AuditOptions){.quick = true, .seed = 3});
    EXPECT(audit_fixture_has(&report, "checkpoint_file", SLICE("ledger/checkpoint")));
}
