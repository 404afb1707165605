// Property: the parts of whatever opens lie inside its zip, and all text lies on the page. The
// bytes are taken as OFD.xml, Document.xml and a page, cut at NUL, so that they get past the zip.
#include <assert.h>

#include "format/ofd/ofd_text.h"
#include "format/zip/zip_fixture.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    Cx cx;
    cx_init(&cx, world_real(), (size_t)64 << 20);
    Slice rest = {(const char *)data, size}, parts[3] = {};
    bool done = false;
    for (int i = 0; i < 3; i++)
        (void)slice_cut(&rest, '\0', &done, &parts[i]);
    Slice first = slice_empty(parts[0])
                      ? SLICE("<OFD><DocBody><DocRoot>D.xml</DocRoot></DocBody></OFD>")
                      : parts[0];
    const ZipFixtureEntry entries[] = {{.name = "OFD.xml", .bytes = first},
                                       {.name = "D.xml", .bytes = parts[1]},
                                       {.name = "P.xml", .bytes = parts[2]}};
    Ofd *ofd = NULL;
    ZipTrouble trouble = ZIP_TROUBLE_NONE;
    Err err = ofd_open(&cx, zip_fixture_make(&cx, entries, 3), &ofd, &trouble);
    assert(err == ERR_OK || trouble != ZIP_TROUBLE_NONE || err == ERR_LIMIT);
    for (size_t i = 0; err == ERR_OK && i < ofd->doc_count; i++) {
        const OfdDoc *doc = &ofd->docs[i];
        OfdTexts texts = {};
        for (size_t p = 0; p < doc->page_count; p++)
            assert(doc->pages[p].entry < 3 && doc->pages[p].template_count <= OFD_TEMPLATES_MAX);
        if (ofd_text_read(&cx, ofd, doc, &texts) != ERR_OK) break;
        for (size_t t = 0; t < texts.count; t++) {
            const OfdText *text = &texts.items[t];
            assert(text->text.size > 0 && text->page < doc->page_count);
            assert(text->y <= 10'000'000 && text->y >= -10'000'000);
            assert(text->x1 <= 10'000'000 && text->x1 >= -10'000'000);
        }
    }
    cx_done(&cx);
    return 0;
}
