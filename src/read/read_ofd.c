// An OFD's routes to an invoice, strongest first; the later ones fill gaps and cross-check:
//
//   original_invoice.xml, 数电票 XML, XBRL among the attachments   (told by content, not by name;
//                               an EInvoice that no list names is looked for in the whole package)
//   CustomData of OFD.xml
//   CustomTag -> text objects
//   page text by labels and places; the table of lines
//   QR code
//
// Pages of one document may be of several invoices, and one page may have several printed on it
// (read_ofd_sheets makes pages of them): each is then read as a document of its own
// (read_ofd_split), and an attachment or CustomData goes to the invoice whose number it says.
//
// With a valid seal a value may come only from entries whose digest the seal holds. The others are
// read into a draft of their own that is compared and thrown away.
#include "format/image/image.h"
#include "format/ofd/ofd_text.h"
#include "read/read_einvoice.h"
#include "read/read_extra.h"
#include "read/read_ofd_attached.h"
#include "read/read_ofd_eyes.h"
#include "read/read_ofd_level.h"
#include "read/read_ofd_sheets.h"
#include "read/read_ofd_split.h"
#include "read/read_ofd_table.h"
#include "read/read_ofd_tag.h"
#include "read/read_ofd_text.h"
#include "read/read_ofd_ticket.h"
#include "read/read_original.h"
#include "read/read_put.h"
#include "read/read_qr.h"
#include "read/read_red.h"
#include "read/read_xbrl.h"
#include "read/read_xml.h"

typedef struct Pass {
    const ReadJob *job;
    Ofd *ofd;
    const OfdDoc *doc;
    const OfdPart *part; // NULL: all of the document is of one invoice
    OfdTexts texts;
    bool trust_all;      // no valid seal, or one that does not cover the invoice
    bool is_receipt;     // a bank receipt or statement is attached: no invoice
    Draft *draft;        // what is read
    Draft *shadow;       // what stands in entries that the seal does not hold
    const OfdEyes *eyes; // NULL: no picture is looked at
} Pass;

static bool is_trusted(const Pass *pass, size_t entry)
{
    if (pass->trust_all) return true;
    for (size_t i = 0; i < pass->job->seal->trusted_count; i++)
        if (pass->job->seal->trusted[i] == entry) return true;
    return false;
}

static Draft *target(const Pass *pass, bool trusted)
{
    return trusted ? pass->draft : pass->shadow;
}

// Document.xml too: it says which page an id means.
static bool pages_trusted(const Pass *pass, bool templates_too)
{
    if (!is_trusted(pass, pass->doc->entry)) return false;
    for (size_t i = 0; i < pass->doc->page_count; i++) {
        const OfdPage *page = &pass->doc->pages[i];
        if (!is_trusted(pass, page->entry)) return false;
        for (size_t t = 0; templates_too && t < page->template_count; t++)
            if (!is_trusted(pass, page->templates[t])) return false;
    }
    return true;
}

// The invoices of an attachment one after another, NULL after the last. Some dumps wrap several
// EInvoice; all else has one root that is an invoice or none.
static const XmlNode *next_invoice(const XmlNode *root, const XmlNode *after)
{
    const XmlNode *einvoice = read_einvoice_next(root, after);
    return einvoice == NULL && after == NULL ? root : einvoice;
}

// What one of them says, if it is an invoice. `node` from next_invoice.
static Err fill_invoice(Cx *cx, const XmlNode *root, const XmlNode *node, Draft *draft,
                        Slice *ret_qr, bool *ret_invoice)
{
    *ret_invoice = true;
    if (read_einvoice_find(root) != NULL) return read_einvoice_fill(cx, node, draft);
    if (read_original_is(root)) return read_original_fill(cx, root, draft, ret_qr);
    if (read_xbrl_is_invoice(read_xbrl_taxonomy(root))) return read_xbrl_fill(cx, root, draft);
    *ret_invoice = false;
    return ERR_OK;
}

