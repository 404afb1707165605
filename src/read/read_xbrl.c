// xbrl
//   schemaRef href="…_entry_point_<date>.xsd"   context   unit
//   facts in http://xbrl.mof.gov.cn/taxonomy/<date>/<taxonomy>, each with contextRef;
//   xsi:nil="true" or empty = not given; lines are …Tuple elements with facts in them
// Source: shared facts §3.2 and §12; taxonomies of 2021-09-30 to 2023-12-31.
#include "read/read_xbrl.h"

#include "base/money.h"
#include "read/read_extra.h"
#include "read/read_put.h"
#include "read/read_red.h"

typedef struct Place {
    Field field;
    const char *name;
} Place;

static const Place inv_places[] = {
    {DRAFT_CODE, "CodeOfInvoice"},
    {DRAFT_NUMBER, "NumberOfInvoice"},
    {DRAFT_ISSUE_DATE, "DateOfIssue"},
    {DRAFT_CHECK_CODE, "IdentifyingCode"},
    {DRAFT_MACHINE_NUMBER, "NumberOfInvoiceMachine"},
    {DRAFT_AMOUNT, "TotalAmountExcludingTax"},
    {DRAFT_TAX, "TotalTaxAmount"},
    {DRAFT_TOTAL, "TaxIncludedAmountInFigures"},
    {DRAFT_TOTAL_WORDS, "TaxIncludedAmountInWords"},
    {DRAFT_BUYER_NAME, "NameOfPurchaser"},
    {DRAFT_BUYER_TAX_ID, "TaxpayerIdentificationNumberUnifiedSocialCreditCodeOfPurchaser"},
    {DRAFT_BUYER_TAX_ID, "UnifiedSocialCreditCodeOfPurchaser"},
    {DRAFT_BUYER_ADDRESS_PHONE, "AddressPhoneNumberOfPurchaser"},
    {DRAFT_BUYER_BANK_ACCOUNT, "DepositBankAndAccountNumberOfPurchaser"},
    {DRAFT_SELLER_NAME, "NameOfSeller"},
    {DRAFT_SELLER_TAX_ID, "TaxpayerIdentificationNumberUnifiedSocialCreditCodeOfSeller"},
    {DRAFT_SELLER_TAX_ID, "UnifiedSocialCreditCodeOfSeller"},
    {DRAFT_SELLER_ADDRESS_PHONE, "AddressPhoneNumberOfSeller"},
    {DRAFT_SELLER_BANK_ACCOUNT, "DepositBankAndAccountNumberOfSeller"},
    {DRAFT_REMARK, "Remarks"},
    {DRAFT_PAYEE, "Payee"},
    {DRAFT_REVIEWER, "Reviewer"},
    {DRAFT_ISSUER, "Issuer"},
};

static const Place einv_places[] = {
    {DRAFT_NUMBER, "InvoiceNumber"},
    {DRAFT_ISSUE_DATE, "IssueTime"},
    {DRAFT_ISSUE_DATE, "RequestTime"},
    {DRAFT_AMOUNT, "TotalAmWithoutTax"},
    {DRAFT_TAX, "TotalTaxAm"},
    {DRAFT_TOTAL, "TotalTax-includedAmount"},
    {DRAFT_TOTAL_WORDS, "TotalTax-includedAmountInChinese"},
    {DRAFT_SELLER_NAME, "SellerName"},
    {DRAFT_SELLER_TAX_ID, "SellerIdNum"},
    {DRAFT_BUYER_NAME, "BuyerName"},
    {DRAFT_BUYER_TAX_ID, "BuyerIdNum"},
    {DRAFT_ISSUER, "Drawer"},
    {DRAFT_REMARK, "Remark"},
};

