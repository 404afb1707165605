#include "flow/unpack.h"

#include <stdatomic.h>
#include <unistd.h>

#include "base/base64.h"
#include "base/limits.h"
#include "base/text.h"
#include "commit/commit_fixture.h"
#include "flow/flow_fixture.h"

#define A_ZIP                                                                                      \
    "zip\n"                                                                                        \
    "a.xml fapiao|number 26112000000000000017\n"                                                   \
    "-.DS_Store x\n"                                                                               \
    "b/c.xml fapiao|number 26112000000000000025\n"                                                 \
    "d.txt hello\n"                                                                                \
    "e.xml fapiao|number 26112000000000000017"

// Every row of the projections that a container has a part in.
static Slice projected(Cx *cx, Flow *flow)
{
    Text text = text_open(cx, 64 * 1024);
    Db *db = NULL;
    EXPECT_OK(store_take(cx, flow_store(flow), &db));
    static const char *const queries[] = {
        "SELECT hex(container) || entry || hex(document) FROM document_entry ORDER BY container, "
        "entry",
        "SELECT hex(document) || entries || ' ' || skipped || skipped_names FROM "
        "document_container",
        "SELECT reference || state || reason || media || file_name || source || done_ms FROM "
        "document_state ORDER BY reference"};
    for (size_t i = 0; i < sizeof queries / sizeof queries[0]; i++) {
        AUTO_ROWS DbRows *rows = NULL;
        bool row = true;
        EXPECT_OK(db_query_text(cx, db, slice_of(queries[i]), NULL, 0, &rows));
        for (;;) {
            EXPECT_OK(db_next(cx, rows, &row));
            if (!row) break;
            text_add(&text, db_col_text(rows, 0));
            text_byte(&text, '\n');
        }
    }
    store_give(flow_store(flow), db);
    return text_so_far(&text);
}

static int64_t count(Cx *cx, Flow *flow, const char *what)
{
    return fixture_count(cx, flow_store(flow), cx_printf(cx, "SELECT COUNT(*) FROM %s", what).data);
}

TEST("unpack: each file is a document of its own; a rebuild makes the same of the facts")
{
    Flow *flow = flow_fixture_open(cx, NULL);
    (void)flow_fixture_keep(cx, flow, A_ZIP); // waits for them all
    EXPECT(count(cx, flow, "document_state WHERE state = 'unpacked' AND media = 'zip'") == 1);
    EXPECT(count(cx, flow, "document_state WHERE state = 'accepted'") == 2);
    EXPECT(count(cx, flow, "document_state WHERE state = 'duplicate'") == 1);
    EXPECT(count(cx, flow, "document_state WHERE state = 'quarantined'") == 1);
    EXPECT(count(cx, flow, "document WHERE source = 'test' AND actor = 'local'") == 5);
    EXPECT(count(cx, flow,
                 "document_entry e JOIN document_state s ON s.document = e.document "
                 "WHERE s.file_name = 'b/c.xml' AND e.entry = 2") == 1);
    EXPECT(count(cx, flow,
                 "document_container WHERE entries = 4 AND skipped = 1 "
                 "AND skipped_names = '.DS_Store' || char(10)") == 1);
    EXPECT(count(cx, flow, "event WHERE type = 18") == 1);
    // Last of the container, and behind every receipt.
    EXPECT(count(cx, flow,
                 "event u JOIN event r ON r.sequence > u.sequence "
                 "WHERE u.type = 18 AND r.type = 12") == 0);
    Slice live = projected(cx, flow);
    EXPECT_OK(flow_rebuild(cx, flow, NULL, NULL, NULL));
    EXPECT(live.size > 100 && slice_equal(live, projected(cx, flow)));
    // Again: a duplicate, of which nothing comes out.
    (void)flow_fixture_keep(cx, flow, A_ZIP);
    EXPECT(count(cx, flow, "document") == 6 && count(cx, flow, "event WHERE type = 18") == 1);
    (void)flow_fixture_keep(cx, flow, "zip\n-.DS_Store x");
    EXPECT(count(cx, flow, "document_state WHERE reason = 'no_files'") == 1);
    flow_close(flow);
}

// Gives the first `good` entries, then fails: what a crash leaves.
static Err unpack_some(Cx *cx, void *self, Slice bytes, const ReadingEntry *entry, Slice *ret_bytes)
{
    const uint32_t *good = self;
    if (entry->index >= *good) return err_set(cx, ERR_STORE, "no more");
    return flow_fixture_unpack(cx, NULL, bytes, entry, ret_bytes);
}

