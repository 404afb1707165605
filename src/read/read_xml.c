// A document that is XML: 数电票 (one, or several in a wrapper, or in the text of another XML), an
// XBRL instance, original_invoice.xml alone; anything else that is well-formed is readable, but no
// invoice.
#include "base/limits.h"
#include "format/xml/xml.h"
#include "format/xml/xml_tolerant.h"
#include "read/read_einvoice.h"
#include "read/read_inner.h"
#include "read/read_original.h"
#include "read/read_put.h"
#include "read/read_xbrl.h"
#include "read/reader.h"

// The documents around it count too: what was guessed or mended there is in its text.
typedef struct Around {
    bool guessed, mended;
    unsigned level;
} Around;

static Err fill_einvoices(Cx *cx, const XmlNode *root, Around around, Reading *reading)
{
    const XmlNode *einvoice = read_einvoice_find(root);
    for (; einvoice != NULL; einvoice = read_einvoice_next(root, einvoice)) {
        Draft found = {};
        TRY(read_einvoice_fill(cx, einvoice, &found));
        TRY(read_put_guessed(cx, around.guessed, &found));
        TRY(read_put_mended(cx, around.mended, &found));
        TRY(read_put_draft(cx, reading, &found));
    }
    return ERR_OK;
}

// What stands in texts of an XML. Hostile there is hostile; damaged is passed over.
static Err fill_inner(Cx *cx, const XmlNode *root, Around around, Reading *reading)
{
    Slice bytes = {};
    if (around.level++ == LIMIT_XML_INNER) return ERR_OK;
    around.guessed = around.guessed || xml_is_guessed(root);
    around.mended = around.mended || xml_is_mended(root);
    for (const XmlNode *at = read_inner_next(cx, root, NULL, &bytes); at != NULL;
         at = read_inner_next(cx, root, at, &bytes)) {
        const XmlNode *inner = NULL;
        XmlTrouble trouble = XML_TROUBLE_NONE;
        Err err = xml_parse_mended(cx, bytes, &inner, &trouble);
        if (trouble == XML_TROUBLE_HOSTILE) {
            reading->reason = REASON_HOSTILE;
            return err;
        }
        if (err != ERR_OK) continue;
        if (read_einvoice_find(inner) != NULL)
            TRY(fill_einvoices(cx, inner, around, reading));
        else
            TRY(fill_inner(cx, inner, around, reading));
    }
    return ERR_OK;
}

static Err fill(Cx *cx, const XmlNode *root, Reading *reading)
{
    Draft found = {};
    if (read_einvoice_find(root) != NULL) return fill_einvoices(cx, root, (Around){}, reading);
    Slice qr = {};
    if (read_xbrl_is_invoice(read_xbrl_taxonomy(root)))
        TRY(read_xbrl_fill(cx, root, &found));
    else if (read_original_is(root))
        TRY(read_original_fill(cx, root, &found, &qr));
    else
        TRY(fill_inner(cx, root, (Around){}, reading));
    return read_put_draft(cx, reading, &found);
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
