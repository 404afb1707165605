#include "base/test.h"
#include "webui/webui.h"

TEST("webui: the page's own addresses give the page, files are found by their exact name")
{
    static const struct {
        Slice path;
        bool found;
    } cases[] = {
        {SLICE("/"), true},
        {SLICE("/index.html"), true},
        {SLICE("/invoices"), true},
        {SLICE("/invoices/0190-ab"), true},
        {SLICE("/v1.2/verify"), true},
        {SLICE("/no-such-file.js"), false},
        {SLICE("/api/v1/nothing"), false},
        {SLICE("index.html"), false},
        {SLICE("/../index.html/.."), false},
        {SLICE(""), false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        WebuiFile file = {};
        EXPECT(webui_find(cases[i].path, &file) == cases[i].found);
        EXPECT(slice_equal(file.path, cases[i].found ? SLICE("/index.html") : SLICE("")));
    }
}

TEST("webui: every file has a type, a quoted etag, and bytes that are what their flag says")
{
    WebuiFile page = {};
    EXPECT(webui_find(SLICE("/"), &page));
    EXPECT(slice_starts(page.type, SLICE("text/html")) && !page.immutable);
    EXPECT(slice_find(page.plain, SLICE("<html lang=\"zh-CN\"")) != SLICE_NONE);
    EXPECT(webui_built() == (webui_file_count > 0));
    for (size_t i = 0; i < webui_file_count; i++) {
        const WebuiFile *file = &webui_files[i];
        EXPECT(slice_starts(file->path, SLICE("/")) && file->type.size > 0);
        EXPECT(file->etag.size > 2 && slice_ends(file->etag, SLICE("\"")));
        EXPECT(file->plain.size > 0);
        EXPECT(file->gzip == slice_starts(file->bytes, SLICE("\x1f\x8b")));
        EXPECT(file->gzip || slice_equal(file->bytes, file->plain));
    }
}
