// A document that is XML: 数电票 (one, or several in a wrapper, or in the text of another XML), an
// XBRL instance, original_invoice.xml alone; anything else that is well-formed is readable, but no
// invoice.
#include "read/read_xml.h"
#include "base/limits.h"
#include "format/xml/xml.h"
#include "format/xml/xml_tolerant.h"
#include "read/read_einvoice.h"
#include "read/read_inner.h"
#include "read/read_original.h"
#include "read/read_put.h"
#include "read/read_xbrl.h"
#include "read/reader.h"

bool read_xml_looks(Slice bytes)
{
    Slice head = slice_trim(slice_sub(bytes, 0, 256));
    if (slice_starts(head, SLICE("\xef\xbb\xbf"))) head = slice_sub(head, 3, head.size - 3);
    return slice_starts(slice_trim(head), SLICE("<")) || slice_starts(head, SLICE("\xff\xfe")) ||
           slice_starts(head, SLICE("\xfe\xff")) || slice_starts(head, SLICE("\0\0\xfe\xff"));
}

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

// XBRL instances and original_invoice.xml, however an answer of a platform wraps them.
static Err fill_records(Cx *cx, const XmlNode *root, Reading *reading)
{
    for (const XmlNode *at = xml_deep(root, NULL, NULL); at != NULL;
         at = xml_deep(root, at, NULL)) {
        Draft found = {};
        Slice qr = {};
        if (read_xbrl_is_invoice(read_xbrl_taxonomy(at)))
            TRY(read_xbrl_fill(cx, at, &found));
        else if (read_original_is(at))
            TRY(read_original_fill(cx, at, &found, &qr));
        TRY(read_put_draft(cx, reading, &found));
    }
    return ERR_OK;
}

Err read_xml_fill(Cx *cx, const XmlNode *root, Reading *reading)
{
    if (read_einvoice_find(root) != NULL) return fill_einvoices(cx, root, (Around){}, reading);
    size_t before = reading->draft_count;
    TRY(fill_records(cx, root, reading));
    if (reading->draft_count > before) return ERR_OK;
    return fill_inner(cx, root, (Around){}, reading);
}

// As a person sees it: a document, and behind it another, or what a program has added.
static bool parse_roots(Cx *cx, Slice bytes, Reading *reading, Err *ret_err)
{
    const XmlNode *root = NULL;
    *ret_err = ERR_OK;
    if (xml_parse_roots(cx, bytes, &root) != ERR_OK) return false;
    *ret_err = read_xml_fill(cx, root, reading);
    return *ret_err != ERR_OK || reading->draft_count > 0;
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
        Slice said = cx_printf(cx, SLICE_FMT, SLICE_ARG(err_text(cx)));
        Err err = ERR_OK;
        if (reason == REASON_DAMAGED && parse_roots(cx, job->bytes, reading, &err)) return err;
        TRY(read_put_reason(cx, reading, reason, said));
        if (reason == REASON_DAMAGED && is_template(cx, job->bytes))
            reading->reason = REASON_NOT_INVOICE;
        return ERR_OK;
    }
    TRY(read_xml_fill(cx, root, reading));
    if (reading->draft_count > 0) return ERR_OK;
    return read_put_reason(
        cx, reading, REASON_NOT_INVOICE,
        cx_printf(cx, "XML with root '" SLICE_FMT "'", SLICE_ARG(slice_sub(root->name, 0, 100))));
}
