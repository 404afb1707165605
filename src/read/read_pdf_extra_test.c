#include "read/read_pdf_extra.h"

#include "base/test.h"
#include "read/read_pdf_fixture.h"

static Draft read(Cx *cx, const PdfFixturePage *form)
{
    PdfPage page = pdf_fixture_glyphs(cx, form);
    PageWords words = {};
    Draft draft = {};
    EXPECT_OK(read_pdf_vat_words(cx, &page, &words));
    EXPECT_OK(read_pdf_extra(cx, &words, &draft));
    return draft;
}

// "name=value;" of all.
static Slice told(Cx *cx, const Draft *draft)
{
    Slice all = SLICE("");
    for (size_t i = 0; i < draft->extra_count; i++)
        all = cx_printf(cx, SLICE_FMT SLICE_FMT "=" SLICE_FMT ";", SLICE_ARG(all),
                        SLICE_ARG(draft->extras[i].name), SLICE_ARG(draft->extras[i].value));
    return all;
}

#define SHEET(texts)                                                                               \
    (PdfFixturePage)                                                                               \
    {                                                                                              \
        600, 400, texts, sizeof texts / sizeof texts[0], NULL, 0                                   \
    }

TEST("read_pdf_extra: place and project of building work, one value for two lines")
{
    PdfFixturePage first = read_pdf_fixture_first();
    Draft draft = read(cx, &first);
    EXPECT(
        slice_equal(told(cx, &draft), SLICE("work_place=广东省阳江市;work_project=机房改造1号;")));
}

TEST("read_pdf_extra: travellers, a value broken over rows, up to the sum")
{
    static const PdfFixtureText texts[] = {
        {60, 200, 9, "出行人"},    {140, 200, 9, "有效身份证件号"},   {260, 200, 9, "出行日期"},
        {340, 200, 9, "出发地"},   {420, 200, 9, "到达地"},           {480, 200, 9, "等级"},
        {60, 214, 9, "王一"},      {140, 214, 9, "110***********12"}, {260, 214, 9, "2025-03-01"},
        {340, 214, 9, "北京市丰"}, {420, 214, 9, "上海市"},           {340, 224, 9, "台区"},
        {60, 238, 9, "李二"},      {140, 238, 9, "120***********34"}, {260, 238, 9, "2025-03-01"},
        {340, 238, 9, "天津市"},   {420, 238, 9, "上海市"},           {60, 260, 9, "合 计"},
        {420, 260, 9, "¥12.00"},
    };
    PdfFixturePage page = SHEET(texts);
    Draft draft = read(cx, &page);
    EXPECT(slice_equal(told(cx, &draft),
                       SLICE("traveller=王一;traveller_id=110***********12;travel_date=2025-03-01;"
                             "departure=北京市丰台区;destination=上海市;traveller=李二;"
                             "traveller_id=120***********34;departure=天津市;")));
}

TEST("read_pdf_extra: a toll's table, and a rail ticket's journey without labels")
{
    static const PdfFixtureText texts[] = {
        {20, 160, 9, "项目名称"},         {120, 160, 9, "车牌号"},     {200, 160, 9, "类型"},
        {260, 160, 9, "通行日期起"},      {340, 160, 9, "通行日期止"}, {420, 160, 9, "金 额"},
        {20, 175, 9, "*经营租赁*通行费"}, {120, 175, 9, "粤A12345"},   {200, 175, 9, "客车"},
        {260, 175, 9, "20250301"},        {340, 175, 9, "20250302"},   {420, 175, 9, "12.00"},
        {20, 185, 9, "甲乙高速"},
    };
    PdfFixturePage toll = SHEET(texts), rail = read_pdf_fixture_rail();
    Draft draft = read(cx, &toll);
    EXPECT(slice_equal(told(cx, &draft), SLICE("plate_number=粤A12345;vehicle_type=客车;"
                                               "passage_from=2025-03-01;passage_to=2025-03-02;")));
    draft = read(cx, &rail);
    EXPECT(slice_equal(told(cx, &draft),
                       SLICE("departure=天津南站;service_number=G1234;destination=上海虹桥站;"
                             "travel_date=2025年11月01日 08:30;"
                             "ticket_number=1234567890123456789;")));
}

