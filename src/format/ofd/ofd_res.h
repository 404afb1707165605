// Ofd_res: the pictures and styles that a document's pages refer to by number.
//
//   Document.xml  CommonData/{PublicRes, DocumentRes}     Content.xml  PageRes
//   …Res.xml      Res@BaseLoc, MultiMedias/MultiMedia@ID/MediaFile
//                 DrawParams/DrawParam@ID@Relative@LineWidth/{FillColor, StrokeColor}
#pragma once
#include "format/ofd/ofd.h"

typedef struct OfdRes {
    struct OfdResItem {
        uint64_t id;
        size_t entry; // zip index
    } * items;
    size_t count; // at most LIMIT_OFD_PARTS
    struct OfdResStyle {
        uint64_t id;
        const XmlNode *node;
    } * styles;
    size_t style_count; // at most LIMIT_OFD_PARTS
} OfdRes;

// Of the document and all its pages. What is missing or broken is left out.
Err ofd_res_read(Cx *cx, Ofd *ofd, const OfdDoc *doc, OfdRes *ret_res);
// The zip entry of the picture that an ImageObject's ResourceID names; false when there is none.
bool ofd_res_find(const OfdRes *res, Slice id, size_t *ret_entry);
// The element that says what `object` leaves out, its child `name` or, where that is NULL, one that
// has the attribute `attr`: the object itself, its DrawParam and what that is relative to, or those
// of its layer. NULL when nobody says it.
const XmlNode *ofd_res_style(const OfdRes *res, const XmlNode *object, const char *name,
                             const char *attr);
// Whether an object of the page, or of its templates, draws the picture in that entry.
bool ofd_res_on_page(Cx *cx, Ofd *ofd, const OfdRes *res, const OfdPage *page, size_t entry);
