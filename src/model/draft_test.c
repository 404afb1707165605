#include "model/draft.h"

#include "base/limits.h"
#include "base/test.h"
#include "base/utf8.h"

TEST("draft: names of fields, sources and seals find their way back")
{
    for (unsigned i = 0; i < DRAFT_FIELD_COUNT; i++) {
        Field back = DRAFT_FIELD_COUNT;
        EXPECT(draft_field_of(slice_of(draft_field_name((Field)i)), &back) && (unsigned)back == i);
    }
    for (unsigned i = 0; i < SOURCE_COUNT; i++) {
        Source back = SOURCE_COUNT;
        EXPECT(draft_source_of(slice_of(draft_source_name((Source)i)), &back));
        EXPECT((unsigned)back == i);
    }
    for (unsigned i = SEAL_ABSENT; i <= SEAL_UNCHECKED; i++) {
        SealState back = SEAL_ABSENT;
        EXPECT(draft_seal_of(slice_of(draft_seal_name((SealState)i)), &back));
        EXPECT((unsigned)back == i);
    }
    Field field;
    EXPECT(!draft_field_of(SLICE("seller"), &field));
}

TEST("draft: each type has one spelling")
{
    static const struct {
        Field field;
        Slice raw, value;
    } cases[] = {
        {DRAFT_AMOUNT, SLICE("¥1,234,567.8"), SLICE("1234567.80")},
        {DRAFT_AMOUNT, SLICE("￥ 300.00"), SLICE("300.00")},
        {DRAFT_AMOUNT, SLICE("57"), SLICE("57.00")},
        {DRAFT_AMOUNT, SLICE("-¥12.5元"), SLICE("-12.50")},
        {DRAFT_AMOUNT, SLICE("¥-12.50"), SLICE("-12.50")},
        {DRAFT_AMOUNT, SLICE("－１２．５０"), SLICE("-12.50")},
        {DRAFT_AMOUNT, SLICE("１，２３４．５０圆"), SLICE("1234.50")},
        {DRAFT_AMOUNT, SLICE("0.120000"), SLICE("0.12")},
        {DRAFT_AMOUNT, SLICE(".50"), SLICE("0.50")},
        {DRAFT_ISSUE_DATE, SLICE("2020年10月10日"), SLICE("2020-10-10")},
        {DRAFT_ISSUE_DATE, SLICE(" 2024 年 05 月 28 日 "), SLICE("2024-05-28")},
        {DRAFT_ISSUE_DATE, SLICE("2024年05月28日 10:08:05"), SLICE("2024-05-28")},
        {DRAFT_ISSUE_DATE, SLICE("20240528"), SLICE("2024-05-28")},
        {DRAFT_ISSUE_DATE, SLICE("2023-02-23 10:08:05"), SLICE("2023-02-23")},
        {DRAFT_CHECK_CODE, SLICE("01897 10905 47488 98321"), SLICE("01897109054748898321")},
        {DRAFT_NUMBER, SLICE("３１４７　１８５８"), SLICE("31471858")},
        {DRAFT_SELLER_NAME, SLICE("  某某\n 公司\t(北京)  "), SLICE("某某 公司 (北京)")},
        {DRAFT_SELLER_NAME, SLICE("a\0b\x7F\xFF"), SLICE("ab\xEF\xBF\xBD")},
        {DRAFT_SELLER_NAME, SLICE("\xE3\x80\x80\xEF\xBB\xBF"), SLICE("")},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        Draft draft = {};
        EXPECT_OK(draft_set(cx, &draft, cases[i].field, cases[i].raw, SOURCE_XML, 1000));
        EXPECT(slice_equal(draft_get(&draft, cases[i].field), cases[i].value));
        EXPECT(draft.finding_count == 0);
        EXPECT((draft.origins[cases[i].field].source == SOURCE_NONE) ==
               slice_empty(cases[i].value));
    }
}

TEST("draft: what has no canonical form is left out and said")
{
    static const struct {
        Field field;
        Slice raw;
    } cases[] = {
        {DRAFT_AMOUNT, SLICE("abc")},
        {DRAFT_AMOUNT, SLICE("12,50")},
        {DRAFT_AMOUNT, SLICE("1.005")},
        {DRAFT_AMOUNT, SLICE("1,2345.00")},
        {DRAFT_AMOUNT, SLICE("99999999999")},
        {DRAFT_TOTAL, SLICE("***")},
        {DRAFT_ISSUE_DATE, SLICE("2024-02-30")},
        {DRAFT_ISSUE_DATE, SLICE("yesterday")},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        Draft draft = {};
        EXPECT_OK(draft_set(cx, &draft, cases[i].field, cases[i].raw, SOURCE_XML, 1000));
        EXPECT(slice_empty(draft_get(&draft, cases[i].field)));
        EXPECT(draft.finding_count == 1);
        EXPECT(slice_equal(draft.findings[0].rule, SLICE("unreadable_value")));
        EXPECT(slice_equal(draft.findings[0].field, slice_of(draft_field_name(cases[i].field))));
    }
}