TEST("unpack: begun and broken off anywhere, all files are there once after the next opening")
{
    static const char *const open_sql = "document_state WHERE done_ms IS NULL";
    for (uint32_t good = 0; good <= 5; good++) {
        const char *folder = cx_printf(cx, "%s/some", test_folder()).data;
        const FlowOptions options = {.store = {.folder = folder, .create = true, .write = true},
                                     .read = flow_fixture_read,
                                     .unpack = unpack_some,
                                     .read_self = &good};
        Flow *flow = NULL;
        EXPECT_OK(flow_open(cx, &options, &flow));
        (void)flow_fixture_keep(cx, flow, A_ZIP);
        int64_t came = good == 0 ? 0 : good == 1 ? 1 : (int64_t)good - 1; // 1 is left out
        EXPECT(count(cx, flow, "document_entry") == came);
        EXPECT(count(cx, flow, open_sql) == (good < 5));
        flow_close(flow);
        flow = flow_fixture_open(cx, folder);
        for (int i = 0; i < 1000 && count(cx, flow, open_sql) > 0; i++)
            usleep(10'000);
        EXPECT(count(cx, flow, open_sql) == 0 && count(cx, flow, "document_entry") == 4);
        EXPECT(count(cx, flow, "document") == 5 && count(cx, flow, "invoice") == 2);
        EXPECT(count(cx, flow, "event WHERE type = 18") == 1);
        flow_close(flow);
    }
}

static void note(void *self, const Progress *progress)
{
    _Atomic int *told = self;
    *told = progress->outcome.err == ERR_OK ? 1 : -1;
}

TEST("unpack: closed while entries wait, whoever waits is told once, and nothing is lost")
{
    const char *folder = cx_printf(cx, "%s/closed", test_folder()).data;
    Flow *flow = flow_fixture_open(cx, folder);
    Text text = text_open(cx, 4096);
    text_add(&text, SLICE("zip"));
    for (int i = 0; i < 40; i++)
        text_printf(&text, "\n%d.txt slow %d", i, i);
    _Atomic int told = 0;
    const Arrival arrival = {.tenant = SLICE("local"),
                             .actor = SLICE("a"),
                             .source = SLICE("s"),
                             .bytes = text_so_far(&text)};
    EXPECT_OK(flow_receive(cx, flow, &arrival, NULL, note, (void *)&told));
    for (int i = 0; i < 1000 && count(cx, flow, "event WHERE type = 18") == 0; i++)
        usleep(10'000);
    EXPECT(told == 0); // entries are in progress
    flow_close(flow);
    EXPECT(told == 1); // the container itself was unpacked
    const FlowOptions reading = {.store = {.folder = folder}};
    EXPECT_OK(flow_open(cx, &reading, &flow));
    EXPECT(count(cx, flow, "document_entry") == 40);
    flow_close(flow);
}

TEST("unpack: zips in a zip give together no more than one alone may")
{
    const char *folder = cx_printf(cx, "%s/wide", test_folder()).data;
    const FlowOptions options = {.store = {.folder = folder, .create = true, .write = true},
                                 .workers = 1, // one after the other
                                 .read = flow_fixture_read,
                                 .unpack = flow_fixture_unpack};
    Flow *flow = NULL;
    EXPECT_OK(flow_open(cx, &options, &flow));
    Text text = text_open(cx, 64 * 1024);
    text_add(&text, SLICE("zip"));
    for (int i = 0; i < 2; i++) {
        text_printf(&text, "\n%d.zip zip", i);
        for (size_t at = 0; at < LIMIT_ZIP_ENTRIES / 2 + 1; at++)
            text_printf(&text, "|%zu.txt %d of %zu", at, i, at);
    }
    (void)flow_fixture_keep(cx, flow, cx_printf(cx, SLICE_FMT, SLICE_ARG(text_so_far(&text))).data);
    EXPECT(count(cx, flow, "document_state WHERE state = 'unpacked'") == 2);
    EXPECT(count(cx, flow, "document_state WHERE reason = 'hostile' AND media = 'zip'") == 1);
    EXPECT(count(cx, flow, "document_entry") == 2 + LIMIT_ZIP_ENTRIES / 2 + 1);
    flow_close(flow);
}

// Reads when it may, and notes what.
typedef struct Order {
    atomic_bool open;
    size_t size;
    char text[64];
} Order;

static Err noted_read(Cx *cx, void *self, Slice bytes, Reading *ret_reading)
{
    Order *order = self;
    while (!atomic_load(&order->open))
        (void)usleep(1'000);
    if (bytes.size == 2) {
        memcpy(order->text + order->size, bytes.data, 2);
        order->size += 2;
    }
    return flow_fixture_read(cx, NULL, bytes, ret_reading);
}

TEST("unpack: what came by itself and what comes out of a container take turns")
{
    Order order = {};
    const char *folder = cx_printf(cx, "%s/turns", test_folder()).data;
    const FlowOptions options = {.store = {.folder = folder, .create = true, .write = true},
                                 .workers = 1,
                                 .read = noted_read,
                                 .unpack = flow_fixture_unpack,
                                 .read_self = &order};
    static const char *const documents[] = {"zip\na x1\nb x2\nc x3", "y1", "y2", "y3"};
    Flow *flow = NULL;
    EXPECT_OK(flow_open(cx, &options, &flow));
    for (int i = 0; i < 4; i++) {
        const Arrival arrival = {.tenant = SLICE("local"),
                                 .actor = SLICE("local"),
                                 .source = SLICE("test"),
                                 .bytes = slice_of(documents[i])};
        EXPECT_OK(flow_receive(cx, flow, &arrival, NULL, NULL, NULL));
    }
    while (count(cx, flow, "document") < 4)
        (void)usleep(1'000);
    atomic_store(&order.open, true);
    for (int i = 0; i < 3000 && count(cx, flow, "document_state WHERE done_ms > 0") < 7; i++)
        (void)usleep(10'000);
    flow_close(flow);
    EXPECT(slice_equal((Slice){order.text, order.size}, SLICE("y1x1y2x2y3x3")));
}
