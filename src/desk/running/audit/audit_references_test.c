#include "desk/running/audit/audit_check.h"

#include "desk/running/audit/audit_fixture.h"

TEST("audit_references: a reference that is missing or none, and counters that count what is not "
     "there")
{
    AuditFolder folder = audit_fixture_folder(cx, "references", 27, false);
    const char *year = audit_fixture_text(cx, &folder, "SELECT substr(name, 11) FROM counter");
    audit_fixture_expect(cx, &folder, "counter", "UPDATE counter SET next_value = next_value + 1",
                         "head", cx_printf(cx, "counter(local, reference:%s)", year).data);
    audit_fixture_expect(cx, &folder, "document",
                         "UPDATE document SET reference = 'R-x' WHERE reference LIKE '%000004'",
                         "reference", cx_printf(cx, "document(local, R-%s-000004)", year).data);
    audit_fixture_expect(cx, &folder, "counter",
                         "INSERT INTO counter VALUES ('local', 'reference:1999', 5)", "head",
                         "counter(local, reference:1999)");
}
