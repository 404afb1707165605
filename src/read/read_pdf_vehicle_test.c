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
