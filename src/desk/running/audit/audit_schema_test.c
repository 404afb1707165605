#include "desk/running/audit/audit_check.h"

#include "desk/running/audit/audit_fixture.h"

TEST("audit_schema: what is missing, too many or otherwise is named")
{
    AuditFolder folder = audit_fixture_folder(cx, "schema", 23, false);
    audit_fixture_expect(cx, &folder, "attempt", "DROP TRIGGER event_no_delete", "schema",
                         "trigger event_no_delete");
    audit_fixture_expect(cx, &folder, "attempt", "CREATE INDEX other ON party (name)", "schema",
                         "index other");
    audit_fixture_expect(
        cx, &folder, "attempt",
        "DROP INDEX document_reference; CREATE INDEX document_reference ON document (reference)",
        "schema", "index document_reference");
    audit_fixture_expect(cx, &folder, "attempt", "ALTER TABLE attempt ADD COLUMN x TEXT", "schema",
                         "table attempt");
}