TEST("draft: tax printed as stars is nought, and a number from elsewhere says more")
{
    Draft draft = {};
    EXPECT_OK(draft_set(cx, &draft, DRAFT_TAX, SLICE("¥***"), SOURCE_ORIGINAL, 1000));
    EXPECT(slice_equal(draft.tax, SLICE("0.00")));
    EXPECT(draft.finding_count == 1);
    EXPECT(slice_equal(draft.findings[0].rule, SLICE("tax_masked")));
    EXPECT_OK(draft_set(cx, &draft, DRAFT_TAX, SLICE("＊＊＊"), SOURCE_TEXT, 1000));
    EXPECT(draft.finding_count == 1);
    EXPECT_OK(draft_set(cx, &draft, DRAFT_TAX, SLICE("4.72"), SOURCE_TEXT, 1000));
    EXPECT(slice_equal(draft.tax, SLICE("4.72")));
    EXPECT(draft.finding_count == 0);
    EXPECT_OK(draft_set(cx, &draft, DRAFT_TAX, SLICE("***"), SOURCE_XML, 1000));
    EXPECT(slice_equal(draft.tax, SLICE("4.72")));
}

TEST("draft: the strongest source wins in any order, and disagreement is a finding")
{
    static const struct {
        Source first, second;
    } orders[] = {{SOURCE_QR, SOURCE_XML}, {SOURCE_XML, SOURCE_QR}};
    for (size_t i = 0; i < 2; i++) {
        Draft draft = {};
        for (int turn = 0; turn < 2; turn++) {
            Source source = turn == 0 ? orders[i].first : orders[i].second;
            Slice total = source == SOURCE_XML ? SLICE("12.30") : SLICE("12.40");
            EXPECT_OK(draft_set(cx, &draft, DRAFT_TOTAL, total, source, 1000));
        }
        EXPECT(slice_equal(draft.total, SLICE("12.30")));
        EXPECT(draft.origins[DRAFT_TOTAL].source == SOURCE_XML);
        EXPECT(draft.finding_count == 1);
        EXPECT(slice_equal(draft.findings[0].rule, SLICE("sources_disagree")));
        EXPECT(draft.findings[0].severity == SEVERITY_WARN);
    }
}

TEST("draft: the same in another spelling is no disagreement")
{
    static const struct {
        Field field;
        Slice first, second;
    } cases[] = {
        {DRAFT_TOTAL, SLICE("¥57"), SLICE("57.00")},
        {DRAFT_BUYER_NAME, SLICE("某某（北京）有限公司"), SLICE("某某(北京) 有限 公司")},
        {DRAFT_SELLER_TAX_ID, SLICE("91350100m0001tgqxm"), SLICE("91350100M0001TGQXM")},
        {DRAFT_ISSUE_DATE, SLICE("2024年5月8日"), SLICE("20240508")},
        {DRAFT_PAYEE, SLICE("张三"), SLICE("")},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        Draft draft = {};
        EXPECT_OK(draft_set(cx, &draft, cases[i].field, cases[i].first, SOURCE_TEXT, 900));
        EXPECT_OK(draft_set(cx, &draft, cases[i].field, cases[i].second, SOURCE_QR, 900));
        EXPECT(draft.finding_count == 0);
        EXPECT(draft.origins[cases[i].field].source == SOURCE_TEXT);
    }
    EXPECT(draft_same_text(SLICE(""), SLICE(" \t")));
    EXPECT(!draft_same_text(SLICE("甲"), SLICE("甲乙")));
}

TEST("draft: two values from one source: the first stays, silently")
{
    Draft draft = {};
    EXPECT_OK(draft_set(cx, &draft, DRAFT_TOTAL, SLICE("1.00"), SOURCE_TEXT, 900));
    EXPECT_OK(draft_set(cx, &draft, DRAFT_TOTAL, SLICE("2.00"), SOURCE_TEXT, 900));
    EXPECT(slice_equal(draft.total, SLICE("1.00")) && draft.finding_count == 0);
}

