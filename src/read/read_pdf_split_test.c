#include "read/read_pdf_split.h"

#include "base/test.h"
#include "read/read_pdf_fixture.h"

static PdfParts *split(Cx *cx, const PdfFixturePage *sheet)
{
    PdfPage page = pdf_fixture_glyphs(cx, sheet);
    PageWords words = {};
    PdfParts *parts = arena_alloc(&cx->arena, sizeof *parts);
    EXPECT_OK(read_pdf_vat_words(cx, &page, &words));
    EXPECT_OK(read_pdf_split(cx, &page, &words, parts));
    return parts;
}

static PdfFixturePage digital(Cx *cx, const char *number)
{
    return read_pdf_fixture_with(cx, read_pdf_fixture_digital(), "24942000000003727672", number);
}

#define SECOND "25112000000000000002"
#define THIRD  "25112000000000000003"
#define FOURTH "25112000000000000004"

static bool gives(Cx *cx, const PageWords *words, const char *number, const char *total)
{
    Draft draft = {};
    EXPECT_OK(read_pdf_vat(cx, words, &draft));
    return slice_equal(draft.number, slice_of(number)) &&
           slice_equal(draft.total, slice_of(total)) && draft.line_count == 2 &&
           draft.seller.name.size > 0 && draft.buyer.tax_id.size > 0;
}

TEST("read_pdf_split: two on a sheet, at its top or in its halves")
{
    static const float seconds[] = {400, 424, 440};
    for (size_t i = 0; i < 3; i++) {
        const ReadPdfPlace places[] = {{read_pdf_fixture_control(), 0, 0, 0.97f},
                                       {digital(cx, SECOND), 0, seconds[i], 0.97f}};
        PdfFixturePage sheet = read_pdf_fixture_sheet(cx, 595, 842, places, 2);
        PdfParts *parts = split(cx, &sheet);
        EXPECT(parts->several && parts->count == 2);
        EXPECT(gives(cx, &parts->words[0], "89465988", "50.06"));
        EXPECT(gives(cx, &parts->words[1], SECOND, "790.00"));
    }
}

TEST("read_pdf_split: three and four on a sheet turned to its side")
{
    const ReadPdfPlace places[] = {{digital(cx, SECOND), 0, 0, 0.7f},
                                   {digital(cx, THIRD), 421, 0, 0.7f},
                                   {digital(cx, FOURTH), 0, 297, 0.7f},
                                   {read_pdf_fixture_control(), 421, 297, 0.68f}};
    for (size_t count = 3; count <= 4; count++) {
        PdfFixturePage sheet = read_pdf_fixture_sheet(cx, 842, 595, places, count);
        PdfParts *parts = split(cx, &sheet);
        EXPECT(parts->several && parts->count == count);
        EXPECT(gives(cx, &parts->words[0], SECOND, "790.00"));
        EXPECT(gives(cx, &parts->words[1], FOURTH, "790.00"));
        EXPECT(gives(cx, &parts->words[2], THIRD, "790.00"));
        if (count == 4) EXPECT(gives(cx, &parts->words[3], "89465988", "50.06"));
    }
}

TEST("read_pdf_split: one invoice, a list and the same number twice are not parted")
{
    PdfFixturePage pages[] = {read_pdf_fixture_control(), read_pdf_fixture_digital(),
                              read_pdf_fixture_first(),   read_pdf_fixture_list(),
                              read_pdf_fixture_letter(),  read_pdf_fixture_vehicle()};
    for (size_t i = 0; i < sizeof pages / sizeof pages[0]; i++) {
        PdfParts *parts = split(cx, &pages[i]);
        EXPECT(!parts->several && parts->count == 0);
    }
    const ReadPdfPlace copies[] = {{read_pdf_fixture_control(), 0, 0, 0.97f},
                                   {read_pdf_fixture_control(), 0, 421, 0.97f}};
    PdfFixturePage twice = read_pdf_fixture_sheet(cx, 595, 842, copies, 2);
    EXPECT(!split(cx, &twice)->several);
}

TEST("read_pdf_split: what overlaps is said to be several, and no values are mixed")
{
    const ReadPdfPlace places[] = {{digital(cx, SECOND), 0, 0, 0.97f},
                                   {digital(cx, THIRD), 0, 30, 0.97f}};
    PdfFixturePage sheet = read_pdf_fixture_sheet(cx, 595, 842, places, 2);
    PdfParts *parts = split(cx, &sheet);
    EXPECT(parts->several && parts->count == 0);
}
