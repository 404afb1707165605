#include "read/read_pdf_attached.h"

#include "format/xml/xml.h"
#include "read/read_xml.h"

static Err read_one(Cx *cx, Slice bytes, Reading *reading)
{
    const XmlNode *root = NULL;
    if (!read_xml_looks(bytes) || xml_parse_mended(cx, bytes, &root, NULL) != ERR_OK) return ERR_OK;
    // What is hostile in an attachment is passed over as a damaged one is: the pages are still
    // there.
    Reason before = reading->reason;
    Err err = read_xml_fill(cx, root, reading);
    if (err == ERR_OK || reading->reason == before) return err;
    reading->reason = before;
    return ERR_OK;
}

Err read_pdf_attached(Cx *cx, Pdf *pdf, Reading *reading)
{
    PdfAttachment *attachments = NULL;
    size_t count = 0;
    TRY(pdf_attachments(cx, pdf, &attachments, &count));
    for (size_t i = 0; i < count; i++)
        TRY(read_one(cx, attachments[i].bytes, reading));
    return ERR_OK;
}
