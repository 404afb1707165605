#include "desk/people/account/account_qr.h"

#include <qrencode.h>

#include "base/limits.h"
#include "base/text.h"

#define QUIET     4 // modules of white around the code (ISO/IEC 18004 §6.3.8)
#define BYTES_MAX ((size_t)1024)

// Runs of dark modules, row by row.
static void print_modules(Text *text, const QRcode *code)
{
    for (int y = 0; y < code->width; y++) {
        const unsigned char *row = code->data + (ptrdiff_t)y * code->width;
        for (int x = 0; x < code->width;) {
            int from = x;
            while (x < code->width && (row[x] & 1) == (row[from] & 1))
                x++;
            if (row[from] & 1)
                text_printf(text, "M%d %dh%dv1h-%dz", from + QUIET, y + QUIET, x - from, x - from);
        }
    }
}

Err account_qr_svg(Cx *cx, Slice text, Slice *ret_svg)
{
    if (text.size > BYTES_MAX) return err_set(cx, ERR_LIMIT, "a QR code of %zu bytes", text.size);
    QRcode *code =
        QRcode_encodeData((int)text.size, (const unsigned char *)text.data, 0, QR_ECLEVEL_M);
    if (code == NULL) return err_set(cx, ERR_LIMIT, "a QR code of %zu bytes", text.size);
    Text svg = text_open(cx, LIMIT_MIB);
    int side = code->width + 2 * QUIET;
    text_printf(&svg,
                "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" role=\"img\">"
                "<rect width=\"%d\" height=\"%d\" fill=\"#fff\"/>"
                "<path fill=\"#000\" shape-rendering=\"crispEdges\" d=\"",
                side, side, side, side);
    print_modules(&svg, code);
    text_add(&svg, SLICE("\"/></svg>\n"));
    QRcode_free(code);
    return text_done(cx, &svg, ret_svg);
}
