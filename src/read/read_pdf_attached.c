#include "read/read_pdf_attached.h"

#include "format/xml/xml.h"
#include "read/read_einvoice.h"
#include "read/read_put.h"
#include "read/read_xbrl.h"

static bool looks_like_xml(Slice bytes)
{
    Slice head = slice_trim(slice_sub(bytes, 0, 256));
    if (slice_starts(head, SLICE("\xef\xbb\xbf"))) head = slice_sub(head, 3, head.size - 3);
    return slice_starts(head, SLICE("<")) || slice_starts(head, SLICE("\xff\xfe")) ||
           slice_starts(head, SLICE("\xfe\xff"));
}

static Err read_one(Cx *cx, Slice bytes, Reading *reading)
{
    const XmlNode *root = NULL;
    if (!looks_like_xml(bytes) || xml_parse_mended(cx, bytes, &root, NULL) != ERR_OK) return ERR_OK;
    const XmlNode *einvoice = read_einvoice_find(root);
    Draft found = {};
    if (einvoice == NULL && read_xbrl_is_invoice(read_xbrl_taxonomy(root))) {
        TRY(read_xbrl_fill(cx, root, &found));
        return read_put_draft(cx, reading, &found);
    }
    for (; einvoice != NULL; einvoice = read_einvoice_next(root, einvoice)) {
        found = (Draft){};
        TRY(read_einvoice_fill(cx, einvoice, &found));
        TRY(read_put_draft(cx, reading, &found));
    }
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
