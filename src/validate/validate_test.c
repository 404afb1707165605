#include "validate/validate.h"

#include "base/limits.h"
#include "validate/rule_cases.h"

TEST("validate: nothing is found in a sound invoice, nor in an empty one but what is missing")
{
    Draft draft = rule_cases_sound(cx), empty = {};
    EXPECT_OK(validate_draft(cx, &rule_cases_context, &draft));
    EXPECT(draft.finding_count == 0);
    EXPECT_OK(validate_draft(cx, &rule_cases_context, &empty));
    EXPECT(empty.finding_count == 2);
    EXPECT(slice_equal(empty.findings[0].field, SLICE("number")));
    EXPECT(slice_equal(empty.findings[1].field, SLICE("issue_date")));
}

TEST("validate: garbage yields findings, never an error")
{
    Draft draft = {};
    for (unsigned i = 0; i < DRAFT_FIELD_COUNT; i++)
        *draft_field(&draft, (Field)i) = SLICE("-垃圾%s\xFF");
    for (size_t i = 0; i < LIMIT_FINDINGS + 10; i++) {
        Line *line = NULL;
        EXPECT_OK(draft_add_line(cx, &draft, &line));
        *line = (Line){SLICE("x"),     SLICE("x"),  SLICE("x"),    SLICE("9"), SLICE("9"),
                       SLICE("-1.00"), SLICE("7%"), SLICE("5.00"), SLICE("x")};
    }
    draft.qr = SLICE("01,10,,,,,");
    EXPECT_OK(validate_draft(cx, &rule_cases_context, &draft));
    EXPECT(draft.finding_count == LIMIT_FINDINGS);
}
