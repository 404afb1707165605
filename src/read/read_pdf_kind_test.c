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