// Of which invoice it speaks: "" when of none. As many are asked as there are invoices times
// parts: the numbers alone are read where they can be.
static Err invoice_number(Cx *cx, const XmlNode *root, const XmlNode *node, Slice *ret_code,
                          Slice *ret_number)
{
    Draft draft = {};
    Slice qr = {};
    bool invoice = false;
    if (read_einvoice_find(root) != NULL)
        TRY(read_einvoice_numbers(cx, node, &draft));
    else
        TRY(fill_invoice(cx, root, node, &draft, &qr, &invoice));
    read_put_settle(&draft);
    *ret_code = draft.code;
    *ret_number = draft.number;
    return ERR_OK;
}

// The invoice that is the part's, NULL when none is.
static Err invoice_of_part(Cx *cx, const OfdPart *part, const XmlNode *root, const XmlNode **ret)
{
    *ret = NULL;
    for (const XmlNode *at = next_invoice(root, NULL); at != NULL && *ret == NULL;
         at = next_invoice(root, at)) {
        Slice code = {}, number = {};
        TRY(invoice_number(cx, root, at, &code, &number));
        if (read_ofd_split_is_of(part, code, number)) *ret = at;
    }
    return ERR_OK;
}

static Err apply_code(Cx *cx, const Pass *pass, Slice graph_code, Draft *draft)
{
    if (read_qr_is_text(graph_code)) return read_qr_apply(cx, draft, graph_code);
    return pass->eyes == NULL ? ERR_OK
                              : pass->eyes->apply(cx, graph_code, pass->eyes->pixels_left, draft);
}

static Err read_attachment(Cx *cx, Pass *pass, size_t entry, bool *ret_invoice)
{
    const XmlNode *root = NULL, *node = NULL;
    Slice qr = {};
    *ret_invoice = false;
    if (ofd_xml(cx, pass->ofd, entry, &root) != ERR_OK) return ERR_OK; // counted as damaged
    node = next_invoice(root, NULL);
    if (pass->part != NULL) TRY(invoice_of_part(cx, pass->part, root, &node));
    if (node == NULL) return ERR_OK;
    Draft *draft = target(pass, is_trusted(pass, entry));
    size_t lines = draft->line_count;
    TRY(fill_invoice(cx, root, node, draft, &qr, ret_invoice));
    TRY(apply_code(cx, pass, qr, draft));
    if (!*ret_invoice) {
        // Put into a sealed invoice afterwards, a receipt must not make it none.
        bool voucher = !slice_empty(read_xbrl_taxonomy(root));
        if (voucher && is_trusted(pass, entry)) pass->is_receipt = true;
        return ERR_OK;
    }
    if (lines > 0) draft->line_count = lines; // a second attachment repeats them
    return ERR_OK;
}

// An attachment that Attachments.xml forgets lies in a folder of that name, or is called so.
static bool looks_attached(const Pass *pass, size_t entry)
{
    Slice name = zip_name(pass->ofd->zip, entry);
    if (!slice_starts(name, pass->doc->folder)) return false;
    if (!slice_ends(name, SLICE(".xml")) && !slice_ends(name, SLICE(".xbrl"))) return false;
    static const Slice marks[] = {SLICE("Attach"),  SLICE("attach"),    SLICE("original_invoice"),
                                  SLICE("_issuer"), SLICE("_receiver"), SLICE(".xbrl")};
    for (size_t i = 0; i < sizeof marks / sizeof marks[0]; i++)
        if (slice_find(name, marks[i]) != SLICE_NONE)
            return !slice_ends(name, SLICE("/Attachments.xml"));
    return false;
}

// A listed attachment may be anything (a PDF, a picture); only XML is asked.
static bool is_xml(Cx *cx, const Pass *pass, size_t entry)
{
    Slice bytes = {};
    ZipTrouble trouble = ZIP_TROUBLE_NONE;
    if (zip_read(cx, pass->ofd->zip, entry, &bytes, &trouble) != ERR_OK) return true; // is counted
    return read_xml_looks(bytes);
}

