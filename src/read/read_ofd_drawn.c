#include "read/read_ofd_drawn.h"

#include <stdlib.h>

#include "base/limits.h"
#include "format/image/image_draw.h"
#include "format/ofd/ofd_path.h"
#include "format/ofd/ofd_res.h"
#include "read/read_ofd_qr.h"
#include "read/read_qr.h"

#define PER_MM       8       // pixels; a module is half a millimetre at least
#define PAGE_WIDE_UM 210'000 // where no box says so
#define PAGE_HIGH_UM 297'000
#define PAGE_MAX_UM  500'000
#define LINE_UM      353    // where no LineWidth says so
#define LINE_MAX_UM  20'000 // no module is as wide
// The smallest code has more dark runs than this; a form has fewer lines and boxes.
#define OUTLINES_MIN 60
#define PICTURES_MIN 12

typedef struct Sketch {
    Cx *cx;
    Ofd *ofd;
    const OfdRes *res;
    ImageDraw *draw;
    size_t shapes_left, steps_left, pictures_left, *pixels_left;
    int64_t edges_left, area_left; // millimetres, square millimetres
    bool pictures;                 // some were drawn
    bool full;                     // a limit was met: nothing is said of this page
    Image last;                    // most small pictures of one page are the same
    size_t last_entry;
} Sketch;

static uint8_t byte_of(int64_t value)
{
    return (uint8_t)(value < 0 ? 0 : value > 255 ? 255 : value);
}

// Black, where nothing is said that we know.
static uint8_t ink_of(const XmlNode *color)
{
    int64_t v[4] = {};
    switch (ofd_frame_numbers(xml_attr(color, "Value"), 1, v, 4)) {
    case 1:
        return byte_of(v[0]);
    case 3:
        return byte_of((v[0] * 77 + v[1] * 151 + v[2] * 28) / 256);
    case 4: // cyan, magenta, yellow, black
        return byte_of(255 - v[3] - (v[0] * 77 + v[1] * 151 + v[2] * 28) / 256);
    default:
        return 0;
    }
}

static bool is_clear(const XmlNode *color)
{
    return xml_has_attr(color, "Alpha") && ofd_frame_number(xml_attr(color, "Alpha"), 1) == 0;
}

static bool spend_area(Sketch *sketch, int64_t wide_um, int64_t high_um)
{
    sketch->area_left -= wide_um / 1000 * (high_um / 1000) + 1;
    sketch->full = sketch->full || sketch->area_left < 0;
    return !sketch->full;
}

typedef struct Extent {
    int32_t x1, y1, x2, y2;
} Extent;

static void grow(Extent *extent, OfdPoint at)
{
    if (at.x < extent->x1) extent->x1 = at.x;
    if (at.x > extent->x2) extent->x2 = at.x;
    if (at.y < extent->y1) extent->y1 = at.y;
    if (at.y > extent->y2) extent->y2 = at.y;
}

// Lays the outline under the pen, when its edges and what they enclose can be afforded.
static bool lay(Sketch *sketch, const OfdPath *path)
{
    Extent extent = {INT32_MAX, INT32_MAX, INT32_MIN, INT32_MIN};
    int64_t far = 0;
    OfdPoint now = {};
    for (size_t i = 0; i < path->count; i++) {
        const OfdStep *step = &path->steps[i];
        int32_t x[3] = {step->at[0].x, step->at[1].x, step->at[2].x};
        int32_t y[3] = {step->at[0].y, step->at[1].y, step->at[2].y};
        size_t points = step->kind == OFD_STEP_CURVE ? 3 : step->kind != OFD_STEP_CLOSE;
        for (size_t k = 0; k < points; k++) {
            int64_t dx = (int64_t)x[k] - now.x, dy = (int64_t)y[k] - now.y;
            if (step->kind != OFD_STEP_MOVE) far += (dx < 0 ? -dx : dx) + (dy < 0 ? -dy : dy);
            now = step->at[k];
            grow(&extent, now);
        }
        if (step->kind == OFD_STEP_MOVE) image_draw_move(sketch->draw, x[0], y[0]);
        if (step->kind == OFD_STEP_LINE) image_draw_line(sketch->draw, x[0], y[0]);
        if (step->kind == OFD_STEP_CURVE) image_draw_curve(sketch->draw, x, y);
        if (step->kind == OFD_STEP_CLOSE) image_draw_close_outline(sketch->draw);
    }
    sketch->edges_left -= far / 1000 + 1;
    sketch->full = sketch->full || sketch->edges_left < 0;
    return spend_area(sketch, (int64_t)extent.x2 - extent.x1, (int64_t)extent.y2 - extent.y1);
}

