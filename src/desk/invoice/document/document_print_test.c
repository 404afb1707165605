#include "desk/invoice/document/document_print.h"

#include "desk/invoice/document/document_fixture.h"

TEST("document_print: what became of it, in the words of the API and of an import")
{
    Flow *flow = document_fixture_open(cx);
    DocumentView one = document_fixture_hand_in(cx, flow, SLICE("ok 106.00"));
    DocumentView same = document_fixture_hand_in(cx, flow, SLICE("ok 106.00"));
    DocumentView bad = document_fixture_hand_in(cx, flow, SLICE("nothing"));
    Slice json = document_fixture_printed(cx, &one);
    EXPECT(document_fixture_says(json, "\"state\":\"accepted\",\"reason\":null,\"media\":\"xml\""));
    EXPECT(document_fixture_says(json, "\"file_name\":\"发票.xml\"") &&
           document_fixture_says(json, "\"size\":9,"));
    EXPECT(document_fixture_says(json, "\"relation\":\"new\"") &&
           document_fixture_says(json, "\"kind\":\"32\""));
    EXPECT(document_fixture_says(document_fixture_printed(cx, &same), "\"code\":\"duplicate\""));
    EXPECT(document_fixture_says(json, "\"ledger\":{\"index\":0,\"leaf_hash\":\""));
    EXPECT(document_fixture_says(
        json,
        cx_printf(cx, "\"promise\":null,\"receipt\":\"/api/v1/documents/" SLICE_FMT "/receipt\"}}",
                  SLICE_ARG(one.reference))
            .data));
    EXPECT(document_fixture_says(document_fixture_printed(cx, &bad), "\"code\":\"damaged\""));
    DocumentView waiting = one;
    waiting.decided_ms = 0;
    EXPECT(document_fixture_says(document_fixture_printed(cx, &waiting), "\"decided_at\":null"));
    Slice line;
    EXPECT_OK(document_print_import(cx, SLICE("a/b.xml"), &same, &line));
    EXPECT(document_fixture_says(line, "{\"file\":\"a/b.xml\",\"sha256\":\"") &&
           document_fixture_says(line, "\"state\":\"duplicate\""));
    EXPECT(document_fixture_says(
        line, cx_printf(cx, "\"reference\":\"" SLICE_FMT "\"", SLICE_ARG(one.reference)).data));
    EXPECT(!document_fixture_says(line, "\"id\""));
    flow_close(flow);
}