static Err read_attachments(Cx *cx, Pass *pass, bool *ret_any)
{
    const OfdDoc *doc = pass->doc;
    for (size_t i = 0; i < doc->attachment_count; i++) {
        bool invoice = false;
        if (!is_xml(cx, pass, doc->attachments[i])) continue;
        TRY(read_attachment(cx, pass, doc->attachments[i], &invoice));
        *ret_any = *ret_any || invoice;
    }
    for (size_t entry = 0; !*ret_any && entry < zip_count(pass->ofd->zip); entry++) {
        bool listed = false;
        for (size_t i = 0; i < doc->attachment_count && !listed; i++)
            listed = doc->attachments[i] == entry;
        if (listed || !looks_attached(pass, entry)) continue;
        TRY(read_attachment(cx, pass, entry, ret_any));
    }
    return ERR_OK;
}

static bool is_data_of(const OfdPart *part, const XmlNode *list)
{
    Slice code = {}, number = {};
    for (const XmlNode *at = xml_child(list, "CustomData"); at != NULL;
         at = xml_next(at, "CustomData")) {
        if (slice_equal(xml_attr(at, "Name"), SLICE("发票代码"))) code = xml_text(at);
        if (slice_equal(xml_attr(at, "Name"), SLICE("发票号码"))) number = xml_text(at);
    }
    return read_ofd_split_is_of(part, code, number);
}

static Err read_custom_data(Cx *cx, Pass *pass)
{
    static const struct {
        Slice name;
        Field field;
    } names[] = {
        {SLICE("发票代码"), DRAFT_CODE},
        {SLICE("发票号码"), DRAFT_NUMBER},
        {SLICE("数电发票号码"), DRAFT_DIGITAL_NUMBER},
        {SLICE("数电票号码"), DRAFT_DIGITAL_NUMBER},
        {SLICE("开票日期"), DRAFT_ISSUE_DATE},
        {SLICE("合计金额"), DRAFT_AMOUNT},
        {SLICE("合计税额"), DRAFT_TAX},
        {SLICE("价税合计"), DRAFT_TOTAL},
        {SLICE("校验码"), DRAFT_CHECK_CODE},
        {SLICE("机器编号"), DRAFT_MACHINE_NUMBER},
        {SLICE("购买方名称"), DRAFT_BUYER_NAME},
        {SLICE("购买方纳税人识别号"), DRAFT_BUYER_TAX_ID},
        {SLICE("销售方名称"), DRAFT_SELLER_NAME},
        {SLICE("销售方纳税人识别号"), DRAFT_SELLER_TAX_ID},
    };
    Draft *draft = target(pass, is_trusted(pass, pass->ofd->entry));
    const XmlNode *list = xml_find(pass->doc->body, "DocInfo/CustomDatas");
    if (pass->part != NULL && !is_data_of(pass->part, list)) return ERR_OK;
    for (const XmlNode *at = xml_child(list, "CustomData"); at != NULL;
         at = xml_next(at, "CustomData"))
        for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
            if (slice_equal(xml_attr(at, "Name"), names[i].name))
                TRY(read_put(cx, draft, names[i].field, xml_text(at), SOURCE_CUSTOM_DATA));
    return ERR_OK;
}

static Err read_tags(Cx *cx, Pass *pass)
{
    bool pages = pages_trusted(pass, false);
    for (size_t i = 0; i < pass->doc->tag_count; i++) {
        size_t entry = pass->doc->tags[i];
        Draft *draft = target(pass, pages && is_trusted(pass, entry));
        bool lines = draft == pass->draft && draft->line_count == 0;
        TRY(read_ofd_tag_fill(cx, pass->ofd, pass->doc, entry, &pass->texts, lines, draft));
    }
    return ERR_OK;
}

