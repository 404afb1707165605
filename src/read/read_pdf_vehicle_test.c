#include "read/read_pdf_vehicle.h"

#include "base/test.h"
#include "read/read_pdf_fixture.h"

static PageWords words_of(Cx *cx, PdfFixturePage page)
{
    PdfPage glyphs = pdf_fixture_glyphs(cx, &page);
    PageWords words = {};
    EXPECT_OK(read_pdf_vat_words(cx, &glyphs, &words));
    return words;
}

#define SHEET(texts)                                                                               \
    (PdfFixturePage)                                                                               \
    {                                                                                              \
        600, 420, texts, sizeof texts / sizeof texts[0], NULL, 0                                   \
    }

TEST("read_pdf_vehicle: a vehicle invoice has both parties and all sums")
{
    PageWords words = words_of(cx, read_pdf_fixture_vehicle());
    Draft draft = {};
    EXPECT(words.form == PAGE_VEHICLE);
    EXPECT_OK(read_pdf_vehicle(cx, &words, &draft));
    EXPECT(slice_equal(draft.kind, SLICE("83")));
    EXPECT(slice_equal(draft.number, SLICE("25442000000127444777")));
    EXPECT(slice_equal(draft.amount, SLICE("100000.00")));
    EXPECT(slice_equal(draft.tax, SLICE("13000.00")));
    EXPECT(slice_equal(draft.total, SLICE("113000.00")));
    EXPECT(slice_equal(draft.buyer.name, SLICE("甲乙科技有限公司")));
    EXPECT(slice_equal(draft.seller.name, SLICE("丙丁汽车销售有限公司")));
    EXPECT(slice_equal(draft.buyer.tax_id, SLICE("91330108MA27Y5XH5G")));
    EXPECT(slice_equal(draft.seller.tax_id, SLICE("91350203MA31MCWW1J")));
}

TEST("read_pdf_vehicle: of a used vehicle the two who sign, not who arranged the sale")
{
    static const PdfFixtureText texts[] = {{150, 40, 16, "二手车销售统一发票"},
                                           {380, 58, 9, "发票代码：035001900117"},
                                           {380, 72, 9, "发票号码：00123456"},
                                           {20, 86, 9, "开票日期：2025年01月05日"},
                                           {20, 118, 9, "买方单位/个人"},
                                           {110, 118, 9, "王一"},
                                           {330, 118, 9, "单位代码/身份证号码"},
                                           {20, 136, 9, "买方单位/个人住址"},
                                           {110, 136, 9, "五四路18号"},
                                           {430, 136, 9, "电话"},
                                           {470, 136, 9, "13012345678"},
                                           {20, 154, 9, "卖方单位/个人"},
                                           {110, 154, 9, "王小二"},
                                           {330, 154, 9, "单位代码/身份证号码"},
                                           {430, 154, 9, "35010219900101123X"},
                                           {20, 226, 9, "车价合计（大写）"},
                                           {110, 226, 9, "伍万圆整"},
                                           {360, 226, 9, "小写"},
                                           {400, 226, 9, "￥50,000.00"},
                                           {20, 246, 9, "经营、拍卖单位"},
                                           {110, 246, 9, "甲乙经营有限公司"},
                                           {330, 262, 9, "纳税人识别号"},
                                           {430, 262, 9, "91350203MA31MCWW1J"},
                                           {20, 380, 9, "开票人：张三"},
                                           {120, 380, 9, "开票单位（盖章）"}};
    PageWords words = words_of(cx, SHEET(texts));
    Draft draft = {};
    EXPECT(words.form == PAGE_VEHICLE);
    EXPECT_OK(read_pdf_vehicle(cx, &words, &draft));
    EXPECT(slice_equal(draft.kind, SLICE("15")));
    EXPECT(slice_equal(draft.buyer.name, SLICE("王一")));
    EXPECT(slice_empty(draft.buyer.tax_id));
    EXPECT(slice_equal(draft.seller.name, SLICE("王小二")));
    EXPECT(slice_equal(draft.seller.tax_id, SLICE("35010219900101123X")));
    EXPECT(slice_equal(draft.total, SLICE("50000.00")));
    EXPECT(slice_equal(draft.issuer, SLICE("张三")));
}

