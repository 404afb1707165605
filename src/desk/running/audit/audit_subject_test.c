#include "desk/running/audit/audit_subject.h"

#include "desk/running/audit/audit_fixture.h"

TEST("audit_subject: documents, readings and identities that are not what events say")
{
    AuditFolder folder = audit_fixture_folder(cx, "subject", 29, false);
    audit_fixture_expect(cx, &folder, "document", "UPDATE document SET size = size + 1", "document",
                         "document(local, ");
    audit_fixture_expect(cx, &folder, "reading", "UPDATE reading SET ordinal = 9 WHERE rowid = 2",
                         "reading", "reading(local, ");
    audit_fixture_expect(cx, &folder, "identity",
                         "INSERT INTO identity VALUES ('local', 'vat', x'01', x'02', 3)",
                         "identity_stray", "identity(local, vat, 01, 02)");
    audit_fixture_expect(cx, &folder, "identity", "DELETE FROM identity WHERE scheme = 'digital'",
                         "identity_gone", "identity, of event(");
    audit_fixture_expect(cx, &folder, "reading", "DELETE FROM reading WHERE rowid = 3",
                         "reading_gone", "reading(local, ");
    // An erased subject is no damage, and a lost key is.
    audit_fixture_expect(cx, &folder, "content_key", "UPDATE content_key SET wrapped = x'00'",
                         "key_damaged", "content_key(local, ");
}
