#include "read/pdf_marks.h"

#include <math.h>

#include "base/test.h"
#include "format/pdf/pdf_fixture.h"

TEST("pdf_marks: every spelling of a label is known")
{
    static const struct {
        const char *text;
        Label label;
    } cases[] = {
        {"发票代码：", LABEL_CODE},
        {"发 票 代 码 :", LABEL_CODE},
        {"发票号码", LABEL_NUMBER},
        {"开 票 日 期：", LABEL_DATE},
        {"填开日期:", LABEL_DATE},
        {"校 验 码：", LABEL_CHECK},
        {"机器编号:", LABEL_MACHINE},
        {"名        称：", LABEL_NAME},
        {"纳税人识别号:", LABEL_TAX_ID},
        {"统一社会信用代码/纳税人识别号：", LABEL_TAX_ID},
        {"地 址、电 话:", LABEL_ADDRESS},
        {"地址、     电话:", LABEL_ADDRESS},
        {"开户行及账号", LABEL_BANK},
        {"开户行及帐号：", LABEL_BANK},
        {"价税合计（大写）", LABEL_WORDS},
        {"价税合计 (大写)", LABEL_WORDS},
        {"（小写）", LABEL_FIGURES},
        {"合     计", LABEL_SUM},
        {"小 计", LABEL_SUBTOTAL},
        {"收 款 人:", LABEL_PAYEE},
        {"复 核:", LABEL_REVIEWER},
        {"开票人：", LABEL_ISSUER},
        {"销 售 方：（章）", LABEL_STAMP},
        {"货物或应税劳务、服务名称", LABEL_ITEM},
        {"货物(劳务)名称", LABEL_ITEM},
        {"项目名称", LABEL_ITEM},
        {"税率/征收率", LABEL_RATE},
        {"税 率", LABEL_RATE},
        {"税 额", LABEL_TAX},
        {"不含税金额", LABEL_AMOUNT},
        {"统一社会信用代码/纳税人识别号/身份证明号码", LABEL_TAX_ID},
        {"纳税人识别号/统一社会信用代码/身份证明号码", LABEL_TAX_ID},
        {"纳税人识别号/统一社会信用代码", LABEL_TAX_ID},
        {"统一社会信用代码", LABEL_TAX_ID},
        {"纳税人识别码", LABEL_TAX_ID},
        {"货物或应税劳务,服务名称", LABEL_ITEM},
        {"货物或应税劳务服务名称", LABEL_ITEM},
        {"货物(劳务)服务名称", LABEL_ITEM},
        {"货物或应税劳务名称", LABEL_ITEM},
        {"货物、劳务名称", LABEL_ITEM},
        {"建筑项目名称", LABEL_OTHER},
        {"规格型号", LABEL_SPEC},
        {"购买方名称", LABEL_BUYER_NAME},
        {"购货单位名称", LABEL_BUYER_NAME},
        {"购方名称", LABEL_BUYER_NAME},
        {"销售方名称", LABEL_SELLER_NAME},
        {"销货单位名称", LABEL_SELLER_NAME},
        {"销方名称", LABEL_SELLER_NAME},
        {"填开单位", LABEL_ISSUED_BY},
        {"原发票代码", LABEL_OTHER},
        {"原发票号码", LABEL_ORIGINAL},
        {"被红冲蓝字数电票号码", LABEL_OTHER},
        {"被红冲蓝字数电发票号码", LABEL_OTHER},
        {"数电发票号码", LABEL_DIGITAL},
        {"数电票号码", LABEL_DIGITAL},
        {"数电号码", LABEL_DIGITAL},
        {"全电发票号码", LABEL_DIGITAL},
        {"验证码", LABEL_OTHER},
        {"地址,电话", LABEL_ADDRESS},
        {"地址及电话", LABEL_ADDRESS},
        {"地址电话", LABEL_ADDRESS},
        {"开户银行及账号", LABEL_BANK},
        {"开户银行及帐号", LABEL_BANK},
        {"价税合计大写", LABEL_WORDS},
        {"车价合计(大写)", LABEL_WORDS},
        {"价税合计", LABEL_WORDS},
        {"合计金额(大写)", LABEL_WORDS},
        {"合计金额(小写)", LABEL_FIGURES},
        {"小写", LABEL_FIGURES},
        {"不含税价", LABEL_NET},
        {"金额(不含税)", LABEL_AMOUNT},
        {"单价(不含税)", LABEL_PRICE},
        {"单价(含税)", LABEL_PRICE},
        {"单价/标准", LABEL_PRICE},
        {"总计", LABEL_SUBTOTAL},
        {"复核人", LABEL_REVIEWER},
        {"销售方(章)", LABEL_STAMP},
        {"销货单位:(章)", LABEL_STAMP},
        {"销货单位(章)", LABEL_STAMP},
        {"税率或征收率", LABEL_RATE},
        {"增值税税率", LABEL_AIR_RATE},
        {"增值税税额", LABEL_AIR_TAX},
        {"民航发展基金", LABEL_FUND},
        {"燃油附加费", LABEL_FUEL},
        {"其他税费", LABEL_OTHER_TAXES},
        {"原票价", LABEL_OTHER},
        {"票价", LABEL_FARE},
        {"退票费", LABEL_FARE},
        {"改签费", LABEL_FARE},
        {"征收率", LABEL_RATE},
        {"金额", LABEL_AMOUNT},
        {"单价", LABEL_PRICE},
        {"数量", LABEL_QUANTITY},
        {"单位", LABEL_UNIT},
        {"序号", LABEL_SEQUENCE},
        {"备注", LABEL_OTHER},
        {"出行人", LABEL_EXTRA},
        {"有效身份证件号", LABEL_EXTRA},
        {"出行日期", LABEL_EXTRA},
        {"出发地", LABEL_EXTRA},
        {"到达地", LABEL_EXTRA},
        {"交通工具类型", LABEL_EXTRA},
        {"运输工具种类", LABEL_EXTRA},
        {"运输工具牌号", LABEL_EXTRA},
        {"起运地", LABEL_EXTRA},
        {"运输货物名称", LABEL_EXTRA},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        PdfFixtureText text = {20, 50, 9, cases[i].text};
        PdfFixturePage page = {600, 400, &text, 1, NULL, 0};
        PdfPage glyphs = pdf_fixture_glyphs(cx, &page);
        Layout layout = {};
        Marks marks = {};
        EXPECT_OK(pdf_layout(cx, &glyphs, &layout));
        EXPECT_OK(pdf_marks(cx, &layout, &marks));
        if (marks.count != 1 || marks.items[0].label != cases[i].label)
            fprintf(stderr, "'%s'\n", cases[i].text);
        EXPECT(marks.count == 1);
        EXPECT(marks.items[0].label == cases[i].label);
        EXPECT(marks.items[0].to == layout.rows[0].count);
        EXPECT(layout.rows[0].glyphs[0].label);
    }
}

