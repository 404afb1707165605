#include "base/limits.h"
#include "base/test.h"
#include "format/zip/zip_fixture.h"
#include "read/read_ofd_eyes.h"
#include "read/reader.h"

#define OFD_HEAD "<ofd:OFD xmlns:ofd='http://www.ofdspec.org/2016'><ofd:DocBody><ofd:DocInfo>"
#define OFD_TAIL                                                                                   \
    "</ofd:DocInfo><ofd:DocRoot> Doc_0/Document.xml\n</ofd:DocRoot></ofd:DocBody></ofd:OFD>"
#define DATA(name, value) "<ofd:CustomData Name='" name "'>" value "</ofd:CustomData>"
#define TEXT(id, x, y, text)                                                                       \
    "<ofd:TextObject ID='" #id "' Boundary='" #x " " #y                                            \
    " 60 5' Size='3'><ofd:TextCode X='0' Y='4'>"                                                   \
    "<![CDATA[" text "]]></ofd:TextCode></ofd:TextObject>"
#define REF(id)         "<ofd:ObjectRef PageRef='61'>" #id "</ofd:ObjectRef>"
#define TAG(name, refs) "<ofd:" name ">" refs "</ofd:" name ">"

static const Slice ofd_bare = SLICE(OFD_HEAD OFD_TAIL);
static const Slice ofd_custom = SLICE(
    OFD_HEAD "<ofd:CustomDatas>" DATA("发票号码", "25442000000000000017") DATA("合计金额", "300.00")
        DATA("合计税额", "18.00") DATA("开票日期", "2025年03月07日")
            DATA("销售方纳税人识别号", "91110000000000001A") "</ofd:CustomDatas>" OFD_TAIL);
static const Slice document_plain =
    SLICE("<ofd:Document xmlns:ofd='http://www.ofdspec.org/2016'><ofd:CommonData>"
          "<ofd:TemplatePage ID='1' BaseLoc='TPLS/Tpl_0/Content.xml'/></ofd:CommonData><ofd:Pages>"
          "<ofd:Page ID='61' BaseLoc='Pages/Page_0/Content.xml'/></ofd:Pages></ofd:Document>");
static const Slice document_tagged =
    SLICE("<ofd:Document xmlns:ofd='http://www.ofdspec.org/2016'><ofd:CommonData>"
          "<ofd:TemplatePage ID='1' BaseLoc='TPLS/Tpl_0/Content.xml'/></ofd:CommonData><ofd:Pages>"
          "<ofd:Page ID='61' BaseLoc='/Doc_0/Pages/Page_0/Content.xml'/></ofd:Pages>"
          "<ofd:Attachments>Attachs/Attachments.xml</ofd:Attachments>"
          "<ofd:CustomTags>Tags/CustomTags.xml</ofd:CustomTags></ofd:Document>");
static const Slice attachments = SLICE(
    "<ofd:Attachments xmlns:ofd='x'><ofd:Attachment Name='o'><ofd:FileLoc>data.xbrl</ofd:FileLoc>"
    "</ofd:Attachment></ofd:Attachments>");
static const Slice custom_tags =
    SLICE("<ofd:CustomTags xmlns:ofd='x'><ofd:CustomTag TypeID=''>"
          "<ofd:FileLoc>CustomTag.xml</ofd:FileLoc></ofd:CustomTag></ofd:CustomTags>");
// Two lines, the first name over two rows; end tags and prefixes as bad as the real ones.
static const Slice tag =
    SLICE("<:eInvoice xmlns:=\"\">" TAG("InvoiceNo", REF(1)) TAG("BuyerName", REF(3))
              TAG("SellerName", REF(4)) TAG("SellerTaxID", REF(5))
                  TAG("TaxInclusiveTotalAmount", REF(6) REF(7)) TAG("Payee", REF(0))
                      TAG("Item", REF(10) REF(11) REF(20)) TAG("Amount", REF(12) REF(22))
                          TAG("TaxScheme", REF(13) REF(23)) TAG("TaxAmount", REF(14) REF(24))
                              TAG("Note", REF(30) REF(31)) "<b></ofd:unopened></:eInvoice>");
static const Slice page = SLICE(
    "<ofd:Page xmlns:ofd='http://www.ofdspec.org/2016'>"
    "<ofd:Template TemplateID='1'/><ofd:Content><ofd:Layer ID='9'>" TEXT(
        1, 170, 10, "25442000000000000017") TEXT(2, 170, 16, "2025年03月07日")
        TEXT(3, 20, 34, "买方有限公司") TEXT(4, 120, 34, "卖方（北京）有限公司") TEXT(
            5, 160, 43, "91110000000000001A") TEXT(8, 130, 90, "¥300.00") TEXT(9, 190, 90, "¥18.00")
            TEXT(6, 160, 96, "¥") TEXT(7, 163, 96, "318.00") TEXT(10, 5, 56, "*信息技术服务*很长的")
                TEXT(11, 5, 60.5, "名称") TEXT(12, 127, 56, "100.00") TEXT(13, 150, 56, "6%") TEXT(
                    14, 180, 56, "6.00") TEXT(20, 5, 65, "*软件*安装") TEXT(22, 127, 65, "200.00")
                    TEXT(23, 150, 65, "6%") TEXT(24, 180, 65, "12.00") TEXT(30, 11, 105, "第一行")
                        TEXT(31, 11, 109, "第二行") "</ofd:Layer></ofd:Content></ofd:Page>");
