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
