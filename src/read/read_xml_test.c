#include "base/limits.h"
#include "base/test.h"
#include "base/text.h"
#include "read/reader.h"

TEST("read xml: what it is, is told from what stands in it")
{
    static const struct {
        Slice bytes;
        Reason reason;
    } cases[] = {
        {SLICE("<EInvoice><Header><EIid>24440000000000000017</EIid></Header><EInvoiceData/>"
               "</EInvoice>"),
         REASON_NONE},
        {SLICE("<?xml version='1.0' encoding='gbk'?><EInvoice><Header><EIid>24440000000000000017"
               "</EIid></Header><EInvoiceData><SellerInformation><SellerName>\xb7\xa2\xc6\xb1"
               "</SellerName></SellerInformation></EInvoiceData></EInvoice>"),
         REASON_NONE},
        {SLICE("<EInvoice><Header><EIid/></Header><EInvoiceData/></EInvoice>"), REASON_NOT_INVOICE},
        {SLICE("<xbrl xmlns:b='http://x/bkrs'><b:Balance>1</b:Balance></xbrl>"),
         REASON_NOT_INVOICE},
        {SLICE("<business><fpdm>1</fpdm></business>"), REASON_NOT_INVOICE},
        {SLICE("<business><#list a as b>${b}</#list></business>"), REASON_NOT_INVOICE},
        {SLICE("<EInvoice><Header>"), REASON_DAMAGED},
        {SLICE("<EInvoice><Header><EIid>24440000000000000017</EIid></Header><EInvoiceData>A&B"),
         REASON_DAMAGED},
        {SLICE("<?xml?><!DOCTYPE a SYSTEM 'x'><EInvoice/>"), REASON_HOSTILE},
        {SLICE(""), REASON_DAMAGED},
        {SLICE("<!DOCTYPE a SYSTEM 'file:///etc/passwd'><EInvoice/>"), REASON_HOSTILE},
    };
    SealAnswer seal = {};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        ReadJob job = {cases[i].bytes, &seal, true};
        Reading reading = {.media = MEDIA_XML};
        EXPECT_OK(read_xml(cx, &job, &reading));
        EXPECT(reading.reason == cases[i].reason);
        EXPECT((reading.draft_count == 1) == (reading.reason == REASON_NONE));
        if (i == 1) EXPECT(slice_equal(reading.drafts[0].seller.name, SLICE("发票")));
    }
}

TEST("read xml: several invoices in a wrapper are an invoice each")
{
#define ONE(number, seller)                                                                        \
    "<EInvoice><Header><EIid>" number "</EIid></Header><EInvoiceData><SellerInformation>"          \
    "<SellerName>" seller "</SellerName></SellerInformation></EInvoiceData></EInvoice>"
    static const SealAnswer seal = {};
    ReadJob job = {SLICE("<List><Item>" ONE("24440000000000000017", "甲") "</Item>" ONE("", "无")
                             ONE("24440000000000000025", "乙")
                                 ONE("24440000000000000017", "甲") "</List>"),
                   &seal, true};
    Reading reading = {.media = MEDIA_XML};
    EXPECT_OK(read_xml(cx, &job, &reading));
    EXPECT(reading.draft_count == 2 && reading.reason == REASON_NONE);
    EXPECT(slice_equal(reading.drafts[0].number, SLICE("24440000000000000017")));
    EXPECT(slice_equal(reading.drafts[0].seller.name, SLICE("甲")));
    EXPECT(slice_equal(reading.drafts[1].number, SLICE("24440000000000000025")));
    EXPECT(slice_equal(reading.drafts[1].seller.name, SLICE("乙")));
}

TEST("read xml: an invoice in GBK that claims to be UTF-8 is read, and says so")
{
    static const SealAnswer seal = {};
#define CLAIMS(seller)                                                                             \
    SLICE("<?xml version='1.0' encoding='UTF-8'?><EInvoice><Header><EIid>24440000000000000017"     \
          "</EIid></Header><EInvoiceData><SellerInformation><SellerName>" seller                   \
          "</SellerName></SellerInformation></EInvoiceData></EInvoice>")
    ReadJob jobs[] = {{CLAIMS("\xb7\xa2\xc6\xb1"), &seal, true}, {CLAIMS("发票"), &seal, true}};
    for (size_t i = 0; i < 2; i++) {
        Reading reading = {.media = MEDIA_XML};
        EXPECT_OK(read_xml(cx, &jobs[i], &reading));
        EXPECT(reading.draft_count == 1 && reading.reason == REASON_NONE);
        const Draft *draft = &reading.drafts[0];
        EXPECT(slice_equal(draft->seller.name, SLICE("发票")));
        EXPECT(draft->finding_count == 1 - i);
        if (i > 0) continue;
        EXPECT(slice_equal(draft->findings[0].rule, SLICE("encoding_guessed")));
        EXPECT(draft->findings[0].severity == SEVERITY_WARN);
    }
}