TEST("read_pdf_extra: invoices of no special business have none")
{
    PdfFixturePage pages[] = {read_pdf_fixture_control(), read_pdf_fixture_digital(),
                              read_pdf_fixture_list(), read_pdf_fixture_letter()};
    for (size_t i = 0; i < sizeof pages / sizeof pages[0]; i++)
        EXPECT(read(cx, &pages[i]).extra_count == 0);
}

TEST("read_pdf_extra: an itinerary has one traveller, and neither flights nor endorsements are "
     "theirs")
{
    static const PdfFixtureText texts[] = {{162, 39, 16, "电子发票（航空运输电子客票行程单）"},
                                           {425, 60, 8, "发票号码：26948731000000000012"},
                                           {20, 101, 8, "旅客姓名"},
                                           {130, 101, 8, "有效身份证件号码"},
                                           {348, 101, 8, "签注"},
                                           {24, 122, 8, "王一"},
                                           {134, 122, 8, "110101********1234"},
                                           {352, 122, 8, "不得签转"},
                                           {124, 142, 8, "承运人"},
                                           {174, 142, 8, "航班号"},
                                           {25, 157, 8, "自:合肥"},
                                           {128, 157, 8, "甲乙"},
                                           {172, 157, 8, "CZ8866"}};
    Draft draft = read(cx, &SHEET(texts));
    EXPECT(slice_equal(told(cx, &draft), SLICE("traveller=王一;traveller_id=110101********1234;")));
}

