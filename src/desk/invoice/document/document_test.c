#include "desk/invoice/document/document.h"

#include "base/date.h"
#include "commit/commit_fixture.h"

// Reads "ok NUMBER TOTAL"; anything else is damaged.
static Err fake_read(Cx *cx, void *self, Slice bytes, Reading *ret_reading)
{
    (void)self;
    *ret_reading = (Reading){.media = MEDIA_XML};
    if (!slice_starts(bytes, SLICE("ok"))) {
        ret_reading->reason = REASON_DAMAGED;
        return ERR_OK;
    }
    fixture_draft(cx, ret_reading, SOURCE_XML, SEAL_ABSENT,
                  FIXTURE_FIELDS({DRAFT_KIND, "32"}, {DRAFT_NUMBER, "24112000000048542163"},
                                 {DRAFT_TOTAL, cx_printf(cx, "%.6s", bytes.data + 3).data}));
    return ERR_OK;
}

static Flow *open_flow(Cx *cx)
{
    const char *folder = cx_printf(cx, "%s/data", test_folder()).data;
    const char *key_file = cx_printf(cx, "%s.key", folder).data;
    AeadKey key;
    EXPECT_OK(keyfile_create(cx, key_file, &key));
    const FlowOptions options = {
        .store = {.folder = folder, .key_file = key_file, .create = true, .write = true},
        .read = fake_read};
    Flow *flow = NULL;
    EXPECT_OK(flow_open(cx, &options, &flow));
    return flow;
}

static DocumentView hand_in(Cx *cx, Flow *flow, Slice bytes)
{
    const Arrival arrival = {.tenant = SLICE("local"),
                             .actor = SLICE("local"),
                             .source = SLICE("test"),
                             .file_name = SLICE("发票.xml"),
                             .bytes = bytes};
    DocumentView view;
    EXPECT_OK(document_hand_in(cx, flow, &arrival, 20'000, &view));
    return view;
}

static Slice printed(Cx *cx, const DocumentView *view)
{
    JsonOut out = json_out_open(cx, 65536);
    document_print(cx, &out, view);
    Slice json;
    EXPECT_OK(json_out_done(cx, &out, &json));
    return json;
}

static bool says(Slice json, const char *what)
{
    return slice_find(json, slice_of(what)) != SLICE_NONE;
}

TEST("document: handed in, found, listed, counted and given back")
{
    Flow *flow = open_flow(cx);
    DocumentView one = hand_in(cx, flow, SLICE("ok 106.00"));
    EXPECT(one.state == DOC_ACCEPTED && one.invoice_count == 1 &&
           one.decided_ms >= one.received_ms);
    EXPECT(one.invoices[0].relation == RELATION_NEW && one.invoices[0].id.size == COMMIT_ID_SIZE);
    DocumentView same = hand_in(cx, flow, SLICE("ok 106.00"));
    EXPECT(same.state == DOC_DUPLICATE && slice_equal(same.first_reference, one.reference));
    EXPECT(same.invoice_count == 1);
    DocumentView other = hand_in(cx, flow, SLICE("ok 906.00"));
    EXPECT(other.state == DOC_CONFLICT && other.invoices[0].relation == RELATION_VARIANT);
    DocumentView bad = hand_in(cx, flow, SLICE("nothing"));
    EXPECT(bad.state == DOC_QUARANTINED && bad.reason == REASON_DAMAGED);

    Slice json = printed(cx, &one);
    EXPECT(says(json, "\"state\":\"accepted\",\"reason\":null,\"media\":\"xml\""));
    EXPECT(says(json, "\"file_name\":\"发票.xml\"") && says(json, "\"size\":9,"));
    EXPECT(says(json, "\"relation\":\"new\"") && says(json, "\"kind\":\"32\""));
    EXPECT(says(printed(cx, &same), "\"code\":\"duplicate\""));
    // The first event of the folder is that this document was received.
    EXPECT(one.sequence == 1 && one.leaf_hash.size == 64 && same.sequence > one.sequence);
    EXPECT(says(json, "\"ledger\":{\"index\":0,\"leaf_hash\":\""));
    EXPECT(says(json, cx_printf(cx,
                                "\"promise\":null,\"receipt\":\"/api/v1/documents/" SLICE_FMT
                                "/receipt\"}}",
                                SLICE_ARG(one.reference))
                          .data));
    EXPECT(says(printed(cx, &bad), "\"code\":\"damaged\""));
    DocumentView waiting = one;
    waiting.decided_ms = 0;
    EXPECT(says(printed(cx, &waiting), "\"decided_at\":null"));
    Slice line;
    EXPECT_OK(document_print_import(cx, SLICE("a/b.xml"), &same, &line));
    EXPECT(says(line, "{\"file\":\"a/b.xml\",\"sha256\":\"") &&
           says(line, "\"state\":\"duplicate\""));
    EXPECT(says(line,
                cx_printf(cx, "\"reference\":\"" SLICE_FMT "\"", SLICE_ARG(one.reference)).data));
    EXPECT(!says(line, "\"id\""));

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
    Flow *flow = open_flow(cx);
    for (int i = 0; i < 7; i++)
        (void)hand_in(cx, flow, cx_printf(cx, i % 3 == 0 ? "bad %d" : "ok 106.%02d", i));
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

    DocumentDay sum;
    EXPECT_OK(document_day(cx, db, SLICE("local"), slice_of(day), &sum));
    EXPECT(sum.received == 7 && sum.received == sum.accepted + sum.duplicate + sum.conflict +
                                                    sum.quarantined + sum.rejected +
                                                    sum.in_progress);
    EXPECT(sum.invoices == 4 && sum.events > 7);
    EXPECT_OK(document_day(cx, db, SLICE("local"), SLICE("1999-01-01"), &sum));
    EXPECT(sum.received == 0);
    store_give(flow_store(flow), db);
    flow_close(flow);
}

TEST("document: an empty one is refused, and an idempotency key answers again")
{
    Flow *flow = open_flow(cx);
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

TEST("document: a receipt says what a look would say")
{
    Flow *flow = open_flow(cx);
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
    EXPECT(slice_equal(printed(cx, &told), printed(cx, &found)));
    promise_drop(wait.receipt.promise);
    EXPECT(says(printed(cx, &told), "\"file_name\":\"发票?1.xml\",\"sha256\":\""));
    flow_close(flow);
}