TEST("draft: lines are tidied, and exempt ones are said once")
{
    Draft draft = {};
    Line *line = NULL;
    EXPECT_OK(draft_add_line(cx, &draft, &line));
    *line =
        (Line){SLICE(" *餐饮服务*餐费 "),   SLICE(""),      SLICE("次"),       SLICE("1,000"),
               SLICE("15841.5841584158"),   SLICE("¥2.00"), SLICE("0.060000"), SLICE("0.120000"),
               SLICE("3040803010000000000")};
    EXPECT_OK(draft_tidy_line(cx, &draft, 0));
    line = &draft.lines[0];
    EXPECT(slice_equal(line->name, SLICE("*餐饮服务*餐费")));
    EXPECT(slice_equal(line->quantity, SLICE("1000")));
    EXPECT(slice_equal(line->price, SLICE("15841.5841584158")));
    EXPECT(slice_equal(line->amount, SLICE("2.00")));
    EXPECT(slice_equal(line->tax_rate, SLICE("6%")));
    EXPECT(slice_equal(line->tax, SLICE("0.12")));
    for (size_t i = 1; i < 4; i++) {
        EXPECT_OK(draft_add_line(cx, &draft, &line));
        *line = (Line){.amount = SLICE("x"), .tax_rate = SLICE(" 免税 "), .tax = SLICE("***")};
        EXPECT_OK(draft_tidy_line(cx, &draft, i));
        EXPECT(slice_equal(draft.lines[i].tax, SLICE("0.00")));
        EXPECT(slice_equal(draft.lines[i].tax_rate, SLICE("免税")));
    }
    EXPECT(draft.finding_count == 4);
    EXPECT(slice_equal(draft.findings[0].field, SLICE("lines[1].amount")));
    EXPECT(slice_equal(draft.findings[1].field, SLICE("lines[1].tax")));
}

TEST("draft: rates become per cent")
{
    static const struct {
        Slice raw, rate;
    } cases[] = {
        {SLICE("0.06"), SLICE("6%")},
        {SLICE("13.00%"), SLICE("13%")},
        {SLICE("0.130000"), SLICE("13%")},
        {SLICE("6"), SLICE("6%")},
        {SLICE("0.015"), SLICE("1.5%")},
        {SLICE("1.5%"), SLICE("1.5%")},
        {SLICE("0"), SLICE("0%")},
        {SLICE("１３％"), SLICE("13%")},
        {SLICE("***"), SLICE("***")},
        {SLICE("不征税"), SLICE("不征税")},
        {SLICE(""), SLICE("")},
        {SLICE("-1"), SLICE("-1")},
    };
    Draft draft = {};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        Line *line = NULL;
        EXPECT_OK(draft_add_line(cx, &draft, &line));
        line->tax_rate = cases[i].raw;
        EXPECT_OK(draft_tidy_line(cx, &draft, i));
        EXPECT(slice_equal(draft.lines[i].tax_rate, cases[i].rate));
    }
}

TEST("draft: limits hold, and too many findings lose no invoice")
{
    Draft draft = {};
    static char big[LIMIT_FIELD_BYTES + 1];
    memset(big, 'x', sizeof big);
    EXPECT(draft_set(cx, &draft, DRAFT_REMARK, (Slice){big, sizeof big}, SOURCE_XML, 1000) ==
           ERR_LIMIT);
    for (size_t i = 0; i < LIMIT_FINDINGS + 5; i++)
        EXPECT_OK(draft_add_finding(cx, &draft, "x", SEVERITY_INFO, SLICE(""), "%zu", i));
    EXPECT(draft.finding_count == LIMIT_FINDINGS);
    EXPECT(slice_equal(draft.findings[LIMIT_FINDINGS - 1].rule, SLICE("more_findings")));
    EXPECT(slice_equal(draft.findings[0].text, SLICE("0")));
    Line *line = NULL;
    for (size_t i = 0; i < LIMIT_LINES; i++)
        EXPECT_OK(draft_add_line(cx, &draft, &line));
    EXPECT(draft_add_line(cx, &draft, &line) == ERR_LIMIT);
}

TEST("draft: a finding's text is cut at a character's edge")
{
    Draft draft = {};
    char text[1500];
    for (size_t i = 0; i + 3 <= sizeof text; i += 3)
        memcpy(text + i, "票", 3);
    EXPECT_OK(draft_add_finding(cx, &draft, "x", SEVERITY_INFO, SLICE(""), "a%.*s",
                                (int)sizeof text, text));
    EXPECT(utf8_is_clean(draft.findings[0].text));
    EXPECT(draft.findings[0].text.size > 590);
}

TEST("draft: a number without a digit or a letter is none, and nothing to complain of")
{
    static const Slice none[] = {SLICE("-"), SLICE("/"), SLICE("——"), SLICE("无"), SLICE("***")};
    for (size_t i = 0; i < sizeof none / sizeof none[0]; i++) {
        Draft draft = {};
        EXPECT_OK(draft_set(cx, &draft, DRAFT_BUYER_TAX_ID, none[i], SOURCE_XML, 1000));
        EXPECT(slice_empty(draft.buyer.tax_id) && draft.finding_count == 0);
        EXPECT_OK(draft_set(cx, &draft, DRAFT_BUYER_TAX_ID, SLICE("9-A"), SOURCE_QR, 1000));
        EXPECT(slice_equal(draft.buyer.tax_id, SLICE("9-A")) && draft.finding_count == 0);
    }
}