static Err read_pages(Cx *cx, Pass *pass)
{
    Draft *draft = target(pass, pages_trusted(pass, true));
    // A blank page may stand before the face.
    size_t face = pass->texts.count > 0 ? pass->texts.items[0].page : 0;
    bool ticket = false;
    TRY(read_ofd_ticket_fill(cx, &pass->texts, face, draft, &ticket));
    if (ticket) return ERR_OK;
    TRY(read_ofd_text_fill(cx, &pass->texts, face, draft));
    // Long ones have their sums on the last page.
    for (size_t page = face + 1;
         page < pass->doc->page_count && (slice_empty(draft->number) || slice_empty(draft->total));
         page++)
        TRY(read_ofd_text_fill(cx, &pass->texts, page, draft));
    // The title of a toll invoice is that of any 电子普通发票: its code says more.
    if (!slice_empty(draft->code)) TRY(read_put_kind(cx, draft, SLICE(""), SOURCE_DERIVED));
    if (slice_empty(draft->kind))
        TRY(read_put(cx, draft, DRAFT_KIND, read_ofd_text_kind(cx, &pass->texts, face),
                     SOURCE_TEXT));
    if (draft == pass->draft && draft->line_count == 0 && !slice_empty(draft->number))
        TRY(read_ofd_table_fill(cx, &pass->texts, pass->doc->page_count, draft));
    return ERR_OK;
}

static Err read_qr_code(Cx *cx, Pass *pass)
{
    Slice payload = {};
    size_t entry = 0;
    if (pass->eyes == NULL) return ERR_OK;
    if (pass->part != NULL && !slice_empty(pass->part->qr))
        return read_qr_apply(cx, target(pass, is_trusted(pass, pass->part->qr_entry)),
                             pass->part->qr);
    TRY(pass->eyes->find(cx, pass->ofd, pass->doc, pass->draft, pass->eyes->pixels_left, &payload,
                         &entry));
    if (slice_empty(payload)) return ERR_OK;
    if (pass->part != NULL && !read_qr_is_of(cx, payload, pass->draft)) return ERR_OK;
    return read_qr_apply(cx, target(pass, is_trusted(pass, entry)), payload);
}

static Err read_routes(Cx *cx, Pass *pass)
{
    bool attached = false;
    TRY(read_attachments(cx, pass, &attached));
    if (pass->is_receipt && !attached) return ERR_OK;
    TRY(read_custom_data(cx, pass));
    TRY(read_tags(cx, pass));
    TRY(read_put_kind(cx, pass->draft, SLICE(""), SOURCE_DERIVED));
    TRY(read_pages(cx, pass));
    TRY(read_put_kind(cx, pass->draft, SLICE(""), SOURCE_DERIVED));
    TRY(read_qr_code(cx, pass));
    TRY(read_extra_of_remark(cx, pass->draft));
    return read_red_of_remark(cx, pass->draft, SOURCE_DERIVED);
}

static Err unsealed(Cx *cx, Draft *draft)
{
    Slice *reasons = arena_alloc(&cx->arena, (draft->seal.reason_count + 1) * sizeof *reasons);
    for (size_t i = 0; i < draft->seal.reason_count; i++)
        reasons[i] = draft->seal.reasons[i];
    reasons[draft->seal.reason_count] = SLICE("印章本身有效，但没有覆盖发票数据");
    draft->seal.reasons = reasons;
    draft->seal.reason_count++;
    draft->seal.state = SEAL_UNCHECKED;
    return ERR_OK;
}

static Err read_doc(Cx *cx, Pass *pass)
{
    *pass->draft = (Draft){};
    *pass->shadow = (Draft){};
    TRY(read_routes(cx, pass));
    Seal seal = pass->job->seal == NULL ? (Seal){} : pass->job->seal->seal;
    if (!pass->trust_all && slice_empty(pass->draft->number) &&
        !slice_empty(pass->shadow->number)) {
        // The seal holds over something, but not over this invoice.
        pass->trust_all = true;
        *pass->draft = (Draft){};
        *pass->shadow = (Draft){};
        TRY(read_routes(cx, pass));
        pass->draft->seal = seal;
        return unsealed(cx, pass->draft);
    }
    if (seal.state != SEAL_ABSENT || slice_empty(pass->draft->seal.signer))
        pass->draft->seal = seal;
    TRY(read_put_guessed(cx, pass->ofd->guessed, pass->draft));
    TRY(read_put_mended(cx, pass->ofd->mended, pass->draft));
    return read_put_compare(cx, pass->draft, pass->shadow, "未被印章覆盖的部分");
}

