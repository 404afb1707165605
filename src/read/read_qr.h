// What a QR code says about an invoice: a cross-check for what was read, or all there is.
#pragma once
#include "format/image/image.h"
#include "model/draft.h"

// The payload that belongs to an invoice ("01,10,…" or the address of a blockchain invoice) and
// fits the draft's number best; "" when none does. `draft` may be NULL.
Slice read_qr_choose(Cx *cx, const ImageQr *qr, const Draft *draft);
// Whether the payload gives the draft's number.
bool read_qr_is_of(Cx *cx, Slice payload, const Draft *draft);
// Puts kind, code, number, date, amount or total and check code into the draft as SOURCE_QR; what
// differs becomes the finding "sources_disagree", as draft_set has it. The amount is compared with
// both sums before it may disagree. Sets draft->qr. A payload that is none of an invoice changes
// nothing but draft->qr.
Err read_qr_apply(Cx *cx, Draft *draft, Slice payload);
// Whether a GraphCode is the payload itself; else it is a picture of it in base64.
bool read_qr_is_text(Slice graph_code);
// Whether the payload was one of an invoice and gave a number.
bool read_qr_is_invoice(Cx *cx, Slice payload);
