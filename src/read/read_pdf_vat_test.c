#include "read/read_pdf_vat.h"

#include "base/test.h"
#include "read/read_pdf_fixture.h"

// Reads a page made of glyphs, without poppler.
static Draft read_page(Cx *cx, PdfFixturePage page, PageForm form)
{
    PdfPage glyphs = pdf_fixture_glyphs(cx, &page);
    PageWords words = {};
    Draft draft = {};
    EXPECT_OK(read_pdf_vat_words(cx, &glyphs, &words));
    EXPECT(words.form == form);
    EXPECT_OK(read_pdf_vat(cx, &words, &draft));
    return draft;
}

typedef struct Want {
    Field field;
    const char *value;
} Want;

static void expect_fields(const Draft *draft, const Want *wants, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        Slice got = draft_get(draft, wants[i].field);
        if (!slice_equal(got, slice_of(wants[i].value)))
            fprintf(stderr, "%s: got '" SLICE_FMT "', want '%s'\n",
                    draft_field_name(wants[i].field), SLICE_ARG(got), wants[i].value);
        EXPECT(slice_equal(got, slice_of(wants[i].value)));
    }
}
#define EXPECT_FIELDS(draft, wants) expect_fields(draft, wants, sizeof wants / sizeof wants[0])

static bool line_is(const Line *line, const char *name, const char *quantity, const char *price,
                    const char *amount, const char *rate, const char *tax)
{
    return slice_equal(line->name, slice_of(name)) &&
           slice_equal(line->quantity, slice_of(quantity)) &&
           slice_equal(line->price, slice_of(price)) &&
           slice_equal(line->amount, slice_of(amount)) &&
           slice_equal(line->tax_rate, slice_of(rate)) && slice_equal(line->tax, slice_of(tax));
}

TEST("read_pdf_vat: reads every field of a tax-control form")
{
    static const Want wants[] = {
        {DRAFT_KIND, "10"},
        {DRAFT_CODE, "011002100611"},
        {DRAFT_NUMBER, "89465988"},
        {DRAFT_ISSUE_DATE, "2022-05-11"},
        {DRAFT_CHECK_CODE, "60504658980318584822"},
        {DRAFT_MACHINE_NUMBER, "661545422738"},
        {DRAFT_AMOUNT, "44.30"},
        {DRAFT_TAX, "5.76"},
        {DRAFT_TOTAL, "50.06"},
        {DRAFT_TOTAL_WORDS, "伍拾圆零陆分"},
        {DRAFT_BUYER_NAME, "甲乙大学"},
        {DRAFT_BUYER_TAX_ID, "12120000777323722X"},
        {DRAFT_BUYER_ADDRESS_PHONE, "天津市西青区杨柳路99号 86437588"},
        {DRAFT_BUYER_BANK_ACCOUNT, "中国建设银行西青支行 12001790800052508997"},
        {DRAFT_SELLER_NAME, "丙丁世纪信息技术有限公司"},
        {DRAFT_SELLER_TAX_ID, "91110302562134916R"},
        {DRAFT_SELLER_ADDRESS_PHONE, "北京市经济技术开发区科创街18号C座2层215室62648622"},
        {DRAFT_SELLER_BANK_ACCOUNT, "招商银行青年路支行 110907597010206"},
        {DRAFT_PAYEE, "王一"},
        {DRAFT_REVIEWER, "李二"},
        {DRAFT_ISSUER, "张三"},
        {DRAFT_REMARK, "订单号:240416863161"},
    };
    Draft draft = read_page(cx, read_pdf_fixture_control(), PAGE_VAT);
    EXPECT_FIELDS(&draft, wants);
    EXPECT(draft.line_count == 2);
    EXPECT(line_is(&draft.lines[0], "*印刷品*Python Web开发从入门到实践", "1", "45.30", "45.30",
                   "13%", "5.89"));
    EXPECT(slice_equal(draft.lines[0].spec, SLICE("无")));
    EXPECT(slice_equal(draft.lines[0].unit, SLICE("个")));
    EXPECT(line_is(&draft.lines[1], "*印刷品*Python Web开发从入门到实践", "", "", "-1.00", "13%",
                   "-0.13"));
    EXPECT(draft.finding_count == 0);
    EXPECT(draft.origins[DRAFT_NUMBER].source == SOURCE_TEXT);
}

