#include "format/pdf/pdf.h"

// A page whose text needs the font matching (KaiTi is not embedded), a character map of
// poppler-data (UniGB-UCS2-H) and a drawn glyph: everything that a first real page would load.
static const char warm_document[] =
    "%PDF-1.4\n"
    "1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\n"
    "2 0 obj\n<</Type/Pages/Kids[3 0 R]/Count 1>>\nendobj\n"
    "3 0 obj\n<</Type/Page/Parent 2 0 R/MediaBox[0 0 90 90]/Contents 4 0 R"
    "/Resources<</Font<</A 5 0 R/B 7 0 R/C 9 0 R/D 10 0 R>>>>>>\nendobj\n"
    "4 0 obj\n<</Length 110>>\nstream\n"
    "BT /A 9 Tf 9 9 Td <53D17968> Tj /B 9 Tf <B7A2C6B1> Tj /C 9 Tf <53D1> Tj /D 9 Tf (1) Tj ET "
    "                    "
    "\nendstream\nendobj\n"
    "5 0 obj\n<</Type/Font/Subtype/Type0/BaseFont/KaiTi/Encoding/UniGB-UCS2-H"
    "/DescendantFonts[6 0 R]>>\nendobj\n"
    "6 0 obj\n<</Type/Font/Subtype/CIDFontType2/BaseFont/KaiTi/DW 1000"
    "/CIDSystemInfo<</Registry(Adobe)/Ordering(GB1)/Supplement 2>>/FontDescriptor 8 0 R>>\nendobj\n"
    "7 0 obj\n<</Type/Font/Subtype/Type0/BaseFont/SimSun/Encoding/GBK-EUC-H"
    "/DescendantFonts[6 0 R]>>\nendobj\n"
    "8 0 obj\n<</Type/FontDescriptor/FontName/KaiTi/Flags 4/FontBBox[0 0 1000 1000]"
    "/ItalicAngle 0/Ascent 859/Descent -141/CapHeight 700/StemV 80>>\nendobj\n"
    "9 0 obj\n<</Type/Font/Subtype/Type0/BaseFont/SimSun/Encoding/UniGB-UTF16-H"
    "/DescendantFonts[6 0 R]>>\nendobj\n"
    "10 0 obj\n<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>\nendobj\n"
    "trailer\n<</Size 11/Root 1 0 R>>\n%%EOF\n";

// No reader depends on it: what fails here fails again, and says so, with the first document.
void pdf_warm(void)
{
    static const World silent = {};
    Cx cx;
    cx_init(&cx, &silent, LIMIT_MIB);
    {
        PDF_CLOSE Pdf *pdf = NULL;
        PdfPage page = {};
        Image image = {};
        if (pdf_open(&cx, slice_of(warm_document), &pdf) == ERR_OK)
            if (pdf_text(&cx, pdf, 0, &page) == ERR_OK) (void)!pdf_render(&cx, pdf, 0, 72, &image);
    }
    cx_done(&cx);
}
