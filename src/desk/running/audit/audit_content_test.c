#include "desk/running/audit/audit_check.h"

#include "desk/running/audit/audit_fixture.h"

TEST("audit_content: contents that do not open, and rows that are not what they say")
{
    AuditFolder folder = audit_fixture_folder(cx, "content", 28, false);
    audit_fixture_expect(cx, &folder, "event", "UPDATE event SET actor = 'x' WHERE sequence = 5",
                         "event_row", "event(5)");
    audit_fixture_expect(cx, &folder, "event",
                         "UPDATE event SET content = x'00' WHERE sequence = 6", "event_content",
                         "event(6)");
    // In a sample too.
    AuditReport report = audit_fixture_run(cx, &folder, (AuditOptions){.quick = true, .seed = 1});
    EXPECT(audit_fixture_has(&report, "event_row", SLICE("event(5)")));
}