TEST("read_pdf_vat: reads a digital form, parties side by side, names broken over rows, radicals "
     "in labels")
{
    static const Want wants[] = {
        {DRAFT_KIND, "32"},
        {DRAFT_CODE, ""},
        {DRAFT_NUMBER, "24942000000003727672"},
        {DRAFT_ISSUE_DATE, "2024-01-29"},
        {DRAFT_AMOUNT, "769.90"},
        {DRAFT_TAX, "20.10"},
        {DRAFT_TOTAL, "790.00"},
        {DRAFT_TOTAL_WORDS, "柒佰玖拾圆整"},
        {DRAFT_BUYER_NAME, "杭州甲乙科技有限公司"},
        {DRAFT_BUYER_TAX_ID, "91330108MA27Y5XH5G"},
        {DRAFT_SELLER_NAME, "华丙（厦门）酒店管理有限公司思明第一分公司"},
        {DRAFT_SELLER_TAX_ID, "91350203MA31MCWW1J"},
        {DRAFT_ISSUER, "林建"},
        {DRAFT_REMARK, "被红冲蓝字数电票号码：24942000000003727000"},
        {DRAFT_RED_ORIGINAL_NUMBER, ""}, // its amounts are not negative
    };
    Draft draft = read_page(cx, read_pdf_fixture_digital(), PAGE_VAT);
    EXPECT_FIELDS(&draft, wants);
    EXPECT(draft.line_count == 2);
    EXPECT(line_is(&draft.lines[0], "*安全设备*JTY-GD-G3X点型火灾探测器", "200", "3.3495145631068",
                   "669.90", "3%", "20.10"));
    EXPECT(slice_equal(draft.lines[0].spec, SLICE("10106650")));
    EXPECT(slice_equal(draft.lines[0].unit, SLICE("PCS")));
    EXPECT(line_is(&draft.lines[1], "*安全设备*底座", "", "", "100.00", "免税", "0.00"));
}

TEST("read_pdf_vat: a list takes the place of the line that refers to it")
{
    Draft draft = read_page(cx, read_pdf_fixture_short(), PAGE_VAT);
    EXPECT(draft.line_count == 1);
    PdfFixturePage page = read_pdf_fixture_list();
    PdfPage glyphs = pdf_fixture_glyphs(cx, &page);
    PageWords words = {};
    EXPECT_OK(read_pdf_vat_words(cx, &glyphs, &words));
    EXPECT(words.form == PAGE_LIST);
    EXPECT_OK(read_pdf_vat(cx, &words, &draft));
    EXPECT(draft.line_count == 2);
    EXPECT(line_is(&draft.lines[0], "*印刷品*Python从入门到精通（第2版）", "1", "54.30", "54.30",
                   "13%", "7.06"));
    EXPECT(line_is(&draft.lines[1], "*印刷品*Python从入门到精通（第2版）", "", "", "-10.00", "13%",
                   "-1.30"));
    EXPECT(slice_equal(draft.buyer.name, SLICE("甲乙大学")));
}

TEST("read_pdf_vat: a building invoice goes on over pages; columns of its own are no names")
{
    Draft draft = read_page(cx, read_pdf_fixture_first(), PAGE_VAT);
    EXPECT(slice_equal(draft.kind, SLICE("31")));
    EXPECT(draft.total.size == 0 && draft.line_count == 1);
    PdfFixturePage page = read_pdf_fixture_second();
    PdfPage glyphs = pdf_fixture_glyphs(cx, &page);
    PageWords words = {};
    EXPECT_OK(read_pdf_vat_words(cx, &glyphs, &words));
    EXPECT_OK(read_pdf_vat(cx, &words, &draft));
    static const Want wants[] = {
        {DRAFT_AMOUNT, "20000.00"}, {DRAFT_TAX, "1800.00"}, {DRAFT_TOTAL, "21800.00"}};
    EXPECT_FIELDS(&draft, wants);
    EXPECT(draft.line_count == 2);
    EXPECT(line_is(&draft.lines[0], "*建筑服务*工程服务", "", "", "12000.00", "9%", "1080.00"));
    EXPECT(line_is(&draft.lines[1], "*建筑服务*工程服务", "", "", "8000.00", "9%", "720.00"));
}