static void draw_path(Sketch *sketch, const XmlNode *object)
{
    OfdFrame frame = ofd_frame_of(object);
    OfdPath path = {};
    bool fill = slice_equal(xml_attr(object, "Fill"), SLICE("true"));
    bool stroke = !slice_equal(xml_attr(object, "Stroke"), SLICE("false"));
    Slice data = xml_find_text(object, "AbbreviatedData");
    if (ofd_path_read(sketch->cx, &frame, data, &sketch->steps_left, &path) != ERR_OK)
        sketch->full = true;
    if (sketch->full || path.count == 0) return;
    const XmlNode *inside = ofd_res_style(sketch->res, object, "FillColor", NULL);
    const XmlNode *edge = ofd_res_style(sketch->res, object, "StrokeColor", NULL);
    const XmlNode *line = ofd_res_style(sketch->res, object, NULL, "LineWidth");
    bool laid = lay(sketch, &path);
    if (laid && fill && !is_clear(inside))
        image_draw_fill(sketch->draw, ink_of(inside),
                        slice_equal(xml_attr(object, "Rule"), SLICE("Even-Odd")));
    int64_t width = LINE_UM;
    if (line != NULL)
        width = ofd_frame_clamped(ofd_frame_number(xml_attr(line, "LineWidth"), 1000));
    width = (frame.matrix[0] < 0 ? -frame.matrix[0] : frame.matrix[0]) * width / OFD_MICRO;
    if (laid && stroke && width > 0 && width <= LINE_MAX_UM && !is_clear(edge))
        image_draw_stroke(sketch->draw, ink_of(edge), (int32_t)width);
    image_draw_end_outline(sketch->draw);
}

static void draw_picture(Sketch *sketch, const XmlNode *object)
{
    OfdFrame frame = ofd_frame_of(object);
    const int64_t *m = frame.matrix, *box = frame.box;
    size_t entry = 0;
    if (!ofd_res_find(sketch->res, xml_attr(object, "ResourceID"), &entry)) return;
    if (entry != sketch->last_entry || sketch->last.pixels == NULL) {
        if (sketch->pictures_left == 0) sketch->full = true;
        if (sketch->full) return;
        sketch->pictures_left--;
        sketch->last = (Image){};
        sketch->last_entry = entry;
        if (read_ofd_qr_picture(sketch->cx, sketch->ofd, entry, &sketch->last) != ERR_OK) return;
    }
    size_t pixels = (size_t)sketch->last.width * sketch->last.height;
    if (pixels > *sketch->pixels_left) sketch->full = true;
    if (sketch->full) return;
    *sketch->pixels_left -= pixels;
    ImagePlace place = {(int32_t)box[2], 0, 0, (int32_t)box[3], (int32_t)box[0], (int32_t)box[1]};
    if (frame.has_matrix)
        place = (ImagePlace){(int32_t)(m[0] / 1000),           (int32_t)(m[1] / 1000),
                             (int32_t)(m[2] / 1000),           (int32_t)(m[3] / 1000),
                             ofd_frame_clamped(box[0] + m[4]), ofd_frame_clamped(box[1] + m[5])};
    int64_t wide = llabs(place.a) + llabs(place.c), high = llabs(place.b) + llabs(place.d);
    if (!spend_area(sketch, wide, high)) return;
    image_draw_picture(sketch->draw, &sketch->last, &place);
    sketch->pictures = true;
}

static void draw_content(Sketch *sketch, size_t entry)
{
    const XmlNode *root = NULL;
    if (ofd_xml(sketch->cx, sketch->ofd, entry, &root) != ERR_OK) return;
    for (const XmlNode *at = xml_deep(root, NULL, NULL); at != NULL && !sketch->full;
         at = xml_deep(root, at, NULL)) {
        bool path = xml_named(at, "PathObject"), picture = xml_named(at, "ImageObject");
        bool hidden = slice_equal(xml_attr(at, "Visible"), SLICE("false"));
        if ((!path && !picture) || hidden) continue;
        if (sketch->shapes_left-- == 0) {
            sketch->full = true;
            return;
        }
        if (path) draw_path(sketch, at);
        if (picture) draw_picture(sketch, at);
    }
}