TEST("read_pdf_extra: a label stands apart, and its value ends where something else begins")
{
    static const struct {
        PdfFixtureText texts[4];
        const char *told;
    } cases[] = {
        {{{20, 160, 9, "车牌号:粤A12345"}, {160, 160, 9, "张三"}}, "plate_number=粤A12345;"},
        {{{20, 160, 9, "车牌号:"}, {120, 160, 9, "粤A12345"}}, "plate_number=粤A12345;"},
        {{{20, 160, 9, "车牌号:粤A1 类型:客车"}, {20, 90, 9, "甲"}},
         "plate_number=粤A1;vehicle_type=客车;"},
        {{{20, 160, 9, "出发地:甲 车站 到达地:乙;出行人:王一"}, {20, 90, 9, "甲"}},
         "departure=甲 车站;destination=乙;"},
        {{{20, 160, 9, "出发地:甲 到达地点乙"}, {20, 90, 9, "甲"}}, "departure=甲 到达地点乙;"},
        {{{20, 160, 9, "更换车牌号:粤A12345"}, {20, 90, 9, "甲"}}, ""},
        {{{20, 160, 9, "车牌号牌"},
          {120, 160, 9, "类型说明"},
          {20, 175, 9, "粤A1"},
          {120, 175, 9, "乙"}},
         ""},
        {{{20, 160, 9, "车牌号"}, {120, 160, 9, "甲"}, {20, 175, 9, "粤A1"}, {120, 175, 9, "乙"}},
         ""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        PdfFixturePage page = {600,  400, cases[i].texts, cases[i].texts[2].text == NULL ? 2 : 4,
                               NULL, 0};
        Draft draft = read(cx, &page);
        EXPECT(slice_equal(told(cx, &draft), slice_of(cases[i].told)));
    }
}

TEST("read_pdf_extra: a record begins at an amount, goes on below it, and ends with the block")
{
    static const PdfFixtureText texts[] = {
        {225, 100, 9, "开票人:"}, // above another column, in another row
        {20, 160, 9, "项目名称"},
        {120, 160, 9, "车牌号"},
        {200, 160, 9, "类型"},
        {420, 160, 9, "金 额"},
        {20, 175, 9, "*经营租赁*通行费"},
        {120, 175, 9, "粤A12345"},
        {200, 175, 9, "大型客车一"},
        {420, 175, 9, "12.00"},
        {20, 185, 9, "甲乙高速"},
        {120, 185, 9, "（临）"},
        {20, 195, 9, "*经营租赁*通行费"},
        {120, 195, 9, "粤B1"},
        {420, 195, 9, "13.00"},
        {120, 250, 9, "粤C1"}, // far below
        {420, 250, 9, "14.00"},
    };
    Draft draft = read(cx, &SHEET(texts));
    EXPECT(
        slice_equal(told(cx, &draft), SLICE("plate_number=粤A12345（临）;vehicle_type=大型客车一;"
                                            "plate_number=粤B1;")));
}

TEST("read_pdf_extra: a journey is three words of which the middle one is a train, and a moment")
{
    static const struct {
        const char *words[4], *moment, *told;
    } cases[] = {
        {{"天津南站", "G1234", "上海虹桥站", ""},
         "2025年11月01日 08:30开",
         "departure=天津南站;service_number=G1234;destination=上海虹桥站;travel_date="
         "2025年11月01日 08:30;"},
        {{"天津站", "K5", "上海站", ""},
         "甲",
         "departure=天津站;service_number=K5;destination=上海站;"},
        {{"天津站", "G12345", "上海站", ""},
         "甲",
         "departure=天津站;service_number=G12345;destination=上海站;"},
        {{"天津南站", "G1234", "上海虹桥站", "二等座"}, "甲", ""},
        {{"天津南站", "G123456", "上海虹桥站", ""}, "甲", ""},
        {{"天津南站", "G", "上海虹桥站", ""}, "甲", ""},
        {{"天津南站", "1234", "上海虹桥站", ""}, "甲", ""},
        {{"天津南站", "GG123", "上海虹桥站", ""}, "甲", ""},
        {{"天津南站", "G1a", "上海虹桥站", ""}, "甲", ""},
        {{"天津南站", "G1234", "", ""}, "甲", ""},
        {{"甲", "", "", ""}, "于2025年11月01日 08:30开", ""},
        {{"甲", "", "", ""}, "2025年11月01日开", ""},
        {{"甲", "", "", ""}, "2025年11月01日 08:30到", ""},
        {{"甲", "", "", ""}, "2025年11月01日 一二三四五六七八九十 08:30开", ""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const char *const *words = cases[i].words;
        const PdfFixtureText texts[] = {{150, 40, 16, "电子发票（铁路电子客票）"},
                                        {20, 100, 9, words[0]},
                                        {140, 100, 9, words[1]},
                                        {260, 100, 9, words[2]},
                                        {380, 100, 9, words[3]},
                                        {20, 130, 9, cases[i].moment}};
        Draft draft = read(cx, &SHEET(texts));
        if (!slice_equal(told(cx, &draft), slice_of(cases[i].told)))
            fprintf(stderr, "%zu: " SLICE_FMT "\n", i, SLICE_ARG(told(cx, &draft)));
        EXPECT(slice_equal(told(cx, &draft), slice_of(cases[i].told)));
    }
    // On no other form.
    static const PdfFixtureText other[] = {{150, 40, 16, "电子发票（普通发票）"},
                                           {20, 100, 9, "天津南站"},
                                           {140, 100, 9, "G1234"},
                                           {260, 100, 9, "上海虹桥站"},
                                           {20, 130, 9, "2025年11月01日 08:30开"}};
    EXPECT(read(cx, &SHEET(other)).extra_count == 0);
}

TEST("read_pdf_extra: what the remark says over two rows is not told by halves as well")
{
    static const PdfFixtureText texts[] = {
        {150, 40, 16, "电子发票（普通发票）"},
        {48, 289, 9, "价税合计（大写）"},
        {20, 310, 9, "备"},
        {20, 327, 9, "注"},
        {34, 308, 9, "不动产地址：北京市朝阳区"},
        {34, 318, 9, "甲乙路1号"},
    };
    Draft draft = read(cx, &SHEET(texts));
    EXPECT(draft.extra_count == 0);
}

TEST("read_pdf_extra: cells that nearly touch are two, one heading of the table is enough")
{
    static const PdfFixtureText texts[] = {
        {150, 40, 16, "电子发票（普通发票）"},
        {45, 160, 9, "项目名称"},
        {135, 160, 9, "建筑服务发生地"},
        {407, 160, 9, "金 额"},
        {447, 160, 9, "税率/征收率"},
        {551, 160, 9, "税 额"},
        {13, 175, 9, "*建筑服务*工程款第二"},
        {115, 175, 9, "广东省"},
        {400, 175, 9, "1.00"},
        {467, 175, 9, "3%"},
        {556, 175, 9, "0.03"},
        {13, 186, 9, "期"},
    };
    Draft draft = read(cx, &SHEET(texts));
    EXPECT(slice_equal(told(cx, &draft), SLICE("work_place=广东省;")));
}
