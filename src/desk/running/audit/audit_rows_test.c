#include "desk/running/audit/audit_check.h"

#include "desk/running/audit/audit_fixture.h"

TEST("audit_rows: keys and documents without events, and events without them")
{
    AuditFolder folder = audit_fixture_folder(cx, "rows", 22, false);
    const char *id =
        audit_fixture_text(cx, &folder, "SELECT lower(hex(subject)) FROM event WHERE sequence = 1");
    const char *row = cx_printf(cx, "document(local, %s)", id).data;
    audit_fixture_expect(cx, &folder, "document", "UPDATE document SET actor = 'x'", "document",
                         row);
    audit_fixture_expect(cx, &folder, "content_key",
                         "INSERT INTO content_key VALUES ('local', x'00', x'01')", "key_stray",
                         "content_key(local, 00)");
    audit_fixture_expect(
        cx, &folder, "document",
        "DELETE FROM document WHERE id = (SELECT subject FROM event WHERE sequence = 1)",
        "document_gone", row);
    audit_fixture_expect(cx, &folder, "content_key",
                         "DELETE FROM content_key WHERE subject = (SELECT subject FROM event WHERE "
                         "sequence = 1)",
                         "key_gone", cx_printf(cx, "content_key(local, %s)", id).data);
    audit_fixture_expect(cx, &folder, "event",
                         "DELETE FROM event WHERE sequence = (SELECT MIN(sequence) FROM event "
                         "WHERE type = 12 AND sequence > 1)",
                         "document_stray", "document(local, ");
}