TEST("read_pdf_vat: 合计 of a page's own lines gives way to the sums beside the total")
{
    PdfFixturePage begins = read_pdf_fixture_with(cx, read_pdf_fixture_first(), "小 计", "合 计");
    PdfFixturePage pages[] = {read_pdf_fixture_second(), begins};
    Draft draft = read_page(cx, begins, PAGE_VAT);
    EXPECT(slice_equal(draft.amount, SLICE("12000.00")) && draft.total.size == 0);
    static const Want wants[] = {
        {DRAFT_AMOUNT, "20000.00"}, {DRAFT_TAX, "1800.00"}, {DRAFT_TOTAL, "21800.00"}};
    // Once the total is known a page of the same invoice changes nothing any more.
    for (size_t i = 0; i < 2; i++) {
        PdfPage glyphs = pdf_fixture_glyphs(cx, &pages[i]);
        PageWords words = {};
        EXPECT_OK(read_pdf_vat_words(cx, &glyphs, &words));
        EXPECT_OK(read_pdf_vat(cx, &words, &draft));
        EXPECT_FIELDS(&draft, wants);
        EXPECT(draft.finding_count == 0);
    }
}

TEST("read_pdf_vat: labels may be wide, full-width, spelt another way; sums may lack their mark")
{
    static const PdfFixtureText texts[] = {
        {200, 40, 16, "广东增值税电子专用发票"},
        {420, 20, 9, "发 票 代 码 ：044031900113"},
        {420, 35, 9, "发 票 号 码 ：00123456"},
        {420, 50, 9, "开 票 日 期 ：2020年5月8日"},
        {20, 100, 9, "购"},
        {20, 115, 9, "货"},
        {20, 130, 9, "单"},
        {20, 145, 9, "位"},
        {40, 100, 9, "名"},
        {95, 100, 9, "称 ： 甲乙有限公司"},
        {40, 115, 9, "统一社会信用代码/纳税人识别号：91330108MA27Y5XH5G"},
        {40, 130, 9, "地 址 、 电 话 ：某地"},
        {40, 145, 9, "开户行及帐号："},
        {40, 160, 9, "货物或应税劳务名称"},
        {240, 160, 9, "数量"},
        {320, 160, 9, "单价"},
        {400, 160, 9, "金额"},
        {470, 160, 9, "税率"},
        {540, 160, 9, "税额"},
        {40, 175, 9, "服务费"},
        {400, 175, 9, "1,000.00"},
        {475, 175, 9, "6%"},
        {540, 175, 9, "60.00"},
        {60, 260, 9, "合计"},
        {398, 263, 9, "￥1,000.00"},
        {538, 263, 9, "￥60.00"},
        {60, 280, 9, "价税合计 (大写)"},
        {190, 280, 9, "壹仟零陆拾圆整"},
        {440, 280, 9, "(小写)"},
        {490, 280, 9, "￥1,060.00"},
        {20, 300, 9, "销"},
        {20, 315, 9, "货"},
        {20, 330, 9, "单"},
        {20, 345, 9, "位"},
        {40, 300, 9, "名 称：丙丁有限公司"},
        {40, 315, 9, "纳税人识别号：91350203MA31MCWW1J"},
    };
    static const Want wants[] = {
        {DRAFT_KIND, "08"},
        {DRAFT_CODE, "044031900113"},
        {DRAFT_NUMBER, "00123456"},
        {DRAFT_ISSUE_DATE, "2020-05-08"},
        {DRAFT_AMOUNT, "1000.00"},
        {DRAFT_TAX, "60.00"},
        {DRAFT_TOTAL, "1060.00"},
        {DRAFT_BUYER_NAME, "甲乙有限公司"},
        {DRAFT_BUYER_TAX_ID, "91330108MA27Y5XH5G"},
        {DRAFT_BUYER_ADDRESS_PHONE, "某地"},
        {DRAFT_SELLER_NAME, "丙丁有限公司"},
        {DRAFT_SELLER_TAX_ID, "91350203MA31MCWW1J"},
    };
    PdfFixturePage page = {600, 400, texts, sizeof texts / sizeof texts[0], NULL, 0};
    Draft draft = read_page(cx, page, PAGE_VAT);
    EXPECT_FIELDS(&draft, wants);
    EXPECT(draft.line_count == 1);
    EXPECT(line_is(&draft.lines[0], "服务费", "", "", "1000.00", "6%", "60.00"));
}

