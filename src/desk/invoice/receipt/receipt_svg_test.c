#include "desk/invoice/receipt/receipt_svg.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zbar.h>

#include "base/test.h"

#define SCALE 4 // pixels of one module

// Draws the dark runs "Mx yhNv1h-Nz" of the path as a camera would see them, and reads the code.
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
    (void)zbar_image_scanner_set_config(scanner, 0, ZBAR_CFG_ENABLE, 0);
    (void)zbar_image_scanner_set_config(scanner, ZBAR_QRCODE, ZBAR_CFG_ENABLE, 1);
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

// Shaped as a receipt is: words, base64, and the em dash of a signature line.
static Slice text_of(Cx *cx, size_t size)
{
    char *bytes = arena_alloc(&cx->arena, size);
    for (size_t i = 0; i < size; i++)
        bytes[i] = "c2sp.org/tlog-proof@v1\nindex 7\nAbCd+/0="[i % 39];
    memcpy(bytes + size / 2, "—", 3);
    return (Slice){bytes, size};
}

TEST("receipt_svg: a scanner reads the receipt back byte for byte, up to the last that fits")
{
    static const size_t sizes[] = {40, 1'700, RECEIPT_SVG_BYTES_MAX};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        ReceiptSvg options = {.receipt = text_of(cx, sizes[i]),
                              .reference = SLICE("R-2026-000017")};
        Slice svg;
        bool whole = false;
        EXPECT_OK(receipt_svg_print(cx, &options, &svg, &whole));
        EXPECT(whole && slice_equal(scan(cx, svg), options.receipt));
        EXPECT(slice_find(svg, SLICE("<title>R-2026-000017 整份公开凭据")) != SLICE_NONE);
    }
}

TEST("receipt_svg: what does not fit becomes link and leaf hash, and the picture says so")
{
    ReceiptSvg options = {.receipt = text_of(cx, RECEIPT_SVG_BYTES_MAX + 1),
                          .link = SLICE("/api/v1/documents/R-2026-000017/receipt"),
                          .leaf_hash = SLICE("00ff"),
                          .reference = SLICE("R-2026<script>-000017")};
    Slice svg;
    bool whole = true;
    EXPECT_OK(receipt_svg_print(cx, &options, &svg, &whole));
    EXPECT(!whole);
    EXPECT(slice_equal(scan(cx, svg), SLICE("/api/v1/documents/R-2026-000017/receipt\n00ff\n")));
    EXPECT(slice_find(svg, SLICE("放不下整份凭据")) != SLICE_NONE);
    EXPECT(slice_find(svg, SLICE("script")) == SLICE_NONE);
    options.link = text_of(cx, RECEIPT_SVG_BYTES_MAX);
    EXPECT(receipt_svg_print(cx, &options, &svg, &whole) == ERR_LIMIT);
}
