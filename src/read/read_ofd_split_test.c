#include "read/read_ofd_split.h"

#include "base/limits.h"
#include "base/test.h"
#include "base/text.h"
#include "format/image/image_qr_fixture.h"
#include "format/zip/zip_fixture.h"
#include "read/read_ofd_eyes.h"
#include "read/reader.h"

#define PAGES_MAX 80

// An OFD of one document, written page by page.
typedef struct Book {
    ZipFixtureEntry entries[PAGES_MAX + 8];
    size_t count, pages;
    Text list; // of pages
} Book;

static Book *book(Cx *cx)
{
    Book *made = arena_alloc(&cx->arena, sizeof *made);
    made->list = text_open(cx, 65'536);
    made->count = 2; // OFD.xml, Document.xml
    return made;
}

static const char *name_of(Cx *cx, const char *format, size_t number)
{
    return cx_printf(cx, format, number, 0).data;
}

static void add_file(Book *to, const char *name, Slice bytes)
{
    to->entries[to->count++] = (ZipFixtureEntry){.name = name, .bytes = bytes};
}

static void add_page(Cx *cx, Book *to, Slice objects)
{
    text_add(&to->list,
             cx_printf(cx, "<Page ID='%zu' BaseLoc='P%zu.xml'/>", 600 + to->pages, to->pages));
    add_file(to, name_of(cx, "P%zu.xml%c", to->pages),
             cx_printf(cx, "<Page><Content><Layer>" SLICE_FMT "</Layer></Content></Page>",
                       SLICE_ARG(objects)));
    to->pages++;
}

#define AT(id, x, y)                                                                               \
    "<TextObject ID='" #id "' Boundary='" #x " " #y " 9 5' Size='3'><TextCode X='0' Y='4'>"
#define END "</TextCode></TextObject>"

// A face: number, date, seller, one line, sums. The ids are the same on every page.
static Slice face(Cx *cx, const char *number, const char *seller, const char *fen)
{
    return cx_printf(
        cx,
        AT(1, 60, 8) "电子发票（普通发票）" END AT(2, 150, 10) "发票号码：" END AT(
            3, 170, 10) "%s" END AT(4, 150, 16) "开票日期：" END AT(5, 170, 16) "2025年03月07日" END
            AT(6, 111, 34) "销售方名称：" END AT(7, 135, 34) "%s" END AT(8, 15, 52) "项目名称" END
                AT(9, 143, 52) "金额" END AT(10, 165, 52) "税率" END AT(11, 194, 52) "税额" END AT(
                    12, 5, 56) "*甲*%s" END AT(13, 143, 56) "100.%s" END AT(14, 165, 56) "0%%" END
                    AT(15, 194, 56) "0.00" END AT(16, 20, 90) "合计" END
                        AT(17, 143, 90) "¥100.%s" END AT(18, 194, 90) "¥0.00" END AT(
                            19, 143, 96) "（小写）" END AT(20, 160, 96) "¥100.%s" END,
        number, seller, seller, fen, fen, fen);
}

static Slice list_page(void)
{
    return SLICE(
        AT(8, 15, 12) "项目名称" END AT(9, 143, 12) "金额" END AT(10, 165, 12) "税率" END
            AT(11, 194, 12) "税额" END AT(12, 5, 16) "*续*表" END AT(13, 143, 16) "1.00" END AT(
                14, 165, 16) "0%" END AT(15, 194, 16) "0.00" END AT(16, 20, 90) "小计" END);
}

static Err read_book(Cx *cx, Book *from, Slice data, Slice more, const SealAnswer *seal,
                     bool skip_qr, Reading *reading)
{
    static const SealAnswer none = {};
    from->entries[0] =
        (ZipFixtureEntry){.name = "OFD.xml",
                          .bytes = cx_printf(cx,
                                             "<OFD><DocBody><DocInfo><CustomDatas>" SLICE_FMT
                                             "</CustomDatas></DocInfo>"
                                             "<DocRoot>D.xml</DocRoot></DocBody></OFD>",
                                             SLICE_ARG(data))};
    from->entries[1] =
        (ZipFixtureEntry){.name = "D.xml",
                          .bytes = cx_printf(cx,
                                             "<Document><CommonData><DocumentRes>R.xml"
                                             "</DocumentRes></CommonData><Pages>" SLICE_FMT
                                             "</Pages>" SLICE_FMT "</Document>",
                                             SLICE_ARG(text_so_far(&from->list)), SLICE_ARG(more))};
    ReadJob job = {zip_fixture_make(cx, from->entries, from->count), seal == NULL ? &none : seal,
                   skip_qr};
    *reading = (Reading){.media = MEDIA_OFD};
    return read_ofd_eyes(cx, &job, reading);
}

#define FIRST  "25442000000000000001"
#define SECOND "25442000000000000002"
#define THIRD  "25442000000000000003"

static bool gives(const Draft *draft, const char *number, const char *seller, const char *total,
                  size_t lines)
{
    return slice_equal(draft->number, slice_of(number)) &&
           slice_equal(draft->seller.name, slice_of(seller)) &&
           slice_equal(draft->total, slice_of(total)) &&
           slice_equal(draft->amount, slice_of(total)) && draft->line_count == lines &&
           draft->finding_count == 0;
}

TEST("read ofd split: pages of different numbers are different invoices, and nothing is mixed")
{
    Book *made = book(cx);
    add_page(cx, made, face(cx, FIRST, "甲公司", "01"));
    add_page(cx, made, list_page());
    add_page(cx, made, face(cx, SECOND, "乙公司", "02"));
    add_page(cx, made, SLICE(""));
    add_page(cx, made, face(cx, THIRD, "丙公司", "03"));
    add_page(cx, made, face(cx, FIRST, "甲公司", "01")); // the first once more
    Reading reading = {};
    EXPECT_OK(read_book(cx, made, SLICE(""), SLICE(""), NULL, true, &reading));
    EXPECT(reading.draft_count == 3 && reading.reason == REASON_NONE);
    EXPECT(gives(&reading.drafts[0], FIRST, "甲公司", "100.01", 3));
    EXPECT(gives(&reading.drafts[1], SECOND, "乙公司", "100.02", 1));
    EXPECT(gives(&reading.drafts[2], THIRD, "丙公司", "100.03", 1));
}

TEST("read ofd split: one invoice of many pages stays one")
{
    Book *made = book(cx);
    add_page(cx, made, SLICE(""));
    add_page(cx, made, face(cx, FIRST, "甲公司", "01"));
    add_page(cx, made, list_page());
    // A list that names its invoice, and a letter that names another without being it.
    add_page(cx, made, SLICE(AT(1, 10, 5) "发票号码：" END AT(2, 40, 5) FIRST END));
    add_page(cx, made, SLICE(AT(1, 10, 5) "发票号码：" END AT(2, 40, 5) SECOND END));
    Reading reading = {};
    EXPECT_OK(read_book(cx, made, SLICE(""), SLICE(""), NULL, true, &reading));
    EXPECT(reading.draft_count == 1);
    EXPECT(gives(&reading.drafts[0], FIRST, "甲公司", "100.01", 2));
}

TEST("read ofd split: CustomData and attachments go to the invoice that they name")
{
    static const Slice data = SLICE("<CustomData Name='发票号码'>" SECOND "</CustomData>"
                                    "<CustomData Name='购买方名称'>买方</CustomData>");
    static const Slice more = SLICE("<Attachments>A.xml</Attachments>");
    Book *made = book(cx);
    add_page(cx, made, face(cx, FIRST, "甲公司", "01"));
    add_page(cx, made, face(cx, SECOND, "乙公司", "02"));
    add_file(made, "A.xml",
             SLICE("<Attachments><Attachment><FileLoc>a1.xml</FileLoc></Attachment>"
                   "<Attachment><FileLoc>a3.xml</FileLoc></Attachment></Attachments>"));
    static const char *const numbers[] = {FIRST, THIRD};
    static const char *const names[] = {"a1.xml", "a3.xml"};
    for (size_t i = 0; i < 2; i++)
        add_file(made, names[i],
                 cx_printf(cx,
                           "<eInvoice xmlns:fp='http://www.edrm.org.cn/schema/e-invoice/2019'>"
                           "<fp:InvoiceNo>%s</fp:InvoiceNo><fp:IssueDate>2025年03月07日"
                           "</fp:IssueDate><fp:GoodsInfos/><fp:Payee>收款%zu</fp:Payee></eInvoice>",
                           numbers[i], i));
    Reading reading = {};
    EXPECT_OK(read_book(cx, made, data, more, NULL, true, &reading));
    EXPECT(reading.draft_count == 3);
    EXPECT(gives(&reading.drafts[0], FIRST, "甲公司", "100.01", 1));
    EXPECT(slice_equal(reading.drafts[0].payee, SLICE("收款0")));
    EXPECT(slice_empty(reading.drafts[0].buyer.name));
    EXPECT(gives(&reading.drafts[1], SECOND, "乙公司", "100.02", 1));
    EXPECT(slice_equal(reading.drafts[1].buyer.name, SLICE("买方")));
    EXPECT(slice_empty(reading.drafts[1].payee));
    // No page shows the third.
    EXPECT(slice_equal(reading.drafts[2].number, SLICE(THIRD)));
    EXPECT(slice_equal(reading.drafts[2].payee, SLICE("收款1")));
}

TEST("read ofd split: tags part the pages, though every page begins its ids anew")
{
    static const Slice more = SLICE("<CustomTags>T.xml</CustomTags>");
#define REF(page, id) "<ObjectRef PageRef='" #page "'>" #id "</ObjectRef>"
#define TAGS(page)                                                                                 \
    "<eInvoice><InvoiceNo>" REF(page, 1) "</InvoiceNo><IssueDate>" REF(                            \
        page, 2) "</IssueDate><SellerName>" REF(page, 3) "</SellerName>"                           \
                                                         "<TaxInclusiveTotalAmount>" REF(          \
                                                             page,                                 \
                                                             4) "</TaxInclusiveTotalAmount>"       \
                                                                "<Payee><ObjectData>谁"           \
                                                                "</ObjectData></Payee></eInvoice>"
    Book *made = book(cx);
    static const char *const numbers[] = {FIRST, SECOND};
    for (size_t i = 0; i < 2; i++)
        add_page(cx, made,
                 cx_printf(cx,
                           AT(1, 10, 10) "%s" END AT(2, 10, 20) "2025年03月07日" END AT(
                               3, 10, 30) "卖方%zu" END AT(4, 10, 40) "¥%zu.00" END,
                           numbers[i], i, i + 1));
    add_file(made, "T.xml",
             SLICE("<CustomTags><CustomTag><FileLoc>G.xml</FileLoc></CustomTag></CustomTags>"));
    add_file(made, "G.xml", SLICE("<root>" TAGS(600) TAGS(601) "</root>"));
    Reading reading = {};
    EXPECT_OK(read_book(cx, made, SLICE(""), more, NULL, true, &reading));
    EXPECT(reading.draft_count == 2);
    for (size_t i = 0; i < reading.draft_count; i++) {
        const Draft *draft = &reading.drafts[i];
        EXPECT(slice_equal(draft->number, slice_of(numbers[i])) && draft->finding_count == 0);
        EXPECT(draft->origins[DRAFT_NUMBER].source == SOURCE_TAG);
        EXPECT(slice_equal(draft->seller.name, cx_printf(cx, "卖方%zu", i)));
        EXPECT(slice_equal(draft->total, cx_printf(cx, "%zu.00", i + 1)));
        EXPECT(slice_empty(draft->payee)); // a literal: of whom, nobody says
    }
}

TEST("read ofd split: a seal over the first page vouches for its invoice alone")
{
    Book *made = book(cx);
    add_page(cx, made, face(cx, FIRST, "甲公司", "01"));
    add_page(cx, made, face(cx, SECOND, "乙公司", "02"));
    uint32_t trusted[] = {0, 1, 2};
    SealAnswer seal = {.seal = {.state = SEAL_VALID}, .trusted = trusted, .trusted_count = 3};
    Reading reading = {};
    EXPECT_OK(read_book(cx, made, SLICE(""), SLICE(""), &seal, true, &reading));
    EXPECT(reading.draft_count == 2);
    EXPECT(gives(&reading.drafts[0], FIRST, "甲公司", "100.01", 1));
    EXPECT(reading.drafts[0].seal.state == SEAL_VALID);
    EXPECT(gives(&reading.drafts[1], SECOND, "乙公司", "100.02", 1));
    EXPECT(reading.drafts[1].seal.state == SEAL_UNCHECKED);
}

TEST("read ofd split: pages that are pictures are told by their QR codes")
{
    static const char *const codes[] = {"01,32,," FIRST ",1.00,20250307,,",
                                        "01,32,," SECOND ",2.00,20250307,,"};
#define DRAWN(id) "<ImageObject Boundary='5 5 20 20' ResourceID='" #id "'/>"
    Book *made = book(cx);
    add_page(cx, made, SLICE(DRAWN(11)));
    add_page(cx, made, SLICE(DRAWN(12)));
    add_page(cx, made, face(cx, THIRD, "丙公司", "03"));
    add_file(made, "R.xml",
             SLICE("<Res BaseLoc='Res'><MultiMedias><MultiMedia ID='11'><MediaFile>1.bmp"
                   "</MediaFile></MultiMedia><MultiMedia ID='12'><MediaFile>2.bmp</MediaFile>"
                   "</MultiMedia></MultiMedias></Res>"));
    add_file(made, "Res/1.bmp", image_qr_fixture(cx, codes[0]));
    add_file(made, "Res/2.bmp", image_qr_fixture(cx, codes[1]));
    Reading reading = {};
    EXPECT_OK(read_book(cx, made, SLICE(""), SLICE(""), NULL, false, &reading));
    EXPECT(reading.draft_count == 3);
    EXPECT(slice_equal(reading.drafts[0].number, SLICE(FIRST)));
    EXPECT(slice_equal(reading.drafts[0].total, SLICE("1.00")));
    EXPECT(reading.drafts[0].origins[DRAFT_NUMBER].source == SOURCE_QR);
    EXPECT(slice_equal(reading.drafts[1].number, SLICE(SECOND)));
    EXPECT(slice_equal(reading.drafts[1].total, SLICE("2.00")));
    EXPECT(gives(&reading.drafts[2], THIRD, "丙公司", "100.03", 1)); // no other's code in it
    EXPECT(slice_empty(reading.drafts[2].qr));
}

TEST("read ofd split: more invoices than one document may hold are refused, and none is left out")
{
    Book *made = book(cx);
    for (size_t i = 0; i <= LIMIT_DRAFTS; i++) {
        Slice number = cx_printf(cx, "254420000000000%05zu%c", i, 0);
        add_page(cx, made, face(cx, number.data, "甲公司", "01"));
    }
    Reading reading = {};
    EXPECT(read_book(cx, made, SLICE(""), SLICE(""), NULL, true, &reading) == ERR_LIMIT);
    Text bodies = text_open(cx, 65'536);
    for (size_t i = 0; i <= LIMIT_OFD_DOCUMENTS; i++)
        text_add(&bodies, SLICE("<DocBody><DocRoot>D.xml</DocRoot></DocBody>"));
    const ZipFixtureEntry entries[] = {
        {.name = "OFD.xml",
         .bytes = cx_printf(cx, "<OFD>" SLICE_FMT "</OFD>", SLICE_ARG(text_so_far(&bodies)))},
        {.name = "D.xml", .bytes = SLICE("<Document/>")}};
    ReadJob job = {.bytes = zip_fixture_make(cx, entries, 2)};
    EXPECT_OK(read_ofd_eyes(cx, &job, &reading));
    EXPECT(reading.draft_count == 0 && reading.reason == REASON_HOSTILE);
}
