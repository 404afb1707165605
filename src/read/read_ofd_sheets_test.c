#include "read/read_ofd_sheets.h"

#include "base/test.h"
#include "base/text.h"
#include "format/zip/zip_fixture.h"
#include "read/read_copies.h"
#include "read/read_ofd_eyes.h"
#include "read/reader.h"

#define FIRST  "25442000000000000001"
#define SECOND "25442000000000000002"
#define THIRD  "25442000000000000003"
#define PLACES 24

typedef struct Piece {
    int x, y; // of the form
    const char *text;
} Piece;

// A form with its upper left corner at (x, y), in millimetres.
static void draw(Cx *cx, Text *page, int x, int y, const char *number, const char *seller,
                 const char *fen)
{
    Slice net = cx_printf(cx, "100.%s%c", fen, 0), sum = cx_printf(cx, "¥100.%s%c", fen, 0);
    const Piece pieces[] = {
        {60, 8, "电子发票（普通发票）"},
        {110, 10, "发票号码："},
        {128, 10, number},
        {110, 16, "开票日期："},
        {128, 16, "2025年03月07日"},
        {5, 34, "购买方名称："},
        {25, 34, "买方"},
        {90, 34, "销售方名称："},
        {112, 34, seller},
        {15, 52, "项目名称"},
        {100, 52, "金额"},
        {120, 52, "税率"},
        {138, 52, "税额"},
        {5, 56, "*甲*货"},
        {100, 56, net.data},
        {120, 56, "0%"},
        {138, 56, "0.00"},
        {20, 90, "合计"},
        {100, 90, sum.data},
        {138, 90, "¥0.00"},
        {100, 96, "（小写）"},
        {118, 96, sum.data},
        {10, 125, "开票人："},
        {25, 125, seller},
    };
    _Static_assert(sizeof pieces / sizeof pieces[0] == PLACES, "all of it is drawn");
    for (size_t i = 0; i < PLACES; i++)
        text_add(page, cx_printf(cx,
                                 "<TextObject ID='%d' Boundary='%d %d 9 5' Size='3'>"
                                 "<TextCode X='0' Y='4'>%s</TextCode></TextObject>",
                                 x * 1000 + y * 10 + (int)i + 1, x + pieces[i].x, y + pieces[i].y,
                                 pieces[i].text));
}

static void read_page(Cx *cx, const Text *page, Slice attachments, Reading *reading)
{
    const ZipFixtureEntry entries[] = {
        {.name = "OFD.xml",
         .bytes = SLICE("<OFD><DocBody><DocInfo/><DocRoot>D.xml</DocRoot></DocBody></OFD>")},
        {.name = "D.xml",
         .bytes = SLICE("<Document><CommonData/><Pages><Page ID='9' BaseLoc='P.xml'/></Pages>"
                        "<Attachments>A.xml</Attachments></Document>")},
        {.name = "A.xml",
         .bytes = SLICE("<Attachments><Attachment><FileLoc>a1.xml</FileLoc></Attachment>"
                        "<Attachment><FileLoc>a2.xml</FileLoc></Attachment></Attachments>")},
        {.name = "a1.xml", .bytes = slice_empty(attachments) ? SLICE("<a/>") : attachments},
        {.name = "a2.xml",
         .bytes = slice_empty(attachments)
                      ? SLICE("<a/>")
                      : SLICE("<eInvoice xmlns:fp='http://www.edrm.org.cn/schema/e-invoice/2019'>"
                              "<fp:InvoiceNo>" SECOND "</fp:InvoiceNo><fp:IssueDate>2025年03月07日"
                              "</fp:IssueDate><fp:GoodsInfos/><fp:Payee>乙</fp:Payee>"
                              "</eInvoice>")},
        {.name = "P.xml",
         .bytes = cx_printf(cx, "<Page><Content><Layer>" SLICE_FMT "</Layer></Content></Page>",
                            SLICE_ARG(text_so_far(page)))}};
    ReadJob job = {.bytes = zip_fixture_make(cx, entries, sizeof entries / sizeof entries[0]),
                   .skip_qr = true};
    *reading = (Reading){.media = MEDIA_OFD};
    EXPECT_OK(read_ofd_eyes(cx, &job, reading));
}

static bool gives(const Draft *draft, const char *number, const char *seller, const char *total)
{
    return slice_equal(draft->number, slice_of(number)) &&
           slice_equal(draft->seller.name, slice_of(seller)) &&
           slice_equal(draft->issuer, slice_of(seller)) &&
           slice_equal(draft->buyer.name, SLICE("买方")) &&
           slice_equal(draft->total, slice_of(total)) &&
           slice_equal(draft->amount, slice_of(total)) && draft->line_count == 1 &&
           slice_equal(draft->lines[0].amount, slice_of(total)) && draft->finding_count == 0;
}

