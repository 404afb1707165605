#include "base/limits.h"
#include "format/image/image.h"
#include "read/read_put.h"
#include "read/read_qr.h"
#include "read/reader.h"

// A picture says as much as its QR code; the rest is for a reader with OCR.

Err read_image(Cx *cx, const ReadJob *job, Reading *reading)
{
    Image image = {};
    Err err = image_decode(cx, job->bytes, &image);
    if (err == ERR_LIMIT) reading->reason = REASON_TOO_LARGE;
    if (err != ERR_OK) return err;
    ImageQr qr = {};
    size_t pixels_left = LIMIT_QR_PIXELS;
    if (!job->skip_qr) TRY(image_qr(cx, &image, &pixels_left, &qr));
    // A photograph may show several invoices, each with its code.
    for (size_t i = 0; i < qr.count; i++) {
        if (!read_qr_is_invoice(cx, qr.texts[i])) continue;
        Draft found = {}, *draft = NULL;
        TRY(read_qr_apply(cx, &found, qr.texts[i]));
        if (read_put_has(reading, &found)) continue; // some forms print their code twice
        TRY(reading_add_draft(cx, reading, &draft));
        *draft = found;
    }
    if (reading->draft_count == 0) reading->reason = REASON_NEEDS_OCR;
    return ERR_OK;
}