static const Slice form = SLICE(
    "<ofd:Page xmlns:ofd='http://www.ofdspec.org/2016'><ofd:Content>"
    "<ofd:Layer ID='9'>" TEXT(51, 60, 8, "电子发票（普通发票）") TEXT(52, 154, 10, "发票号码：")
        TEXT(53, 154, 16, "开票日期：") TEXT(54, 11, 34, "名称：") TEXT(55, 111, 34, "名称：")
            TEXT(56, 106, 34, "销") TEXT(57, 111, 43, "统一社会信用代码/纳税人识别号：")
                TEXT(69, 11, 43, "统一社会信用代码/纳税人识别号：") TEXT(58, 15, 52, "项目名称")
                    TEXT(59, 143, 52, "金 额") TEXT(60, 165, 52, "税率/征收率")
                        TEXT(61, 194, 52, "税 额") TEXT(62, 20, 90, "合") TEXT(63, 36, 90, "计")
                            TEXT(64, 143, 96, "（小写）") TEXT(65, 19, 129, "开票人：")
                                TEXT(66, 5, 107, "备") "</ofd:Layer></ofd:Content></ofd:Page>");
static const Slice original = SLICE(
    "<eInvoice xmlns:fp='http://www.edrm.org.cn/schema/e-invoice/2019'>"
    "<fp:DocID>03</fp:DocID><fp:InvoiceCode>044001900113</fp:InvoiceCode><fp:InvoiceNo>00000017"
    "</fp:InvoiceNo><fp:TypeCode>0</fp:TypeCode><fp:IssueDate>2020年10月10日</fp:IssueDate>"
    "<fp:Buyer><fp:BuyerName>买方</fp:BuyerName></fp:Buyer><fp:Seller><fp:SellerName>卖方"
    "</fp:SellerName></fp:Seller><fp:TaxInclusiveTotalAmount>-106.00</fp:TaxInclusiveTotalAmount>"
    "<fp:TaxExclusiveTotalAmount>-100.00</fp:TaxExclusiveTotalAmount><fp:TaxTotalAmount>-6.00"
    "</fp:TaxTotalAmount><fp:OriginalInvoiceCode>044001900113</fp:OriginalInvoiceCode>"
    "<fp:OriginalInvoiceNo>00000016</fp:OriginalInvoiceNo><fp:RedTicketReason>1"
    "</fp:RedTicketReason><fp:GoodsInfos><fp:GoodsInfo><fp:Item>*软件*安装</fp:Item><fp:Code>"
    "1090000000000000000</fp:Code><fp:Amount>-100.00</fp:Amount><fp:TaxScheme>6%</fp:TaxScheme>"
    "<fp:TaxAmount>-6.00</fp:TaxAmount></fp:GoodsInfo></fp:GoodsInfos></eInvoice>");
static const Slice rail =
    SLICE("<xbrl xmlns='http://www.xbrl.org/2003/instance' "
          "xmlns:r='http://xbrl.mof.gov.cn/taxonomy/2023-12-31/rai'>"
          "<r:ElectronicInvoiceRailwayETicketNumber>25119100000000000017"
          "</r:ElectronicInvoiceRailwayETicketNumber><r:DateOfIssue>2025-01-02</r:DateOfIssue>"
          "<r:Fare>109.00</r:Fare><r:TotalAmountExcludingTax>100.00</r:TotalAmountExcludingTax>"
          "<r:TaxAmount>9.00</r:TaxAmount><r:TaxRate>0.09</r:TaxRate></xbrl>");
static const Slice bank = SLICE("<xbrl xmlns='http://www.xbrl.org/2003/instance' "
                                "xmlns:b='http://xbrl.mof.gov.cn/taxonomy/2023-05-15/"
                                "bker'><b:TotalAmount>1</b:TotalAmount></xbrl>");

static Err read_entries(Cx *cx, const ZipFixtureEntry *entries, size_t count,
                        const SealAnswer *seal, Reading *reading)
{
    static const SealAnswer none = {};
    ReadJob job = {zip_fixture_make(cx, entries, count), seal == NULL ? &none : seal, true};
    *reading = (Reading){.media = MEDIA_OFD};
    return read_ofd_eyes(cx, &job, reading);
}

