// A PDF is opened or refused; each page gives finite boxes and a picture within the limits.
#include <math.h>
#include <stdlib.h>

#include "format/pdf/pdf.h"

#define FUZZ_PAGES 2
#define FUZZ_DPI   30

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_page(Cx *cx, Pdf *pdf, size_t page)
{
    PdfPage text = {};
    if (pdf_text(cx, pdf, page, &text) == ERR_OK)
        for (size_t i = 0; i < text.count; i++) {
            const PdfGlyph *glyph = &text.glyphs[i];
            if (!isfinite(glyph->x1) || !isfinite(glyph->y2) || glyph->x2 < glyph->x1) abort();
        }
    Image image = {};
    if (pdf_render(cx, pdf, page, FUZZ_DPI, &image) != ERR_OK) return;
    if ((size_t)image.width * image.height > LIMIT_RENDER_PIXELS || image.width == 0) abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    Cx cx;
    cx_init(&cx, world_real(), LIMIT_JOB_ARENA);
    {
        PDF_CLOSE Pdf *pdf = NULL;
        Err err = pdf_open(&cx, (Slice){(const char *)data, size}, &pdf);
        if (err != ERR_OK && pdf != NULL) abort();
        for (size_t i = 0; pdf != NULL && i < FUZZ_PAGES && i < pdf_page_count(pdf); i++)
            check_page(&cx, pdf, i);
        PdfAttachment *attachments = NULL;
        size_t count = 0;
        if (pdf != NULL && pdf_attachments(&cx, pdf, &attachments, &count) == ERR_OK)
            if (count > LIMIT_PDF_ATTACHMENTS) abort();
    }
    cx_done(&cx);
    return 0;
}
