// EInvoice
//   Header                EIid = number; InherentLabel/{InIssuType Y blue N red,
//                         GeneralOrSpecialVAT 01 专票 02 普票}: any of them may be empty or absent
//   EInvoiceData          SellerInformation BuyerInformation BasicInformation
//                         IssuItemInformation*  SpecificInformation  AdditionalInformation
//   TaxSupervisionInfo    InvoiceNumber IssueTime TaxBureauName; InvoiceCode when it is printed on
//                         a paper form, and then InvoiceNumber has the 8 digits of that
//   TaxBureauSignature    SM2 over a byte string that no source documents: never checked here
// Platforms hand it on in other clothes: the root is called otherwise, or all names are in another
// case (the signature itself refers to /Einvoice/EinvoiceData), items lie in a list of their own,
// values are attributes. xml_path.h says what is taken for the same.
// Source: shared facts §3.1 and §12.
#include "read/read_einvoice.h"

#include "format/xml/xml_path.h"
#include "model/draft_canon.h"
#include "read/read_extra.h"
#include "read/read_put.h"
#include "read/read_red.h"

#define LINE_LISTS 2 // around an item, at most

typedef struct Place {
    Field field;
    const char *path;
} Place;

static const Place places[] = {
    {DRAFT_ISSUE_DATE, "TaxSupervisionInfo/IssueTime"},
    {DRAFT_ISSUE_DATE, "EInvoiceData/BasicInformation/RequestTime"},
    {DRAFT_AMOUNT, "EInvoiceData/BasicInformation/TotalAmWithoutTax"},
    {DRAFT_TAX, "EInvoiceData/BasicInformation/TotalTaxAm"},
    {DRAFT_TOTAL, "EInvoiceData/BasicInformation/TotalTax-includedAmount"},
    {DRAFT_TOTAL, "EInvoiceData/BasicInformation/TotaltaxIncludedAmount"},
    {DRAFT_TOTAL_WORDS, "EInvoiceData/BasicInformation/TotalTax-includedAmountInChinese"},
    {DRAFT_ISSUER, "EInvoiceData/BasicInformation/Drawer"},
    {DRAFT_SELLER_NAME, "EInvoiceData/SellerInformation/SellerName"},
    {DRAFT_SELLER_TAX_ID, "EInvoiceData/SellerInformation/SellerIdNum"},
    {DRAFT_BUYER_NAME, "EInvoiceData/BuyerInformation/BuyerName"},
    {DRAFT_BUYER_TAX_ID, "EInvoiceData/BuyerInformation/BuyerIdNum"},
    {DRAFT_REMARK, "EInvoiceData/AdditionalInformation/Remark"},
};

// Two elements that make one field of ours.
static const struct {
    Field field;
    const char *first, *second;
} pairs[] = {
    {DRAFT_SELLER_ADDRESS_PHONE, "EInvoiceData/SellerInformation/SellerAddr",
     "EInvoiceData/SellerInformation/SellerTelNum"},
    {DRAFT_SELLER_BANK_ACCOUNT, "EInvoiceData/SellerInformation/SellerBankName",
     "EInvoiceData/SellerInformation/SellerBankAccNum"},
    {DRAFT_BUYER_ADDRESS_PHONE, "EInvoiceData/BuyerInformation/BuyerAddr",
     "EInvoiceData/BuyerInformation/BuyerTelNum"},
    {DRAFT_BUYER_BANK_ACCOUNT, "EInvoiceData/BuyerInformation/BuyerBankName",
     "EInvoiceData/BuyerInformation/BuyerBankAccNum"},
};

// Whatever the element is called that holds the data: beside them it has a header, or what the tax
// bureau says.
static bool is_einvoice(const XmlNode *node)
{
    return xml_path_named(node, "EInvoice") || xml_path_child(node, "Header") != NULL ||
           xml_path_child(node, "TaxSupervisionInfo") != NULL;
}

const XmlNode *read_einvoice_next(const XmlNode *root, const XmlNode *einvoice)
{
    static const char *const name = "EInvoiceData";
    const XmlNode *data = xml_path_child(einvoice, name);
    for (data = xml_path_deep(root, data, name); data != NULL;
         data = xml_path_deep(root, data, name))
        if (data->parent != einvoice && is_einvoice(data->parent)) return data->parent;
    return NULL;
}

const XmlNode *read_einvoice_find(const XmlNode *root)
{
    return read_einvoice_next(root, NULL);
}

// A platform that had no value may have written "null".
static Slice known(Slice text)
{
    return slice_equal_nocase(text, SLICE("null")) ? SLICE("") : text;
}

