#include "read/read_einvoice.h"

#include "base/test.h"
#include "read/read_put.h"

static Err fill(Cx *cx, Slice xml, Draft *draft)
{
    const XmlNode *root = NULL;
    TRY(xml_parse(cx, xml, &root, NULL));
    const XmlNode *einvoice = read_einvoice_find(root);
    if (einvoice == NULL) return err_set(cx, ERR_MISSING, "no EInvoice");
    return read_einvoice_fill(cx, einvoice, draft);
}

TEST("read einvoice: a toll invoice with empty labels, empty RedEInvoice and no declaration")
{
    static const Slice xml = SLICE(
        "<EInvoice><Header><EIid>24440000000000000017</EIid><Version>0.33</Version>"
        "<InherentLabel><InIssuType/><EInvoiceType/><GeneralOrSpecialVAT><LabelCode/><LabelName/>"
        "</GeneralOrSpecialVAT></InherentLabel></Header><EInvoiceData><ptbh/><BasicInformation>"
        "<TotalAmWithoutTax>9.71</TotalAmWithoutTax><TotalTaxAm>0.29</TotalTaxAm>"
        "<TotalTax-includedAmount>10.00</TotalTax-includedAmount>"
        "<RequestTime>2024-02-01 10:00:00</RequestTime></BasicInformation>"
        "<IssuItemInformation><ItemName>*经营租赁*通行费</ItemName><Amount>9.71</Amount>"
        "<TaxRate>0.03</TaxRate><ComTaxAm>0.290000</ComTaxAm></IssuItemInformation>"
        "<IssuItemInformation/><SpecificInformation><RedEInvoice/><Toll><PlateNumber>粤A00000"
        "</PlateNumber><StartDatesOfPassage>20240101000000000</StartDatesOfPassage></Toll>"
        "</SpecificInformation></EInvoiceData><TaxBureauSignature/></EInvoice>");
    Draft draft = {};
    EXPECT_OK(fill(cx, xml, &draft));
    EXPECT(slice_equal(draft.kind, SLICE("32")) && !draft.red.is_red);
    EXPECT(draft.origins[DRAFT_KIND].source == SOURCE_DERIVED);
    EXPECT(slice_equal(draft.issue_date, SLICE("2024-02-01")));
    EXPECT(draft.line_count == 1 && slice_equal(draft.lines[0].tax_rate, SLICE("3%")));
    EXPECT(slice_equal(draft.lines[0].tax, SLICE("0.29")));
    EXPECT(draft.seal.state == SEAL_ABSENT);
    EXPECT(draft.extra_count == 2);
    EXPECT(slice_equal(draft.extras[0].name, SLICE("plate_number")));
    EXPECT(slice_equal(draft.extras[0].value, SLICE("粤A00000")));
    EXPECT(slice_equal(draft.extras[1].name, SLICE("passage_from")));
    EXPECT(slice_equal(draft.extras[1].value, SLICE("2024-01-01")));
}

TEST("read einvoice: kinds follow the labels, by code or by name")
{
    static const struct {
        Slice labels, kind;
    } cases[] = {
        {SLICE("<GeneralOrSpecialVAT><LabelCode>01</LabelCode></GeneralOrSpecialVAT>"),
         SLICE("31")},
        {SLICE("<GeneralOrSpecialVAT><LabelCode>02</LabelCode></GeneralOrSpecialVAT>"),
         SLICE("32")},
        {SLICE("<GeneralOrSpecialVAT><LabelName>增值税专用发票</LabelName></GeneralOrSpecialVAT>"),
         SLICE("31")},
        {SLICE("<EInvoiceType><LabelName>电子发票（铁路电子客票）</LabelName></EInvoiceType>"),
         SLICE("51")},
        {SLICE("<EInvoiceType><LabelName>航空运输电子客票行程单</LabelName></EInvoiceType>"),
         SLICE("61")},
        // The name of the whole where that of the part should stand.
        {SLICE("<EInvoiceType><LabelName>电子发票（增值税专用发票）</LabelName></EInvoiceType>"),
         SLICE("31")},
        {SLICE("<GeneralOrSpecialVAT><LabelCode>77</LabelCode></GeneralOrSpecialVAT>"), SLICE("")},
        {SLICE("<GeneralOrSpecialVAT><LabelCode/></GeneralOrSpecialVAT>"), SLICE("32")},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        Draft draft = {};
        Slice xml = cx_printf(cx,
                              "<EInvoice><Header><InherentLabel>" SLICE_FMT
                              "</InherentLabel></Header><EInvoiceData/></EInvoice>",
                              SLICE_ARG(cases[i].labels));
        EXPECT_OK(fill(cx, xml, &draft));
        EXPECT(slice_equal(draft.kind, cases[i].kind));
    }
}