TEST("read ofd: CustomData, malformed tags and print together give a whole 数电票")
{
    const ZipFixtureEntry entries[] = {{.name = "OFD.xml", .bytes = ofd_custom, .deflate = true},
                                       {.name = "Doc_0/Document.xml", .bytes = document_tagged},
                                       {.name = "Doc_0/Tags/CustomTags.xml", .bytes = custom_tags},
                                       {.name = "Doc_0/Tags/CustomTag.xml", .bytes = tag},
                                       {.name = "Doc_0/Tpls/Tpl_0/Content.xml", .bytes = form},
                                       {.name = "Doc_0/Pages/Page_0/Content.xml", .bytes = page}};
    Reading reading = {};
    EXPECT_OK(read_entries(cx, entries, 6, NULL, &reading));
    EXPECT(reading.reason == REASON_NONE && reading.draft_count == 1);
    const Draft *draft = &reading.drafts[0];
    EXPECT(slice_equal(draft->kind, SLICE("32")));
    EXPECT(draft->origins[DRAFT_KIND].source == SOURCE_TEXT);
    EXPECT(slice_equal(draft->number, SLICE("25442000000000000017")));
    EXPECT(draft->origins[DRAFT_NUMBER].source == SOURCE_CUSTOM_DATA);
    EXPECT(slice_equal(draft->total, SLICE("318.00")));
    EXPECT(draft->origins[DRAFT_TOTAL].source == SOURCE_TAG);
    EXPECT(slice_equal(draft->seller.name, SLICE("卖方（北京）有限公司")));
    EXPECT(slice_equal(draft->remark, SLICE("第一行 第二行")));
    EXPECT(draft->line_count == 2);
    EXPECT(slice_equal(draft->lines[0].name, SLICE("*信息技术服务*很长的名称")));
    EXPECT(slice_equal(draft->lines[1].tax, SLICE("12.00")));
    EXPECT(slice_empty(draft->payee) && draft->finding_count == 0);
}

TEST("read ofd: labels and places alone are enough")
{
    const ZipFixtureEntry entries[] = {{.name = "OFD.xml", .bytes = ofd_bare},
                                       {.name = "Doc_0/Document.xml", .bytes = document_plain},
                                       {.name = "Doc_0/Tpls/Tpl_0/Content.xml", .bytes = form},
                                       {.name = "Doc_0/Pages/Page_0/Content.xml", .bytes = page}};
    Reading reading = {};
    EXPECT_OK(read_entries(cx, entries, 4, NULL, &reading));
    EXPECT(reading.draft_count == 1);
    const Draft *draft = &reading.drafts[0];
    EXPECT(slice_equal(draft->number, SLICE("25442000000000000017")));
    EXPECT(slice_equal(draft->issue_date, SLICE("2025-03-07")));
    EXPECT(slice_equal(draft->amount, SLICE("300.00")) && slice_equal(draft->tax, SLICE("18.00")));
    EXPECT(slice_equal(draft->buyer.name, SLICE("买方有限公司")));
    EXPECT(slice_equal(draft->seller.tax_id, SLICE("91110000000000001A")));
    EXPECT(slice_empty(draft->buyer.tax_id));
    EXPECT(draft->origins[DRAFT_SELLER_NAME].source == SOURCE_TEXT);
    EXPECT(draft->line_count == 2 && slice_equal(draft->lines[0].tax_rate, SLICE("6%")));
    EXPECT(slice_equal(draft->lines[0].name, SLICE("*信息技术服务*很长的名称")));
    EXPECT(slice_equal(draft->remark, SLICE("第一行 第二行")));
}

TEST("read ofd: values printed a millimetre and a half below their labels are theirs")
{
    static const Slice low =
        SLICE("<ofd:Page xmlns:ofd='http://www.ofdspec.org/2016'><ofd:Template TemplateID='1'/>"
              "<ofd:Content><ofd:Layer ID='9'>" TEXT(1, 170, 11.5, "25442000000000000017")
                  TEXT(2, 170, 17.5, "2025年03月07日") TEXT(3, 20, 35.5, "买方有限公司")
                      TEXT(4, 120, 35.5, "卖方有限公司") TEXT(5, 160, 44.5, "91110000000000001A")
                          TEXT(6, 160, 97.5, "¥318.00") "</ofd:Layer></ofd:Content></ofd:Page>");
    const ZipFixtureEntry entries[] = {{.name = "OFD.xml", .bytes = ofd_bare},
                                       {.name = "Doc_0/Document.xml", .bytes = document_plain},
                                       {.name = "Doc_0/Tpls/Tpl_0/Content.xml", .bytes = form},
                                       {.name = "Doc_0/Pages/Page_0/Content.xml", .bytes = low}};
    Reading reading = {};
    EXPECT_OK(read_entries(cx, entries, 4, NULL, &reading));
    EXPECT(reading.draft_count == 1);
    const Draft *draft = &reading.drafts[0];
    EXPECT(slice_equal(draft->number, SLICE("25442000000000000017")));
    EXPECT(slice_equal(draft->issue_date, SLICE("2025-03-07")));
    EXPECT(slice_equal(draft->seller.tax_id, SLICE("91110000000000001A")));
    EXPECT(slice_empty(draft->buyer.tax_id));
    EXPECT(slice_equal(draft->total, SLICE("318.00")));
}

