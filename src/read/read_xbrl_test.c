#include "read/read_xbrl.h"

#include "base/test.h"

#define XBRL(taxonomy, facts)                                                                      \
    SLICE("<xbrli:xbrl xmlns:xbrli='http://www.xbrl.org/2003/instance' "                           \
          "xmlns:link='http://www.xbrl.org/2003/linkbase' "                                        \
          "xmlns:f='http://xbrl.mof.gov.cn/taxonomy/2023-12-31/" taxonomy "'>"                     \
          "<link:schemaRef/><xbrli:context id='c1'/>" facts "</xbrli:xbrl>")
#define FACT(name, value) "<f:" name " contextRef='c1'>" value "</f:" name ">"

TEST("read xbrl: each taxonomy's facts become the same fields")
{
    static const struct {
        Slice xml, kind, number, amount, tax, total;
        size_t lines;
    } cases[] = {
        {XBRL("inv", FACT("CodeOfInvoice", "033002200211") FACT("NumberOfInvoice", "00000017")
                         FACT("TotalAmountExcludingTax", "100.00") FACT("TotalTaxAmount", "13.00")
                             FACT("TaxIncludedAmountInFigures",
                                  "113.00") "<f:"
                                            "InformationOfTaxableGoodsOrServicesDetailItemsTuple"
                                            ">" FACT("NameOfTaxableGoodsOrServices", "*软件*安装")
                                                FACT("AmountExcludingTax",
                                                     "100") "</"
                                                            "f:"
                                                            "InformationOfTaxableGoodsOrServicesDet"
                                                            "ailItemsTuple>"),
         SLICE("10"), SLICE("00000017"), SLICE("100.00"), SLICE("13.00"), SLICE("113.00"), 1},
        {XBRL("einv",
              FACT("InvoiceNumber", "24440000000000000017") FACT("TotalAmWithoutTax", "100.00")
                  FACT("TotalTaxAm", "6.00") FACT("TotalTax-includedAmount", "106.00")
                      FACT("UsageConfirmation", "抵扣税款")),
         SLICE("31"), SLICE("24440000000000000017"), SLICE("100.00"), SLICE("6.00"),
         SLICE("106.00"), 0},
        {XBRL("rai", FACT("ElectronicInvoiceRailwayETicketNumber", "25119100000000000017")
                         FACT("TypeOfBusiness", "退") FACT("Fare", "48.00")
                             FACT("TotalAmountExcludingTax", "45.28") FACT("TaxAmount", "2.72")),
         SLICE("51"), SLICE("25119100000000000017"), SLICE("45.28"), SLICE("2.72"), SLICE("48.00"),
         1},
        {XBRL("atr",
              FACT("ElectronicInvoiceAirTransportReceiptNumber", "25448784000000000017")
                  FACT("Fare", "550.46") FACT("FuelSurcharge", "9.17") FACT("VatTaxAmount", "50.37")
                      FACT("CivilAviationDevelopmentFund", "50.00") FACT("TotalAmount", "660.00")),
         SLICE("61"), SLICE("25448784000000000017"), SLICE("559.63"), SLICE("50.37"),
         SLICE("660.00"), 1},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const XmlNode *root = NULL;
        Draft draft = {};
        EXPECT_OK(xml_parse(cx, cases[i].xml, &root, NULL));
        EXPECT(read_xbrl_is_invoice(read_xbrl_taxonomy(root)));
        EXPECT_OK(read_xbrl_fill(cx, root, &draft));
        EXPECT(slice_equal(draft.kind, cases[i].kind));
        EXPECT(slice_equal(draft.number, cases[i].number));
        EXPECT(slice_equal(draft.amount, cases[i].amount) && slice_equal(draft.tax, cases[i].tax));
        EXPECT(slice_equal(draft.total, cases[i].total) && draft.line_count == cases[i].lines);
    }
}

TEST("read xbrl: bank receipts, statements and vouchers of other kinds are no invoices")
{
    static const Slice cases[] = {
        XBRL("bker", FACT("TotalAmount", "1")), XBRL("bkrs", FACT("Balance", "1")),
        XBRL("ntrev", FACT("Amount", "1")), XBRL("efi", FACT("Amount", "1")), SLICE("<xbrl/>")};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const XmlNode *root = NULL;
        Draft draft = {};
        EXPECT_OK(xml_parse(cx, cases[i], &root, NULL));
        Slice taxonomy = read_xbrl_taxonomy(root);
        EXPECT(!slice_empty(taxonomy) && !read_xbrl_is_invoice(taxonomy));
        EXPECT(read_xbrl_fill(cx, root, &draft) == ERR_INPUT);
    }
    const XmlNode *other = NULL;
    EXPECT_OK(xml_parse(cx, SLICE("<a/>"), &other, NULL));
    EXPECT(slice_empty(read_xbrl_taxonomy(other)));
}

TEST("read xbrl: one in GBK that claims to be UTF-8 says so")
{
    const XmlNode *root = NULL;
    Draft draft = {};
    EXPECT_OK(xml_parse(cx,
                        XBRL("einv", FACT("InvoiceNumber", "24440000000000000017")
                                         FACT("UsageConfirmation", "\xb7\xa2\xc6\xb1")),
                        &root, NULL));
    EXPECT_OK(read_xbrl_fill(cx, root, &draft));
    EXPECT(draft.finding_count == 1);
    EXPECT(slice_equal(draft.findings[0].rule, SLICE("encoding_guessed")));
}

TEST("read xbrl: one that was mended says so")
{
    const XmlNode *root = NULL;
    Draft draft = {};
    EXPECT_OK(xml_parse_mended(
        cx, XBRL("einv", FACT("InvoiceNumber", "24440000000000000017") FACT("SellerName", "甲&乙")),
        &root, NULL));
    EXPECT_OK(read_xbrl_fill(cx, root, &draft));
    EXPECT(slice_equal(draft.seller.name, SLICE("甲&乙")) && draft.finding_count == 1);
    EXPECT(slice_equal(draft.findings[0].rule, SLICE("markup_mended")));
}
