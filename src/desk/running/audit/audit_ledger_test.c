#include "desk/running/audit/audit_check.h"

#include "desk/running/audit/audit_fixture.h"

TEST("audit_ledger: settings, watchers, cosignatures, refusals and reconciliations")
{
    AuditFolder folder = audit_fixture_folder(cx, "ledger", 33, true);
    audit_fixture_expect(cx, &folder, "cosignature", "UPDATE cosignature SET seconds = seconds + 1",
                         "cosignature", "cosignature(, ");
    audit_fixture_expect(cx, &folder, "watcher", "UPDATE watcher SET kind = 'x'", "watcher",
                         "watcher(, witness.example)");
    audit_fixture_expect(cx, &folder, "refusal", "UPDATE refusal SET size = -1", "refusal",
                         "refusal(local, ");
    audit_fixture_expect(cx, &folder, "sync_run", "UPDATE sync_run SET result = ''", "sync_run",
                         "sync_run(local, ");
    audit_fixture_expect(cx, &folder, "meta", "INSERT INTO meta VALUES ('erasing', x'00')", "meta",
                         "meta(erasing)");
    audit_fixture_expect(cx, &folder, "meta", "DELETE FROM meta WHERE name = 'log_origin'", "meta",
                         "meta(log_origin)");
}

#define MIRROR                                                                                     \
    "INSERT INTO watcher (tenant, name, kind, vkey, url, token, added_ms, size, ok_ms, tried_ms, " \
    "error) VALUES ('', 'east', 'mirror', '', '', zeroblob(32), 1, 0, 0, 0, '')"

TEST("audit_ledger: a mirror that has not come yet has no key, and nothing is wrong with it")
{
    AuditFolder folder = audit_fixture_folder(cx, "mirror", 34, true);
    audit_fixture_tamper(cx, &folder, "watcher", MIRROR);
    AuditReport report = audit_fixture_run(cx, &folder, (AuditOptions){});
    EXPECT(!audit_fixture_has(&report, "watcher", SLICE("watcher(, east)")));
    // One that has signed has a key.
    audit_fixture_tamper(cx, &folder, "cosignature",
                         "INSERT INTO cosignature (tenant, size, name, seconds, line, follows) "
                         "VALUES ('', 1, 'east', 1, x'00', 0)");
    audit_fixture_expect(cx, &folder, "watcher", "UPDATE watcher SET size = 1 WHERE name = 'east'",
                         "watcher", "watcher(, east)");
}
