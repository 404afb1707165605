#include "read/read_qr.h"

#include "base/test.h"

#define OLD     "01,10,044001629111,40406705,240.6,20210204,09702709422776238605,6633,"
#define DIGITAL "01,32,,24112000000052340515,42.35,20240602,,B146"

static size_t disagreements(const Draft *draft)
{
    size_t count = 0;
    for (size_t i = 0; i < draft->finding_count; i++)
        count += slice_equal(draft->findings[i].rule, SLICE("sources_disagree"));
    return count;
}

TEST("read_qr: an empty draft takes what the code says")
{
    Draft old = {}, digital = {}, none = {};
    EXPECT_OK(read_qr_apply(cx, &old, SLICE(OLD)));
    EXPECT(slice_equal(old.kind, SLICE("10")) && slice_equal(old.code, SLICE("044001629111")));
    EXPECT(slice_equal(old.number, SLICE("40406705")));
    EXPECT(slice_equal(old.issue_date, SLICE("2021-02-04")));
    EXPECT(slice_equal(old.amount, SLICE("240.60")) && old.total.size == 0);
    EXPECT(slice_equal(old.check_code, SLICE("09702709422776238605")));
    EXPECT(old.origins[DRAFT_NUMBER].source == SOURCE_QR);
    EXPECT_OK(read_qr_apply(cx, &digital, SLICE(DIGITAL)));
    EXPECT(slice_equal(digital.kind, SLICE("32")) && slice_equal(digital.total, SLICE("42.35")));
    EXPECT(digital.amount.size == 0);
    EXPECT_OK(read_qr_apply(cx, &none, SLICE("https://example.org/")));
    EXPECT(none.number.size == 0 && slice_equal(none.qr, SLICE("https://example.org/")));
}

TEST("read_qr: agrees with the text, whichever sum its amount is")
{
    static const char *const amounts[] = {"240.60", "243.00"};
    for (size_t i = 0; i < 2; i++) {
        Draft draft = {};
        EXPECT_OK(draft_set(cx, &draft, DRAFT_AMOUNT, SLICE("240.60"), SOURCE_TEXT, 1000));
        EXPECT_OK(draft_set(cx, &draft, DRAFT_TOTAL, SLICE("243.00"), SOURCE_TEXT, 1000));
        EXPECT_OK(read_qr_apply(
            cx, &draft, cx_printf(cx, "01,10,044001629111,40406705,%s,20210204,,", amounts[i])));
        EXPECT(disagreements(&draft) == 0);
        EXPECT(slice_equal(draft.amount, SLICE("240.60")));
    }
}

TEST("read_qr: a difference is a finding, and the text stays")
{
    Draft draft = {};
    EXPECT_OK(draft_set(cx, &draft, DRAFT_NUMBER, SLICE("40406705"), SOURCE_TEXT, 1000));
    EXPECT_OK(draft_set(cx, &draft, DRAFT_AMOUNT, SLICE("999.00"), SOURCE_TEXT, 1000));
    EXPECT_OK(draft_set(cx, &draft, DRAFT_ISSUE_DATE, SLICE("2021-02-05"), SOURCE_TEXT, 1000));
    EXPECT_OK(read_qr_apply(cx, &draft, SLICE(OLD)));
    EXPECT(disagreements(&draft) == 2);
    EXPECT(slice_equal(draft.amount, SLICE("999.00")));
}

TEST("read_qr: chooses the code that fits the number, else the first of an invoice")
{
    Slice texts[] = {SLICE("https://example.org/"), SLICE(OLD), SLICE(DIGITAL)};
    ImageQr qr = {texts, 3}, shop = {texts, 1};
    Draft draft = {.number = SLICE("24112000000052340515")};
    EXPECT(slice_equal(read_qr_choose(cx, &qr, NULL), SLICE(OLD)));
    EXPECT(slice_equal(read_qr_choose(cx, &qr, &draft), SLICE(DIGITAL)));
    EXPECT(read_qr_choose(cx, &shop, NULL).size == 0);
    EXPECT(read_qr_is_invoice(cx, SLICE(OLD)) && !read_qr_is_invoice(cx, texts[0]));
}

TEST("read_qr: twenty digits on a face with code and number are its second number, of the same day")
{
    static const struct {
        Slice date;
        bool second;
    } cases[] = {{SLICE("2024-06-02"), true}, {SLICE("2024-06-03"), false}};
    for (size_t i = 0; i < 2; i++) {
        Draft draft = {};
        EXPECT_OK(draft_set(cx, &draft, DRAFT_CODE, SLICE("044001900104"), SOURCE_TEXT, 1000));
        EXPECT_OK(draft_set(cx, &draft, DRAFT_NUMBER, SLICE("40406705"), SOURCE_TEXT, 1000));
        EXPECT_OK(draft_set(cx, &draft, DRAFT_ISSUE_DATE, cases[i].date, SOURCE_TEXT, 1000));
        EXPECT_OK(read_qr_apply(cx, &draft, SLICE(DIGITAL)));
        EXPECT(slice_equal(draft.number, SLICE("40406705")));
        EXPECT(slice_equal(draft.digital_number, SLICE("24112000000052340515")) == cases[i].second);
        EXPECT((disagreements(&draft) == 0) == cases[i].second);
        EXPECT(read_qr_is_of(cx, SLICE(DIGITAL), &draft) == cases[i].second);
    }
}

TEST("read_qr: a GraphCode with commas is the payload, any other or a long one a picture")
{
    char picture[600] = {};
    memset(picture, ',', sizeof picture);
    EXPECT(read_qr_is_text(SLICE(OLD)) && read_qr_is_text(SLICE(DIGITAL)));
    EXPECT(!read_qr_is_text(SLICE("iVBORw0KGgo=")) && !read_qr_is_text(SLICE("")));
    EXPECT(!read_qr_is_text((Slice){picture, sizeof picture}));
}

TEST("read_qr: what has the pilot's form and another kind is of that kind, its amount the total")
{
    static const struct {
        Slice payload, kind, amount, total;
    } cases[] = {
        {SLICE("01,10,22119230671000000011,45.28,20220317,6026"), SLICE("51"), SLICE("45.28"),
         SLICE("")},
        {SLICE("01,32,24112000000052340515,42.35,20240602,B146"), SLICE("32"), SLICE(""),
         SLICE("42.35")},
        {SLICE("01,99,,24112000000052340515,42.35,20240602,,B146"), SLICE(""), SLICE(""),
         SLICE("42.35")},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        Draft draft = {};
        EXPECT_OK(read_qr_apply(cx, &draft, cases[i].payload));
        EXPECT(slice_equal(draft.kind, cases[i].kind));
        EXPECT(slice_equal(draft.amount, cases[i].amount));
        EXPECT(slice_equal(draft.total, cases[i].total));
    }
}

TEST("read_qr: a number of twenty digits has no check code, whatever stands in its place")
{
    Draft digital = {}, old = {};
    EXPECT_OK(read_qr_apply(
        cx, &digital, SLICE("01,32,,24112000000052340515,42.35,20240602,24112000000052340515,")));
    EXPECT(slice_empty(digital.check_code) && slice_equal(digital.total, SLICE("42.35")));
    EXPECT_OK(read_qr_apply(cx, &old, SLICE(OLD)));
    EXPECT(old.check_code.size == 20);
}
