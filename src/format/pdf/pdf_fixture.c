#include "format/pdf/pdf_fixture.h"

#include <assert.h>
#include <cairo-pdf.h>

#include "base/text.h"
#include "base/utf8.h"
#include "format/pdf/pdf_fold.h"

#define QR_LEFT   20.0 // points
#define QR_MODULE 2.0

PdfPage pdf_fixture_glyphs(Cx *cx, const PdfFixturePage *page)
{
    size_t room = 1;
    for (size_t i = 0; i < page->text_count; i++)
        room += slice_of(page->texts[i].text).size + 1;
    PdfPage out = {.width = page->width, .height = page->height};
    out.glyphs = arena_alloc(&cx->arena, room * sizeof *out.glyphs);
    for (size_t i = 0; i < page->text_count; i++) {
        const PdfFixtureText *text = &page->texts[i];
        Slice rest = slice_of(text->text);
        float x = text->x;
        while (rest.size > 0) {
            uint32_t code = 0;
            size_t size = utf8_head(rest, &code);
            assert(size > 0);
            rest = slice_sub(rest, size, rest.size - size);
            float wide = code < 0x100 ? text->size / 2 : text->size;
            out.glyphs[out.count++] = (PdfGlyph){.code = pdf_fold_radical(code),
                                                 .x1 = x,
                                                 .y1 = text->y - text->size,
                                                 .x2 = x + wide,
                                                 .y2 = text->y};
            x += wide;
        }
        out.glyphs[out.count++] = (PdfGlyph){.code = '\n'};
    }
    return out;
}

static void draw_qr(cairo_t *pen, const uint8_t *qr, int side)
{
    for (int y = 0; y < side; y++)
        for (int x = 0; x < side; x++)
            if (qr[y * side + x] & 1)
                cairo_rectangle(pen, QR_LEFT + x * QR_MODULE, QR_LEFT + y * QR_MODULE, QR_MODULE,
                                QR_MODULE);
    cairo_fill(pen);
}

static cairo_status_t keep(void *self, const unsigned char *data, unsigned int size)
{
    text_add(self, (Slice){(const char *)data, size});
    return CAIRO_STATUS_SUCCESS;
}

Slice pdf_fixture(Cx *cx, const PdfFixturePage *pages, size_t count)
{
    Text bytes = text_open(cx, 16 * LIMIT_MIB);
    cairo_surface_t *surface =
        cairo_pdf_surface_create_for_stream(keep, &bytes, pages[0].width, pages[0].height);
    cairo_t *pen = cairo_create(surface);
    cairo_select_font_face(pen, "WenQuanYi Micro Hei", CAIRO_FONT_SLANT_NORMAL,
                           CAIRO_FONT_WEIGHT_NORMAL);
    for (size_t i = 0; i < count; i++) {
        cairo_pdf_surface_set_size(surface, pages[i].width, pages[i].height);
        for (size_t k = 0; k < pages[i].text_count; k++) {
            const PdfFixtureText *text = &pages[i].texts[k];
            cairo_set_font_size(pen, text->size);
            cairo_move_to(pen, text->x, text->y);
            cairo_show_text(pen, text->text);
        }
        if (pages[i].qr != NULL) draw_qr(pen, pages[i].qr, pages[i].qr_side);
        cairo_show_page(pen);
    }
    cairo_destroy(pen);
    cairo_surface_finish(surface);
    assert(cairo_surface_status(surface) == CAIRO_STATUS_SUCCESS);
    cairo_surface_destroy(surface);
    return text_so_far(&bytes);
}

Slice pdf_fixture_attached(Cx *cx, Slice name, Slice bytes)
{
    Text pdf = text_open(cx, bytes.size + 4096);
    text_printf(&pdf,
                "%%PDF-1.7\n"
                "1 0 obj\n<</Type/Catalog/Pages 2 0 R/Names<</EmbeddedFiles<</Names["
                "(" SLICE_FMT ") 4 0 R]>>>>>>\nendobj\n"
                "2 0 obj\n<</Type/Pages/Kids[3 0 R]/Count 1>>\nendobj\n"
                "3 0 obj\n<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 200]>>\nendobj\n"
                "4 0 obj\n<</Type/Filespec/F(" SLICE_FMT ")/EF<</F 5 0 R>>>>\nendobj\n"
                "5 0 obj\n<</Type/EmbeddedFile/Length %zu>>\nstream\n",
                SLICE_ARG(name), SLICE_ARG(name), bytes.size);
    text_add(&pdf, bytes);
    text_add(&pdf, SLICE("endstream\nendobj\ntrailer\n<</Size 6/Root 1 0 R>>\n%%EOF\n"));
    return text_so_far(&pdf);
}