// Whether there is enough on the page to be a code.
static bool is_worth(Cx *cx, Ofd *ofd, size_t entry)
{
    const XmlNode *root = NULL;
    size_t outlines = 0, pictures = 0;
    if (ofd_xml(cx, ofd, entry, &root) != ERR_OK) return false;
    for (const XmlNode *at = xml_deep(root, NULL, NULL); at != NULL;
         at = xml_deep(root, at, NULL)) {
        pictures += xml_named(at, "ImageObject");
        if (!xml_named(at, "AbbreviatedData")) continue;
        for (size_t i = 0; i < at->text.size && outlines < OUTLINES_MIN; i++)
            outlines += at->text.data[i] == 'M' || at->text.data[i] == 'S';
    }
    return outlines >= OUTLINES_MIN || pictures >= PICTURES_MIN;
}

static int32_t side(int64_t um, int32_t otherwise)
{
    return um <= 0 ? otherwise : (int32_t)(um > PAGE_MAX_UM ? PAGE_MAX_UM : um);
}

static Err open_page(Cx *cx, Ofd *ofd, const OfdDoc *doc, const OfdPage *page, ImageDraw **ret_draw)
{
    const XmlNode *root = NULL;
    int64_t box[4] = {};
    Slice text = {};
    if (ofd_xml(cx, ofd, page->entry, &root) == ERR_OK)
        text = xml_find_text(root, "Area/PhysicalBox");
    if (slice_empty(text) && ofd_xml(cx, ofd, doc->entry, &root) == ERR_OK)
        text = xml_find_text(root, "CommonData/PageArea/PhysicalBox");
    (void)ofd_frame_numbers(text, 1000, box, 4);
    return image_draw_open(cx, side(box[2], PAGE_WIDE_UM), side(box[3], PAGE_HIGH_UM), PER_MM,
                           ret_draw);
}

static Err look(Cx *cx, Ofd *ofd, const OfdDoc *doc, const OfdPage *page, const OfdRes *res,
                const Draft *draft, size_t *pixels_left, bool *ret_mixed, Slice *ret_payload)
{
    IMAGE_DRAW_CLOSE ImageDraw *pen = NULL;
    if (open_page(cx, ofd, doc, page, &pen) != ERR_OK) return ERR_OK;
    Sketch sketch = {.cx = cx,
                     .ofd = ofd,
                     .res = res,
                     .draw = pen,
                     .shapes_left = LIMIT_OFD_SHAPES,
                     .steps_left = LIMIT_OFD_STEPS,
                     .pictures_left = LIMIT_OFD_PICTURES,
                     .pixels_left = pixels_left,
                     .edges_left = LIMIT_OFD_EDGES_MM,
                     .area_left = LIMIT_OFD_AREA_MM2};
    for (size_t i = 0; i < page->template_count; i++)
        draw_content(&sketch, page->templates[i]);
    draw_content(&sketch, page->entry);
    *ret_mixed = sketch.pictures || page->template_count > 0;
    Image image = {};
    ImageQr qr = {};
    if (sketch.full || image_draw_done(cx, pen, &image) != ERR_OK) return ERR_OK;
    TRY(image_qr_once(cx, &image, pixels_left, &qr));
    // The ladder costs more: for a page that says nothing else.
    if (qr.count == 0 && slice_empty(draft->number)) TRY(image_qr(cx, &image, pixels_left, &qr));
    *ret_payload = read_qr_choose(cx, &qr, draft);
    return ERR_OK;
}

Err read_ofd_drawn_find(Cx *cx, Ofd *ofd, const OfdDoc *doc, const Draft *draft,
                        size_t *pixels_left, Slice *ret_payload, size_t *ret_entry)
{
    OfdRes res = {};
    size_t drawn = 0;
    *ret_payload = SLICE("");
    for (size_t i = 0; i < doc->page_count && drawn < LIMIT_OFD_DRAWN; i++) {
        const OfdPage *page = &doc->pages[i];
        bool worth = is_worth(cx, ofd, page->entry), mixed = false;
        for (size_t t = 0; t < page->template_count && !worth; t++)
            worth = is_worth(cx, ofd, page->templates[t]);
        if (!worth) continue;
        if (drawn++ == 0) TRY(ofd_res_read(cx, ofd, doc, &res));
        TRY(look(cx, ofd, doc, page, &res, draft, pixels_left, &mixed, ret_payload));
        *ret_entry = mixed ? SIZE_MAX : page->entry;
        if (read_ofd_qr_fits(cx, doc, *ret_payload, draft)) return ERR_OK;
        *ret_payload = SLICE("");
    }
    return ERR_OK;
}
