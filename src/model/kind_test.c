#include "model/kind.h"

#include <stdlib.h>

#include "base/cleanup.h"
#include "base/test.h"

TEST("kind: the classifier with its four exceptions")
{
    static const struct {
        Slice code, number, kind;
    } cases[] = {
        {SLICE("032001600511"), SLICE("31471858"), SLICE("10")},
        {SLICE("050001700111"), SLICE("12235358"), SLICE("10")},
        {SLICE("011001900112"), SLICE("00000001"), SLICE("14")},
        {SLICE("044002000113"), SLICE("00000001"), SLICE("08")},
        {SLICE("031001900104"), SLICE("00000001"), SLICE("04")},
        {SLICE("031001900105"), SLICE("00000001"), SLICE("04")},
        {SLICE("031001900107"), SLICE("00000001"), SLICE("11")},
        {SLICE("031001900106"), SLICE("00000001"), SLICE("11")},
        {SLICE("031001900117"), SLICE("00000001"), SLICE("15")},
        {SLICE("031001900199"), SLICE("00000001"), SLICE("")},
        {SLICE("1200154130"), SLICE("03630024"), SLICE("01")},
        {SLICE("1100143150"), SLICE("03630024"), SLICE("01")},
        {SLICE("4200161350"), SLICE("00015045"), SLICE("04")},
        {SLICE("4200161720"), SLICE("00015045"), SLICE("02")},
        {SLICE("144031539110"), SLICE("00000001"), SLICE("10")},
        {SLICE("131001570151"), SLICE("00000001"), SLICE("10")},
        {SLICE("133011501118"), SLICE("00000001"), SLICE("10")},
        {SLICE("111001571071"), SLICE("00000001"), SLICE("10")},
        {SLICE("144031809110"), SLICE("00000001"), SLICE("100")},
        {SLICE("144002309010"), SLICE("01956673"), SLICE("102")},
        {SLICE("143001830660"), SLICE("00000001"), SLICE("")},
        {SLICE("143001531830"), SLICE("00000001"), SLICE("")}, // 湖南通用机打
        {SLICE("144032370119"), SLICE("00000001"), SLICE("")}, // 深圳出租车
        {SLICE("111001722011"), SLICE("00000001"), SLICE("03")},
        {SLICE(""), SLICE("24112000000048542163"), SLICE("")},
        {SLICE(""), SLICE("23448784110000000648"), SLICE("61")},
        {SLICE(""), SLICE("22119230671000000011"), SLICE("51")},
        {SLICE(""), SLICE("31471858"), SLICE("")},
        {SLICE(""), SLICE("2344878411000000064x"), SLICE("")},
        {SLICE("03200160051x"), SLICE("31471858"), SLICE("")},
        {SLICE("0"), SLICE(""), SLICE("")},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        EXPECT(slice_equal(kind_of(cases[i].code, cases[i].number), cases[i].kind));
}

TEST("kind: a QR code's kind is told apart by the code beside it")
{
    static const struct {
        Slice qr, code, number, kind;
    } cases[] = {
        {SLICE("10"), SLICE("032001600511"), SLICE("31471858"), SLICE("10")},
        {SLICE("10"), SLICE("011001900112"), SLICE("31471858"), SLICE("14")},
        {SLICE("10"), SLICE(""), SLICE("22119230671000000011"), SLICE("51")},
        {SLICE("20"), SLICE("044002000113"), SLICE("00000001"), SLICE("08")},
        {SLICE("20"), SLICE("144002309010"), SLICE("01956673"), SLICE("102")},
        {SLICE("20"), SLICE("151002309019"), SLICE("01956673"), SLICE("102")},
        {SLICE("32"), SLICE(""), SLICE("24112000000048542163"), SLICE("32")},
        {SLICE("81"), SLICE(""), SLICE("24112000000048542163"), SLICE("31")},
        {SLICE("82"), SLICE(""), SLICE("24112000000048542163"), SLICE("32")},
        {SLICE("51"), SLICE(""), SLICE("24112000000048542163"), SLICE("51")},
        {SLICE("01"), SLICE("1200154130"), SLICE("03630024"), SLICE("01")},
        {SLICE("zz"), SLICE("1200154130"), SLICE("03630024"), SLICE("01")},
        {SLICE("zz"), SLICE(""), SLICE(""), SLICE("")},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        EXPECT(slice_equal(kind_of_qr(cases[i].qr, cases[i].code, cases[i].number), cases[i].kind));
}

TEST("kind: areas, cities with their own plan among them")
{
    static const struct {
        Slice code, number, name, area;
    } cases[] = {
        {SLICE("1100143150"), SLICE("1"), SLICE("北京"), SLICE("1100")},
        {SLICE("011001900111"), SLICE("1"), SLICE("北京"), SLICE("1100")},
        {SLICE("044031900111"), SLICE("1"), SLICE("深圳"), SLICE("4403")},
        {SLICE("144031809110"), SLICE("1"), SLICE("深圳"), SLICE("4403")},
        {SLICE("034011900111"), SLICE("1"), SLICE("安徽"), SLICE("3400")},
        {SLICE("3302161350"), SLICE("1"), SLICE("宁波"), SLICE("3302")},
        {SLICE(""), SLICE("24442000000052340515"), SLICE("广东"), SLICE("4400")},
        {SLICE(""), SLICE("24952000000052340515"), SLICE("深圳"), SLICE("4403")},
        {SLICE(""), SLICE("24912000000052340515"), SLICE("大连"), SLICE("2102")},
        {SLICE(""), SLICE("24942000000003727672"), SLICE("厦门"), SLICE("3502")},
        {SLICE(""), SLICE("24992000000052340515"), SLICE(""), SLICE("")},
        {SLICE(""), SLICE(""), SLICE(""), SLICE("")},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        EXPECT(slice_equal(kind_area_name(cases[i].code, cases[i].number), cases[i].name));
        EXPECT(slice_equal(kind_area_code(cx, cases[i].code, cases[i].number), cases[i].area));
    }
}

TEST("kind: the table is whole, and a verification asks what each kind requires")
{
    size_t count = 0;
    const KindRow *rows = kind_rows(&count);
    for (size_t i = 0; i < count; i++) {
        EXPECT(kind_row(slice_of(rows[i].code)) == &rows[i]); // no code twice
        EXPECT(rows[i].name[0] != '\0' && rows[i].name_en[0] != '\0');
    }
    EXPECT(kind_row(SLICE("20")) == NULL);
    EXPECT(kind_row(SLICE("01"))->fourth == FOURTH_AMOUNT);
    EXPECT(kind_row(SLICE("10"))->fourth == FOURTH_CHECK_CODE);
    EXPECT(kind_row(SLICE("32"))->fourth == FOURTH_TOTAL && !kind_row(SLICE("32"))->has_code);
}

TEST("kind: the glossary lists the same kinds under the same names")
{
    const char *root = getenv("FAPIAO_ROOT");
    if (root == NULL) test_skip("FAPIAO_ROOT is not set");
    const char *name = NULL;
    EXPECT_OK(cx_cstr(cx, cx_printf(cx, "%s/docs/glossary.md", root), &name));
    AUTO_FCLOSE FILE *file = fopen(name, "re");
    EXPECT(file != NULL);
    char *bytes = arena_alloc(&cx->arena, 100'000);
    Slice text = {bytes, fread(bytes, 1, 100'000, file)};
    size_t count = 0;
    const KindRow *rows = kind_rows(&count);
    for (size_t i = 0; i < count; i++) {
        Slice line =
            cx_printf(cx, "| %s | %s | %s |\n", rows[i].code, rows[i].name, rows[i].name_en);
        EXPECT(slice_find(text, line) != SLICE_NONE);
    }
}

TEST("kind: on a paper form a digital invoice is one of four kinds, which carry a code")
{
    static const struct {
        Slice kind, paper;
    } cases[] = {{SLICE("31"), SLICE("85")}, {SLICE("01"), SLICE("85")}, {SLICE("32"), SLICE("86")},
                 {SLICE("04"), SLICE("86")}, {SLICE("83"), SLICE("87")}, {SLICE("03"), SLICE("87")},
                 {SLICE("84"), SLICE("88")}, {SLICE("15"), SLICE("88")}, {SLICE("86"), SLICE("86")},
                 {SLICE("10"), SLICE("10")}, {SLICE(""), SLICE("")}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        EXPECT(slice_equal(kind_on_paper(cases[i].kind), cases[i].paper));
        const KindRow *row = kind_row(cases[i].paper);
        if (i < 9) EXPECT(row != NULL && row->has_code && row->digital && !row->electronic);
    }
}
