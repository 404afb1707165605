// Seal_pdf_object: finds one indirect object of a PDF by its number, in the clear or packed in an
// object stream (ISO 32000-1 §7.3.10, §7.5.7), without the file's own tables: a signature's
// certificate is proved by the signature, not by where it was found.
//
//   "29 0 obj" body "endobj"
//   "30 0 obj" << /Type /ObjStm /N 12 /First 80 /Filter /FlateDecode … >> "stream" EOL deflated:
//              N pairs "number offset", the bodies from First on
//
// Callers: read/seal_pdf_scan.
#pragma once
#include "base/cx.h"

// The body of the last definition in the clear, else of the last one packed; it goes on to the end
// of the bytes it stands in. ERR_LIMIT only.
Err seal_pdf_object_find(Cx *cx, Slice pdf, uint64_t number, uint64_t generation, Slice *ret_body,
                         bool *ret_found);
