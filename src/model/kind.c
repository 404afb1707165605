#include "model/kind.h"

// Sources of every row: docs/rules/kind.md (shared facts §1.1, §1.5, §12).
static const KindRow rows[] = {
    // code, name, English, carries a code, fourth field, electronic, digital
    {"01", "增值税专用发票", "Special VAT invoice (paper)", true, FOURTH_AMOUNT, false, false},
    {"02", "货物运输业增值税专用发票", "Special VAT invoice for freight (paper)", true,
     FOURTH_AMOUNT, false, false},
    {"03", "机动车销售统一发票", "Motor vehicle sales invoice (paper)", true, FOURTH_AMOUNT, false,
     false},
    {"04", "增值税普通发票", "Ordinary VAT invoice (paper)", true, FOURTH_CHECK_CODE, false, false},
    {"08", "增值税电子专用发票", "Special VAT e-invoice", true, FOURTH_AMOUNT, true, false},
    {"10", "增值税电子普通发票", "Ordinary VAT e-invoice", true, FOURTH_CHECK_CODE, true, false},
    {"11", "增值税普通发票(卷票)", "Ordinary VAT invoice (roll)", true, FOURTH_CHECK_CODE, false,
     false},
    {"14", "通行费增值税电子普通发票", "Ordinary VAT e-invoice for road tolls", true,
     FOURTH_CHECK_CODE, true, false},
    {"15", "二手车销售统一发票", "Used vehicle sales invoice (paper)", true, FOURTH_TOTAL, false,
     false},
    {"31", "电子发票(增值税专用发票)", "Digital invoice (special VAT)", false, FOURTH_TOTAL, true,
     true},
    {"32", "电子发票(普通发票)", "Digital invoice (ordinary)", false, FOURTH_TOTAL, true, true},
    {"51", "电子发票(铁路电子客票)", "Digital invoice (rail ticket)", false, FOURTH_TOTAL, true,
     true},
    {"61", "电子发票(航空运输电子客票行程单)", "Digital invoice (air itinerary)", false,
     FOURTH_TOTAL, true, true},
    {"83", "电子发票(机动车销售统一发票)", "Digital invoice (motor vehicle sales)", false,
     FOURTH_TOTAL, true, true},
    {"84", "电子发票(二手车销售统一发票)", "Digital invoice (used vehicle sales)", false,
     FOURTH_TOTAL, true, true},
    {"85", "数电纸质发票(增值税专用发票)", "Digital invoice on paper (special VAT)", true,
     FOURTH_AMOUNT, false, true},
    {"86", "数电纸质发票(普通发票)", "Digital invoice on paper (ordinary)", true, FOURTH_CHECK_CODE,
     false, true},
    {"87", "数电纸质发票(机动车销售统一发票)", "Digital invoice on paper (motor vehicle)", true,
     FOURTH_AMOUNT, false, true},
    {"88", "数电纸质发票(二手车销售统一发票)", "Digital invoice on paper (used vehicle)", true,
     FOURTH_TOTAL, false, true},
    {"100", "区块链电子发票", "Blockchain e-invoice (Shenzhen)", true, FOURTH_CHECK_CODE, true,
     false},
    {"101", "财政电子票据", "Fiscal e-receipt", true, FOURTH_CHECK_CODE, true, false},
    {"102", "通用机打发票(电子)", "General machine-printed e-invoice", true, FOURTH_AMOUNT, true,
     false},
};

const KindRow *kind_row(Slice code)
{
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (slice_equal(code, slice_of(rows[i].code))) return &rows[i];
    return NULL;
}

const KindRow *kind_rows(size_t *ret_count)
{
    *ret_count = sizeof rows / sizeof rows[0];
    return rows;
}

Slice kind_on_paper(Slice kind)
{
    static const struct {
        Slice digital, old, paper;
    } papers[] = {{SLICE("31"), SLICE("01"), SLICE("85")},
                  {SLICE("32"), SLICE("04"), SLICE("86")},
                  {SLICE("83"), SLICE("03"), SLICE("87")},
                  {SLICE("84"), SLICE("15"), SLICE("88")}};
    for (size_t i = 0; i < sizeof papers / sizeof papers[0]; i++)
        if (slice_equal(kind, papers[i].digital) || slice_equal(kind, papers[i].old))
            return papers[i].paper;
    return kind;
}

static bool is_digital_number(Slice number)
{
    return number.size == KIND_DIGITAL_NUMBER_SIZE && slice_digits(number);
}

// 20 digits: year 2, area 2, channel 1, sequence 15. Channel 8 is air, 9 is rail (seen on every
// real one); all others are 31 or 32, which the number does not tell.
static Slice kind_of_digital(Slice number)
{
    if (number.data[4] == '8') return SLICE("61");
    if (number.data[4] == '9') return SLICE("51");
    return SLICE("");
}

// 10 digits: area 4, year 2, batch, kind, copies, amount version.
static Slice kind_of_ten(Slice code)
{
    switch (code.data[7]) {
    case '1':
    case '5':
        return SLICE("01");
    case '3':
    case '6':
        return SLICE("04");
    case '2':
    case '7':
        return SLICE("02");
    default:
        return SLICE("");
    }
}

// 12 digits beginning 0: 0, area 4, year 2, batch 3, kind 2.
static Slice kind_of_zero(Slice code)
{
    static const struct {
        Slice end, kind;
    } ends[] = {
        {SLICE("04"), SLICE("04")}, {SLICE("05"), SLICE("04")}, // two and five copies
        {SLICE("06"), SLICE("11")}, {SLICE("07"), SLICE("11")}, // 57 and 76 mm rolls
        {SLICE("11"), SLICE("10")}, {SLICE("12"), SLICE("14")},
        {SLICE("13"), SLICE("08")}, {SLICE("17"), SLICE("15")},
    };
    for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++)
        if (slice_ends(code, ends[i].end)) return ends[i].kind;
    return SLICE("");
}

