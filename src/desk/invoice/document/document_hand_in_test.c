#include "desk/invoice/document/document_hand_in.h"

#include "desk/invoice/document/document_fixture.h"

TEST("document_hand_in: an empty one is refused, and an idempotency key answers again")
{
    Flow *flow = document_fixture_open(cx);
    Arrival arrival = {.tenant = SLICE("local"),
                       .actor = SLICE("local"),
                       .source = SLICE("test"),
                       .idempotency = SLICE("key")};
    DocumentView one, two;
    EXPECT(document_hand_in(cx, flow, &arrival, 0, &one) == ERR_INPUT);
    arrival.bytes = SLICE("ok 106.00");
    EXPECT_OK(document_hand_in(cx, flow, &arrival, 0, &one)); // only until durable
    EXPECT_OK(document_hand_in(cx, flow, &arrival, 20'000, &two));
    EXPECT(slice_equal(one.reference, two.reference) && two.state == DOC_ACCEPTED);
    arrival.bytes = SLICE("ok 107.00");
    EXPECT(document_hand_in(cx, flow, &arrival, 0, &two) == ERR_CONFLICT);
    flow_close(flow);
}