static const Place rai_places[] = {
    {DRAFT_NUMBER, "ElectronicInvoiceRailwayETicketNumber"},
    {DRAFT_ISSUE_DATE, "DateOfIssue"},
    {DRAFT_AMOUNT, "TotalAmountExcludingTax"},
    {DRAFT_TAX, "TaxAmount"},
    {DRAFT_TOTAL, "Fare"},
    {DRAFT_SELLER_NAME, "NameOfSeller"},
    {DRAFT_SELLER_NAME, "IssueParty"},
    {DRAFT_SELLER_TAX_ID, "UnifiedSocialCreditCodeOfSeller"},
    {DRAFT_BUYER_NAME, "NameOfPurchaser"},
    {DRAFT_BUYER_TAX_ID, "UnifiedSocialCreditCodeOfPurchaser"},
    {DRAFT_BUYER_ADDRESS_PHONE, "AddressPhoneNumberOfPurchaser"},
    {DRAFT_BUYER_BANK_ACCOUNT, "DepositBankAndAccountNumberOfPurchaser"},
    {DRAFT_REMARK, "Remarks"},
};

static const Place atr_places[] = {
    {DRAFT_NUMBER, "ElectronicInvoiceAirTransportReceiptNumber"},
    {DRAFT_ISSUE_DATE, "IssueDate"},
    {DRAFT_ISSUE_DATE, "DateOfIssue"},
    {DRAFT_TAX, "VatTaxAmount"},
    {DRAFT_TOTAL, "TotalAmount"},
    {DRAFT_SELLER_NAME, "NameOfSeller"},
    {DRAFT_SELLER_NAME, "IssueParty"},
    {DRAFT_SELLER_TAX_ID, "UnifiedSocialCreditCodeOfSeller"},
    {DRAFT_BUYER_NAME, "NameOfPurchaser"},
    {DRAFT_BUYER_TAX_ID, "UnifiedSocialCreditCodeOfPurchaser"},
    {DRAFT_REMARK, "Remarks"},
    {DRAFT_REMARK, "PromptInformation"},
};

#define PLACES(array) array, sizeof(array) / sizeof((array)[0])
static const struct {
    Slice taxonomy;
    const Place *places;
    size_t count;
} invoices[] = {
    {SLICE("inv"), PLACES(inv_places)},   {SLICE("inv_tlf"), PLACES(inv_places)}, // 通行费
    {SLICE("einv"), PLACES(einv_places)}, {SLICE("rai"), PLACES(rai_places)},
    {SLICE("atr"), PLACES(atr_places)},
};

// The base vocabularies of XBRL itself; a fact is in none of them.
static bool is_base(Slice space)
{
    static const Slice base[] = {SLICE("instance"), SLICE("linkbase"), SLICE("xlink"),
                                 SLICE("XLink"), SLICE("")};
    for (size_t i = 0; i < sizeof base / sizeof base[0]; i++)
        if (slice_equal(space, base[i])) return true;
    return false;
}

// A file whose prefixes are not declared has prefixes all the same, but the tree has dropped them;
// then the names of its facts tell.
static Slice taxonomy_by_facts(const XmlNode *root)
{
    static const struct {
        const char *fact;
        Slice taxonomy;
    } facts[] = {{"ElectronicInvoiceRailwayETicketNumber", SLICE("rai")},
                 {"ElectronicInvoiceAirTransportReceiptNumber", SLICE("atr")},
                 {"CodeOfInvoice", SLICE("inv")},
                 {"TotalTax-includedAmount", SLICE("einv")}};
    for (size_t i = 0; i < sizeof facts / sizeof facts[0]; i++)
        if (xml_child(root, facts[i].fact) != NULL) return facts[i].taxonomy;
    return SLICE("unknown");
}

Slice read_xbrl_taxonomy(const XmlNode *root)
{
    if (!xml_named(root, "xbrl")) return SLICE("");
    for (const XmlNode *fact = root->first; fact != NULL; fact = fact->sibling)
        if (!is_base(fact->space)) return fact->space;
    return taxonomy_by_facts(root);
}

static size_t row_of(Slice taxonomy)
{
    for (size_t i = 0; i < sizeof invoices / sizeof invoices[0]; i++)
        if (slice_equal(invoices[i].taxonomy, taxonomy)) return i;
    return SIZE_MAX;
}

bool read_xbrl_is_invoice(Slice taxonomy)
{
    return row_of(taxonomy) != SIZE_MAX;
}