// 12 digits beginning 1: 1, area 4, year 2, and then what each province made of it. A last digit 0
// alone does not tell 区块链 from 通用机打: only Shenzhen issues the one, only 广东 and 浙江 the
// other.
static Slice kind_of_one(Slice code)
{
    // Four early 电子普票 that break the rule.
    static const Slice early[] = {SLICE("144031539110"), SLICE("131001570151"),
                                  SLICE("133011501118"), SLICE("111001571071")};
    for (size_t i = 0; i < sizeof early / sizeof early[0]; i++)
        if (slice_equal(code, early[i])) return SLICE("10");
    if (code.data[7] == '2') return SLICE("03");
    Slice area = slice_sub(code, 1, 4), year = slice_sub(code, 5, 2);
    if (code.data[11] != '0' || slice_compare(year, SLICE("18")) < 0) return SLICE("");
    if (slice_equal(area, SLICE("4403"))) return SLICE("100");
    if (slice_equal(area, SLICE("4400")) || slice_equal(area, SLICE("3300"))) return SLICE("102");
    return SLICE("");
}

Slice kind_of(Slice code, Slice number)
{
    if (slice_empty(code)) return is_digital_number(number) ? kind_of_digital(number) : SLICE("");
    if (!slice_digits(code)) return SLICE("");
    if (code.size == 10) return kind_of_ten(code);
    if (code.size != 12) return SLICE("");
    if (code.data[0] == '0') return kind_of_zero(code);
    return code.data[0] == '1' ? kind_of_one(code) : SLICE("");
}

Slice kind_of_qr(Slice qr_kind, Slice code, Slice number)
{
    Slice told = kind_of(code, number);
    // 20 is printed by 08 and by 102; 10 by 10, 14 and the rail pilot.
    if (slice_equal(qr_kind, SLICE("20"))) {
        if (!slice_empty(told)) return told;
        return slice_starts(code, SLICE("1")) ? SLICE("102") : SLICE("08");
    }
    if (slice_equal(qr_kind, SLICE("10")) && !slice_empty(told)) return told;
    // The interfaces' codes of 31 and 32.
    if (slice_equal(qr_kind, SLICE("81"))) return SLICE("31");
    if (slice_equal(qr_kind, SLICE("82"))) return SLICE("32");
    const KindRow *row = kind_row(qr_kind);
    return row == NULL ? told : slice_of(row->code);
}

// Administrative divisions (GB/T 2260): first two digits of the area.
static const struct {
    char area[3];
    const char *name;
} provinces[] = {
    {"11", "北京"}, {"12", "天津"}, {"13", "河北"},   {"14", "山西"}, {"15", "内蒙古"},
    {"21", "辽宁"}, {"22", "吉林"}, {"23", "黑龙江"}, {"31", "上海"}, {"32", "江苏"},
    {"33", "浙江"}, {"34", "安徽"}, {"35", "福建"},   {"36", "江西"}, {"37", "山东"},
    {"41", "河南"}, {"42", "湖北"}, {"43", "湖南"},   {"44", "广东"}, {"45", "广西"},
    {"46", "海南"}, {"50", "重庆"}, {"51", "四川"},   {"52", "贵州"}, {"53", "云南"},
    {"54", "西藏"}, {"61", "陕西"}, {"62", "甘肃"},   {"63", "青海"}, {"64", "宁夏"},
    {"65", "新疆"},
};

// 计划单列市: four digits in a 发票代码, two of their own in a 20-digit number.
static const struct {
    char area[5], digital[3];
    const char *name;
} cities[] = {
    {"2102", "91", "大连"}, {"3302", "93", "宁波"}, {"3502", "94", "厦门"},
    {"3702", "92", "青岛"}, {"4403", "95", "深圳"},
};

// The digits that say where: "4403", "44…" or two digits of a 20-digit number; "" when there are
// none.
static Slice area_digits(Slice code, Slice number)
{
    if (slice_digits(code) && code.size == 10) return slice_sub(code, 0, 4);
    if (slice_digits(code) && code.size == 12) return slice_sub(code, 1, 4);
    if (slice_empty(code) && is_digital_number(number)) return slice_sub(number, 2, 2);
    return SLICE("");
}

typedef struct Area {
    Slice code; // four digits
    const char *name;
} Area;

static Area area_of(Cx *cx, Slice code, Slice number)
{
    Slice digits = area_digits(code, number);
    for (size_t i = 0; i < sizeof cities / sizeof cities[0]; i++)
        if (slice_equal(digits, slice_of(cities[i].area)) ||
            slice_equal(digits, slice_of(cities[i].digital)))
            return (Area){slice_of(cities[i].area), cities[i].name};
    Slice head = slice_sub(digits, 0, 2);
    for (size_t i = 0; i < sizeof provinces / sizeof provinces[0]; i++)
        if (slice_equal(head, slice_of(provinces[i].area)))
            return (Area){cx == NULL ? head : cx_printf(cx, SLICE_FMT "00", SLICE_ARG(head)),
                          provinces[i].name};
    return (Area){SLICE(""), ""};
}

Slice kind_area_name(Slice code, Slice number)
{
    return slice_of(area_of(NULL, code, number).name);
}

Slice kind_area_code(Cx *cx, Slice code, Slice number)
{
    return area_of(cx, code, number).code;
}