TEST("read_pdf_vehicle: labels of several rows, a seller of two, and no number of a neighbour's")
{
    static const PdfFixtureText texts[] = {{150, 40, 16, "机动车销售统一发票"},
                                           {380, 58, 9, "发票代码：144001922660"},
                                           {380, 72, 9, "发票号码：00123456"},
                                           {20, 86, 9, "开票日期：2025年01月05日"},
                                           {20, 116, 9, "购买方名称及"},
                                           {20, 127, 9, "身份证号码/"},
                                           {20, 138, 9, "组织机构代码"},
                                           {120, 119, 9, "欧阳小"},
                                           {120, 134, 9, "11010119900307123X"},
                                           {330, 127, 9, "纳税人识别号"},
                                           {20, 142, 9, "车架号"},
                                           {420, 140, 9, "LSVAA49J132047371"},
                                           {380, 140, 9, "厂牌型号"},
                                           {20, 230, 9, "价税合计"},
                                           {120, 230, 9, "壹拾壹万叁仟圆整"},
                                           {360, 230, 9, "小写"},
                                           {400, 230, 9, "￥113000.00"},
                                           {20, 250, 9, "销货单位名称"},
                                           {100, 245, 9, "甲乙丙丁戊己庚辛汽车销售"},
                                           {100, 255, 9, "服务有限公司"},
                                           {400, 250, 9, "电话"},
                                           {440, 250, 9, "0591-12345678"},
                                           {20, 268, 9, "纳税人识别号"},
                                           {100, 268, 9, "91350203MA31MCWW1J"},
                                           {340, 268, 9, "账号"},
                                           {380, 268, 9, "110907597010206"}};
    PageWords words = words_of(cx, SHEET(texts));
    Draft draft = {};
    EXPECT_OK(read_pdf_vehicle(cx, &words, &draft));
    EXPECT(slice_equal(draft.buyer.name, SLICE("欧阳小")));
    EXPECT(slice_equal(draft.buyer.tax_id, SLICE("11010119900307123X")));
    EXPECT(slice_equal(draft.seller.name, SLICE("甲乙丙丁戊己庚辛汽车销售服务有限公司")));
    EXPECT(slice_equal(draft.seller.tax_id, SLICE("91350203MA31MCWW1J")));
}

// What is read of a row's texts and one more.
static Draft draft_of(Cx *cx, const PdfFixtureText *texts, size_t count)
{
    PdfFixtureText all[8] = {{150, 40, 16, "机动车销售统一发票"},
                             {380, 72, 9, "发票号码：00123456"}};
    memcpy(&all[2], texts, count * sizeof *texts);
    PageWords words = words_of(cx, (PdfFixturePage){600, 420, all, count + 2, NULL, 0});
    Draft draft = {};
    EXPECT(words.form == PAGE_VEHICLE);
    EXPECT_OK(read_pdf_vehicle(cx, &words, &draft));
    return draft;
}

TEST("read_pdf_vehicle: each label of the forms ends the value before it")
{
    static const char *const labels[] = {"买方单位/个人住址",
                                         "卖方单位/个人住址",
                                         "买方单位(个人)住址",
                                         "卖方单位(个人)住址",
                                         "经营、拍卖单位地址",
                                         "经营、拍卖单位",
                                         "二手车市场",
                                         "开票单位",
                                         "销货单位盖章",
                                         "开户银行、账号",
                                         "开户银行",
                                         "账号",
                                         "帐号",
                                         "电话",
                                         "地址",
                                         "车辆类型",
                                         "厂牌型号",
                                         "产地",
                                         "合格证号",
                                         "进口证明书号",
                                         "商检单号",
                                         "发动机号码",
                                         "车辆识别代号/车架号码",
                                         "车架号/车辆识别代码",
                                         "车牌照号",
                                         "登记证号",
                                         "转入地车辆管理所名称",
                                         "主管税务机关及代码",
                                         "完税凭证号码",
                                         "吨位",
                                         "限乘人数"};
    for (size_t i = 0; i < sizeof labels / sizeof labels[0]; i++) {
        const PdfFixtureText texts[] = {
            {20, 120, 9, "购买方名称"}, {120, 120, 9, "甲乙公司"}, {168, 120, 9, labels[i]}};
        Draft draft = draft_of(cx, texts, 3);
        if (!slice_equal(draft.buyer.name, SLICE("甲乙公司")))
            fprintf(stderr, "%s: " SLICE_FMT "\n", labels[i], SLICE_ARG(draft.buyer.name));
        EXPECT(slice_equal(draft.buyer.name, SLICE("甲乙公司")));
    }
}

