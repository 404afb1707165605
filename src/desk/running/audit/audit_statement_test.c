#include "desk/running/audit/audit_statement.h"

#include "desk/running/audit/audit_fixture.h"

TEST("audit_statement: a statement that is not what it was, and refusals that are gone")
{
    AuditFolder folder = audit_fixture_folder(cx, "statement", 34, true);
    audit_fixture_expect(cx, &folder, "statement", "UPDATE statement SET time_ms = time_ms + 1",
                         "statement", "statement(local, ");
    audit_fixture_expect(
        cx, &folder, "statement",
        "UPDATE statement SET time_ms = time_ms - 1; DELETE FROM statement WHERE day = "
        "(SELECT day FROM statement ORDER BY day LIMIT 1 OFFSET 1)",
        "statement", "statement(local, ");
    AuditFolder other = audit_fixture_folder(cx, "refused", 35, true);
    audit_fixture_expect(cx, &other, "refusal",
                         "DELETE FROM refusal WHERE id = "
                         "(SELECT MIN(id) FROM refusal)",
                         "statement", "statement(local, ");
}
