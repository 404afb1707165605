#include "desk/running/audit/audit_events.h"

#include "desk/running/audit/audit_fixture.h"

TEST("audit_events: events are dense, their leaf hashes are those of their rows, and each follows "
     "its subject")
{
    AuditFolder folder = audit_fixture_folder(cx, "events", 21, false);
    audit_fixture_expect(cx, &folder, "event",
                         "UPDATE event SET time_ms = time_ms + 1 WHERE sequence = 7", "event_leaf",
                         "event(7)");
    audit_fixture_expect(cx, &folder, "event", "DELETE FROM event WHERE sequence = 9", "event_gap",
                         "event(9)");
    audit_fixture_expect(cx, &folder, "event",
                         "UPDATE event SET follows = 1 WHERE sequence = "
                         "(SELECT MIN(sequence) FROM event WHERE follows > 1)",
                         "event_chain", "event(");
    audit_fixture_expect(cx, &folder, "head", "UPDATE head SET next_sequence = next_sequence + 2",
                         "head", "head()");
    audit_fixture_expect(cx, &folder, "event",
                         "UPDATE event SET leaf_hash = x'00' WHERE sequence = 3", "event_leaf",
                         "event(3)");
}

TEST("audit_events: a folder may begin with an entry of the platform, whose name is empty")
{
    AuditFolder folder = {.path = cx_printf(cx, "%s/platform", test_folder()).data};
    folder.key_file = cx_printf(cx, "%s.key", folder.path).data;
    audit_fixture_open(cx, &folder);
    AuditNote note = {.tenant = SLICE(""), .actor = SLICE("local"), .act = SLICE("account.add")};
    EXPECT_OK(commit_wait_audited(cx, folder.committer, NULL, NULL, &note));
    EXPECT_OK(sealer_flush(cx, folder.sealer));
    audit_fixture_close(&folder);
    AuditReport report = audit_fixture_run(cx, &folder, (AuditOptions){});
    audit_fixture_show(&report);
    EXPECT(report.count == 0);
}
