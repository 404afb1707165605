// For tests of this desk: a flow whose reader takes "ok TOTAL" for an invoice.
#pragma once
#include "commit/commit_fixture.h"
#include "desk/invoice/document/document.h"
#include "desk/invoice/document/document_hand_in.h"
#include "desk/invoice/document/document_print.h"

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

[[maybe_unused]] static Flow *document_fixture_open(Cx *cx)
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

[[maybe_unused]] static DocumentView document_fixture_hand_in(Cx *cx, Flow *flow, Slice bytes)
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

[[maybe_unused]] static Slice document_fixture_printed(Cx *cx, const DocumentView *view)
{
    Slice json;
    EXPECT_OK(document_print_whole(cx, view, &json));
    return json;
}

[[maybe_unused]] static bool document_fixture_says(Slice json, const char *what)
{
    return slice_find(json, slice_of(what)) != SLICE_NONE;
}