TEST("read ofd: a vehicle's page is not read as a form as well, whose labels mean other things")
{
    static const Slice vehicle = SLICE(
        "<ofd:Page xmlns:ofd='http://www.ofdspec.org/2016'><ofd:Content><ofd:Layer ID='9'>" TEXT(
            1, 60, 8, "电子发票（二手车销售统一发票）") TEXT(2, 140, 20, "发票号码：")
            TEXT(3, 156, 20, "25442000000127444888") TEXT(4, 7, 40, "买方单位/个人")
                TEXT(5, 42, 40, "王小二") TEXT(6, 7, 48, "卖方单位/个人") TEXT(7, 42, 48, "李小三")
                    TEXT(8, 7, 60, "车价合计（大写）") TEXT(9, 42, 60, "壹佰壹拾圆整")
                        TEXT(10, 126, 60, "小写") TEXT(11, 140, 60, "￥110.00")
                            TEXT(12, 7, 70, "二手车市场") TEXT(13, 42, 70, "甲乙旧机动车交易市场")
                                TEXT(14, 120, 70, "纳税人识别号：") TEXT(
                                    15, 145, 70,
                                    "91110000000000001A") "</ofd:Layer></ofd:Content></ofd:Page>");
    const ZipFixtureEntry entries[] = {
        {.name = "OFD.xml", .bytes = ofd_bare},
        {.name = "Doc_0/Document.xml", .bytes = document_plain},
        {.name = "Doc_0/Pages/Page_0/Content.xml", .bytes = vehicle}};
    Reading reading = {};
    EXPECT_OK(read_entries(cx, entries, 3, NULL, &reading));
    EXPECT(reading.draft_count == 1);
    const Draft *draft = &reading.drafts[0];
    EXPECT(slice_equal(draft->kind, SLICE("84")) && slice_equal(draft->total, SLICE("110.00")));
    EXPECT(slice_equal(draft->buyer.name, SLICE("王小二")));
    EXPECT(slice_equal(draft->seller.name, SLICE("李小三")));
    EXPECT(slice_empty(draft->buyer.tax_id) && slice_empty(draft->seller.tax_id)); // the market's
}

TEST("read ofd: of print alone the code tells a toll invoice, whose title any other has")
{
    static const Slice toll = SLICE(
        "<ofd:Page xmlns:ofd='x'><ofd:Content><ofd:Layer ID='9'>" TEXT(
            1, 60, 8, "江苏增值税电子普通发票") TEXT(2, 140, 5, "发票代码：032001800112")
            TEXT(3, 140, 11, "发票号码：89465988") TEXT(4, 140, 17, "开票日期：2025年01月05日")
                TEXT(5, 143, 96, "（小写）¥100.00") "</ofd:Layer></ofd:Content></ofd:Page>");
    const ZipFixtureEntry entries[] = {{.name = "OFD.xml", .bytes = ofd_bare},
                                       {.name = "Doc_0/Document.xml", .bytes = document_plain},
                                       {.name = "Doc_0/Pages/Page_0/Content.xml", .bytes = toll}};
    Reading reading = {};
    EXPECT_OK(read_entries(cx, entries, 3, NULL, &reading));
    EXPECT(reading.draft_count == 1);
    EXPECT(slice_equal(reading.drafts[0].kind, SLICE("14")));
}

TEST("read ofd: an empty page before the face hides neither title nor sums")
{
    static const Slice two =
        SLICE("<ofd:Document xmlns:ofd='x'><ofd:CommonData>"
              "<ofd:TemplatePage ID='1' BaseLoc='TPLS/Tpl_0/Content.xml'/></ofd:CommonData>"
              "<ofd:Pages><ofd:Page ID='60' BaseLoc='Pages/Empty.xml'/><ofd:Page ID='61' "
              "BaseLoc='Pages/Page_0/Content.xml'/></ofd:Pages></ofd:Document>");
    const ZipFixtureEntry entries[] = {{.name = "OFD.xml", .bytes = ofd_custom},
                                       {.name = "Doc_0/Document.xml", .bytes = two},
                                       {.name = "Doc_0/Pages/Empty.xml", .bytes = SLICE("<Page/>")},
                                       {.name = "Doc_0/Tpls/Tpl_0/Content.xml", .bytes = form},
                                       {.name = "Doc_0/Pages/Page_0/Content.xml", .bytes = page}};
    Reading reading = {};
    EXPECT_OK(read_entries(cx, entries, 5, NULL, &reading));
    EXPECT(reading.draft_count == 1 && slice_equal(reading.drafts[0].kind, SLICE("32")));
    EXPECT(slice_equal(reading.drafts[0].total, SLICE("318.00")));
    EXPECT(reading.drafts[0].line_count == 2);
}

