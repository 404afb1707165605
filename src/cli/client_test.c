#include "cli/client.h"

#include "base/limits.h"
#include "base/test.h"
#include "http/http_fixture.h"

TEST("client: small and large documents reach the server that holds the folder")
{
    HttpSite site = http_fixture_open(cx, NULL);
    Client *client = NULL;
    Slice document;
    Reason refused;
    DocumentView view;
    EXPECT_OK(client_open(cx, site.folder, &client));
    EXPECT_OK(client_hand_in(cx, client, SLICE("a \"b\".xml"),
                             SLICE("fapiao\nkind 32\nnumber 24110000000000000001\n"), &document,
                             &refused));
    EXPECT_OK(client_view(cx, document, &view));
    EXPECT(view.state == DOC_ACCEPTED && view.invoice_count == 1);
    EXPECT(view.invoices[0].relation == RELATION_NEW);
    EXPECT(slice_equal(view.file_name, SLICE("a \"b\".xml")));
    EXPECT(slice_equal(view.invoices[0].number, SLICE("24110000000000000001")));
    size_t size = 9 * LIMIT_MIB;
    char *bytes = arena_alloc(&cx->arena, size);
    memset(bytes, 'x', size);
    EXPECT_OK(
        client_hand_in(cx, client, SLICE("大.bin"), (Slice){bytes, size}, &document, &refused));
    EXPECT_OK(client_view(cx, document, &view));
    EXPECT(view.state == DOC_QUARANTINED && view.reason == REASON_NOT_INVOICE);
    EXPECT(view.size == (int64_t)size && slice_equal(view.file_name, SLICE("大.bin")));
    EXPECT_OK(client_hand_in(cx, client, SLICE("empty"), SLICE(""), &document, &refused));
    EXPECT(refused == REASON_EMPTY && slice_empty(document));
    EXPECT(client_document(cx, client, SLICE("R-1"), 0, &document) == ERR_MISSING);
    client_close(client);
    http_fixture_close(&site);
    EXPECT(client_open(cx, site.folder, &client) == ERR_MISSING);
    EXPECT(client_view(cx, SLICE("{}"), &view) == ERR_INPUT);
}