static Slice fact(const XmlNode *root, const char *name)
{
    for (const XmlNode *at = xml_deep(root, NULL, name); at != NULL; at = xml_deep(root, at, name))
        if (!slice_empty(xml_text(at))) return xml_text(at);
    return SLICE("");
}

static Err put_tuples(Cx *cx, const XmlNode *root, Draft *draft)
{
    static const char *const tuple = "InformationOfTaxableGoodsOrServicesDetailItemsTuple";
    for (const XmlNode *item = xml_child(root, tuple); item != NULL; item = xml_next(item, tuple)) {
        const Line raw = {.name = xml_find_text(item, "NameOfTaxableGoodsOrServices"),
                          .spec = xml_find_text(item, "Specification"),
                          .unit = xml_find_text(item, "UnitOfGoodsOrServices"),
                          .quantity = xml_find_text(item, "QuantityOfGoodsOrServices"),
                          .price = xml_find_text(item, "UnitPriceOfGoodsOrServices"),
                          .amount = xml_find_text(item, "AmountExcludingTax"),
                          .tax_rate = xml_find_text(item, "TaxRate"),
                          .tax = xml_find_text(item, "TaxAmount"),
                          .tax_code = xml_find_text(item, "TaxClassificationCode")};
        TRY(read_put_line(cx, draft, &raw));
    }
    return ERR_OK;
}

// A ticket is one line: the journey.
static Err put_journey(Cx *cx, const XmlNode *root, Draft *draft, Slice what, Slice rate)
{
    Slice from = fact(root, "DepartureStation"), to = fact(root, "DestinationStation");
    Slice number = fact(root, "TrainNumber");
    if (slice_empty(number)) number = fact(root, "Flight");
    if (slice_empty(number)) number = fact(root, "FlightNumber");
    Line journey = {.name = what,
                    .quantity = SLICE("1"),
                    .amount = draft->amount,
                    .tax_rate = rate,
                    .tax = draft->tax};
    if (!slice_empty(from) || !slice_empty(to))
        journey.spec =
            cx_printf(cx, SLICE_FMT "-" SLICE_FMT " " SLICE_FMT, SLICE_ARG(slice_sub(from, 0, 200)),
                      SLICE_ARG(slice_sub(to, 0, 200)), SLICE_ARG(slice_sub(number, 0, 200)));
    return read_put_line(cx, draft, &journey);
}

// Source: shared facts §3.2 and §12 (rai); the air ones by the names that put_journey knows.
static Err put_traveller(Cx *cx, const XmlNode *root, Draft *draft)
{
    static const struct {
        const char *name, *fact;
    } facts[] = {
        {"business", "TypeOfBusiness"},     {"traveller", "Name"},
        {"traveller_id", "IdNumber"},       {"travel_date", "TravelDate"},
        {"departure", "DepartureStation"},  {"destination", "DestinationStation"},
        {"service_number", "TrainNumber"},  {"service_number", "FlightNumber"},
        {"seat_class", "SeatLevel"},        {"carriage", "Carriage"},
        {"ticket_number", "ETicketNumber"}, {"replaced_number", "NumberOfOriginalInvoice"},
    };
    for (size_t i = 0; i < sizeof facts / sizeof facts[0]; i++)
        TRY(read_extra_put(cx, draft, facts[i].name, fact(root, facts[i].fact), SOURCE_XBRL));
    return ERR_OK;
}

static Err put_rai(Cx *cx, const XmlNode *root, Draft *draft)
{
    bool refund = slice_equal(fact(root, "TypeOfBusiness"), SLICE("退"));
    TRY(read_put_kind(cx, draft, SLICE("51"), SOURCE_XBRL));
    TRY(put_traveller(cx, root, draft));
    // 退票 is an invoice over the refund's fee, not a red one; 换开 names the one it replaces.
    return put_journey(cx, root, draft, refund ? SLICE("铁路退票费") : SLICE("铁路旅客运输"),
                       fact(root, "TaxRate"));
}

