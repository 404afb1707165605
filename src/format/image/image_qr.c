#include <leptonica/allheaders.h>
#include <zbar.h>

#include "format/image/image.h"

// The ladder: what helped zbar on scans and photographs, cheap rungs first. Measured on 47 pictures
// of invoices: plain 23,
// with the ladder 47.

#define QR_BORDER     8  // white pixels around every rung: zbar needs a quiet zone
#define QR_CODES_MAX  16 // in one picture
#define QR_OTSU_TILE  200
#define QR_PLAIN_SIDE 2600 // pixels; a larger picture is made smaller before the first look

typedef struct Rung {
    float part_x, part_y; // of the picture, from its top left corner
    float scale;
    bool threshold, blur; // also try so
    float from_x, from_y; // … or from here
} Rung;

static const Rung rungs[] = {
    {0.40f, 0.45f, 2.0f, true, true, 0, 0},
    {0.40f, 0.45f, 1.5f, true, true, 0, 0},
    {0.40f, 0.45f, 3.0f, true, true, 0, 0},
    {0.40f, 0.45f, 0.5f, true, false, 0, 0},
    {0.40f, 0.45f, 0.75f, true, true, 0, 0},
    {1.0f, 1.0f, 2.0f, true, false, 0, 0},
    {1.0f, 1.0f, 0.5f, true, true, 0, 0},
    {1.0f, 1.0f, 0.3f, true, false, 0, 0},
    // The code of a picture that lies on its side, or upside down.
    {0.45f, 0.45f, 2.0f, true, true, 0, 0.55f},
    {0.45f, 0.45f, 2.0f, true, true, 0.55f, 0},
    {0.45f, 0.45f, 2.0f, true, true, 0.55f, 0.55f},
};

// Where the codes of further invoices stand once one was found: below it and right of it.
static const struct {
    float x, y; // of the picture, its upper left corner
} others[] = {{0.0f, 0.45f}, {0.45f, 0.0f}, {0.45f, 0.45f}};

typedef struct Search {
    Cx *cx;
    zbar_image_scanner_t *scanner;
    size_t *pixels_left;
    ImageQr *found;
    Err err;
} Search;

static void pix_cleanup(PIX **pix)
{
    pixDestroy(pix);
}
#define AUTO_PIX __attribute__((cleanup(pix_cleanup)))

static Err keep(Cx *cx, ImageQr *found, Slice text)
{
    for (size_t i = 0; i < found->count; i++)
        if (slice_equal(found->texts[i], text)) return ERR_OK;
    if (found->count == QR_CODES_MAX || text.size > LIMIT_FIELD_BYTES) return ERR_OK;
    if (found->texts == NULL) found->texts = arena_alloc(&cx->arena, QR_CODES_MAX * sizeof(Slice));
    TRY(cx_copy(cx, text, &found->texts[found->count]));
    found->count++;
    return ERR_OK;
}

// One look at 8-bit pixels on a white border. True ends the climb: something was found, or failed.
static bool look(Search *search, PIX *pix)
{
    if (pix == NULL) return false;
    size_t width = (size_t)pixGetWidth(pix) + 2 * QR_BORDER;
    size_t height = (size_t)pixGetHeight(pix) + 2 * QR_BORDER;
    if (width * height > *search->pixels_left) return false;
    *search->pixels_left -= width * height;
    uint8_t *pixels = malloc(width * height); // owned: freed at the end of this look
    if (pixels == NULL) {
        search->err = err_set(search->cx, ERR_LIMIT, "picture does not fit");
        return true;
    }
    memset(pixels, 255, width * height);
    for (size_t y = QR_BORDER; y < height - QR_BORDER; y++) {
        const l_uint32 *line = pixGetData(pix) + (y - QR_BORDER) * (size_t)pixGetWpl(pix);
        for (size_t x = QR_BORDER; x < width - QR_BORDER; x++)
            pixels[y * width + x] = (uint8_t)GET_DATA_BYTE(line, x - QR_BORDER);
    }
    zbar_image_t *picture = zbar_image_create();
    zbar_image_set_format(picture, zbar_fourcc('Y', '8', '0', '0'));
    zbar_image_set_size(picture, (unsigned)width, (unsigned)height);
    zbar_image_set_data(picture, pixels, width * height, NULL);
    (void)zbar_scan_image(search->scanner, picture);
    const zbar_symbol_t *symbol = zbar_image_first_symbol(picture);
    for (; symbol != NULL && search->err == ERR_OK; symbol = zbar_symbol_next(symbol)) {
        if (zbar_symbol_get_type(symbol) != ZBAR_QRCODE) continue;
        Slice text = {zbar_symbol_get_data(symbol), zbar_symbol_get_data_length(symbol)};
        search->err = keep(search->cx, search->found, text);
    }
    zbar_image_destroy(picture);
    free(pixels);
    return search->found->count > 0 || search->err != ERR_OK;
}

