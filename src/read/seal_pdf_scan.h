// Seal_pdf_scan: finds the signature dictionaries of a PDF in its raw bytes, without a parser of
// the whole (ISO 32000-1 §12.8.1). A signature must stand in the clear, since its ranges count
// bytes.
//
//   N G obj << /Type /Sig /Filter /… /SubFilter /adbe.pkcs7.detached /ByteRange [0 b c d]
//              /Contents <30 82 … 00 00> /Cert (…) or N G R /M (D:20210204093000+08'00') >> endobj
//              '<' is at b, and what follows '>' at c
//
// Callers: read/seal_pdf.
#pragma once
#include "base/cx.h"

typedef struct PdfSignature {
    bool sound;        // the ranges start at 0, leave out exactly the /Contents string, and fit
    Slice parts[2];    // what is signed
    size_t after;      // bytes that follow the signed ranges
    Slice contents;    // decoded
    Slice sub_filter;  // "adbe.pkcs7.detached"; "" when there is none
    Slice certificate; // /Cert, decoded; "" when there is none or it can't be found
    bool has_time;     // /M
    uint64_t time_ms;
} PdfSignature;

// The next one from *position on, which moves behind it; *ret_found says whether there was one.
// ERR_LIMIT only.
Err seal_pdf_scan_next(Cx *cx, Slice pdf, size_t *position, PdfSignature *ret_signature,
                       bool *ret_found);
