// Pictures for tests, as bytes of a file.
#pragma once
#include "format/image/image.h"

// A white picture of that size.
Image image_fixture_white(Cx *cx, uint32_t width, uint32_t height);
// Draws a QR code's modules (the lowest bit 1 is ink), `scale` pixels each.
void image_fixture_draw(Image *image, const uint8_t *modules, uint32_t side, uint32_t left,
                        uint32_t top, uint32_t scale, uint8_t ink);
// The picture as a BMP of 24 bits.
Slice image_fixture_bmp(Cx *cx, const Image *image);
