// A document that is XML: 数电票, an XBRL instance, original_invoice.xml alone; anything else that
// is well-formed is readable, but no invoice.
#include "format/xml/xml.h"
#include "format/xml/xml_tolerant.h"
#include "read/read_einvoice.h"
#include "read/read_original.h"
#include "read/read_put.h"
#include "read/read_xbrl.h"
#include "read/reader.h"

static Err fill(Cx *cx, const XmlNode *root, Draft *draft, bool *ret_invoice)
{
    const XmlNode *einvoice = read_einvoice_find(root);
    *ret_invoice = true;
    if (einvoice != NULL) return read_einvoice_fill(cx, einvoice, draft);
    if (read_xbrl_is_invoice(read_xbrl_taxonomy(root))) return read_xbrl_fill(cx, root, draft);
    if (read_original_is(root)) {
        Slice qr = {};
        return read_original_fill(cx, root, draft, &qr);
    }
    *ret_invoice = false;
    return ERR_OK;
}

// Request templates of tax-control software are text with <#list> and ${} in it: not well-formed,
// yet whole, and nothing that a person would call a damaged invoice.
static bool is_template(Cx *cx, Slice bytes)
{
    const XmlNode *root = NULL;
    return slice_find(bytes, SLICE("<#")) != SLICE_NONE &&
           slice_find(bytes, SLICE("${")) != SLICE_NONE &&
           xml_tolerant_parse(cx, bytes, &root) == ERR_OK;
}

Err read_xml(Cx *cx, const ReadJob *job, Reading *reading)
{
    const XmlNode *root = NULL;
    XmlTrouble trouble = XML_TROUBLE_NONE;
    if (xml_parse(cx, job->bytes, &root, &trouble) != ERR_OK) {
        Reason reason = trouble == XML_TROUBLE_HOSTILE ? REASON_HOSTILE : REASON_DAMAGED;
        TRY(read_put_reason(cx, reading, reason, err_text(cx)));
        if (reason == REASON_DAMAGED && is_template(cx, job->bytes))
            reading->reason = REASON_NOT_INVOICE;
        return ERR_OK;
    }
    Draft found = {};
    bool invoice = false;
    TRY(fill(cx, root, &found, &invoice));
    // A form without a number is a template, not an invoice.
    if (!invoice || slice_empty(found.number))
        return read_put_reason(cx, reading, REASON_NOT_INVOICE,
                               cx_printf(cx, "XML with root '" SLICE_FMT "'",
                                         SLICE_ARG(slice_sub(root->name, 0, 100))));
    Draft *draft = NULL;
    TRY(reading_add_draft(cx, reading, &draft));
    *draft = found;
    return ERR_OK;
}