// In UTF-16, the low byte first, or UTF-32, the high one first; with the mark.
static Slice widened(Cx *cx, Slice ascii, size_t width)
{
    char *bytes = arena_alloc(&cx->arena, width * (ascii.size + 1));
    memcpy(bytes, width == 2 ? "\xff\xfe" : "\0\0\xfe\xff", width);
    for (size_t i = 0; i < ascii.size; i++)
        bytes[width * (i + 1) + (width == 2 ? 0 : 3)] = ascii.data[i];
    return (Slice){bytes, width * (ascii.size + 1)};
}

TEST("read ofd: a package with '\\' in its names, or packed with its folder, is read as any other")
{
    static const char *const names[][4] = {
        {"OFD.xml", "Doc_0\\Document.xml", "Doc_0\\Tpls\\Tpl_0\\Content.xml",
         "Doc_0\\Pages\\Page_0\\Content.xml"},
        {"invoice/OFD.xml", "invoice/Doc_0/Document.xml", "invoice/Doc_0/Tpls/Tpl_0/Content.xml",
         "invoice/Doc_0/Pages/Page_0/Content.xml"},
        {"发票\\OFD.xml", "发票\\Doc_0\\Document.xml", "发票\\Doc_0\\Tpls\\Tpl_0\\Content.xml",
         "发票\\Doc_0\\Pages\\Page_0\\Content.xml"},
    };
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        const ZipFixtureEntry entries[] = {{.name = names[i][0], .bytes = ofd_custom},
                                           {.name = names[i][1], .bytes = document_tagged},
                                           {.name = names[i][2], .bytes = form},
                                           {.name = names[i][3], .bytes = page}};
        Reading reading = {};
        EXPECT_OK(read_entries(cx, entries, 4, NULL, &reading));
        EXPECT(reading.draft_count == 1 && reading.reason == REASON_NONE);
        EXPECT(slice_equal(reading.drafts[0].number, SLICE("25442000000000000017")));
        EXPECT(slice_equal(reading.drafts[0].total, SLICE("318.00")));
        EXPECT(reading.drafts[0].line_count == 2);
    }
}

TEST("read ofd: attachments are told by what they hold, listed or not")
{
    Slice wide = widened(cx, rail, 2), wider = widened(cx, rail, 4);
    const struct {
        const char *name;
        const Slice *bytes;
        Slice kind, number, total;
        bool red;
    } cases[] = {
        {"Doc_0/Attachs/data.xbrl", &rail, SLICE("51"), SLICE("25119100000000000017"),
         SLICE("109.00"), false},
        {"Doc_0/Attachs/0.xml", &rail, SLICE("51"), SLICE("25119100000000000017"), SLICE("109.00"),
         false},
        {"Doc_0/Attachs/data.xbrl", &wide, SLICE("51"), SLICE("25119100000000000017"),
         SLICE("109.00"), false},
        {"Doc_0/Attachs/data.xbrl", &wider, SLICE("51"), SLICE("25119100000000000017"),
         SLICE("109.00"), false},
        {"Doc_0/original_invoice.xml", &original, SLICE("08"), SLICE("00000017"), SLICE("-106.00"),
         true},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const ZipFixtureEntry entries[] = {
            {.name = "OFD.xml", .bytes = ofd_bare},
            {.name = "Doc_0/Document.xml", .bytes = document_tagged},
            {.name = "Doc_0/Attachs/Attachments.xml", .bytes = attachments},
            {.name = cases[i].name, .bytes = *cases[i].bytes}};
        Reading reading = {};
        EXPECT_OK(read_entries(cx, entries, 4, NULL, &reading));
        EXPECT(reading.draft_count == 1 && reading.reason == REASON_NONE);
        EXPECT(slice_equal(reading.drafts[0].kind, cases[i].kind));
        EXPECT(slice_equal(reading.drafts[0].number, cases[i].number));
        EXPECT(slice_equal(reading.drafts[0].total, cases[i].total));
        EXPECT(reading.drafts[0].red.is_red == cases[i].red);
        EXPECT(reading.drafts[0].line_count == 1);
    }
}

