#include "desk/invoice/document/document.h"

#include "base/date.h"
#include "desk/invoice/document/document_fixture.h"

TEST("document: handed in, found and given back")
{
    Flow *flow = document_fixture_open(cx);
    DocumentView one = document_fixture_hand_in(cx, flow, SLICE("ok 106.00"));
    EXPECT(one.state == DOC_ACCEPTED && one.invoice_count == 1 &&
           one.decided_ms >= one.received_ms);
    EXPECT(one.invoices[0].relation == RELATION_NEW && one.invoices[0].id.size == COMMIT_ID_SIZE);
    DocumentView same = document_fixture_hand_in(cx, flow, SLICE("ok 106.00"));
    EXPECT(same.state == DOC_DUPLICATE && slice_equal(same.first_reference, one.reference));
    EXPECT(same.invoice_count == 1);
    DocumentView other = document_fixture_hand_in(cx, flow, SLICE("ok 906.00"));
    EXPECT(other.state == DOC_CONFLICT && other.invoices[0].relation == RELATION_VARIANT);
    DocumentView bad = document_fixture_hand_in(cx, flow, SLICE("nothing"));
    EXPECT(bad.state == DOC_QUARANTINED && bad.reason == REASON_DAMAGED);
    // The first event of the folder is that this document was received.
    EXPECT(one.sequence == 1 && one.leaf_hash.size == 64 && same.sequence > one.sequence);

    Slice bytes;
    DocumentView view;
    EXPECT_OK(document_original(cx, flow, SLICE("local"), same.reference, &bytes, &view));
    EXPECT(slice_equal(bytes, SLICE("ok 106.00")) && slice_equal(view.reference, same.reference));
    EXPECT(document_original(cx, flow, SLICE("local"), SLICE("R-1"), &bytes, NULL) == ERR_MISSING);
    EXPECT(document_original(cx, flow, SLICE("other"), same.reference, &bytes, NULL) ==
           ERR_MISSING);
    flow_close(flow);
}

TEST("document: the list is newest first, in pages, by state and day")
{
    Flow *flow = document_fixture_open(cx);
    for (int i = 0; i < 7; i++)
        (void)document_fixture_hand_in(cx, flow,
                                       cx_printf(cx, i % 3 == 0 ? "bad %d" : "ok 106.%02d", i));
    Db *db = NULL;
    EXPECT_OK(store_take(cx, flow_store(flow), &db));
    DocumentList list = {.limit = 3};
    size_t total = 0, count = 0;
    DocumentView *views = NULL;
    Slice last = SLICE("R-9999");
    do {
        EXPECT_OK(document_list(cx, db, SLICE("local"), &list, &views, &count, &list.cursor));
        for (size_t i = 0; i < count; i++) {
            EXPECT(slice_compare(views[i].reference, last) < 0);
            last = views[i].reference;
        }
        total += count;
    } while (!slice_empty(list.cursor));
    EXPECT(total == 7);
    char day[DATE_TEXT_SIZE + 1];
    (void)date_print(date_in_china(cx_now_ms(cx)), day);
    static const struct {
        const char *state;
        bool today;
        size_t count;
    } cases[] = {{"", true, 7},         {"quarantined", false, 3}, {"quarantined", true, 3},
                 {"accepted", true, 1}, {"conflict", true, 3},     {"duplicate", false, 0}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const DocumentList one = {.state = slice_of(cases[i].state),
                                  .day = cases[i].today ? slice_of(day) : SLICE(""),
                                  .limit = 200};
        Slice cursor;
        EXPECT_OK(document_list(cx, db, SLICE("local"), &one, &views, &count, &cursor));
        EXPECT(count == cases[i].count && slice_empty(cursor));
        const DocumentList never = {.state = one.state, .day = SLICE("1999-01-01"), .limit = 200};
        EXPECT_OK(document_list(cx, db, SLICE("local"), &never, &views, &count, &cursor));
        EXPECT(count == 0);
    }
    Slice cursor;
    const DocumentList bad_state = {.state = SLICE("lost")}, bad_cursor = {.cursor = SLICE("zz")};
    EXPECT(document_list(cx, db, SLICE("local"), &bad_state, &views, &count, &cursor) == ERR_INPUT);
    const DocumentList bad_day = {.day = SLICE("2026-13-01")};
    EXPECT(document_list(cx, db, SLICE("local"), &bad_day, &views, &count, &cursor) == ERR_INPUT);
    EXPECT(document_list(cx, db, SLICE("local"), &bad_cursor, &views, &count, &cursor) ==
           ERR_INPUT);

    int64_t events = 0;
    EXPECT_OK(document_events(cx, db, &events));
    EXPECT(events > 7);
    store_give(flow_store(flow), db);
    flow_close(flow);
}

TEST("document: a receipt says what a look would say")
{
    Flow *flow = document_fixture_open(cx);
    const Arrival arrival = {.tenant = SLICE("local"),
                             .actor = SLICE("local"),
                             .source = SLICE("test"),
                             .file_name = SLICE("发票\n1.xml"),
                             .bytes = SLICE("never read")};
    Wait wait = WAIT_INIT;
    // Not through the flow: nobody reads it, so it stays as it was received.
    EXPECT_OK(commit_receive(cx, flow_committer(flow), &arrival, wait_received, &wait));
    wait_for(&wait);
    EXPECT_OK(wait.receipt.err);
    DocumentView told, found;
    document_received(cx, &arrival, &wait.receipt, &told);
    Db *db = NULL;
    EXPECT_OK(store_take(cx, flow_store(flow), &db));
    EXPECT_OK(document_find(cx, db, SLICE("local"), told.reference, &found));
    store_give(flow_store(flow), db);
    EXPECT(slice_equal(document_fixture_printed(cx, &told), document_fixture_printed(cx, &found)));
    promise_drop(wait.receipt.promise);
    EXPECT(document_fixture_says(document_fixture_printed(cx, &told),
                                 "\"file_name\":\"发票?1.xml\",\"sha256\":\""));
    flow_close(flow);
}
