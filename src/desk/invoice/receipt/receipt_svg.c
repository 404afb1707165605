#include "desk/invoice/receipt/receipt_svg.h"

#include <qrencode.h>

#include "base/limits.h"
#include "base/text.h"

#define ECI_UTF8 26
#define QUIET    4  // modules of white around the code (ISO/IEC 18004 §6.3.8)
#define FOOTER   14 // modules' height for the line below

// Runs of dark modules, row by row: a tenth of the size of a square each.
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

// References are digits, capitals and hyphens; anything else is left out.
static void print_plain(Text *text, Slice words)
{
    for (size_t i = 0; i < words.size; i++) {
        char c = words.data[i];
        if ((c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || c == '-') text_byte(text, c);
    }
}

static void print_svg(Text *text, const QRcode *code, Slice reference, bool whole)
{
    int side = code->width + 2 * QUIET, footer = side / 8;
    const char *zh = whole ? "整份公开凭据" : "放不下整份凭据：链接和叶哈希";
    const char *en = whole ? "the whole public receipt" : "too long to fit: link and leaf hash";
    text_printf(text,
                "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" role=\"img\">"
                "<title>",
                side, side + footer);
    print_plain(text, reference);
    text_printf(text, " %s · %s</title><rect width=\"%d\" height=\"%d\" fill=\"#fff\"/>", zh, en,
                side, side + footer);
    text_add(text, SLICE("<path fill=\"#000\" shape-rendering=\"crispEdges\" d=\""));
    print_modules(text, code);
    int size = side / 24; // of the letters
    text_printf(text,
                "\"/><g text-anchor=\"middle\" fill=\"#000\" font-family=\"sans-serif\" "
                "font-size=\"%d\"><text x=\"%d\" y=\"%d\">",
                size, side / 2, side + size);
    print_plain(text, reference);
    text_printf(text, " %s</text><text x=\"%d\" y=\"%d\">%s</text></g></svg>\n", zh, side / 2,
                side + size * 5 / 2, en);
}

// Says that it is UTF-8: readers that guess make Chinese of the dash in a signature line.
static QRcode *encode(Slice bytes)
{
    if (bytes.size > RECEIPT_SVG_BYTES_MAX) return NULL;
    // Version 0: the smallest that takes it.
    QRinput *input = QRinput_new2(0, QR_ECLEVEL_L);
    if (input == NULL) return NULL;
    QRcode *code = NULL;
    if (QRinput_appendECIheader(input, ECI_UTF8) == 0 &&
        QRinput_append(input, QR_MODE_8, (int)bytes.size, (const unsigned char *)bytes.data) == 0)
        code = QRcode_encodeInput(input);
    QRinput_free(input);
    return code;
}

Err receipt_svg_print(Cx *cx, const ReceiptSvg *options, Slice *ret_svg, bool *ret_whole)
{
    QRcode *code = encode(options->receipt);
    bool whole = code != NULL;
    if (!whole)
        code = encode(cx_printf(cx, SLICE_FMT "\n" SLICE_FMT "\n", SLICE_ARG(options->link),
                                SLICE_ARG(options->leaf_hash)));
    if (code == NULL) return err_set(cx, ERR_LIMIT, "the link does not fit into a QR code");
    Text text = text_open(cx, LIMIT_MIB);
    print_svg(&text, code, options->reference, whole);
    QRcode_free(code);
    TRY(text_done(cx, &text, ret_svg));
    *ret_whole = whole;
    return ERR_OK;
}