// What print alone calls a number must look like one: forms say 发票号码 above anything.
static bool is_invoice(const Draft *draft)
{
    if (slice_empty(draft->number)) return false;
    if (draft->origins[DRAFT_NUMBER].source != SOURCE_TEXT) return true;
    return slice_digits(draft->number) && draft->number.size >= 8 &&
           !(slice_empty(draft->issue_date) && slice_empty(draft->total) &&
             slice_empty(draft->amount));
}

static Reason reason_of(ZipTrouble trouble)
{
    switch (trouble) {
    case ZIP_TROUBLE_HOSTILE:
        return REASON_HOSTILE;
    case ZIP_TROUBLE_ENCRYPTED:
        return REASON_ENCRYPTED;
    case ZIP_TROUBLE_NONE:
    case ZIP_TROUBLE_DAMAGED:
        break;
    }
    return REASON_DAMAGED;
}

// Why there is no invoice, when there is none.
static void explain(Reading *reading, const Ofd *ofd, bool receipt, size_t texts, size_t images)
{
    if (ofd->is_encrypted)
        reading->reason = REASON_ENCRYPTED;
    else if (ofd->damaged > 0 && !receipt)
        reading->reason = reason_of(ofd->trouble);
    else if (!receipt && texts == 0 && images > 0)
        reading->reason = REASON_NEEDS_OCR;
    else
        reading->reason = REASON_NOT_INVOICE;
    reading->detail = receipt ? SLICE("an XBRL voucher that is no invoice is attached")
                              : SLICE("no invoice number by any route");
}

// An invoice in an attachment that no part is of is one more.
static Err add_invoices(Cx *cx, const Pass *pass, size_t entry, OfdParts *parts)
{
    const XmlNode *root = NULL;
    if (ofd_xml(cx, pass->ofd, entry, &root) != ERR_OK) return ERR_OK;
    for (const XmlNode *at = next_invoice(root, NULL); at != NULL; at = next_invoice(root, at)) {
        Slice code = {}, number = {};
        bool known = false;
        TRY(invoice_number(cx, root, at, &code, &number));
        for (size_t p = 0; p < parts->count && !known; p++)
            known = read_ofd_split_is_of(&parts->items[p], code, number);
        if (known || slice_empty(number)) continue;
        TRY(read_ofd_split_add(cx, pass->doc, code, number, parts));
    }
    return ERR_OK;
}

// The invoices of the attachments that no page shows.
static Err add_attached(Cx *cx, const Pass *pass, OfdParts *parts)
{
    const OfdDoc *doc = pass->doc;
    for (size_t i = 0; i < doc->attachment_count; i++)
        if (is_xml(cx, pass, doc->attachments[i]))
            TRY(add_invoices(cx, pass, doc->attachments[i], parts));
    return ERR_OK;
}

// Whether the attachments are of more than one invoice.
static Err attachments_differ(Cx *cx, const Pass *pass, bool *ret_differ)
{
    OfdParts parts = {.items = arena_alloc(&cx->arena, LIMIT_DRAFTS * sizeof *parts.items)};
    TRY(add_attached(cx, pass, &parts));
    *ret_differ = parts.count > 1;
    return ERR_OK;
}

// One page is one invoice, whatever its sources say: where they differ that is a finding. Unless
// several are printed on it, or its attachments differ among themselves.
static Err split(Cx *cx, Pass *pass, OfdSheets *sheets, OfdParts *ret_parts)
{
    bool differ = false;
    *ret_parts = (OfdParts){};
    TRY(ofd_text_read(cx, pass->ofd, pass->doc, &pass->texts));
    TRY(read_ofd_level(cx, &pass->texts, pass->doc->page_count));
    TRY(read_ofd_sheets(cx, pass->doc, &pass->texts, sheets));
    if (sheets->parted) {
        pass->doc = &sheets->doc;
        pass->texts = sheets->texts;
    }
    TRY(attachments_differ(cx, pass, &differ));
    if (pass->doc->page_count < 2 && !differ) return ERR_OK;
    TRY(read_ofd_split(cx, pass->ofd, pass->doc, &pass->texts, pass->eyes, ret_parts));
    if (ret_parts->any && ret_parts->count == 0) {
        if (!differ) return ERR_OK;
        ret_parts->items[0].doc = *pass->doc;
        ret_parts->items[0].texts = pass->texts;
        ret_parts->count = 1;
    }
    TRY(add_attached(cx, pass, ret_parts));
    if (ret_parts->count == 1) ret_parts->count = 0;
    return ERR_OK;
}