static Slice value_of(const XmlNode *node, const char *path)
{
    return known(xml_path_text(node, path));
}

static bool says(const XmlNode *label, Slice words)
{
    return slice_find(value_of(label, "LabelName"), words) != SLICE_NONE;
}

// Tickets and vehicles are 数电票 of their own kinds; the rest are told apart by 专票 or 普票.
static Slice kind_by_labels(const XmlNode *einvoice)
{
    const XmlNode *labels = xml_path_find(einvoice, "Header/InherentLabel");
    const XmlNode *type = xml_path_child(labels, "EInvoiceType");
    const XmlNode *vat = xml_path_child(labels, "GeneralOrSpecialVAT");
    static const struct {
        Slice words, kind;
    } special[] = {{SLICE("铁路"), SLICE("51")},
                   {SLICE("航空"), SLICE("61")},
                   {SLICE("机动车"), SLICE("83")},
                   {SLICE("二手车"), SLICE("84")}};
    for (size_t i = 0; i < sizeof special / sizeof special[0]; i++)
        if (says(type, special[i].words) || says(vat, special[i].words)) return special[i].kind;
    Slice code = value_of(vat, "LabelCode");
    if (slice_equal(code, SLICE("01")) || slice_equal(code, SLICE("1"))) return SLICE("31");
    if (slice_equal(code, SLICE("02")) || slice_equal(code, SLICE("2"))) return SLICE("32");
    if (says(vat, SLICE("专用")) || says(type, SLICE("专用"))) return SLICE("31");
    if (says(vat, SLICE("普通")) || says(type, SLICE("普通"))) return SLICE("32");
    return SLICE("");
}

static Err put_kind(Cx *cx, const XmlNode *einvoice, Draft *draft)
{
    Slice kind = kind_by_labels(einvoice);
    if (!slice_empty(kind)) return read_put(cx, draft, DRAFT_KIND, kind, SOURCE_XML);
    // A label that we don't know is not guessed at. Without it (taxi platforms leave it empty) it
    // is a 普通发票: a 专用发票 always says so.
    const XmlNode *vat = xml_path_find(einvoice, "Header/InherentLabel/GeneralOrSpecialVAT");
    bool labelled =
        !slice_empty(value_of(vat, "LabelCode")) || !slice_empty(value_of(vat, "LabelName"));
    if (labelled) return read_put_kind(cx, draft, SLICE(""), SOURCE_XML);
    return draft_set(cx, draft, DRAFT_KIND, SLICE("32"), SOURCE_DERIVED, 800);
}

// Some platforms end the list with an item of empty elements; in others an item is a list.
static bool is_empty(const XmlNode *item)
{
    for (const XmlNode *part = item->first; part != NULL; part = part->sibling)
        if (!slice_empty(known(xml_text(part)))) return false;
    return slice_empty(value_of(item, "ItemName"));
}

static bool is_line(const XmlNode *node)
{
    bool item = xml_path_named(node, "IssuItemInformation");
    return (item || !slice_empty(value_of(node, "ItemName"))) && !is_empty(node);
}

static Err put_line(Cx *cx, const XmlNode *item, Draft *draft)
{
    const Line raw = {.name = value_of(item, "ItemName"),
                      .spec = value_of(item, "SpecMod"),
                      .unit = value_of(item, "MeaUnits"),
                      .quantity = value_of(item, "Quantity"),
                      .price = value_of(item, "UnPrice"),
                      .amount = value_of(item, "Amount"),
                      .tax_rate = value_of(item, "TaxRate"),
                      .tax = value_of(item, "ComTaxAm"),
                      .tax_code = value_of(item, "TaxClassificationCode")};
    return read_put_line(cx, draft, &raw);
}

// An item lies in the data, or in one or two lists there. What belongs to a special business has
// items of its own, which are none of these.
static Err put_lines(Cx *cx, const XmlNode *list, unsigned levels, Draft *draft)
{
    const XmlNode *at = list == NULL ? NULL : list->first;
    for (; at != NULL; at = at->sibling) {
        if (xml_path_named(at, "SpecificInformation")) continue;
        if (is_line(at))
            TRY(put_line(cx, at, draft));
        else if (levels > 0)
            TRY(put_lines(cx, at, levels - 1, draft));
    }
    return ERR_OK;
}

