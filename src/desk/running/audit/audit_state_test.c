#include "desk/running/audit/audit_state.h"

#include "desk/running/audit/audit_fixture.h"

TEST("audit_state: an interrupted audit goes on where it was, and only over the same events")
{
    AuditFolder folder = audit_fixture_folder(cx, "state", 36, false);
    AuditReport report = audit_fixture_run(cx, &folder, (AuditOptions){});
    EXPECT(report.ok && report.from == 0);
    report = audit_fixture_run(cx, &folder, (AuditOptions){.from = 100});
    EXPECT(report.ok && report.from == 100);
    const char *state = cx_printf(cx, "%s.audit", folder.path).data;
    Slice text = cx_printf(cx, "fapiao-audit-1\n%llu\n" SLICE_FMT "\n",
                           (unsigned long long)report.events, SLICE_ARG(report.root));
    AuditOptions options = {.state = state, .resume = true};
    EXPECT_OK(disk_write_new(cx, state, text));
    report = audit_fixture_run(cx, &folder, options);
    EXPECT(report.ok && report.from == report.events + 1);
    // It is done: the state is gone, and the next one begins at the beginning.
    EXPECT(access(state, F_OK) != 0);
    report = audit_fixture_run(cx, &folder, options);
    EXPECT(report.ok && report.from == 0);
    EXPECT_OK(disk_write_new(cx, state, cx_printf(cx, "fapiao-audit-1\n9\n00\n")));
    report = audit_fixture_run(cx, &folder, options);
    EXPECT(report.ok && report.from == 0);
}