TEST("read ofd: under a valid seal only its entries give values, the others are compared")
{
    // The attachment was put in afterwards: it names another number and total.
    const ZipFixtureEntry entries[] = {
        {.name = "OFD.xml", .bytes = ofd_custom},
        {.name = "Doc_0/Document.xml", .bytes = document_tagged},
        {.name = "Doc_0/Tags/CustomTags.xml", .bytes = custom_tags},
        {.name = "Doc_0/Tags/CustomTag.xml", .bytes = tag},
        {.name = "Doc_0/Tpls/Tpl_0/Content.xml", .bytes = form},
        {.name = "Doc_0/Pages/Page_0/Content.xml", .bytes = page},
        {.name = "Doc_0/Attachs/Attachments.xml", .bytes = attachments},
        {.name = "Doc_0/Attachs/data.xbrl", .bytes = rail}};
    uint32_t trusted[] = {0, 1, 2, 3, 4, 5};
    SealAnswer seal = {.seal = {.state = SEAL_VALID, .signer = SLICE("税务局")},
                       .trusted = trusted,
                       .trusted_count = 6};
    Reading reading = {};
    EXPECT_OK(read_entries(cx, entries, 8, &seal, &reading));
    EXPECT(reading.draft_count == 1);
    const Draft *draft = &reading.drafts[0];
    EXPECT(draft->seal.state == SEAL_VALID);
    EXPECT(slice_equal(draft->number, SLICE("25442000000000000017")));
    EXPECT(slice_equal(draft->total, SLICE("318.00")) && slice_equal(draft->kind, SLICE("32")));
    bool told = false;
    for (size_t i = 0; i < draft->finding_count; i++)
        told = told || slice_equal(draft->findings[i].field, SLICE("number"));
    EXPECT(told && draft->line_count == 2);

    // A bank receipt put in afterwards does not make it a receipt either.
    ZipFixtureEntry with_bank[8];
    memcpy(with_bank, entries, sizeof entries);
    with_bank[7].bytes = bank;
    EXPECT_OK(read_entries(cx, with_bank, 8, &seal, &reading));
    EXPECT(reading.draft_count == 1);

    // Without the page's entry neither tag nor print may speak.
    uint32_t data_alone[] = {0};
    seal.trusted = data_alone;
    seal.trusted_count = 1;
    EXPECT_OK(read_entries(cx, entries, 7, &seal, &reading));
    EXPECT(reading.draft_count == 1 && reading.drafts[0].seal.state == SEAL_VALID);
    EXPECT(slice_equal(reading.drafts[0].amount, SLICE("300.00")));
    EXPECT(slice_empty(reading.drafts[0].total) && reading.drafts[0].line_count == 0);
    EXPECT(slice_empty(reading.drafts[0].seller.name));
}

TEST("read ofd: what the seal pass unpacked is what is read")
{
    const ZipFixtureEntry checked[] = {{.name = "OFD.xml", .bytes = ofd_custom, .deflate = true},
                                       {.name = "Doc_0/Document.xml", .bytes = document_tagged},
                                       {.name = "Doc_0/Pages/Page_0/Content.xml", .bytes = page}};
    SealAnswer seal = {};
    EXPECT_OK(zip_open(cx, zip_fixture_make(cx, checked, 3), &seal.zip, NULL));
    Reading reading = {};
    // Of one and the same document they can't differ; here they do, to see which it is.
    EXPECT_OK(read_entries(cx, checked, 1, &seal, &reading));
    EXPECT(reading.draft_count == 1 &&
           slice_equal(reading.drafts[0].number, SLICE("25442000000000000017")));
    const ZipFixtureEntry other = {.name = "OFD.xml", .bytes = SLICE("<OFD><DocBody/></OFD>")};
    EXPECT_OK(read_entries(cx, &other, 1, &seal, &reading));
    EXPECT(reading.draft_count == 1);
}

TEST("read ofd: a seal over anything but the invoice is not called valid")
{
    const ZipFixtureEntry entries[] = {{.name = "OFD.xml", .bytes = ofd_custom},
                                       {.name = "Doc_0/Document.xml", .bytes = document_plain}};
    uint32_t trusted[] = {1};
    SealAnswer seal = {.seal = {.state = SEAL_VALID}, .trusted = trusted, .trusted_count = 1};
    Reading reading = {};
    EXPECT_OK(read_entries(cx, entries, 2, &seal, &reading));
    EXPECT(reading.draft_count == 1);
    EXPECT(reading.drafts[0].seal.state == SEAL_UNCHECKED);
    EXPECT(reading.drafts[0].seal.reason_count == 1);
    EXPECT(slice_equal(reading.drafts[0].number, SLICE("25442000000000000017")));
}

TEST("read ofd: several documents in one file are several invoices")
{
    static const Slice two = SLICE(
        "<OFD><DocBody><DocInfo/><DocRoot>Doc_0/Document.xml</DocRoot>"
        "</DocBody><DocBody><DocInfo/><DocRoot>/Doc_1/Document.xml</DocRoot></DocBody></OFD>");
    const ZipFixtureEntry entries[] = {{.name = "OFD.xml", .bytes = two},
                                       {.name = "Doc_0/Document.xml", .bytes = document_plain},
                                       {.name = "Doc_1/Document.xml", .bytes = document_plain},
                                       {.name = "Doc_0/Attachs/a.xml", .bytes = rail},
                                       {.name = "Doc_1/Attachs/a.xml", .bytes = original}};
    Reading reading = {};
    EXPECT_OK(read_entries(cx, entries, 5, NULL, &reading));
    EXPECT(reading.draft_count == 2);
    EXPECT(slice_equal(reading.drafts[0].number, SLICE("25119100000000000017")));
    EXPECT(slice_equal(reading.drafts[1].number, SLICE("00000017")));
}

