// Image: pictures from memory (PNG, JPEG, BMP, TIFF, WebP, GIF) as grey pixels, and the QR codes
// in them. Opens no file and no socket: it runs inside the reader's jail.
#pragma once
#include "base/cx.h"
#include "base/limits.h"

typedef struct Image {
    uint8_t *pixels; // row by row from the top, no padding; 0 is black. In the arena
    uint32_t width, height;
} Image;

// Payloads of all QR codes in one picture, in the order found, each once.
typedef struct ImageQr {
    Slice *texts;
    size_t count;
} ImageQr;

// By the first bytes alone: do we know this format?
bool image_known(Slice bytes);
// ERR_INPUT when damaged or of no known format; ERR_LIMIT past LIMIT_IMAGE_SIDE or
// LIMIT_IMAGE_PIXELS, found out from the header before a pixel is decoded.
Err image_decode(Cx *cx, Slice bytes, Image *ret_image);
// Climbs the ladder (as it is, corner enlarged, threshold, blur, larger, smaller; always with a
// white border) until a rung shows a code. *pixels_left bounds the pixels looked at over all rungs
// and calls; start it at LIMIT_QR_PIXELS for each document. No code found is ERR_OK and count 0.
Err image_qr(Cx *cx, const Image *image, size_t *pixels_left, ImageQr *ret_qr);
// One look at the picture as it is: for clean renderings, where the ladder would only cost time.
Err image_qr_once(Cx *cx, const Image *image, size_t *pixels_left, ImageQr *ret_qr);
