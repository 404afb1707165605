#include "format/image/image_draw.h"

#include <cairo.h>
#include <math.h>

#define UM_PER_MM   1000.0
#define SMALL_SIDE  64 // pixels; a smaller picture is enlarged with hard edges: it may be a module
#define AREA_UM_MIN 1.0

struct ImageDraw {
    cairo_surface_t *surface;
    cairo_t *pen;
    uint32_t width, height;
};

Err image_draw_open(Cx *cx, int32_t width, int32_t height, unsigned per_mm, ImageDraw **ret_draw)
{
    double wide = width / UM_PER_MM, high = height / UM_PER_MM, scale = per_mm;
    if (width <= 0 || height <= 0) return err_set(cx, ERR_INPUT, "a page without a size");
    double pixels = wide * high * scale * scale, longest = fmax(wide, high) * scale;
    if (pixels > (double)LIMIT_RENDER_PIXELS) scale *= sqrt((double)LIMIT_RENDER_PIXELS / pixels);
    if (longest > (double)LIMIT_IMAGE_SIDE)
        scale = fmin(scale, (double)LIMIT_IMAGE_SIDE / fmax(wide, high));
    if (wide * scale < 1 || high * scale < 1)
        return err_set(cx, ERR_INPUT, "a page without a size");
    ImageDraw *draw = arena_alloc(&cx->arena, sizeof *draw);
    draw->width = (uint32_t)(wide * scale);
    draw->height = (uint32_t)(high * scale);
    draw->surface =
        cairo_image_surface_create(CAIRO_FORMAT_RGB24, (int)draw->width, (int)draw->height);
    draw->pen = cairo_create(draw->surface);
    if (cairo_status(draw->pen) != CAIRO_STATUS_SUCCESS) {
        image_draw_close(draw);
        return err_set(cx, ERR_LIMIT, "page does not fit");
    }
    cairo_set_source_rgb(draw->pen, 1, 1, 1);
    cairo_paint(draw->pen);
    cairo_scale(draw->pen, scale / UM_PER_MM, scale / UM_PER_MM);
    *ret_draw = draw;
    return ERR_OK;
}

void image_draw_move(ImageDraw *draw, int32_t x, int32_t y)
{
    cairo_move_to(draw->pen, x, y);
}

void image_draw_line(ImageDraw *draw, int32_t x, int32_t y)
{
    cairo_line_to(draw->pen, x, y);
}

void image_draw_curve(ImageDraw *draw, const int32_t x[static 3], const int32_t y[static 3])
{
    cairo_curve_to(draw->pen, x[0], y[0], x[1], y[1], x[2], y[2]);
}

void image_draw_close_outline(ImageDraw *draw)
{
    cairo_close_path(draw->pen);
}

static void set_ink(ImageDraw *draw, uint8_t ink)
{
    double grey = ink / 255.0;
    cairo_set_source_rgb(draw->pen, grey, grey, grey);
}

void image_draw_fill(ImageDraw *draw, uint8_t ink, bool even_odd)
{
    set_ink(draw, ink);
    cairo_set_fill_rule(draw->pen, even_odd ? CAIRO_FILL_RULE_EVEN_ODD : CAIRO_FILL_RULE_WINDING);
    cairo_fill_preserve(draw->pen);
}

void image_draw_stroke(ImageDraw *draw, uint8_t ink, int32_t width)
{
    set_ink(draw, ink);
    cairo_set_line_width(draw->pen, width);
    cairo_stroke_preserve(draw->pen);
}

void image_draw_end_outline(ImageDraw *draw)
{
    cairo_new_path(draw->pen);
}

static void copy_in(cairo_surface_t *surface, const Image *image)
{
    cairo_surface_flush(surface);
    uint8_t *data = cairo_image_surface_get_data(surface);
    size_t stride = (size_t)cairo_image_surface_get_stride(surface);
    for (uint32_t y = 0; y < image->height; y++)
        for (uint32_t x = 0; x < image->width; x++) {
            uint32_t color = image->pixels[(size_t)y * image->width + x] * 0x010101u;
            memcpy(data + y * stride + (size_t)x * 4, &color, 4);
        }
    cairo_surface_mark_dirty(surface);
}

void image_draw_picture(ImageDraw *draw, const Image *image, const ImagePlace *place)
{
    double area = (double)place->a * place->d - (double)place->b * place->c;
    if (fabs(area) < AREA_UM_MIN || image->width == 0 || image->height == 0) return;
    cairo_surface_t *surface =
        cairo_image_surface_create(CAIRO_FORMAT_RGB24, (int)image->width, (int)image->height);
    if (cairo_surface_status(surface) == CAIRO_STATUS_SUCCESS) {
        bool small = image->width < SMALL_SIDE && image->height < SMALL_SIDE;
        cairo_matrix_t matrix = {place->a, place->b, place->c, place->d, place->e, place->f};
        copy_in(surface, image);
        cairo_save(draw->pen);
        cairo_transform(draw->pen, &matrix);
        cairo_scale(draw->pen, 1.0 / image->width, 1.0 / image->height);
        cairo_set_source_surface(draw->pen, surface, 0, 0);
        cairo_pattern_set_filter(cairo_get_source(draw->pen),
                                 small ? CAIRO_FILTER_NEAREST : CAIRO_FILTER_GOOD);
        cairo_rectangle(draw->pen, 0, 0, image->width, image->height);
        cairo_fill(draw->pen);
        cairo_restore(draw->pen);
    }
    cairo_surface_destroy(surface);
}

Err image_draw_done(Cx *cx, ImageDraw *draw, Image *ret_image)
{
    cairo_surface_flush(draw->surface);
    const uint8_t *data = cairo_image_surface_get_data(draw->surface);
    size_t stride = (size_t)cairo_image_surface_get_stride(draw->surface);
    uint8_t *pixels = arena_try_alloc(&cx->arena, (size_t)draw->width * draw->height);
    if (cairo_status(draw->pen) != CAIRO_STATUS_SUCCESS || data == NULL)
        return err_set(cx, ERR_INPUT, "page can't be drawn");
    if (pixels == NULL) return err_set(cx, ERR_LIMIT, "page does not fit");
    for (uint32_t y = 0; y < draw->height; y++)
        for (uint32_t x = 0; x < draw->width; x++) { // all inks are grey: one byte tells
            uint32_t color = 0;
            memcpy(&color, data + y * stride + (size_t)x * 4, 4);
            pixels[(size_t)y * draw->width + x] = (uint8_t)(color & 255);
        }
    *ret_image = (Image){.pixels = pixels, .width = draw->width, .height = draw->height};
    return ERR_OK;
}

void image_draw_close(ImageDraw *draw)
{
    cairo_destroy(draw->pen);
    cairo_surface_destroy(draw->surface);
}