TEST("read xml: an amount is read to the fen, or one past the limit is a finding and no value")
{
    static const SealAnswer seal = {};
#define WITH(total)                                                                                \
    SLICE("<EInvoice><Header><EIid>24440000000000000017</EIid></Header><EInvoiceData>"             \
          "<BasicInformation><TotalTax-includedAmount>" total                                      \
          "</TotalTax-includedAmount></BasicInformation></EInvoiceData></EInvoice>")
    static const struct {
        Slice bytes, total;
    } cases[] = {
        {WITH("9999999999.99"), SLICE("9999999999.99")},
        {WITH("10000000000.00"), SLICE("10000000000.00")},
        {WITH("-10000000000"), SLICE("-10000000000.00")},
        {WITH("10000000000.01"), SLICE("")},
        {WITH("99999999999.99"), SLICE("")},
        {WITH("99,999,999,999.99"), SLICE("")},
        {WITH("18446744073709551617.00"), SLICE("")},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        ReadJob job = {cases[i].bytes, &seal, true};
        Reading reading = {.media = MEDIA_XML};
        EXPECT_OK(read_xml(cx, &job, &reading));
        EXPECT(reading.draft_count == 1);
        const Draft *draft = &reading.drafts[0];
        EXPECT(slice_equal(draft->total, cases[i].total));
        EXPECT(draft->finding_count == slice_empty(cases[i].total));
        if (draft->finding_count == 0) continue;
        EXPECT(slice_equal(draft->findings[0].rule, SLICE("unreadable_value")));
        EXPECT(slice_equal(draft->findings[0].field, SLICE("total")));
    }
}

#define NAMED(number, seller)                                                                      \
    "<EInvoice><Header><EIid>" number "</EIid></Header><EInvoiceData><SellerInformation>"          \
    "<SellerName>" seller "</SellerName></SellerInformation></EInvoiceData></EInvoice>"

static Reading answer(Cx *cx, Slice bytes)
{
    static const SealAnswer seal = {};
    ReadJob job = {bytes, &seal, true};
    Reading reading = {.media = MEDIA_XML};
    Err err = read_xml(cx, &job, &reading);
    EXPECT((err == ERR_OK) == (reading.reason != REASON_HOSTILE));
    return reading;
}

TEST("read xml: an ampersand that was not escaped is read, and says so")
{
    Reading reading = answer(cx, SLICE(NAMED("24440000000000000017", "A&B公司")));
    EXPECT(reading.draft_count == 1 && reading.reason == REASON_NONE);
    EXPECT(slice_equal(reading.drafts[0].seller.name, SLICE("A&B公司")));
    EXPECT(reading.drafts[0].finding_count == 1);
    EXPECT(slice_equal(reading.drafts[0].findings[0].rule, SLICE("markup_mended")));
    reading = answer(cx, SLICE("<?xml encoding=''?>" NAMED("24440000000000000017", "甲") "\0\0"));
    EXPECT(reading.draft_count == 1 && reading.drafts[0].finding_count == 0);
}

TEST("read xml: a document that goes on behind its last tag is all of its documents")
{
#define BEHIND NAMED("24440000000000000017", "甲")
    static const struct {
        Slice bytes;
        size_t drafts;
        Reason reason;
    } cases[] = {
        {SLICE("<?xml version='1.0'?>" BEHIND "\n</EInvoice>"), 0, REASON_DAMAGED},
        {SLICE("<?xml version='1.0'?>" BEHIND "\nEND OF FILE"), 1, REASON_NONE},
        {SLICE("<?xml version='1.0'?>" BEHIND "<Sign><v>1</v></Sign>"), 1, REASON_NONE},
        {SLICE("<?xml version='1.0'?>" BEHIND "<?xml version='1.0'?>" BEHIND), 1, REASON_NONE},
        {SLICE("<?xml version='1.0'?>" BEHIND
               "<?xml version='1.0'?>" NAMED("24440000000000000025", "乙")),
         2, REASON_NONE},
        {SLICE(BEHIND "<EInvoice><Header>"), 0, REASON_DAMAGED},
        {SLICE(BEHIND "<!DOCTYPE a SYSTEM 'x'><a/>"), 0, REASON_DAMAGED},
        {SLICE("<a/><b/>"), 0, REASON_DAMAGED},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        Reading reading = answer(cx, cases[i].bytes);
        EXPECT(reading.draft_count == cases[i].drafts && reading.reason == cases[i].reason);
        for (size_t d = 0; d < reading.draft_count; d++) {
            EXPECT(reading.drafts[d].finding_count == 1);
            EXPECT(slice_equal(reading.drafts[d].findings[0].rule, SLICE("markup_mended")));
        }
    }
}