TEST("read_pdf_vehicle: a party by each of its labels, and its address is no name")
{
    static const struct {
        const char *buyer, *seller;
    } forms[] = {{"买方单位/个人", "卖方单位/个人"},
                 {"买方单位(个人)", "卖方单位（个人）"},
                 {"购买方名称及身份证号码/组织机构代码", "销货单位名称"}};
    static const char *const homes[][2] = {{"买方单位/个人住址", "卖方单位/个人住址"},
                                           {"买方单位(个人)住址", "卖方单位(个人)住址"}};
    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
        const PdfFixtureText texts[] = {{20, 120, 9, forms[i].buyer},
                                        {350, 120, 9, "王一"},
                                        {20, 160, 9, forms[i].seller},
                                        {350, 160, 9, "王小二"}};
        Draft draft = draft_of(cx, texts, 4);
        EXPECT(slice_equal(draft.buyer.name, SLICE("王一")));
        EXPECT(slice_equal(draft.seller.name, SLICE("王小二")));
    }
    for (size_t i = 0; i < sizeof homes / sizeof homes[0]; i++) {
        const PdfFixtureText texts[] = {{20, 120, 9, homes[i][0]},
                                        {120, 120, 9, "五四路18号"},
                                        {20, 160, 9, homes[i][1]},
                                        {120, 160, 9, "五四路20号"}};
        Draft draft = draft_of(cx, texts, 4);
        EXPECT(slice_empty(draft.buyer.name) && slice_empty(draft.seller.name));
    }
}

TEST("read_pdf_vehicle: a number by each of its labels, near as it may stand, and only behind a "
     "name")
{
    static const char *const labels[] = {"单位代码/身份证号码",
                                         "单位代码/身份证明号码",
                                         "身份证号码/组织机构代码",
                                         "身份证明号码",
                                         "身份证号码",
                                         "单位代码/"};
    for (size_t i = 0; i < sizeof labels / sizeof labels[0]; i++) {
        const char *both = cx_printf(cx, "%s35010219900101123X%c", labels[i], 0).data;
        const PdfFixtureText texts[] = {
            {20, 120, 9, "买方单位/个人"}, {110, 120, 9, "王一"}, {330, 120, 9, both}};
        const PdfFixtureText nobodys[] = {{330, 100, 9, both}, {20, 120, 9, "买方单位/个人"}};
        Draft draft = draft_of(cx, texts, 3), nobody = draft_of(cx, nobodys, 2);
        if (!slice_equal(draft.buyer.tax_id, SLICE("35010219900101123X")))
            fprintf(stderr, "%s: " SLICE_FMT "\n", labels[i], SLICE_ARG(draft.buyer.tax_id));
        EXPECT(slice_equal(draft.buyer.tax_id, SLICE("35010219900101123X")));
        EXPECT(slice_empty(nobody.buyer.tax_id) && slice_empty(nobody.seller.tax_id));
    }
}

TEST("read_pdf_vehicle: what stands behind the sum, or behind who arranged the sale, is no party's")
{
    static const char *const ends[][2] = {{"价税合计", "壹佰壹拾圆整"},
                                          {"经营、拍卖单位", "甲乙经营有限公司"},
                                          {"二手车市场", "甲乙市场有限公司"}};
    for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++) {
        const PdfFixtureText texts[] = {
            {20, 120, 9, "卖方单位/个人"}, {110, 120, 9, "王一"},
            {20, 160, 9, ends[i][0]},      {110, 160, 9, ends[i][1]},
            {20, 200, 9, "纳税人识别号"},  {110, 200, 9, "91350203MA31MCWW1J"}};
        Draft draft = draft_of(cx, texts, 6);
        EXPECT(slice_equal(draft.seller.name, SLICE("王一")));
        EXPECT(slice_empty(draft.seller.tax_id) && slice_empty(draft.buyer.tax_id));
    }
}

TEST("read_pdf_vehicle: sums below nought are red, and the cross before the words is none of them")
{
    const PdfFixtureText texts[] = {{20, 120, 9, "价税合计"},
                                    {110, 120, 9, "⊗"},
                                    {122, 120, 9, "（负数）壹佰壹拾叁圆整"},
                                    {360, 120, 9, "小写"},
                                    {400, 120, 9, "￥-113.00"},
                                    {20, 160, 9, "增值税税额"},
                                    {90, 160, 9, "￥-13.00"},
                                    {200, 160, 9, "不含税价 ￥-100.00"}};
    PdfFixtureText all[10] = {{150, 40, 16, "机动车销售统一发票"},
                              {380, 72, 9, "发票号码：00123456"}};
    memcpy(&all[2], texts, sizeof texts);
    PageWords words = words_of(cx, SHEET(all));
    Draft draft = {};
    EXPECT_OK(read_pdf_vehicle(cx, &words, &draft));
    EXPECT(slice_equal(draft.total, SLICE("-113.00")) && slice_equal(draft.tax, SLICE("-13.00")));
    EXPECT(slice_equal(draft.amount, SLICE("-100.00")) && draft.red.is_red);
    EXPECT(slice_equal(draft.total_words, SLICE("（负数）壹佰壹拾叁圆整")));
}
