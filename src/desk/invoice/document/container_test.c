#include "desk/invoice/document/container.h"

#include "base/test.h"
#include "desk/invoice/document/document.h"
#include "desk/invoice/document/document_print.h"
#include "flow/flow_fixture.h"

#define A_ZIP                                                                                      \
    "zip\n"                                                                                        \
    "a.xml fapiao|number 26112000000000000017\n"                                                   \
    "-Thumbs.db x\n"                                                                               \
    "in.zip zip|b.xml fapiao\n"                                                                    \
    "d.txt hello\n"                                                                                \
    "e.xml fapiao|number 26112000000000000017"

static DocumentView find(Cx *cx, Flow *flow, Slice reference, bool all)
{
    Db *db = NULL;
    DocumentView view;
    EXPECT_OK(store_take(cx, flow_store(flow), &db));
    EXPECT_OK(document_find(cx, db, SLICE("local"), reference, &view));
    if (all) EXPECT_OK(container_all(cx, db, SLICE("local"), &view));
    store_give(flow_store(flow), db);
    return view;
}

TEST("container: a zip tells of its files, a file of its zip")
{
    Flow *flow = flow_fixture_open(cx, NULL);
    Slice reference = flow_fixture_keep(cx, flow, A_ZIP);
    DocumentView zip = find(cx, flow, reference, false);
    EXPECT(zip.state == DOC_UNPACKED && zip.entries_all == 4 && zip.skipped == 1);
    EXPECT(slice_equal(zip.skipped_names, SLICE("Thumbs.db\n")) && slice_empty(zip.container));
    EXPECT(zip.entry_count == 4 && zip.entries_next == 0);
    EXPECT(slice_equal(zip.entries[0].file_name, SLICE("a.xml")));
    EXPECT(zip.entries[0].state == DOC_ACCEPTED && zip.entries[0].invoice_count == 1);
    EXPECT(zip.entries[1].state == DOC_UNPACKED && zip.entries[2].state == DOC_QUARANTINED);
    // A duplicate carries what the first one does.
    EXPECT(zip.entries[3].state == DOC_DUPLICATE && zip.entries[3].invoice_count == 1);
    DocumentView file = find(cx, flow, zip.entries[2].reference, false);
    EXPECT(slice_equal(file.container, reference) && file.entry_count == 0);
    EXPECT(slice_equal(file.container_name, SLICE("文件.xml")));

    Db *db = NULL;
    DocumentView page = zip;
    EXPECT_OK(store_take(cx, flow_store(flow), &db));
    EXPECT_OK(container_entries(cx, db, SLICE("local"), 0, 2, &page));
    EXPECT(page.entry_count == 2 && page.entries_next == 3);
    EXPECT_OK(container_entries(cx, db, SLICE("local"), page.entries_next, 2, &page));
    EXPECT(page.entry_count == 2 && page.entries_next == 0);
    EXPECT(slice_equal(page.entries[1].file_name, SLICE("e.xml")));
    store_give(flow_store(flow), db);
    flow_close(flow);
}

static Slice line_of(Cx *cx, Flow *flow, const char *text)
{
    Slice line;
    DocumentView zip = find(cx, flow, flow_fixture_keep(cx, flow, text), true);
    EXPECT_OK(document_print_import(cx, SLICE("x.zip"), &zip, &line));
    return line;
}

TEST("container: what is told of a zip in a zip stands in its place, under its name")
{
    Flow *flow = flow_fixture_open(cx, NULL);
    Slice reference = flow_fixture_keep(cx, flow, A_ZIP);
    Slice line;
    static const char *const names[] = {"a.xml", "in.zip/b.xml", "d.txt", "e.xml"};
    DocumentView zip = find(cx, flow, reference, true);
    EXPECT(zip.entry_count == 4);
    for (size_t i = 0; i < 4; i++)
        EXPECT(slice_equal(zip.entries[i].file_name, slice_of(names[i])));
    EXPECT_OK(document_print_import(cx, SLICE("x.zip"), &zip, &line));
    EXPECT(slice_find(line, SLICE("\"state\":\"accepted\",\"reason\":\"\",\"invoices\":[{")) <
           slice_find(line, SLICE("\"entries\":[{\"file\":\"a.xml\"")));
    EXPECT(slice_find(line, SLICE("\"file\":\"d.txt\"")) != SLICE_NONE);

    // Nothing but what was there before, then nothing but what is no invoice.
    line = line_of(cx, flow, "zip\nz.xml fapiao|number 26112000000000000017");
    EXPECT(slice_find(line, SLICE("\"state\":\"duplicate\",\"reason\":\"\"")) != SLICE_NONE);
    line = line_of(cx, flow, "zip\nz.txt nothing");
    EXPECT(slice_find(line, SLICE("\"state\":\"quarantined\",\"reason\":\"not_invoice\"")) !=
           SLICE_NONE);
    flow_close(flow);
}
