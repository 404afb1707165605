#include "model/reason.h"

#include "base/test.h"

TEST("reason: every code finds its way back, and every row is whole")
{
    for (unsigned i = 0; i < REASON_COUNT; i++) {
        const ReasonRow *row = reason_row((Reason)i);
        Reason back = REASON_COUNT;
        EXPECT(reason_of_code(slice_of(row->code), &back) && (unsigned)back == i);
        EXPECT(row->zh[0] != '\0' && row->en[0] != '\0' && row->http_status >= 200);
        EXPECT(row->exit_code == 0 || row->exit_code == 3 || row->exit_code == 4);
    }
    Reason back = REASON_HOSTILE;
    EXPECT(!reason_of_code(SLICE("nonsense"), &back) && back == REASON_HOSTILE);
}

TEST("reason: exit codes are those of the commands' contract")
{
    EXPECT(reason_row(REASON_NONE)->exit_code == 0);
    EXPECT(reason_row(REASON_NOT_INVOICE)->exit_code == 3);
    EXPECT(reason_row(REASON_NEEDS_OCR)->exit_code == 3);
    EXPECT(reason_row(REASON_DAMAGED)->exit_code == 4);
    EXPECT(reason_row(REASON_ENCRYPTED)->exit_code == 4);
    EXPECT(reason_row(REASON_HOSTILE)->exit_code == 4);
}