static bool look_at_rung(Search *search, PIX *whole, const Rung *rung)
{
    l_int32 width = (l_int32)((float)pixGetWidth(whole) * rung->part_x);
    l_int32 height = (l_int32)((float)pixGetHeight(whole) * rung->part_y);
    if (width < 16 || height < 16) return false;
    double pixels = (double)width * height * (double)rung->scale * (double)rung->scale;
    if (pixels > (double)*search->pixels_left) return false;
    l_int32 left = (l_int32)((float)pixGetWidth(whole) * rung->from_x);
    l_int32 top = (l_int32)((float)pixGetHeight(whole) * rung->from_y);
    BOX *box = boxCreate(left, top, width, height);
    AUTO_PIX PIX *part = pixClipRectangle(whole, box, NULL);
    boxDestroy(&box);
    if (part == NULL) return false;
    AUTO_PIX PIX *scaled = pixScale(part, rung->scale, rung->scale);
    if (scaled == NULL) return false;
    if (look(search, scaled)) return true;
    if (rung->threshold) {
        AUTO_PIX PIX *binary = NULL;
        (void)pixOtsuAdaptiveThreshold(scaled, QR_OTSU_TILE, QR_OTSU_TILE, 0, 0, 0.1f, NULL,
                                       &binary);
        AUTO_PIX PIX *grey = binary == NULL ? NULL : pixConvertTo8(binary, 0);
        if (look(search, grey)) return true;
    }
    if (!rung->blur) return false;
    AUTO_PIX PIX *soft = pixBlockconv(scaled, 1, 1);
    return look(search, soft);
}

static PIX *part_of(PIX *whole, float x, float y)
{
    l_int32 left = (l_int32)((float)pixGetWidth(whole) * x);
    l_int32 top = (l_int32)((float)pixGetHeight(whole) * y);
    BOX *box = boxCreate(left, top, pixGetWidth(whole) - left, pixGetHeight(whole) - top);
    PIX *part = box == NULL ? NULL : pixClipRectangle(whole, box, NULL);
    boxDestroy(&box);
    return part;
}

// A rung that shows one code need not show the others: they are looked for with a threshold of
// their own surroundings.
static void look_for_others(Search *search, PIX *whole)
{
    for (size_t i = 0; i < sizeof others / sizeof others[0] && search->err == ERR_OK; i++) {
        AUTO_PIX PIX *part = part_of(whole, others[i].x, others[i].y);
        if (part == NULL || pixGetWidth(part) < 16 || pixGetHeight(part) < 16) continue;
        AUTO_PIX PIX *binary = NULL;
        (void)pixOtsuAdaptiveThreshold(part, QR_OTSU_TILE, QR_OTSU_TILE, 0, 0, 0.1f, NULL, &binary);
        AUTO_PIX PIX *grey = binary == NULL ? NULL : pixConvertTo8(binary, 0);
        (void)look(search, part);
        if (search->err == ERR_OK) (void)look(search, grey);
    }
}

static bool climb_rungs(Search *search, PIX *whole)
{
    if (look(search, whole)) return true;
    for (size_t i = 0; i < sizeof rungs / sizeof rungs[0]; i++)
        if (look_at_rung(search, whole, &rungs[i])) return true;
    return false;
}

static void climb(Search *search, PIX *whole)
{
    l_int32 side =
        pixGetWidth(whole) > pixGetHeight(whole) ? pixGetWidth(whole) : pixGetHeight(whole);
    AUTO_PIX PIX *smaller = NULL;
    float scale = (float)QR_PLAIN_SIDE / (float)side;
    // Photographs: a QR of a few hundred pixels is plenty.
    if (side > QR_PLAIN_SIDE) smaller = pixScale(whole, scale, scale);
    bool found = look(search, smaller) || climb_rungs(search, whole);
    if (found && search->err == ERR_OK) look_for_others(search, smaller == NULL ? whole : smaller);
}

// One look, or the whole ladder.
static Err search_in(Cx *cx, const Image *image, bool ladder, size_t *pixels_left, ImageQr *ret_qr)
{
    setMsgSeverity(L_SEVERITY_NONE);
    *ret_qr = (ImageQr){};
    AUTO_PIX PIX *whole = pixCreate((l_int32)image->width, (l_int32)image->height, 8);
    if (whole == NULL) return err_set(cx, ERR_LIMIT, "picture does not fit");
    for (uint32_t y = 0; y < image->height; y++) {
        l_uint32 *line = pixGetData(whole) + (size_t)y * (size_t)pixGetWpl(whole);
        for (uint32_t x = 0; x < image->width; x++)
            SET_DATA_BYTE(line, x, image->pixels[(size_t)y * image->width + x]);
    }
    Search search = {.cx = cx, .pixels_left = pixels_left, .found = ret_qr};
    search.scanner = zbar_image_scanner_create();
    if (search.scanner == NULL) return err_set(cx, ERR_LIMIT, "no memory for the scanner");
    zbar_image_scanner_set_config(search.scanner, ZBAR_NONE, ZBAR_CFG_ENABLE, 0);
    zbar_image_scanner_set_config(search.scanner, ZBAR_QRCODE, ZBAR_CFG_ENABLE, 1);
    if (ladder)
        climb(&search, whole);
    else
        (void)look(&search, whole);
    zbar_image_scanner_destroy(search.scanner);
    return search.err;
}

Err image_qr(Cx *cx, const Image *image, size_t *pixels_left, ImageQr *ret_qr)
{
    return search_in(cx, image, true, pixels_left, ret_qr);
}

Err image_qr_once(Cx *cx, const Image *image, size_t *pixels_left, ImageQr *ret_qr)
{
    return search_in(cx, image, false, pixels_left, ret_qr);
}
