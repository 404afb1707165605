#include "read/read_pdf_kind.h"

#include "base/test.h"
#include "read/read_pdf_fixture.h"

TEST("read_pdf_kind: title, code and number tell the kind")
{
    static const struct {
        const char *title, *code, *number, *kind;
        PageForm form;
    } cases[] = {
        {"电子发票（增值税专用发票）", "", "25322000000337005189", "31", PAGE_VAT},
        {"电子发票（普通发票）", "", "25322000000337005189", "32", PAGE_VAT},
        {"上海增值税电子普通发票", "031002200711", "01082944", "10", PAGE_VAT},
        {"上海增值税电子专用发票", "031002200713", "01082944", "08", PAGE_VAT},
        {"浙江增值税电子普通发票", "033002200712", "01082944", "14", PAGE_VAT},
        {"广东通用机打发票（电子）", "144002309010", "01956673", "102", PAGE_VAT},
        {"深圳电子普通发票", "144031909110", "01956673", "100", PAGE_VAT},
        {"电子发票（铁路电子客票）", "", "25129110172000044123", "51", PAGE_RAIL},
        {"电子发票（航空运输电子客票行程单）", "", "9223372036854775807", "61", PAGE_AIR},
        {"电子发票（机动车销售统一发票）", "", "25442000000127444777", "83", PAGE_VEHICLE},
        {"二手车销售统一发票", "", "25442000000127444777", "84", PAGE_VEHICLE},
        {"上海增值税电子普通发票（区块链）", "031002200711", "01082944", "100", PAGE_VAT},
        {"电子发票（普通发票）", "", "9223372036854775807", "32", PAGE_VAT}, // read a digit short
        {"增值税普通发票", "044001900104", "24112000000000000018", "04", PAGE_VAT}, // on paper
        // The code could not be read: the title has to do.
        {"北京增值税专用发票", "", "01082944", "01", PAGE_VAT},
        {"北京增值税电子专用发票", "", "01082944", "08", PAGE_VAT},
        {"北京增值税普通发票", "", "01082944", "04", PAGE_VAT},
        {"北京增值税电子普通发票", "", "01082944", "10", PAGE_VAT},
        {"深圳电子普通发票", "", "01082944", "10", PAGE_VAT},
        {"普通发票", "", "01082944", "", PAGE_VAT},
        {"广东通用机打发票", "", "01082944", "102", PAGE_VAT},
        {"浙江通用电子发票", "", "01082944", "102", PAGE_VAT},
        {"浙江通用（电子）发票", "", "01082944", "102", PAGE_VAT},
        {"国家税务总局通用发票", "", "01082944", "102", PAGE_VAT},
        {"电子发票", "", "01082944", "", PAGE_VAT},
        {"机动车销售统一发票", "", "01082944", "03", PAGE_VEHICLE},
        {"二手车销售统一发票", "", "01082944", "15", PAGE_VEHICLE},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        PdfFixtureText texts[] = {{150, 40, 16, cases[i].title}, {20, 60, 9, "名称：一二三四五"}};
        PdfFixturePage page = {600, 400, texts, 2, NULL, 0};
        PdfPage glyphs = pdf_fixture_glyphs(cx, &page);
        PageWords words = {};
        Draft draft = {.code = slice_of(cases[i].code), .number = slice_of(cases[i].number)};
        EXPECT_OK(read_pdf_vat_words(cx, &glyphs, &words));
        EXPECT(words.form == cases[i].form);
        EXPECT_OK(read_pdf_kind(cx, &words, &draft));
        if (!slice_equal(draft.kind, slice_of(cases[i].kind)))
            fprintf(stderr, "%s: " SLICE_FMT "\n", cases[i].title, SLICE_ARG(draft.kind));
        EXPECT(slice_equal(draft.kind, slice_of(cases[i].kind)));
    }
}

TEST("read_pdf_kind: a company called after a kind of invoice gives none of its kind")
{
    static const char *const names[] = {"名称：增值税专用发票咨询社", "增值税专用发票服务有限公司"};
    for (size_t i = 0; i < 2; i++) {
        PdfFixtureText texts[] = {{150, 40, 16, "电子发票（普通发票）"}, {20, 60, 9, names[i]}};
        PdfFixturePage page = {600, 400, texts, 2, NULL, 0};
        PdfPage glyphs = pdf_fixture_glyphs(cx, &page);
        PageWords words = {};
        Draft draft = {.number = SLICE("25322000000337005189")};
        EXPECT_OK(read_pdf_vat_words(cx, &glyphs, &words));
        EXPECT_OK(read_pdf_kind(cx, &words, &draft));
        EXPECT(slice_equal(draft.kind, SLICE("32")));
    }
}

