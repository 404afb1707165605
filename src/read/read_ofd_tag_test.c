#include "read/read_ofd_tag.h"

#include "base/test.h"
#include "format/zip/zip_fixture.h"

static Err fill(Cx *cx, Slice tag, OfdText *items, size_t count, Draft *draft)
{
    const ZipFixtureEntry entries[] = {{.name = "OFD.xml", .bytes = SLICE("<OFD/>")},
                                       {.name = "tag.xml", .bytes = tag}};
    OfdPage pages[] = {{.id = 61}, {.id = 62}};
    OfdDoc doc = {.pages = pages, .page_count = 2};
    OfdTexts texts = {.items = items, .count = count};
    Ofd *ofd = NULL;
    TRY(ofd_open(cx, zip_fixture_make(cx, entries, 2), &ofd, NULL));
    return read_ofd_tag_fill(cx, ofd, &doc, 1, &texts, true, draft);
}

TEST("read ofd tag: references, literals and empty ones; the page decides between equal ids")
{
    OfdText items[] = {{.id = 5, .template = true, .text = SLICE("form")},
                       {.id = 5, .text = SLICE("00000017")},
                       {.id = 5, .page = 1, .text = SLICE("00000018")},
                       {.id = 6, .text = SLICE("¥")},
                       {.id = 6, .text = SLICE("5.00")}};
    static const Slice tag =
        SLICE("<eInvoice><InvoiceNo><ObjectRef PageRef='62'>5</ObjectRef></InvoiceNo>"
              "<TaxTotalAmount><ObjectRef PageRef='61'>6</ObjectRef></TaxTotalAmount>"
              "<Payee><ObjectRef>0</ObjectRef></Payee><Checker><ObjectRef>99</ObjectRef></Checker>"
              "<InvoiceClerk><ObjectData>管理员</ObjectData></InvoiceClerk>"
              "<InvoiceClerk><ObjectRef PageRef='61'>5</ObjectRef></InvoiceClerk></eInvoice>");
    Draft draft = {};
    EXPECT_OK(fill(cx, tag, items, 5, &draft));
    EXPECT(slice_equal(draft.number, SLICE("00000018")));
    EXPECT(slice_equal(draft.tax, SLICE("5.00")));
    EXPECT(slice_empty(draft.payee) && slice_empty(draft.reviewer));
    EXPECT(slice_equal(draft.issuer, SLICE("管理员")));
    EXPECT(draft.finding_count == 0 && draft.line_count == 0);
}

TEST("read ofd tag: the words of a text in several objects keep the blank between them")
{
    OfdText items[] = {{.id = 5, .text = SLICE("Blue"), .raw = SLICE("Blue ")},
                       {.id = 6, .text = SLICE("Harbour")},
                       {.id = 7, .text = SLICE("甲"), .raw = SLICE("甲 ")},
                       {.id = 8, .text = SLICE("乙")}};
    static const Slice tag =
        SLICE("<e><BuyerName><ObjectRef>5</ObjectRef><ObjectRef>6</ObjectRef></BuyerName>"
              "<SellerName><ObjectRef>7</ObjectRef><ObjectRef>8</ObjectRef></SellerName></e>");
    Draft draft = {};
    EXPECT_OK(fill(cx, tag, items, 4, &draft));
    EXPECT(slice_equal(draft.buyer.name, SLICE("Blue Harbour")));
    EXPECT(slice_equal(draft.seller.name, SLICE("甲乙")));
}