TEST("read ofd: no invoice, damaged, hostile, encrypted and unknown are told apart")
{
    static const Slice picture = SLICE("<Page><Content><Layer><ImageObject ResourceID='1'/>"
                                       "</Layer></Content></Page>");
    static const Slice blank = SLICE(
        "<Page><Template TemplateID='1'/><Content>" TEXT(1, 170, 10, "填写处") "</Content></Page>");
    static const Slice doctype = SLICE("<!DOCTYPE a [<!ENTITY x 'y'>]><Page>&x;</Page>");
    static const struct {
        ZipFixtureEntry entry[3];
        size_t count;
        Reason reason;
    } cases[] = {
        {{{.name = "a.txt", .bytes = SLICE("a")}}, 1, REASON_UNSUPPORTED},
        {{{.name = "OFD.xml", .bytes = SLICE("<OFD/>")}}, 1, REASON_NOT_INVOICE},
        {{{.name = "OFD.xml", .bytes = SLICE("<OFD><DocBody>")}}, 1, REASON_DAMAGED},
        {{{.name = "OFD.xml", .bytes = SLICE("<OFD/>"), .crc_change = 1}}, 1, REASON_DAMAGED},
        {{{.name = "OFD.xml", .bytes = SLICE("<OFD/>"), .flags = 1}}, 1, REASON_ENCRYPTED},
        {{{.name = "OFD.xml", .bytes = SLICE("<OFD/>")}, {.name = "ofd.XML"}}, 2, REASON_HOSTILE},
        {{{.name = "OFD.xml", .bytes = SLICE("<OFD/>")}, {.name = "Encryptions.xml"}},
         2,
         REASON_ENCRYPTED},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        Reading reading = {};
        EXPECT_OK(read_entries(cx, cases[i].entry, cases[i].count, NULL, &reading));
        EXPECT(reading.draft_count == 0 && reading.reason == cases[i].reason);
    }
    const struct {
        Slice page;
        Slice attachment;
        Reason reason;
    } parts[] = {
        {page, SLICE("<other/>"), REASON_NONE},
        {blank, SLICE("<other/>"), REASON_NOT_INVOICE},
        {SLICE("<Page/>"), bank, REASON_NOT_INVOICE},
        {SLICE("<Page/>"), SLICE("<other/>"), REASON_NOT_INVOICE},
        {picture, SLICE("<other/>"), REASON_NEEDS_OCR},
        {SLICE("<Page>"), SLICE("<other/>"), REASON_DAMAGED},
        {SLICE("<Page/>"), SLICE("<broken"), REASON_DAMAGED},
        {doctype, SLICE("<other/>"), REASON_HOSTILE},
    };
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        const ZipFixtureEntry entries[] = {
            {.name = "OFD.xml", .bytes = ofd_bare},
            {.name = "Doc_0/Document.xml", .bytes = document_plain},
            {.name = "Doc_0/Tpls/Tpl_0/Content.xml", .bytes = form},
            {.name = "Doc_0/Attachs/a.xml", .bytes = parts[i].attachment},
            {.name = "Doc_0/Pages/Page_0/Content.xml", .bytes = parts[i].page}};
        Reading reading = {};
        EXPECT_OK(read_entries(cx, entries, 5, NULL, &reading));
        EXPECT(reading.reason == parts[i].reason);
        EXPECT((reading.draft_count == 0) == (reading.reason != REASON_NONE));
    }
}

TEST("read ofd: 数电发票号码 is the second number beside a code, and the number without one")
{
    static const Slice heads[] = {
        SLICE(OFD_HEAD "<ofd:CustomDatas>" DATA("发票代码", "044001900104")
                  DATA("发票号码", "00000017") DATA("数电发票号码", "25442000000000000017")
                      DATA("开票日期", "2025年03月07日") "</ofd:CustomDatas>" OFD_TAIL),
        SLICE(OFD_HEAD "<ofd:CustomDatas>" DATA("数电发票号码", "25442000000000000017")
                  DATA("开票日期", "2025年03月07日") "</ofd:CustomDatas>" OFD_TAIL)};
    for (size_t i = 0; i < 2; i++) {
        const ZipFixtureEntry entries[] = {{.name = "OFD.xml", .bytes = heads[i]},
                                           {.name = "Doc_0/Document.xml", .bytes = document_plain}};
        Reading reading = {};
        EXPECT_OK(read_entries(cx, entries, 2, NULL, &reading));
        EXPECT(reading.draft_count == 1);
        const Draft *draft = &reading.drafts[0];
        Slice digital = SLICE("25442000000000000017");
        EXPECT(slice_equal(i == 0 ? draft->digital_number : draft->number, digital));
        EXPECT(i == 0 ? slice_equal(draft->number, SLICE("00000017"))
                      : slice_empty(draft->digital_number));
        EXPECT(i == 1 || slice_equal(draft->kind, SLICE("86")));
    }
}

