// Read_ofd_qr: the QR code among the pictures of an OFD: PNG, JPEG, BMP, or JBIG2.
#pragma once
#include "format/image/image.h"
#include "format/ofd/ofd.h"
#include "model/draft.h"

// Looks through the pictures, those that are called qr… first, until one shows an invoice's code.
// Of a part's pages only what they draw is looked at, not all that lies beside them; and since a
// page may be of several invoices, the code of another one is passed over.
// `draft` helps to choose among several. *ret_payload is "" when none does; `pixels_left` as in
// image_qr. Where no picture does, the pages are drawn (read_ofd_drawn.h); *ret_entry is as there.
Err read_ofd_qr_find(Cx *cx, Ofd *ofd, const OfdDoc *doc, const Draft *draft, size_t *pixels_left,
                     Slice *ret_payload, size_t *ret_entry);
// Whether a payload may be the invoice's: of a part whose number is known only what gives it is.
bool read_ofd_qr_fits(Cx *cx, const OfdDoc *doc, Slice payload, const Draft *draft);
// A GraphCode that is a picture in base64.
Err read_ofd_qr_apply(Cx *cx, Slice graph_code, size_t *pixels_left, Draft *draft);
// The picture in a zip entry, of any format that OFD files carry.
Err read_ofd_qr_picture(Cx *cx, Ofd *ofd, size_t entry, Image *ret_image);
