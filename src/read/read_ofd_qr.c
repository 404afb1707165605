#include "read/read_ofd_qr.h"

#include "base/base64.h"
#include "format/image/image.h"
#include "format/ofd/ofd_res.h"
#include "format/pdf/pdf.h"
#include "read/read_ofd_drawn.h"
#include "read/read_qr.h"

#define PICTURE_BYTES_MAX ((size_t)4 << 20) // a QR code is smaller by far
#define PICTURES_MAX      12
#define SHARED_MAX        16 // on a page of several invoices, each with a code of its own

static Err decode(Cx *cx, Slice name, Slice bytes, Image *ret_image)
{
    bool jbig2 = slice_ends(name, SLICE(".jb2")) || slice_ends(name, SLICE(".jbig2")) ||
                 slice_ends(name, SLICE(".JB2")) || slice_starts(bytes, SLICE("\x97JB2"));
    if (jbig2) return pdf_jbig2(cx, bytes, ret_image);
    return image_decode(cx, bytes, ret_image);
}

Err read_ofd_qr_picture(Cx *cx, Ofd *ofd, size_t entry, Image *ret_image)
{
    Slice bytes = {};
    if (zip_size(ofd->zip, entry) > PICTURE_BYTES_MAX)
        return err_set(cx, ERR_LIMIT, "a picture of more than %zu bytes", PICTURE_BYTES_MAX);
    TRY(zip_read(cx, ofd->zip, entry, &bytes, NULL));
    return decode(cx, zip_name(ofd->zip, entry), bytes, ret_image);
}

// "" when there is none in it. A picture that can't be decoded is no finding: the QR code is a
// cross-check, not the invoice.
static Slice payload_of(Cx *cx, Slice name, Slice bytes, const Draft *draft, size_t *pixels_left)
{
    Image image = {};
    ImageQr qr = {};
    if (decode(cx, name, bytes, &image) != ERR_OK) return SLICE("");
    if (image_qr(cx, &image, pixels_left, &qr) != ERR_OK || qr.count == 0) return SLICE("");
    return read_qr_choose(cx, &qr, draft);
}

static bool is_picture(Slice name)
{
    static const Slice ends[] = {SLICE(".png"), SLICE(".jb2"),  SLICE(".jbig2"), SLICE(".bmp"),
                                 SLICE(".jpg"), SLICE(".jpeg"), SLICE(".gif"),   SLICE(".tif")};
    for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++)
        if (name.size > ends[i].size &&
            slice_equal_nocase(slice_sub(name, name.size - ends[i].size, SIZE_MAX), ends[i]))
            return true;
    return false;
}

// 0 is tried first: called so, then JBIG2 (nothing else is kept so) and square PNGs, then the rest.
static int rank(Slice name, Slice bytes)
{
    if (slice_find(name, SLICE("qr")) != SLICE_NONE || slice_find(name, SLICE("QR")) != SLICE_NONE)
        return 0;
    bool png = slice_starts(bytes, SLICE("\x89PNG")) && bytes.size > 24;
    if (png) return memcmp(bytes.data + 16, bytes.data + 20, 4) == 0 ? 1 : 2; // IHDR: width, height
    return slice_ends(name, SLICE(".jb2")) ? 1 : 2;
}

static bool is_drawn(Cx *cx, Ofd *ofd, const OfdDoc *doc, const OfdRes *res, size_t entry)
{
    for (size_t i = 0; i < doc->page_count; i++)
        if (ofd_res_on_page(cx, ofd, res, &doc->pages[i], entry)) return true;
    return false;
}

bool read_ofd_qr_fits(Cx *cx, const OfdDoc *doc, Slice payload, const Draft *draft)
{
    if (slice_empty(payload)) return false;
    return !doc->is_part || slice_empty(draft->number) || read_qr_is_of(cx, payload, draft);
}

Err read_ofd_qr_find(Cx *cx, Ofd *ofd, const OfdDoc *doc, const Draft *draft, size_t *pixels_left,
                     Slice *ret_payload, size_t *ret_entry)
{
    size_t tried = 0, most = doc->is_part ? SHARED_MAX : PICTURES_MAX;
    OfdRes res = {};
    *ret_payload = SLICE("");
    if (doc->is_part) TRY(ofd_res_read(cx, ofd, doc, &res));
    for (int pass = 0; pass < 3; pass++) {
        for (size_t i = 0; i < zip_count(ofd->zip) && tried < most; i++) {
            Slice name = zip_name(ofd->zip, i), bytes = {};
            if (!slice_starts(name, doc->folder) || !is_picture(name)) continue;
            if (zip_size(ofd->zip, i) > PICTURE_BYTES_MAX) continue;
            if (doc->is_part && !is_drawn(cx, ofd, doc, &res, i)) continue;
            if (zip_read(cx, ofd->zip, i, &bytes, NULL) != ERR_OK) continue;
            if (rank(name, bytes) != pass) continue;
            tried++;
            Slice payload = payload_of(cx, name, bytes, draft, pixels_left);
            if (!read_ofd_qr_fits(cx, doc, payload, draft)) continue;
            *ret_payload = payload;
            *ret_entry = i;
            return ERR_OK;
        }
    }
    return read_ofd_drawn_find(cx, ofd, doc, draft, pixels_left, ret_payload, ret_entry);
}

Err read_ofd_qr_apply(Cx *cx, Slice graph_code, size_t *pixels_left, Draft *draft)
{
    Slice bytes = {};
    if (slice_empty(graph_code) || base64_decode(cx, graph_code, false, &bytes) != ERR_OK)
        return ERR_OK;
    Slice payload = payload_of(cx, SLICE(""), bytes, draft, pixels_left);
    return slice_empty(payload) ? ERR_OK : read_qr_apply(cx, draft, payload);
}