// The taxable amount of an air ticket is fare plus fuel surcharge; the funds are not part of it.
// Source: shared facts, manifest of the 行程单 specimen; 公告2024年第9号.
static Err put_atr(Cx *cx, const XmlNode *root, Draft *draft)
{
    TRY(read_put_kind(cx, draft, SLICE("61"), SOURCE_XBRL));
    TRY(put_traveller(cx, root, draft));
    Money fare = {}, fuel = {}, sum = {};
    Slice surcharge = fact(root, "FuelSurcharge");
    bool known = money_parse(cx, fact(root, "Fare"), &fare) == ERR_OK;
    known = known && (slice_empty(surcharge) || money_parse(cx, surcharge, &fuel) == ERR_OK);
    if (known && money_add(cx, fare, fuel, &sum) == ERR_OK) {
        char *text = arena_alloc(&cx->arena, MONEY_TEXT_MAX + 1);
        TRY(read_put(cx, draft, DRAFT_AMOUNT, money_print(sum, text), SOURCE_XBRL));
    }
    return put_journey(cx, root, draft, SLICE("航空旅客运输"), fact(root, "VatRate"));
}

static Slice einv_kind(const XmlNode *root)
{
    Slice schema = xml_attr(xml_child(root, "schemaRef"), "href");
    if (slice_find(schema, SLICE("spcl")) != SLICE_NONE) return SLICE("31");
    if (slice_find(schema, SLICE("ord")) != SLICE_NONE) return SLICE("32");
    // Only a 专用发票 has an input tax to be confirmed.
    if (!slice_empty(fact(root, "UsageConfirmation"))) return SLICE("31");
    return SLICE("");
}

static Err put_inv_kind(Cx *cx, const XmlNode *root, Draft *draft)
{
    Slice type = fact(root, "TypeOfInvoice");
    static const struct {
        Slice words, kind;
    } names[] = {{SLICE("通行费"), SLICE("14")},
                 {SLICE("电子专用"), SLICE("08")},
                 {SLICE("电子普通"), SLICE("10")}};
    TRY(read_put_kind(cx, draft, SLICE(""), SOURCE_XBRL)); // by code, which says more
    for (size_t i = 0; slice_empty(draft->kind) && i < sizeof names / sizeof names[0]; i++)
        if (slice_find(type, names[i].words) != SLICE_NONE)
            TRY(read_put(cx, draft, DRAFT_KIND, names[i].kind, SOURCE_XBRL));
    return ERR_OK;
}

Err read_xbrl_fill(Cx *cx, const XmlNode *root, Draft *draft)
{
    Slice taxonomy = read_xbrl_taxonomy(root);
    size_t row = row_of(taxonomy);
    if (row == SIZE_MAX) return err_set(cx, ERR_INPUT, "this XBRL is no invoice");
    TRY(read_put_guessed(cx, xml_is_guessed(root), draft));
    TRY(read_put_mended(cx, xml_is_mended(root), draft));
    for (size_t i = 0; i < invoices[row].count; i++)
        TRY(read_put(cx, draft, invoices[row].places[i].field,
                     fact(root, invoices[row].places[i].name), SOURCE_XBRL));
    if (slice_equal(taxonomy, SLICE("rai"))) {
        TRY(put_rai(cx, root, draft));
    } else if (slice_equal(taxonomy, SLICE("atr"))) {
        TRY(put_atr(cx, root, draft));
    } else if (slice_equal(taxonomy, SLICE("einv"))) {
        TRY(read_put_kind(cx, draft, einv_kind(root), SOURCE_XBRL));
        Slice red = fact(root, "WhetherEinvoiceIsRedEinvoice");
        draft->red.is_red = slice_equal(red, SLICE("true")) || slice_equal(red, SLICE("是")) ||
                            slice_equal(red, SLICE("1")) || slice_equal(red, SLICE("Y"));
    } else {
        TRY(put_inv_kind(cx, root, draft));
        TRY(put_tuples(cx, root, draft));
    }
    TRY(read_extra_of_remark(cx, draft));
    return read_red_of_remark(cx, draft, SOURCE_XBRL);
}
