// Read_ofd_drawn: the QR code of an OFD's page that is drawn: squares as paths, strokes as wide as
// a module, or pictures as small as one. The page is drawn without its text and looked at.
#pragma once
#include "format/ofd/ofd.h"
#include "model/draft.h"

// *ret_payload is "" when no page shows an invoice's code, or is too much to draw (LIMIT_OFD_SHAPES
// and the rest). *ret_entry is the page's zip entry; SIZE_MAX when pictures or templates had a part
// in it. `pixels_left` as in image_qr.
Err read_ofd_drawn_find(Cx *cx, Ofd *ofd, const OfdDoc *doc, const Draft *draft,
                        size_t *pixels_left, Slice *ret_payload, size_t *ret_entry);
