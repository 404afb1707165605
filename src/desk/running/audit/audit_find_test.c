#include "desk/running/audit/audit_find.h"

#include "base/limits.h"
#include "base/test.h"

TEST("audit_find: every kind has a code of its own and a text in both languages")
{
    for (AuditKind kind = 0; kind < AUDIT_KIND_COUNT; kind++) {
        const AuditKindRow *row = audit_find_kind(kind);
        EXPECT(row->code != NULL && row->zh != NULL && row->en != NULL);
        for (AuditKind other = 0; other < kind; other++)
            EXPECT(strcmp(audit_find_kind(other)->code, row->code) != 0);
    }
}

TEST("audit_find: what is over the limits is counted, not kept")
{
    AuditFindings findings;
    EXPECT_OK(audit_find_open(cx, &findings));
    for (size_t i = 0; i < LIMIT_AUDIT_FINDINGS_OF_KIND + 3; i++)
        audit_find_add(&findings, AUDIT_HEAD, audit_find_event(cx, i), SLICE("why"));
    EXPECT(findings.count == LIMIT_AUDIT_FINDINGS_OF_KIND && findings.more == 3);
    EXPECT(slice_equal(findings.all[1].where, SLICE("event(1)")));
    EXPECT(slice_ends(findings.all[1].text, SLICE("：why")));
    EXPECT(slice_ends(findings.all[1].text_en, SLICE(": why")));
    audit_find_add(&findings, AUDIT_KEYS, audit_find_row(cx, "a", SLICE("b"), SLICE("c")),
                   SLICE(""));
    EXPECT(slice_equal(findings.all[findings.count - 1].where, SLICE("a(b, c)")));
}