TEST("pdf_marks: headings are labels only where they stand alone")
{
    static const PdfFixtureText texts[] = {{20, 50, 9, "单位食堂数量金额单价"}};
    PdfFixturePage page = {600, 400, texts, 1, NULL, 0};
    PdfPage glyphs = pdf_fixture_glyphs(cx, &page);
    Layout layout = {};
    Marks marks = {};
    EXPECT_OK(pdf_layout(cx, &glyphs, &layout));
    EXPECT_OK(pdf_marks(cx, &layout, &marks));
    EXPECT(marks.count == 0);
}

TEST("pdf_marks: a value ends at the next label, the wall or a wide gap")
{
    static const PdfFixtureText texts[] = {{20, 50, 9, "收款人: 王一"},
                                           {120, 50, 9, "复核:"},
                                           {200, 50, 9, "开票人: 张"},
                                           {300, 50, 9, "三"}};
    PdfFixturePage page = {600, 400, texts, 4, NULL, 0};
    PdfPage glyphs = pdf_fixture_glyphs(cx, &page);
    Layout layout = {};
    Marks marks = {};
    EXPECT_OK(pdf_layout(cx, &glyphs, &layout));
    EXPECT_OK(pdf_marks(cx, &layout, &marks));
    EXPECT(marks.count == 3);
    Slice text = {};
    EXPECT_OK(pdf_marks_value(cx, &layout, &marks, &marks.items[0], INFINITY, 27, &text));
    EXPECT(slice_equal(text, SLICE("王一")));
    EXPECT_OK(pdf_marks_value(cx, &layout, &marks, &marks.items[1], INFINITY, 27, &text));
    EXPECT(text.size == 0);
    const Mark *last = pdf_marks_find(&marks, LABEL_ISSUER, 0);
    EXPECT_OK(pdf_marks_value(cx, &layout, &marks, last, INFINITY, 27, &text));
    EXPECT(slice_equal(text, SLICE("张")));
    EXPECT_OK(pdf_marks_value(cx, &layout, &marks, last, 230, 27, &text));
    EXPECT(text.size == 0);
    EXPECT(pdf_marks_find(&marks, LABEL_ISSUER, 3) == NULL);
}

TEST("pdf_marks: labels of one form are labels there alone")
{
    static const PdfFixtureText texts[] = {{20, 50, 9, "电话"}, {60, 50, 9, "名称"}};
    static const MarkWord more[] = {{"电话", LABEL_EXTRA}};
    PdfFixturePage page = {600, 400, texts, 2, NULL, 0};
    PdfPage glyphs = pdf_fixture_glyphs(cx, &page);
    Layout layout = {};
    Marks marks = {};
    EXPECT_OK(pdf_layout(cx, &glyphs, &layout));
    EXPECT_OK(pdf_marks_with(cx, &layout, more, 1, &marks));
    EXPECT(marks.count == 2 && marks.items[0].label == LABEL_EXTRA);
    EXPECT(layout.rows[0].glyphs[0].label);
    EXPECT_OK(pdf_marks(cx, &layout, &marks));
    EXPECT(marks.count == 1 && marks.items[0].label == LABEL_NAME);
    EXPECT(!layout.rows[0].glyphs[0].label && layout.rows[0].glyphs[2].label);
}
