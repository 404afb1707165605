#include "desk/running/audit/audit_check.h"

#include "desk/running/audit/audit_fixture.h"

TEST("audit_tree: hashes, checkpoints, their signatures, the head and the file")
{
    AuditFolder folder = audit_fixture_folder(cx, "tree", 31, false);
    Slice old;
    const char *file = NULL;
    audit_fixture_write(cx, &folder, "ledger/hashes", 32 * 5 + 3, SLICE("xx"));
    audit_fixture_expect(cx, &folder, "log_head", "UPDATE log_head SET size = size - 1", "head",
                         "log_head()");
    audit_fixture_expect(
        cx, &folder, "checkpoint",
        "UPDATE checkpoint SET note = CAST(replace(CAST(note AS TEXT), 'A', 'B') AS BLOB) "
        "WHERE size = (SELECT MIN(size) FROM checkpoint)",
        "checkpoint", "checkpoint(, ");
    audit_fixture_write(cx, &folder, "ledger/checkpoint", 0, SLICE("x"));
    AuditReport report = audit_fixture_run(cx, &folder, (AuditOptions){});
    EXPECT(audit_fixture_has(&report, "hashes", SLICE("ledger/hashes@160, leaf ")));
    EXPECT(audit_fixture_has(&report, "checkpoint_file", SLICE("ledger/checkpoint")));
    // One of ours, but an older one.
    AuditFolder other = audit_fixture_folder(cx, "older", 37, false);
    file = cx_printf(cx, "%s/ledger/checkpoint", other.path).data;
    EXPECT_OK(disk_read(cx, file, 65'536, &old));
    audit_fixture_open(cx, &other);
    audit_fixture_grow(cx, &other, 2);
    audit_fixture_close(&other);
    EXPECT(audit_fixture_run(cx, &other, (AuditOptions){}).ok);
    EXPECT_OK(disk_replace(cx, file, old));
    report = audit_fixture_run(cx, &other, (AuditOptions){});
    EXPECT(report.count == 1);
    EXPECT(audit_fixture_has(&report, "checkpoint_file", SLICE("ledger/checkpoint")));
}