TEST("read ofd sheets: invoices one below the other are parted, each with its own values")
{
    Text page = text_open(cx, 65'536);
    draw(cx, &page, 0, 0, FIRST, "甲公司", "01");
    draw(cx, &page, 0, 140, SECOND, "乙公司", "02");
    draw(cx, &page, 0, 280, THIRD, "丙公司", "03");
    Reading reading = {};
    read_page(cx, &page, SLICE(""), &reading);
    EXPECT(reading.draft_count == 3);
    EXPECT(gives(&reading.drafts[0], FIRST, "甲公司", "100.01"));
    EXPECT(gives(&reading.drafts[1], SECOND, "乙公司", "100.02"));
    EXPECT(gives(&reading.drafts[2], THIRD, "丙公司", "100.03"));
}

TEST("read ofd sheets: two columns, the last place of which is empty")
{
    Text page = text_open(cx, 65'536);
    draw(cx, &page, 10, 5, FIRST, "甲公司", "01");
    draw(cx, &page, 180, 5, SECOND, "乙公司", "02");
    draw(cx, &page, 10, 150, THIRD, "丙公司", "03");
    Reading reading = {};
    read_page(cx, &page, SLICE(""), &reading);
    EXPECT(reading.draft_count == 3);
    EXPECT(gives(&reading.drafts[0], FIRST, "甲公司", "100.01"));
    EXPECT(gives(&reading.drafts[1], SECOND, "乙公司", "100.02"));
    EXPECT(gives(&reading.drafts[2], THIRD, "丙公司", "100.03"));
}

TEST("read ofd sheets: the same invoice twice on a page is one, with its line once")
{
    Text page = text_open(cx, 65'536);
    draw(cx, &page, 0, 0, FIRST, "甲公司", "01");
    draw(cx, &page, 0, 140, FIRST, "甲公司", "01");
    Reading reading = {};
    read_page(cx, &page, SLICE(""), &reading);
    EXPECT(reading.draft_count == 1);
    read_copies_drop(cx, &reading.drafts[0]); // as reader_read does
    EXPECT(gives(&reading.drafts[0], FIRST, "甲公司", "100.01"));
}

TEST("read ofd sheets: what can't be parted is said")
{
    Text page = text_open(cx, 65'536);
    draw(cx, &page, 0, 0, FIRST, "甲公司", "01");
    draw(cx, &page, 40, 60, SECOND, "乙公司", "02"); // one over the other, in no row or column
    draw(cx, &page, 90, 62, THIRD, "丙公司", "03");
    Reading reading = {};
    read_page(cx, &page, SLICE(""), &reading);
    EXPECT(reading.draft_count == 1);
    bool said = false;
    for (size_t i = 0; i < reading.drafts[0].finding_count; i++)
        said |= slice_equal(reading.drafts[0].findings[i].rule, SLICE("several_on_page"));
    EXPECT(said);
}

TEST("read ofd sheets: attachments of two invoices beside one page are two")
{
    static const Slice first =
        SLICE("<eInvoice xmlns:fp='http://www.edrm.org.cn/schema/e-invoice/2019'>"
              "<fp:InvoiceNo>" FIRST "</fp:InvoiceNo><fp:IssueDate>2025年03月07日"
              "</fp:IssueDate><fp:GoodsInfos/><fp:Reviewer>甲</fp:Reviewer></eInvoice>");
    Text blank = text_open(cx, 4096), face = text_open(cx, 65'536);
    Reading reading = {};
    read_page(cx, &blank, first, &reading);
    EXPECT(reading.draft_count == 2);
    EXPECT(slice_equal(reading.drafts[0].number, SLICE(FIRST)));
    EXPECT(slice_empty(reading.drafts[0].payee));
    EXPECT(slice_equal(reading.drafts[1].number, SLICE(SECOND)));
    EXPECT(slice_equal(reading.drafts[1].payee, SLICE("乙")));
    // The page is of one of them, and goes with it.
    draw(cx, &face, 0, 0, SECOND, "乙公司", "02");
    read_page(cx, &face, first, &reading);
    EXPECT(reading.draft_count == 2);
    EXPECT(gives(&reading.drafts[0], SECOND, "乙公司", "100.02"));
    EXPECT(slice_equal(reading.drafts[0].payee, SLICE("乙")));
    EXPECT(slice_equal(reading.drafts[1].number, SLICE(FIRST)));
    EXPECT(slice_empty(reading.drafts[1].seller.name));
}
