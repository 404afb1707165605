#include "read/read_original.h"

#include "base/test.h"

TEST("read original: values are taken, a file of references is not mistaken for it")
{
    static const Slice xml = SLICE(
        "<eInvoice xmlns:fp='x'><fp:InvoiceCode>032001600511</fp:InvoiceCode><fp:InvoiceNo>00000017"
        "</fp:InvoiceNo><fp:TaxTotalAmount>***</fp:TaxTotalAmount><fp:GraphCode>01,10,…"
        "</fp:GraphCode><fp:OriginalInvoiceCode/><fp:GoodsInfos><fp:GoodsInfo/><fp:GoodsInfo>"
        "<fp:Item>*餐饮*餐费</fp:Item><fp:Amount>57.00</fp:Amount><fp:TaxScheme>免税</fp:TaxScheme>"
        "<fp:TaxAmount>***</fp:TaxAmount></fp:GoodsInfo></fp:GoodsInfos></eInvoice>");
    const XmlNode *root = NULL;
    Draft draft = {};
    Slice qr = {};
    EXPECT_OK(xml_parse(cx, xml, &root, NULL));
    EXPECT(read_original_is(root));
    EXPECT_OK(read_original_fill(cx, root, &draft, &qr));
    EXPECT(slice_equal(draft.kind, SLICE("10")) && slice_equal(draft.tax, SLICE("0.00")));
    EXPECT(slice_starts(qr, SLICE("01,10")) && !draft.red.is_red);
    EXPECT(draft.line_count == 1 && slice_equal(draft.lines[0].tax_rate, SLICE("免税")));

    static const Slice tags = SLICE("<eInvoice><InvoiceCode/><InvoiceNo><ObjectRef>7</ObjectRef>"
                                    "</InvoiceNo></eInvoice>");
    EXPECT_OK(xml_parse(cx, tags, &root, NULL));
    EXPECT(!read_original_is(root));
}

TEST("read original: one in GBK that claims to be UTF-8 says so")
{
    const XmlNode *root = NULL;
    Draft draft = {};
    Slice qr = {};
    EXPECT_OK(xml_parse(cx,
                        SLICE("<eInvoice><InvoiceCode>032001600511</InvoiceCode><InvoiceNo>00000017"
                              "</InvoiceNo><Payee>\xb7\xa2\xc6\xb1</Payee></eInvoice>"),
                        &root, NULL));
    EXPECT_OK(read_original_fill(cx, root, &draft, &qr));
    EXPECT(draft.finding_count == 1);
    EXPECT(slice_equal(draft.findings[0].rule, SLICE("encoding_guessed")));
}

TEST("read original: one that was mended says so")
{
    const XmlNode *root = NULL;
    Draft draft = {};
    Slice qr = {};
    EXPECT_OK(xml_parse_mended(cx,
                               SLICE("<eInvoice><InvoiceCode>032001600511</InvoiceCode><InvoiceNo>"
                                     "00000017</InvoiceNo><Payee>甲&乙</Payee></eInvoice>"),
                               &root, NULL));
    EXPECT_OK(read_original_fill(cx, root, &draft, &qr));
    EXPECT(slice_equal(draft.payee, SLICE("甲&乙")) && draft.finding_count == 1);
    EXPECT(slice_equal(draft.findings[0].rule, SLICE("markup_mended")));
}
