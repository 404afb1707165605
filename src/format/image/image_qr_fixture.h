// A picture of a QR code for tests, as bytes of a file.
#pragma once
#include "format/image/image.h"

// A BMP of 240 by 240 in which the text's code stands, four pixels a module.
Slice image_qr_fixture(Cx *cx, const char *text);