TEST("read ofd tag: lines by GoodsInfo, whatever their heights")
{
    OfdText items[] = {{.id = 1, .y = 9, .text = SLICE("*甲*乙")},
                       {.id = 2, .text = SLICE("1.00")},
                       {.id = 3, .text = SLICE("*丙*丁")},
                       {.id = 4, .text = SLICE("2.00")}};
    static const Slice tag = SLICE(
        "<fp:eInvoice><GoodsInfos><GoodsInfo><Item><fp:ObjectRef>1</fp:ObjectRef></Item><Amount>"
        "<fp:ObjectRef>2</fp:ObjectRef></Amount></GoodsInfo><GoodsInfo><Item><fp:ObjectRef>3"
        "</fp:ObjectRef></Item><Amount><fp:ObjectRef>4</fp:ObjectRef></Amount></GoodsInfo>"
        "</GoodsInfos></fp:eInvoice>");
    Draft draft = {};
    EXPECT_OK(fill(cx, tag, items, 4, &draft));
    EXPECT(draft.line_count == 2);
    EXPECT(slice_equal(draft.lines[0].name, SLICE("*甲*乙")));
    EXPECT(slice_equal(draft.lines[1].amount, SLICE("2.00")));
}

TEST("read ofd tag: a name in several objects of one column keeps the blank between its words")
{
    OfdText items[] = {{.id = 1, .y = 9'000, .text = SLICE("*甲*Blue"), .raw = SLICE("*甲*Blue ")},
                       {.id = 2, .y = 13'000, .text = SLICE("Harbour")},
                       {.id = 3, .y = 9'000, .text = SLICE("1.00")}};
    static const Slice tag =
        SLICE("<e><Item><ObjectRef>1</ObjectRef><ObjectRef>2</ObjectRef></Item>"
              "<Amount><ObjectRef>3</ObjectRef></Amount></e>");
    Draft draft = {};
    EXPECT_OK(fill(cx, tag, items, 3, &draft));
    EXPECT(draft.line_count == 1);
    EXPECT(slice_equal(draft.lines[0].name, SLICE("*甲*Blue Harbour")));
}

TEST("read ofd tag: a fare that stands with its seat is an amount; two amounts are none")
{
    static const struct {
        Slice text, total;
    } cases[] = {{SLICE("￥48.00 一等座"), SLICE("48.00")},
                 {SLICE("￥181.00 新空调 软卧"), SLICE("181.00")},
                 {SLICE("48.00 12.00"), SLICE("")}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        OfdText items[] = {{.id = 5, .text = cases[i].text}};
        Draft draft = {};
        EXPECT_OK(fill(cx,
                       SLICE("<e><TaxInclusiveTotalAmount><ObjectRef PageRef='61'>5</ObjectRef>"
                             "</TaxInclusiveTotalAmount></e>"),
                       items, 1, &draft));
        EXPECT(slice_equal(draft.total, cases[i].total));
        EXPECT((draft.finding_count > 0) == slice_empty(cases[i].total));
    }
}

TEST("read ofd tag: a file of one column alone gives no lines without names")
{
    OfdText items[] = {{.id = 5, .y = 1'000, .text = SLICE("100.00")},
                       {.id = 6, .y = 1'000, .text = SLICE("*甲*乙")}};
#define COLUMN(name, id) "<" name "><ObjectRef PageRef='61'>" #id "</ObjectRef></" name ">"
    static const struct {
        Slice tag;
        size_t lines;
    } cases[] = {{SLICE("<e>" COLUMN("Amount", 5) "</e>"), 0},
                 {SLICE("<e>" COLUMN("Item", 6) "</e>"), 0},
                 {SLICE("<e>" COLUMN("Item", 6) COLUMN("Amount", 5) "</e>"), 1}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        Draft draft = {};
        EXPECT_OK(fill(cx, cases[i].tag, items, 2, &draft));
        EXPECT(draft.line_count == cases[i].lines);
    }
}

TEST("read ofd tag: a file that says nothing is no failure")
{
    static const Slice cases[] = {SLICE(""), SLICE("text"), SLICE("<eInvoice></eInvoice>"),
                                  SLICE("<!DOCTYPE a><eInvoice><InvoiceNo/></eInvoice>")};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        Draft draft = {};
        EXPECT_OK(fill(cx, cases[i], NULL, 0, &draft));
        EXPECT(slice_empty(draft.number));
    }
}
