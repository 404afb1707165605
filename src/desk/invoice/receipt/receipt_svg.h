// Receipt as a picture: a QR code that holds a receipt's text whole, with two lines below that say
// what is in it.
#pragma once
#include "base/cx.h"

// Of a QR code of version 40, level L, in bytes (ISO/IEC 18004: 2953), less the mark for UTF-8.
#define RECEIPT_SVG_BYTES_MAX 2951

typedef struct ReceiptSvg {
    Slice receipt;   // the whole public receipt
    Slice link;      // what stands in its place when it does not fit: where to fetch it …
    Slice leaf_hash; // … and what it must prove, hexadecimal
    Slice reference;
} ReceiptSvg;

// *ret_whole: whether the receipt itself is in it. ERR_LIMIT when not even the link fits.
Err receipt_svg_print(Cx *cx, const ReceiptSvg *options, Slice *ret_svg, bool *ret_whole);
