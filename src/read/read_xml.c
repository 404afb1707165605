// A document that is XML: 数电票 (one, or several in a wrapper), an XBRL instance,
// original_invoice.xml alone; anything else that is well-formed is readable, but no invoice.
#include "format/xml/xml.h"
#include "format/xml/xml_tolerant.h"
#include "read/read_einvoice.h"
#include "read/read_original.h"
#include "read/read_put.h"
#include "read/read_xbrl.h"
#include "read/reader.h"

// A form without a number is a template, not an invoice; the same number again is no other one.
static Err keep(Cx *cx, Reading *reading, const Draft *found)
{
    Draft *draft = NULL;
    if (slice_empty(found->number)) return ERR_OK;
    for (size_t i = 0; i < reading->draft_count; i++)
        if (slice_equal(reading->drafts[i].number, found->number)) return ERR_OK;
    TRY(reading_add_draft(cx, reading, &draft));
    *draft = *found;
    return ERR_OK;
}

static Err fill(Cx *cx, const XmlNode *root, Reading *reading)
{
    Draft found = {};
    const XmlNode *einvoice = read_einvoice_find(root);
    for (; einvoice != NULL; einvoice = read_einvoice_next(root, einvoice)) {
        found = (Draft){};
        TRY(read_einvoice_fill(cx, einvoice, &found));
        TRY(keep(cx, reading, &found));
    }
    if (read_einvoice_find(root) != NULL) return ERR_OK;
    Slice qr = {};
    if (read_xbrl_is_invoice(read_xbrl_taxonomy(root)))
        TRY(read_xbrl_fill(cx, root, &found));
    else if (read_original_is(root))
        TRY(read_original_fill(cx, root, &found, &qr));
    return keep(cx, reading, &found);
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
    if (xml_parse_mended(cx, job->bytes, &root, &trouble) != ERR_OK) {
        Reason reason = trouble == XML_TROUBLE_HOSTILE ? REASON_HOSTILE : REASON_DAMAGED;
        TRY(read_put_reason(cx, reading, reason, err_text(cx)));
        if (reason == REASON_DAMAGED && is_template(cx, job->bytes))
            reading->reason = REASON_NOT_INVOICE;
        return ERR_OK;
    }
    TRY(fill(cx, root, reading));
    if (reading->draft_count > 0) return ERR_OK;
    return read_put_reason(
        cx, reading, REASON_NOT_INVOICE,
        cx_printf(cx, "XML with root '" SLICE_FMT "'", SLICE_ARG(slice_sub(root->name, 0, 100))));
}
