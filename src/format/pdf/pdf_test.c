#include "format/pdf/pdf.h"

#include "base/test.h"
#include "base/utf8.h"
#include "format/pdf/pdf_fixture.h"

static const PdfFixtureText texts[] = {{20, 40, 10, "发票号码：12345678"}, {20, 80, 10, "A b"}};
static const PdfFixturePage page = {300, 200, texts, 2, NULL, 0};

TEST("pdf: gives each character with its box")
{
    PdfFixturePage pages[] = {page, page};
    PDF_CLOSE Pdf *pdf = NULL;
    EXPECT_OK(pdf_open(cx, pdf_fixture(cx, pages, 2), &pdf));
    EXPECT(pdf_page_count(pdf) == 2);
    PdfPage text = {};
    EXPECT_OK(pdf_text(cx, pdf, 1, &text));
    EXPECT(text.width == 300 && text.height == 200);
    EXPECT(text.count > 13);
    EXPECT(text.glyphs[0].code == 0x53d1);
    EXPECT(text.glyphs[0].x1 > 18 && text.glyphs[0].x2 < 32);
    EXPECT(text.glyphs[0].y1 > 25 && text.glyphs[0].y2 < 46);
    EXPECT(text.glyphs[5].code == '1');
    EXPECT(pdf_text(cx, pdf, 2, &text) == ERR_INPUT);
}

TEST("pdf: says damaged, encrypted, too many pages")
{
    Pdf *pdf = NULL;
    EXPECT(pdf_open(cx, SLICE(""), &pdf) == ERR_INPUT);
    EXPECT(pdf_open(cx, SLICE("%PDF-1.7 and no more"), &pdf) == ERR_INPUT);
    EXPECT(pdf_open(cx, SLICE("no PDF"), &pdf) == ERR_INPUT);
    // Standard security handler, a user password that is not empty (values of no meaning).
    static const char locked[] =
        "%PDF-1.4\n1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\n"
        "2 0 obj\n<</Type/Pages/Kids[3 0 R]/Count 1>>\nendobj\n"
        "3 0 obj\n<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>\nendobj\n"
        "trailer\n<</Size 5/Root 1 0 R/ID[<00><00>]/Encrypt<</Filter/Standard/V 1/R 2/P -4"
        "/O<1111111111111111111111111111111111111111111111111111111111111111>"
        "/U<2222222222222222222222222222222222222222222222222222222222222222>>>>>\n%%EOF\n";
    EXPECT(pdf_open(cx, slice_of(locked), &pdf) == ERR_DENIED);
    PdfFixturePage *many = arena_alloc(&cx->arena, 201 * sizeof *many);
    for (size_t i = 0; i < 201; i++)
        many[i] = (PdfFixturePage){30, 20, NULL, 0, NULL, 0};
    EXPECT(pdf_open(cx, pdf_fixture(cx, many, 201), &pdf) == ERR_LIMIT);
    EXPECT(pdf == NULL);
}

TEST("pdf: a truncated file is read as far as it goes, or is damaged; nothing else")
{
    Slice whole = pdf_fixture(cx, &page, 1);
    for (size_t size = 0; size < whole.size; size += whole.size / 40 + 1) {
        PDF_CLOSE Pdf *pdf = NULL;
        Err err = pdf_open(cx, slice_sub(whole, 0, size), &pdf);
        EXPECT(err == ERR_OK || err == ERR_INPUT);
        PdfPage text = {};
        if (err == ERR_OK) err = pdf_text(cx, pdf, 0, &text);
        EXPECT(err == ERR_OK || err == ERR_INPUT);
    }
}

TEST("pdf: attachments come out byte for byte")
{
    static const Slice bytes = SLICE("<a>\x00\xff</a>");
    PDF_CLOSE Pdf *pdf = NULL;
    EXPECT_OK(pdf_open(cx, pdf_fixture_attached(cx, SLICE("0"), bytes), &pdf));
    PdfAttachment *attachments = NULL;
    size_t count = 0;
    EXPECT_OK(pdf_attachments(cx, pdf, &attachments, &count));
    EXPECT(count == 1);
    EXPECT(slice_equal(attachments[0].name, SLICE("0")));
    EXPECT(slice_equal(attachments[0].bytes, bytes));
}

TEST("pdf: an attachment that is a mere name is passed over")
{
    static const char named[] =
        "%PDF-1.7\n1 0 obj\n<</Type/Catalog/Pages 2 0 R/Names<</EmbeddedFiles<</Names["
        "(a) 4 0 R(b) 5 0 R]>>>>>>\nendobj\n"
        "2 0 obj\n<</Type/Pages/Kids[3 0 R]/Count 1>>\nendobj\n"
        "3 0 obj\n<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>\nendobj\n"
        "4 0 obj\n(a.xml)\nendobj\n"
        "5 0 obj\n<</Type/Filespec/F(b)/EF<</F 6 0 R>>>>\nendobj\n"
        "6 0 obj\n<</Type/EmbeddedFile/Length 4>>\nstream\n<b/>\nendstream\nendobj\n"
        "trailer\n<</Size 7/Root 1 0 R>>\n%%EOF\n";
    PDF_CLOSE Pdf *pdf = NULL;
    EXPECT_OK(pdf_open(cx, slice_of(named), &pdf));
    PdfAttachment *attachments = NULL;
    size_t count = 0;
    EXPECT_OK(pdf_attachments(cx, pdf, &attachments, &count));
    EXPECT(count == 1);
    EXPECT(slice_equal(attachments[0].name, SLICE("b")));
}
