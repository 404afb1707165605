#include "desk/people/account/account_qr.h"

#include <stdlib.h>
#include <zbar.h>

#include "base/test.h"

#define SCALE 4 // pixels of one module

// Draws the dark runs "Mx yhNv1h-Nz" as a camera would see them, and reads the code.
static Slice scan(Cx *cx, Slice svg)
{
    int side = 0;
    EXPECT(sscanf(svg.data, "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d", &side) ==
           1);
    size_t width = (size_t)side * SCALE;
    unsigned char *grey = malloc(width * width); // owned: by the picture below
    if (grey == NULL) abort();
    memset(grey, 255, width * width);
    Slice path = slice_sub(svg, slice_find(svg, SLICE(" d=\"")) + 4, svg.size);
    for (int x, y, run; sscanf(path.data, "M%d %dh%d", &x, &y, &run) == 3;) {
        for (int row = y * SCALE; row < (y + 1) * SCALE; row++)
            memset(grey + (size_t)row * width + (size_t)(x * SCALE), 0, (size_t)(run * SCALE));
        path = slice_sub(path, slice_find(path, SLICE("z")) + 1, path.size);
    }
    zbar_image_scanner_t *scanner = zbar_image_scanner_create();
    zbar_image_t *image = zbar_image_create();
    zbar_image_set_format(image, zbar_fourcc('Y', '8', '0', '0'));
    zbar_image_set_size(image, (unsigned)width, (unsigned)width);
    zbar_image_set_data(image, grey, width * width, zbar_image_free_data);
    (void)zbar_scan_image(scanner, image);
    const zbar_symbol_t *symbol = zbar_image_first_symbol(image);
    Slice text = SLICE("");
    if (symbol != NULL)
        EXPECT_OK(cx_copy(
            cx, (Slice){zbar_symbol_get_data(symbol), zbar_symbol_get_data_length(symbol)}, &text));
    zbar_image_destroy(image);
    zbar_image_scanner_destroy(scanner);
    return text;
}

TEST("account qr: a camera reads what was written")
{
    Slice uri = SLICE("otpauth://totp/fapiao:wang?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP&"
                      "issuer=fapiao"),
          svg;
    EXPECT_OK(account_qr_svg(cx, uri, &svg));
    EXPECT(slice_equal(scan(cx, svg), uri));
}

TEST("account qr: what does not fit is refused")
{
    char text[1025] = {};
    Slice svg;
    memset(text, 'x', sizeof text);
    EXPECT(account_qr_svg(cx, (Slice){text, sizeof text}, &svg) == ERR_LIMIT);
}