#define EINVOICE(number, seller)                                                                   \
    "<EInvoice><Header><EIid>" number "</EIid></Header><EInvoiceData><SellerInformation>"          \
    "<SellerName>" seller "</SellerName></SellerInformation><BasicInformation><RequestTime>"       \
    "2025-03-07</RequestTime></BasicInformation></EInvoiceData></EInvoice>"

TEST("read ofd: an attachment of several e-invoices gives each, the page's with the page")
{
    static const Slice several =
        SLICE("<List><Item>" EINVOICE("25442000000000000025", "甲") "</Item>" EINVOICE("", "无")
                  EINVOICE("25442000000000000017", "乙")
                      EINVOICE("25442000000000000025", "甲") "</List>");
    const ZipFixtureEntry entries[] = {
        {.name = "OFD.xml", .bytes = ofd_bare},
        {.name = "Doc_0/Document.xml", .bytes = document_tagged},
        {.name = "Doc_0/Attachs/Attachments.xml", .bytes = attachments},
        {.name = "Doc_0/Attachs/data.xbrl", .bytes = several},
        {.name = "Doc_0/Tpls/Tpl_0/Content.xml", .bytes = form},
        {.name = "Doc_0/Pages/Page_0/Content.xml", .bytes = page}};
    Reading reading = {};
    EXPECT_OK(read_entries(cx, entries, 6, NULL, &reading));
    EXPECT(reading.draft_count == 2);
    EXPECT(slice_equal(reading.drafts[0].number, SLICE("25442000000000000017")));
    EXPECT(slice_equal(reading.drafts[0].seller.name, SLICE("乙")));
    EXPECT(slice_equal(reading.drafts[0].total, SLICE("318.00")));
    EXPECT(slice_equal(reading.drafts[1].number, SLICE("25442000000000000025")));
    EXPECT(slice_equal(reading.drafts[1].seller.name, SLICE("甲")));
    EXPECT(slice_empty(reading.drafts[1].total));
    // Without a page that prints one they are two as well.
    EXPECT_OK(read_entries(cx, entries, 4, NULL, &reading));
    EXPECT(reading.draft_count == 2);
    EXPECT(slice_equal(reading.drafts[0].number, SLICE("25442000000000000025")));
    EXPECT(slice_equal(reading.drafts[1].number, SLICE("25442000000000000017")));
    EXPECT(slice_empty(reading.drafts[1].total));
}

// A package whose OFD.xml is this holds one invoice, of a number, and one finding.
static void expect_finding(Cx *cx, Slice ofd_xml, Slice rule)
{
    const ZipFixtureEntry entries[] = {{.name = "OFD.xml", .bytes = ofd_xml},
                                       {.name = "D.xml", .bytes = SLICE("<Document/>")}};
    static const SealAnswer none = {};
    ReadJob job = {zip_fixture_make(cx, entries, 2), &none, true};
    Reading reading = {.media = MEDIA_OFD};
    EXPECT_OK(read_ofd(cx, &job, &reading));
    EXPECT(reading.draft_count == 1 && reading.drafts[0].finding_count == 1);
    EXPECT(slice_equal(reading.drafts[0].number, SLICE("25442000000000000017")));
    EXPECT(slice_equal(reading.drafts[0].findings[0].rule, rule));
}

TEST("read ofd: a part in GBK that claims to be UTF-8 is read, and said so")
{
    expect_finding(
        cx,
        SLICE("<?xml version='1.0' encoding='UTF-8'?><OFD><DocBody><DocInfo><CustomDatas>"
              "<CustomData Name='\xb7\xa2\xc6\xb1\xba\xc5\xc2\xeb'>25442000000000000017"
              "</CustomData></CustomDatas></DocInfo><DocRoot>D.xml</DocRoot></DocBody>"
              "</OFD>"),
        SLICE("encoding_guessed"));
}

TEST("read ofd: a part whose writer did not escape is mended, and said so")
{
    expect_finding(cx,
                   SLICE("<OFD><DocBody><DocInfo><CustomDatas><CustomData Name='发票号码'>"
                         "25442000000000000017</CustomData><CustomData Name='销售方纳税人识别号'>"
                         "A&B</CustomData></CustomDatas></DocInfo><DocRoot>D.xml</DocRoot>"
                         "</DocBody></OFD>"),
                   SLICE("markup_mended"));
}