TEST("read xml: XBRL and original_invoice.xml are read where an answer wraps them")
{
#define RAI(number)                                                                                \
    "<i:xbrl xmlns:i='http://www.xbrl.org/2003/instance'>"                                         \
    "<r:ElectronicInvoiceRailwayETicketNumber>" number                                             \
    "</r:ElectronicInvoiceRailwayETicketNumber><r:Fare>48.00</r:Fare></i:xbrl>"
    Reading reading = answer(
        cx,
        SLICE("<s:Envelope xmlns:s='http://x/soap' xmlns:r='http://x/2021-11-30/rai'><s:Body>" RAI(
            "22119130671000000049")
                  RAI("22119230671000000012") "<i:xbrl xmlns:i='http://x/instance' "
                                              "xmlns:k='http://x/bker'><k:Amount>1"
                                              "</k:Amount></i:xbrl></s:Body></s:Envelope>"));
    EXPECT(reading.draft_count == 2 && reading.reason == REASON_NONE);
    EXPECT(slice_equal(reading.drafts[0].number, SLICE("22119130671000000049")));
    EXPECT(slice_equal(reading.drafts[1].number, SLICE("22119230671000000012")));
    EXPECT(slice_equal(reading.drafts[1].total, SLICE("48.00")));
    reading = answer(cx, SLICE("<data><eInvoice><InvoiceCode>032001600511</InvoiceCode><InvoiceNo>"
                               "31471858</InvoiceNo></eInvoice></data>"));
    EXPECT(reading.draft_count == 1);
    EXPECT(slice_equal(reading.drafts[0].number, SLICE("31471858")));
}

// What stands in it as text, one level deeper.
static Slice wrapped(Cx *cx, Slice xml)
{
    Text text = text_open(cx, LIMIT_MIB);
    text_add(&text, SLICE("<r><d>"));
    for (size_t i = 0; i < xml.size; i++)
        text_add(&text, xml.data[i] == '<'   ? SLICE("&lt;")
                        : xml.data[i] == '&' ? SLICE("&amp;")
                                             : slice_sub(xml, i, 1));
    text_add(&text, SLICE("</d></r>"));
    return text_so_far(&text);
}

TEST("read xml: invoices that stand as text in another XML are read, three levels down")
{
    Slice two = SLICE("<a><b><![CDATA[<?xml version='1.0' encoding='GBK'?>" NAMED(
        "24440000000000000017",
        "甲") "]]></b><b><![CDATA[<?xml version='1.0' encoding='UTF-16'?>" //
                      NAMED("24440000000000000025",
                            "乙") "]]></b><b><![CDATA[<EInvoiceData damaged, and long "
                                  "enough to be looked at by whoever reads it</b>]]></b></a>");
    Reading reading = answer(cx, two);
    EXPECT(reading.draft_count == 2 && reading.reason == REASON_NONE);
    EXPECT(slice_equal(reading.drafts[0].seller.name, SLICE("甲")));
    EXPECT(slice_equal(reading.drafts[1].seller.name, SLICE("乙")));
    EXPECT(reading.drafts[1].finding_count == 0);
    Slice inner = SLICE(NAMED("24440000000000000017", "甲"));
    for (unsigned level = 0; level <= LIMIT_XML_INNER; level++) {
        EXPECT(answer(cx, inner).reason == REASON_NONE);
        inner = wrapped(cx, inner);
    }
    EXPECT(answer(cx, inner).reason == REASON_NOT_INVOICE);
}

TEST("read xml: what was mended or guessed around an inner invoice is said of it")
{
    Reading reading =
        answer(cx, SLICE("<a x='&'><![CDATA[" NAMED("24440000000000000017", "甲") "]]></a>"));
    EXPECT(reading.draft_count == 1 && reading.drafts[0].finding_count == 1);
    EXPECT(slice_equal(reading.drafts[0].findings[0].rule, SLICE("markup_mended")));
    reading = answer(
        cx, SLICE("<a><![CDATA[" NAMED("24440000000000000017", "\xb7\xa2\xc6\xb1") "]]></a>"));
    EXPECT(reading.draft_count == 1 && reading.drafts[0].finding_count == 1);
    EXPECT(slice_equal(reading.drafts[0].seller.name, SLICE("发票")));
    EXPECT(slice_equal(reading.drafts[0].findings[0].rule, SLICE("encoding_guessed")));
}

TEST(
    "read xml: a DOCTYPE in the text of a wrapper is hostile, and what stood before it is not kept")
{
    Reading reading =
        answer(cx, SLICE("<a><b><![CDATA[" NAMED(
                       "24440000000000000017",
                       "甲") "]]></b><b><![CDATA["
                             "<!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/passwd'>]>" NAMED(
                                 "24440000000000000025", "&x;") "]]></b></a>"));
    EXPECT(reading.reason == REASON_HOSTILE);
}