TEST("read einvoice: a red one names its blue one; a signature is there, but not checked")
{
    static const Slice xml = SLICE(
        "<Message><EInvoice><Header><EIid>24440000000000000018</EIid><InherentLabel><InIssuType>"
        "<LabelCode>N</LabelCode></InIssuType></InherentLabel></Header><EInvoiceData>"
        "<SellerInformation><SellerAddr>地址</SellerAddr><SellerTelNum>010</SellerTelNum>"
        "</SellerInformation><SpecificInformation><RedEInvoice>"
        "<OriginalInvoiceCode>24440000000000000017</OriginalInvoiceCode>"
        "<CreditNoteNumber>44010024020000000001</CreditNoteNumber></RedEInvoice>"
        "</SpecificInformation></EInvoiceData><TaxSupervisionInfo><TaxBureauName>某某税务局"
        "</TaxBureauName></TaxSupervisionInfo><TaxBureauSignature><SignatureValue>x"
        "</SignatureValue></TaxBureauSignature></EInvoice></Message>");
    Draft draft = {};
    EXPECT_OK(fill(cx, xml, &draft));
    EXPECT(draft.red.is_red);
    EXPECT(slice_equal(draft.red.original_number, SLICE("24440000000000000017")));
    EXPECT(slice_equal(draft.red.confirmation_number, SLICE("44010024020000000001")));
    EXPECT(draft.seal.state == SEAL_UNCHECKED && draft.seal.reason_count == 1);
    EXPECT(slice_equal(draft.seal.signer, SLICE("某某税务局")));
    EXPECT(slice_equal(draft.seller.address_phone, SLICE("地址 010")));
}

TEST("read einvoice: an element of that name without data is none")
{
    Draft draft = {};
    EXPECT(fill(cx, SLICE("<EInvoice><Header/></EInvoice>"), &draft) == ERR_MISSING);
}

TEST("read einvoice: printed on a paper form it has two numbers, and a code")
{
    static const char xml[] =
        "<EInvoice><Header><EIid>24440000000000000017</EIid><InherentLabel><GeneralOrSpecialVAT>"
        "<LabelCode>01</LabelCode></GeneralOrSpecialVAT></InherentLabel></Header><EInvoiceData>"
        "<BasicInformation/></EInvoiceData><TaxSupervisionInfo><InvoiceCode>%s</InvoiceCode>"
        "<InvoiceNumber>%s</InvoiceNumber></TaxSupervisionInfo></EInvoice>";
    Draft paper = {}, digital = {};
    EXPECT_OK(fill(cx, cx_printf(cx, xml, "044001900105", "00000017"), &paper));
    read_put_settle(&paper);
    EXPECT(slice_equal(paper.code, SLICE("044001900105")));
    EXPECT(slice_equal(paper.number, SLICE("00000017")));
    EXPECT(slice_equal(paper.digital_number, SLICE("24440000000000000017")));
    EXPECT(slice_equal(paper.kind, SLICE("85")) && paper.finding_count == 0);
    EXPECT_OK(fill(cx, cx_printf(cx, xml, "", "24440000000000000017"), &digital));
    EXPECT(slice_equal(digital.number, SLICE("24440000000000000017")));
    EXPECT(slice_empty(digital.digital_number) && slice_empty(digital.code));
}

TEST("read einvoice: null is no value, an item of empty elements no line, 1E+3 a thousand")
{
    static const Slice xml =
        SLICE("<EInvoice><Header><EIid>24440000000000000017</EIid></Header><EInvoiceData>"
              "<BuyerInformation><BuyerName>张三</BuyerName><BuyerIdNum>null</BuyerIdNum>"
              "<BuyerAddr>null</BuyerAddr><BuyerTelNum>010</BuyerTelNum></BuyerInformation>"
              "<IssuItemInformation><ItemName>*服务*一</ItemName><SpecMod>NULL</SpecMod>"
              "<Quantity>1E+1</Quantity><UnPrice>1E+2</UnPrice><Amount>1E+3</Amount>"
              "<TaxRate>.06</TaxRate><ComTaxAm>60.</ComTaxAm></IssuItemInformation>"
              "<IssuItemInformation><ItemName/><Amount> </Amount><TaxRate>null</TaxRate>"
              "</IssuItemInformation><AdditionalInformation><Remark>null</Remark>"
              "</AdditionalInformation></EInvoiceData></EInvoice>");
    Draft draft = {};
    EXPECT_OK(fill(cx, xml, &draft));
    EXPECT(slice_empty(draft.buyer.tax_id) && slice_empty(draft.remark));
    EXPECT(slice_equal(draft.buyer.address_phone, SLICE("010")));
    EXPECT(draft.line_count == 1 && draft.finding_count == 0);
    const Line *line = &draft.lines[0];
    EXPECT(slice_empty(line->spec) && slice_equal(line->tax_rate, SLICE("6%")));
    EXPECT(slice_equal(line->quantity, SLICE("10")) && slice_equal(line->price, SLICE("100")));
    EXPECT(slice_equal(line->amount, SLICE("1000.00")) && slice_equal(line->tax, SLICE("60.00")));
}

#define ITEM(name)                                                                                 \
    "<IssuItemInformation><ItemName>" name "</ItemName><Amount>1.00</Amount></"                    \
    "IssuItemInformation>"

