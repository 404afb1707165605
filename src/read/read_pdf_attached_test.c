#include "read/read_pdf_attached.h"

#include "base/test.h"
#include "format/pdf/pdf_fixture.h"

static const char xbrl[] =
    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>"
    "<xbrli:xbrl xmlns:xbrli=\"http://www.xbrl.org/2003/instance\""
    " xmlns:rai=\"http://xbrl.mof.gov.cn/taxonomy/2021-11-30/rai\">"
    "<rai:ElectronicInvoiceRailwayETicketNumber contextRef=\"c1\">25129110172000044123"
    "</rai:ElectronicInvoiceRailwayETicketNumber>"
    "<rai:DateOfIssue contextRef=\"c1\">2025-11-04</rai:DateOfIssue>"
    "<rai:Fare contextRef=\"c1\">553.00</rai:Fare>"
    "<rai:TotalAmountExcludingTax contextRef=\"c1\">507.34</rai:TotalAmountExcludingTax>"
    "<rai:TaxAmount contextRef=\"c1\">45.66</rai:TaxAmount></xbrli:xbrl>";

static Reading attached(Cx *cx, Slice bytes)
{
    PDF_CLOSE Pdf *pdf = NULL;
    Reading reading = {};
    EXPECT_OK(pdf_open(cx, pdf_fixture_attached(cx, SLICE("0"), bytes), &pdf));
    EXPECT_OK(read_pdf_attached(cx, pdf, &reading));
    return reading;
}

TEST("read_pdf_attached: an XBRL instance of any name is a draft")
{
    Reading reading = attached(cx, slice_of(xbrl));
    EXPECT(reading.draft_count == 1);
    EXPECT(slice_equal(reading.drafts[0].number, SLICE("25129110172000044123")));
    EXPECT(slice_equal(reading.drafts[0].amount, SLICE("507.34")));
    EXPECT(reading.drafts[0].origins[DRAFT_NUMBER].source == SOURCE_XBRL);
}

TEST("read_pdf_attached: what is no invoice is passed over")
{
    static const Slice others[] = {SLICE("{\"signature\":1}"), SLICE("\x93\x00\xff"), SLICE("<a/>"),
                                   SLICE("<a><b>"), SLICE("")};
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
        EXPECT(attached(cx, others[i]).draft_count == 0);
}

TEST("read_pdf_attached: several e-invoices in one attachment are a draft each")
{
#define ONE(number, seller)                                                                        \
    "<EInvoice><Header><EIid>" number "</EIid></Header><EInvoiceData><SellerInformation>"          \
    "<SellerName>" seller "</SellerName></SellerInformation></EInvoiceData></EInvoice>"
    Reading reading =
        attached(cx, SLICE("<List><Item>" ONE("24440000000000000017", "甲") "</Item>" ONE("", "无")
                               ONE("24440000000000000025", "乙")
                                   ONE("24440000000000000017", "甲") "</List>"));
    EXPECT(reading.draft_count == 2);
    EXPECT(slice_equal(reading.drafts[0].number, SLICE("24440000000000000017")));
    EXPECT(slice_equal(reading.drafts[0].seller.name, SLICE("甲")));
    EXPECT(slice_equal(reading.drafts[1].number, SLICE("24440000000000000025")));
    EXPECT(slice_equal(reading.drafts[1].seller.name, SLICE("乙")));
}

TEST("read_pdf_attached: one whose writer did not escape is mended, and says so")
{
    Reading reading = attached(cx, SLICE(ONE("24440000000000000017", "A&B公司")));
    EXPECT(reading.draft_count == 1);
    EXPECT(slice_equal(reading.drafts[0].seller.name, SLICE("A&B公司")));
    EXPECT(reading.drafts[0].finding_count == 1);
    EXPECT(slice_equal(reading.drafts[0].findings[0].rule, SLICE("markup_mended")));
}

TEST("read_pdf_attached: an e-invoice in the text of a wrapper is read, hostile ones are passed "
     "over")
{
    Reading reading =
        attached(cx, SLICE("<r><d><![CDATA[" ONE("24440000000000000017", "甲") "]]></d></r>"));
    EXPECT(reading.draft_count == 1);
    EXPECT(slice_equal(reading.drafts[0].seller.name, SLICE("甲")));
    reading = attached(cx, SLICE("<r><d><![CDATA[<!DOCTYPE a [<!ENTITY x SYSTEM 'y'>]>" ONE(
                               "24440000000000000017", "&x;") "]]></d></r>"));
    EXPECT(reading.draft_count == 0 && reading.reason == REASON_NONE);
}