// An empty <RedEInvoice/> stands on blue invoices too: content makes it red, not presence.
static Err put_red(Cx *cx, const XmlNode *einvoice, Draft *draft)
{
    const XmlNode *red = xml_path_find(einvoice, "EInvoiceData/SpecificInformation/RedEInvoice");
    Slice number = value_of(red, "OriginalInvoiceCode");
    Slice form = value_of(red, "CreditNoteNumber");
    Slice label = value_of(einvoice, "Header/InherentLabel/InIssuType/LabelCode");
    draft->red.is_red =
        slice_equal(label, SLICE("N")) || !slice_empty(number) || !slice_empty(form);
    TRY(read_put(cx, draft, DRAFT_RED_ORIGINAL_NUMBER, number, SOURCE_XML));
    TRY(read_put(cx, draft, DRAFT_RED_CONFIRMATION_NUMBER, form, SOURCE_XML));
    return read_red_of_remark(cx, draft, SOURCE_XML);
}

// Source: shared facts §3.1 and §12, a real toll invoice. Other businesses have elements of their
// own there, but no file of theirs was seen: their values are taken from the remark.
static Err put_special(Cx *cx, const XmlNode *einvoice, Draft *draft)
{
    static const struct {
        const char *name, *element;
    } tolls[] = {{"plate_number", "PlateNumber"},
                 {"vehicle_type", "VehicleType"},
                 {"passage_from", "StartDatesOfPassage"},
                 {"passage_to", "EndDatesOfPassage"}};
    const XmlNode *special = xml_path_find(einvoice, "EInvoiceData/SpecificInformation");
    for (const XmlNode *toll = xml_path_child(special, "Toll"); toll != NULL;
         toll = xml_path_next(toll, "Toll"))
        for (size_t i = 0; i < sizeof tolls / sizeof tolls[0]; i++)
            TRY(read_extra_put(cx, draft, tolls[i].name, value_of(toll, tolls[i].element),
                               SOURCE_XML));
    return read_extra_of_remark(cx, draft);
}

static Err put_seal(Cx *cx, const XmlNode *einvoice, Draft *draft)
{
    const XmlNode *signature = xml_path_child(einvoice, "TaxBureauSignature");
    if (signature == NULL || signature->first == NULL) return ERR_OK;
    draft->seal.state = SEAL_UNCHECKED;
    Slice bureau = value_of(einvoice, "TaxSupervisionInfo/TaxBureauName");
    TRY(draft_canon_text(cx, read_put_cut(bureau), &draft->seal.signer));
    draft->seal.reasons = arena_alloc(&cx->arena, sizeof *draft->seal.reasons);
    draft->seal.reasons[0] = SLICE("存在税务机关签名，未核验");
    draft->seal.reason_count = 1;
    return ERR_OK;
}

// Printed on a paper form it has a code and a number of 8 digits beside its own of 20. No real file
// of one was seen: docs/rules/kind.md.
Err read_einvoice_numbers(Cx *cx, const XmlNode *einvoice, Draft *draft)
{
    Slice own = value_of(einvoice, "Header/EIid");
    Slice number = value_of(einvoice, "TaxSupervisionInfo/InvoiceNumber");
    Slice code = value_of(einvoice, "TaxSupervisionInfo/InvoiceCode");
    bool paper = !slice_empty(slice_trim(code)) && slice_trim(number).size == 8;
    TRY(read_put(cx, draft, paper ? DRAFT_DIGITAL_NUMBER : DRAFT_NUMBER, own, SOURCE_XML));
    TRY(read_put(cx, draft, DRAFT_NUMBER, number, SOURCE_XML));
    return paper ? read_put(cx, draft, DRAFT_CODE, code, SOURCE_XML) : ERR_OK;
}

Err read_einvoice_fill(Cx *cx, const XmlNode *einvoice, Draft *draft)
{
    TRY(read_put_guessed(cx, xml_is_guessed(einvoice), draft));
    TRY(read_put_mended(cx, xml_is_mended(einvoice), draft));
    TRY(read_einvoice_numbers(cx, einvoice, draft));
    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++)
        TRY(read_put(cx, draft, places[i].field, value_of(einvoice, places[i].path), SOURCE_XML));
    for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++) {
        Slice pair = {};
        TRY(read_put_pair(cx, value_of(einvoice, pairs[i].first),
                          value_of(einvoice, pairs[i].second), &pair));
        TRY(read_put(cx, draft, pairs[i].field, pair, SOURCE_XML));
    }
    TRY(put_kind(cx, einvoice, draft));
    TRY(put_lines(cx, xml_path_child(einvoice, "EInvoiceData"), LINE_LISTS, draft));
    TRY(put_red(cx, einvoice, draft));
    TRY(put_special(cx, einvoice, draft));
    return put_seal(cx, einvoice, draft);
}
