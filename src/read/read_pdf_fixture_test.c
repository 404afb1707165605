#include "read/read_pdf_fixture.h"

#include "base/test.h"

TEST("read_pdf_fixture: every page has text inside its edges")
{
    typedef PdfFixturePage PageFn(void);
    static PageFn *const pages[] = {
        read_pdf_fixture_control, read_pdf_fixture_short,  read_pdf_fixture_list,
        read_pdf_fixture_digital, read_pdf_fixture_first,  read_pdf_fixture_second,
        read_pdf_fixture_air,     read_pdf_fixture_rail,   read_pdf_fixture_vehicle,
        read_pdf_fixture_letter,  read_pdf_fixture_garbled};
    for (size_t i = 0; i < sizeof pages / sizeof pages[0]; i++) {
        PdfFixturePage page = pages[i]();
        EXPECT(page.text_count > 0);
        PdfPage glyphs = pdf_fixture_glyphs(cx, &page);
        for (size_t k = 0; k < glyphs.count; k++)
            EXPECT(glyphs.glyphs[k].x1 >= 0 && glyphs.glyphs[k].x2 <= page.width &&
                   glyphs.glyphs[k].y2 <= page.height);
    }
}
