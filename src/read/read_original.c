// eInvoice (no namespace), children in http://www.edrm.org.cn/schema/e-invoice/2019
//   DocID InvoiceCode InvoiceNo TypeCode IssueDate InvoiceCheckCode MachineNo TaxControlCode
//   Buyer/{BuyerName BuyerTaxID BuyerAddrTel BuyerFinancialAccount}  Seller/{Seller…}
//   TaxInclusiveTotalAmount TaxExclusiveTotalAmount TaxTotalAmount (may be ***)
//   Note InvoiceClerk Payee Checker GraphCode (QR text, or a PNG in base64)
//   OriginalInvoiceCode OriginalInvoiceNo RedTicketReason (red)
//   GoodsInfos/GoodsInfo/{LineNo LineNature Item Code Specification MeasurementDimension Price
//   Quantity Amount TaxScheme TaxAmount}
// Source: shared facts §3.3 and §12.
#include "read/read_original.h"

#include "read/read_put.h"
#include "read/read_red.h"

static const struct {
    Field field;
    const char *path;
} places[] = {
    {DRAFT_CODE, "InvoiceCode"},
    {DRAFT_NUMBER, "InvoiceNo"},
    {DRAFT_ISSUE_DATE, "IssueDate"},
    {DRAFT_CHECK_CODE, "InvoiceCheckCode"},
    {DRAFT_MACHINE_NUMBER, "MachineNo"},
    {DRAFT_AMOUNT, "TaxExclusiveTotalAmount"},
    {DRAFT_TAX, "TaxTotalAmount"},
    {DRAFT_TOTAL, "TaxInclusiveTotalAmount"},
    {DRAFT_TOTAL_WORDS, "TaxInclusiveTotalAmountWithWords"},
    {DRAFT_BUYER_NAME, "Buyer/BuyerName"},
    {DRAFT_BUYER_TAX_ID, "Buyer/BuyerTaxID"},
    {DRAFT_BUYER_ADDRESS_PHONE, "Buyer/BuyerAddrTel"},
    {DRAFT_BUYER_BANK_ACCOUNT, "Buyer/BuyerFinancialAccount"},
    {DRAFT_SELLER_NAME, "Seller/SellerName"},
    {DRAFT_SELLER_TAX_ID, "Seller/SellerTaxID"},
    {DRAFT_SELLER_ADDRESS_PHONE, "Seller/SellerAddrTel"},
    {DRAFT_SELLER_BANK_ACCOUNT, "Seller/SellerFinancialAccount"},
    {DRAFT_REMARK, "Note"},
    {DRAFT_PAYEE, "Payee"},
    {DRAFT_REVIEWER, "Checker"},
    {DRAFT_ISSUER, "InvoiceClerk"},
};

bool read_original_is(const XmlNode *root)
{
    if (!xml_named(root, "eInvoice") && !xml_named(root, "EInvoice")) return false;
    const XmlNode *number = xml_child(root, "InvoiceNo");
    return number != NULL && number->first == NULL &&
           (xml_child(root, "InvoiceCode") != NULL || xml_child(root, "GoodsInfos") != NULL);
}

static Err put_lines(Cx *cx, const XmlNode *infos, Draft *draft)
{
    for (const XmlNode *item = xml_child(infos, "GoodsInfo"); item != NULL;
         item = xml_next(item, "GoodsInfo")) {
        if (item->first == NULL) continue;
        const Line raw = {.name = xml_find_text(item, "Item"),
                          .spec = xml_find_text(item, "Specification"),
                          .unit = xml_find_text(item, "MeasurementDimension"),
                          .quantity = xml_find_text(item, "Quantity"),
                          .price = xml_find_text(item, "Price"),
                          .amount = xml_find_text(item, "Amount"),
                          .tax_rate = xml_find_text(item, "TaxScheme"),
                          .tax = xml_find_text(item, "TaxAmount"),
                          .tax_code = xml_find_text(item, "Code")};
        TRY(read_put_line(cx, draft, &raw));
    }
    return ERR_OK;
}

Err read_original_fill(Cx *cx, const XmlNode *root, Draft *draft, Slice *ret_qr)
{
    TRY(read_put_guessed(cx, xml_is_guessed(root), draft));
    TRY(read_put_mended(cx, xml_is_mended(root), draft));
    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++)
        TRY(read_put(cx, draft, places[i].field, xml_find_text(root, places[i].path),
                     SOURCE_ORIGINAL));
    TRY(read_put_kind(cx, draft, SLICE(""), SOURCE_ORIGINAL));
    TRY(put_lines(cx, xml_child(root, "GoodsInfos"), draft));
    Slice code = xml_find_text(root, "OriginalInvoiceCode");
    Slice number = xml_find_text(root, "OriginalInvoiceNo");
    draft->red.is_red = !slice_empty(code) || !slice_empty(number);
    TRY(read_put(cx, draft, DRAFT_RED_ORIGINAL_CODE, code, SOURCE_ORIGINAL));
    TRY(read_put(cx, draft, DRAFT_RED_ORIGINAL_NUMBER, number, SOURCE_ORIGINAL));
    *ret_qr = xml_find_text(root, "GraphCode");
    return read_red_of_remark(cx, draft, SOURCE_ORIGINAL);
}