TEST("read einvoice: names in another case, another root, values as attributes are the same")
{
    static const Slice cases[] = {
        SLICE(
            "<Einvoice><Header><EIid>24440000000000000017</EIid></Header><EinvoiceData>"
            "<BasicInformation><TotalTaxIncludedAmount>1.00</TotalTaxIncludedAmount>"
            "</BasicInformation><SellerInformation><SellerName>甲</SellerName></SellerInformation>"
            "<IssuItemInformation><ItemName>*纸*纸</ItemName></IssuItemInformation>"
            "</EinvoiceData></Einvoice>"),
        SLICE("<EINVOICE><HEADER><EIID>24440000000000000017</EIID></HEADER><EINVOICEDATA>"
              "<BASICINFORMATION><TOTALTAX-INCLUDEDAMOUNT>1.00</TOTALTAX-INCLUDEDAMOUNT>"
              "</BASICINFORMATION><SELLERINFORMATION><SELLERNAME>甲</SELLERNAME>"
              "</SELLERINFORMATION><ISSUITEMINFORMATION><ITEMNAME>*纸*纸</ITEMNAME>"
              "</ISSUITEMINFORMATION></EINVOICEDATA></EINVOICE>"),
        SLICE("<data><header><eiid>24440000000000000017</eiid></header><eInvoiceData>"
              "<basicInformation totalTax-includedAmount='1.00'/><sellerInformation><sellerName"
              " value='甲'/></sellerInformation><issuItemInformation itemName='*纸*纸'/>"
              "</eInvoiceData></data>"),
        SLICE("<Invoice><TaxSupervisionInfo><InvoiceNumber>24440000000000000017</InvoiceNumber>"
              "</TaxSupervisionInfo><EInvoiceData><BasicInformation/><BasicInformation>"
              "<TotalTax-includedAmount/><TotalTax-includedAmount>1.00</TotalTax-includedAmount>"
              "</BasicInformation><SellerInformation><SellerName>甲</SellerName>"
              "</SellerInformation><IssuItemInformation><ItemName>*纸*纸</ItemName>"
              "</IssuItemInformation></EInvoiceData></Invoice>"),
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        Draft draft = {};
        EXPECT_OK(fill(cx, cases[i], &draft));
        EXPECT(slice_equal(draft.number, SLICE("24440000000000000017")));
        EXPECT(slice_equal(draft.total, SLICE("1.00")));
        EXPECT(slice_equal(draft.seller.name, SLICE("甲")));
        EXPECT(draft.line_count == 1 && slice_equal(draft.lines[0].name, SLICE("*纸*纸")));
    }
    Draft draft = {};
    EXPECT(fill(cx, SLICE("<a><EInvoiceData/></a>"), &draft) == ERR_MISSING);
    EXPECT(fill(cx, SLICE("<EInvoiceData/>"), &draft) == ERR_MISSING);
}

TEST("read einvoice: items lie in the data, or in a list there, in their order")
{
    static const Slice lists[] = {
        SLICE(ITEM("一") ITEM("二")),
        SLICE("<IssuItemInformations>" ITEM("一") ITEM("二") "</IssuItemInformations>"),
        SLICE("<Items><List>" ITEM("一") ITEM("二") "</List></Items>"),
        SLICE("<IssuItemInformation>" ITEM("一") ITEM("二") "</IssuItemInformation>"),
        SLICE("<IssuItemInformation><Item><ItemName>一</ItemName><Amount>1.00</Amount></Item>"
              "<Item><ItemName>二</ItemName><Amount>1.00</Amount></Item></IssuItemInformation>"),
        SLICE(ITEM("一") "<IssuItemInformation/>" ITEM(
            "二") "<SpecificInformation><X><ItemName>三</ItemName></X></SpecificInformation>"),
    };
    for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++) {
        Draft draft = {};
        Slice xml = cx_printf(cx, "<EInvoice><EInvoiceData>" SLICE_FMT "</EInvoiceData></EInvoice>",
                              SLICE_ARG(lists[i]));
        EXPECT_OK(fill(cx, xml, &draft));
        EXPECT(draft.line_count == 2);
        for (size_t k = 0; k < draft.line_count; k++) {
            EXPECT(slice_equal(draft.lines[k].name, k == 0 ? SLICE("一") : SLICE("二")));
            EXPECT(slice_equal(draft.lines[k].amount, SLICE("1.00")));
        }
    }
}

TEST("read einvoice: one that has its data twice is one, and the next is found behind it")
{
    const XmlNode *root = NULL;
    EXPECT_OK(xml_parse(cx,
                        SLICE("<l><EInvoice><EInvoiceData/><EInvoiceData/></EInvoice><EInvoice>"
                              "<EInvoiceData/></EInvoice></l>"),
                        &root, NULL));
    const XmlNode *first = read_einvoice_find(root), *second = read_einvoice_next(root, first);
    EXPECT(first == root->first && second == root->first->sibling);
    EXPECT(read_einvoice_next(root, second) == NULL);
}
