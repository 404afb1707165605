#include "format/pdf/pdf.h"

#include <math.h>

#include "format/pdf/pdf_handle.h"

#define POINTS_PER_INCH 72.0

static void surface_cleanup(cairo_surface_t **surface)
{
    if (*surface != NULL) cairo_surface_destroy(*surface);
}

// Red, green, blue at four bytes a pixel to one grey byte; the page lies on white.
static Err grey_of(Cx *cx, cairo_surface_t *surface, uint32_t width, uint32_t height, Image *ret)
{
    cairo_surface_flush(surface);
    const uint8_t *data = cairo_image_surface_get_data(surface);
    size_t stride = (size_t)cairo_image_surface_get_stride(surface);
    uint8_t *pixels = arena_try_alloc(&cx->arena, (size_t)width * height);
    if (data == NULL || pixels == NULL) return err_set(cx, ERR_LIMIT, "page does not fit");
    for (uint32_t y = 0; y < height; y++)
        for (uint32_t x = 0; x < width; x++) {
            uint32_t color = 0;
            memcpy(&color, data + y * stride + (size_t)x * 4, 4);
            uint32_t red = color >> 16 & 255, green = color >> 8 & 255, blue = color & 255;
            pixels[(size_t)y * width + x] = (uint8_t)((red * 77 + green * 151 + blue * 28) >> 8);
        }
    *ret = (Image){.pixels = pixels, .width = width, .height = height};
    return ERR_OK;
}

static Err draw(Cx *cx, PopplerPage *page, uint32_t width, uint32_t height, double scale,
                Image *ret)
{
    __attribute__((cleanup(surface_cleanup))) cairo_surface_t *surface =
        cairo_image_surface_create(CAIRO_FORMAT_RGB24, (int)width, (int)height);
    if (cairo_surface_status(surface) != CAIRO_STATUS_SUCCESS)
        return err_set(cx, ERR_LIMIT, "page does not fit");
    cairo_t *pen = cairo_create(surface);
    cairo_set_source_rgb(pen, 1, 1, 1);
    cairo_paint(pen);
    cairo_scale(pen, scale, scale);
    poppler_page_render(page, pen);
    bool drawn = cairo_status(pen) == CAIRO_STATUS_SUCCESS;
    cairo_destroy(pen);
    if (!drawn) return err_set(cx, ERR_INPUT, "page can't be drawn");
    return grey_of(cx, surface, width, height, ret);
}

Err pdf_render_part(Cx *cx, Pdf *pdf, size_t page, unsigned dpi, double part_x, double part_y,
                    Image *ret_image)
{
    PopplerPage *leaf =
        page < pdf->page_count ? poppler_document_get_page(pdf->document, (int)page) : NULL;
    if (leaf == NULL) return err_set(cx, ERR_INPUT, "page %zu is damaged", page + 1);
    double wide = 0, high = 0, scale = dpi / POINTS_PER_INCH;
    poppler_page_get_size(leaf, &wide, &high);
    wide *= part_x;
    high *= part_y;
    bool sane = isfinite(wide) && isfinite(high) && wide >= 1 && high >= 1;
    // A poster is drawn as much smaller as the limits want it.
    double pixels = wide * high * scale * scale;
    if (sane && pixels > (double)LIMIT_RENDER_PIXELS)
        scale *= sqrt((double)LIMIT_RENDER_PIXELS / pixels);
    double longest = fmax(wide, high) * scale;
    if (sane && longest > (double)LIMIT_IMAGE_SIDE) scale *= (double)LIMIT_IMAGE_SIDE / longest;
    Err err = ERR_OK;
    if (!sane || wide * scale < 1 || high * scale < 1)
        err = err_set(cx, ERR_INPUT, "page %zu has no size", page + 1);
    else
        err = draw(cx, leaf, (uint32_t)(wide * scale), (uint32_t)(high * scale), scale, ret_image);
    g_object_unref(leaf);
    return err;
}

Err pdf_render(Cx *cx, Pdf *pdf, size_t page, unsigned dpi, Image *ret_image)
{
    return pdf_render_part(cx, pdf, page, dpi, 1, 1, ret_image);
}