static Err keep(Cx *cx, Reading *reading, Draft *found)
{
    Draft *draft = NULL;
    read_put_settle(found);
    if (!is_invoice(found) || read_put_has(reading, found)) return ERR_OK;
    TRY(reading_add_draft(cx, reading, &draft));
    *draft = *found;
    return ERR_OK;
}

static Err read_document(Cx *cx, Pass *pass, Reading *reading)
{
    OfdParts parts = {};
    OfdSheets *sheets = arena_alloc(&cx->arena, sizeof *sheets); // the pass points into it
    TRY(split(cx, pass, sheets, &parts));
    if (parts.count == 0) {
        TRY(read_doc(cx, pass));
        if (sheets->several)
            TRY(draft_add_finding(cx, pass->draft, "several_on_page", SEVERITY_WARN, SLICE(""),
                                  "一页上似乎有多张发票，未能分开，请逐项核对。"));
        return keep(cx, reading, pass->draft);
    }
    for (size_t i = 0; i < parts.count; i++) {
        Pass own = *pass;
        own.part = &parts.items[i];
        own.doc = &parts.items[i].doc;
        own.texts = parts.items[i].texts;
        TRY(read_doc(cx, &own));
        TRY(keep(cx, reading, own.draft));
    }
    return ERR_OK;
}

// What the seal pass unpacked is what is read: the bytes whose digests it compared.
static Err open_ofd(Cx *cx, const ReadJob *job, Ofd **ret_ofd, ZipTrouble *trouble)
{
    if (job->seal == NULL || job->seal->zip == NULL)
        return ofd_open(cx, job->bytes, ret_ofd, trouble);
    return ofd_open_zip(cx, job->seal->zip, ret_ofd, trouble);
}

Err read_ofd_with(Cx *cx, const ReadJob *job, const OfdEyes *eyes, Reading *reading)
{
    Ofd *ofd = NULL;
    ZipTrouble trouble = ZIP_TROUBLE_NONE;
    Err err = open_ofd(cx, job, &ofd, &trouble);
    if (err != ERR_OK) {
        if (err == ERR_LIMIT) trouble = ZIP_TROUBLE_HOSTILE;
        Reason reason = err == ERR_MISSING ? REASON_UNSUPPORTED : reason_of(trouble);
        return read_put_reason(cx, reading, reason, err_text(cx));
    }
    Draft found = {}, shadow = {};
    size_t texts = 0, images = 0;
    bool receipt = false;
    bool sealed = job->seal != NULL && job->seal->seal.state == SEAL_VALID;
    for (size_t i = 0; i < ofd->doc_count; i++) {
        TRY(read_ofd_attached(cx, ofd, sealed ? job->seal : NULL, &ofd->docs[i]));
        Pass pass = {.job = job,
                     .ofd = ofd,
                     .doc = &ofd->docs[i],
                     .trust_all = !sealed,
                     .draft = &found,
                     .shadow = &shadow,
                     .eyes = eyes};
        TRY(read_document(cx, &pass, reading));
        receipt = receipt || pass.is_receipt;
        texts += pass.texts.count;
        images += pass.texts.images;
    }
    if (ofd->trouble == ZIP_TROUBLE_HOSTILE) {
        reading->draft_count = 0;
        reading->reason = REASON_HOSTILE;
        reading->detail = SLICE("a part of the OFD is hostile");
    } else if (reading->draft_count == 0) {
        explain(reading, ofd, receipt, texts, images);
    }
    return ERR_OK;
}

Err read_ofd(Cx *cx, const ReadJob *job, Reading *reading)
{
    return read_ofd_with(cx, job, NULL, reading);
}
