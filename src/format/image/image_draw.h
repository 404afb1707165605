// Image_draw: outlines and pictures drawn onto a white page, by cairo. For codes that are drawn
// rather than kept as a picture. Lengths are micrometres from the page's upper left corner.
#pragma once
#include "format/image/image.h"

typedef struct ImageDraw ImageDraw;

typedef struct ImagePlace { // where a picture's unit square goes: (a u + c v + e, b u + d v + f)
    int32_t a, b, c, d, e, f;
} ImagePlace;

// A white page at `per_mm` pixels a millimetre, or as much less as LIMIT_RENDER_PIXELS asks for.
// ERR_INPUT for a page without a size.
Err image_draw_open(Cx *cx, int32_t width, int32_t height, unsigned per_mm, ImageDraw **ret_draw);
// The outline so far grows, until it is filled or stroked.
void image_draw_move(ImageDraw *draw, int32_t x, int32_t y);
void image_draw_line(ImageDraw *draw, int32_t x, int32_t y);
void image_draw_curve(ImageDraw *draw, const int32_t x[static 3], const int32_t y[static 3]);
void image_draw_close_outline(ImageDraw *draw);
// `ink` is grey, 0 black. The outline is used up by image_draw_end_outline alone.
void image_draw_fill(ImageDraw *draw, uint8_t ink, bool even_odd);
void image_draw_stroke(ImageDraw *draw, uint8_t ink, int32_t width);
void image_draw_end_outline(ImageDraw *draw);
// The whole picture onto its place. One whose place has no area is left out.
void image_draw_picture(ImageDraw *draw, const Image *image, const ImagePlace *place);
// What was drawn, in the arena.
Err image_draw_done(Cx *cx, ImageDraw *draw, Image *ret_image);
void image_draw_close(ImageDraw *draw);

#define IMAGE_DRAW_CLOSE __attribute__((cleanup(image_draw_cleanup)))
static inline void image_draw_cleanup(ImageDraw *const *draw)
{
    if (*draw != NULL) image_draw_close(*draw);
}
