#include "desk/running/audit/audit_check.h"

#include "desk/running/audit/audit_fixture.h"

TEST("audit_projections: a projection that is not what the facts give is named by row and column")
{
    AuditFolder folder = audit_fixture_folder(cx, "projections", 30, false);
    audit_fixture_tamper(cx, &folder, "invoice",
                         "UPDATE invoice SET total = 1; DELETE FROM carrier; "
                         "INSERT INTO party VALUES ('t', 1, 'n', 'x', 'n')");
    AuditReport report = audit_fixture_run(cx, &folder, (AuditOptions){});
    EXPECT(audit_fixture_has(&report, "projection", SLICE("invoice(local, ")));
    EXPECT(audit_fixture_has(&report, "projection", SLICE("carrier(local, ")));
    EXPECT(audit_fixture_has(&report, "projection", SLICE("party(t, 1)")));
}