static PageWords words_of(Cx *cx, const PdfFixtureText *texts, size_t count)
{
    PdfFixturePage page = {600, 400, texts, count, NULL, 0};
    PdfPage glyphs = pdf_fixture_glyphs(cx, &page);
    PageWords words = {};
    EXPECT_OK(read_pdf_vat_words(cx, &glyphs, &words));
    return words;
}

TEST("read_pdf_kind: of a page's titles the one that says most counts, and none below the head")
{
    static const struct {
        PdfFixtureText texts[2];
        PageForm form;
    } cases[] = {
        {{{150, 40, 16, "电子发票"}, {150, 60, 16, "铁路电子客票"}}, PAGE_RAIL},
        {{{150, 40, 16, "铁路电子客票"}, {150, 60, 16, "电子发票"}}, PAGE_RAIL},
        {{{150, 40, 16, "房屋租赁合同"}, {20, 158, 9, "请凭电子发票付款"}}, PAGE_VAT},
        {{{150, 40, 16, "房屋租赁合同"}, {20, 170, 9, "请凭电子发票付款"}}, PAGE_NONE},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        EXPECT(words_of(cx, cases[i].texts, 2).form == cases[i].form);
}

TEST("read_pdf_kind: a list is called one above its middle, and is no invoice that speaks of one")
{
    static const struct {
        PdfFixtureText texts[3];
        PageForm form;
    } cases[] = {
        {{{150, 40, 16, "电子发票（普通发票）"}, {150, 60, 16, "销售清单"}, {20, 90, 9, "甲"}},
         PAGE_LIST},
        {{{150, 40, 16, "电子发票（普通发票）"},
          {20, 90, 9, "（详见销货清单）"},
          {20, 99, 9, "甲"}},
         PAGE_VAT},
        {{{150, 40, 16, "电子发票（普通发票）"},
          {20, 90, 9, "*服务*清单编制"},
          {20, 99, 9, "价税合计"}},
         PAGE_VAT},
        {{{150, 40, 16, "电子发票（普通发票）"}, {20, 220, 9, "附清单"}, {20, 240, 9, "甲"}},
         PAGE_VAT},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        EXPECT(words_of(cx, cases[i].texts, 3).form == cases[i].form);
    // "所属增值税电子普通发票代码" tells whose it is.
    PdfFixturePage page = read_pdf_fixture_list();
    PdfPage glyphs = pdf_fixture_glyphs(cx, &page);
    PageWords list = {};
    EXPECT_OK(read_pdf_vat_words(cx, &glyphs, &list));
    EXPECT(list.form == PAGE_LIST && slice_empty(list.title));
}

TEST("read_pdf_kind: a form whose title is a picture is told by three labels, and has no kind")
{
    static const PdfFixtureText all[] = {{400, 40, 9, "发票号码：01082944"},
                                         {400, 120, 9, "金额"},
                                         {20, 250, 9, "价税合计"},
                                         {20, 270, 9, "一二三四五"}};
    for (size_t without = 0; without < 4; without++) {
        PdfFixtureText texts[4];
        memcpy(texts, all, sizeof all);
        texts[without].text = "一二三四五";
        PageWords words = words_of(cx, texts, 4);
        Draft draft = {.number = SLICE("01082944")};
        EXPECT(words.form == (without == 3 ? PAGE_VAT : PAGE_NONE));
        EXPECT_OK(read_pdf_kind(cx, &words, &draft));
        EXPECT(slice_empty(draft.kind));
    }
}

TEST("read_pdf_kind: a page is broken whose characters are odd, or digits where text was")
{
#define ODD "\xee\x80\x81\xee\x80\x82"
    static const struct {
        const char *text;
        PageForm form;
    } cases[] = {
        {"房屋租赁合同甲方乙方" ODD, PAGE_BROKEN},
        {"房屋租赁合同甲方应当在收到发票后十日内付款" ODD, PAGE_NONE},
        {"2024 01 29 89465988", PAGE_BROKEN},
        {"LEASE 2024 01 29 89465988", PAGE_BROKEN},
        {"LEASE CONTRACT 2024 01 29", PAGE_NONE},
        {"lease contract 2024 01 29", PAGE_NONE},
        {"甲 2024 01 29 89465988", PAGE_NONE},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const PdfFixtureText text = {40, 100, 10, cases[i].text};
        EXPECT(words_of(cx, &text, 1).form == cases[i].form);
    }
    EXPECT(words_of(cx, NULL, 0).form == PAGE_NONE);
}