TEST("read_pdf_vat: what is no invoice has no form")
{
    static const struct {
        PdfFixturePage (*page)(void);
        PageForm form;
    } cases[] = {{read_pdf_fixture_letter, PAGE_NONE}, {read_pdf_fixture_garbled, PAGE_BROKEN}};
    for (size_t i = 0; i < 2; i++) {
        PdfFixturePage page = cases[i].page();
        PdfPage glyphs = pdf_fixture_glyphs(cx, &page);
        PageWords words = {};
        EXPECT_OK(read_pdf_vat_words(cx, &glyphs, &words));
        EXPECT(words.form == cases[i].form);
    }
}

TEST("read_pdf_vat: the second number of an invoice on paper, but not one that the remark tells of")
{
    static const struct {
        const char *remark, *digital;
    } cases[] = {{"数电发票号码：24112000000052340515", ""}, {"别的", "24112000000052340516"}};
    for (size_t i = 0; i < 2; i++) {
        PdfFixturePage page = read_pdf_fixture_with(cx, read_pdf_fixture_control(),
                                                    "订单号:240416863161", cases[i].remark);
        if (cases[i].digital[0] != '\0')
            page = read_pdf_fixture_with(cx, page, "机器编号: 661545422738",
                                         cx_printf(cx, "数电票号码：%s", cases[i].digital).data);
        Draft draft = read_page(cx, page, PAGE_VAT);
        EXPECT(slice_equal(draft.code, SLICE("011002100611")));
        EXPECT(slice_equal(draft.number, SLICE("89465988")));
        EXPECT(slice_equal(draft.digital_number, slice_of(cases[i].digital)));
    }
}

TEST("read_pdf_vat: a code in the remark of a 数电票 is another invoice's")
{
    PdfFixturePage page = read_pdf_fixture_with(
        cx, read_pdf_fixture_digital(), "被红冲蓝字数电票号码：24942000000003727000",
        "发票代码：144031900111 校验码：12345678901234567890");
    Draft draft = read_page(cx, page, PAGE_VAT);
    static const Want wants[] = {{DRAFT_KIND, "32"},
                                 {DRAFT_CODE, ""},
                                 {DRAFT_NUMBER, "24942000000003727672"},
                                 {DRAFT_CHECK_CODE, ""},
                                 {DRAFT_TOTAL, "790.00"}};
    EXPECT_FIELDS(&draft, wants);
    EXPECT(draft.origins[DRAFT_CODE].source == SOURCE_NONE);
}

TEST("read_pdf_vat: a number and a total in full width are read in half width")
{
    PdfFixturePage page =
        read_pdf_fixture_with(cx, read_pdf_fixture_control(), "89465988", "８９４６５９８８");
    EXPECT(slice_equal(read_page(cx, page, PAGE_VAT).number, SLICE("89465988")));
    page = read_pdf_fixture_with(cx, read_pdf_fixture_control(), "50.06", "５０．０６");
    EXPECT(slice_equal(read_page(cx, page, PAGE_VAT).total, SLICE("50.06")));
}

TEST("read_pdf_vat: the sums of a roll hold the tax: they are its total")
{
    static const PdfFixtureText texts[] = {{30, 20, 10, "增值税普通发票"},
                                           {6, 50, 8, "发票代码：011001900107"},
                                           {6, 64, 8, "发票号码：89465988"},
                                           {6, 78, 8, "开票日期：2024.01.05"},
                                           {6, 92, 8, "项目"},
                                           {60, 92, 8, "单价"},
                                           {90, 92, 8, "数量"},
                                           {120, 92, 8, "金额"},
                                           {6, 130, 8, "合计金额（小写）：¥100.00"},
                                           {6, 144, 8, "合计金额（大写）：壹佰圆整"}};
    PdfFixturePage page = {162, 420, texts, sizeof texts / sizeof texts[0], NULL, 0};
    PdfPage glyphs = pdf_fixture_glyphs(cx, &page);
    PageWords words = {};
    Draft draft = {};
    EXPECT_OK(read_pdf_vat_words(cx, &glyphs, &words));
    EXPECT_OK(read_pdf_vat(cx, &words, &draft));
    EXPECT(slice_equal(draft.total, SLICE("100.00")) && slice_empty(draft.amount));
    EXPECT(slice_equal(draft.issue_date, SLICE("2024-01-05")));
    EXPECT(slice_equal(draft.total_words, SLICE("壹佰圆整")));
}
