#include "read/read_put.h"

#include "base/limits.h"
#include "base/test.h"
#include "base/utf8.h"

TEST("read put: a value that is too long is cut at a character's edge and said to be")
{
    size_t size = LIMIT_FIELD_BYTES + 100;
    char *bytes = arena_alloc(&cx->arena, size);
    for (size_t i = 0; i + 3 <= size; i += 3)
        memcpy(bytes + i, "票", 3);
    Draft draft = {};
    EXPECT_OK(read_put(cx, &draft, DRAFT_REMARK, (Slice){bytes, size - size % 3}, SOURCE_XML));
    EXPECT(draft.remark.size > LIMIT_FIELD_BYTES - 4 && draft.remark.size <= LIMIT_FIELD_BYTES);
    EXPECT(utf8_is_clean(draft.remark));
    EXPECT(draft.finding_count == 1 && slice_equal(draft.findings[0].rule, SLICE("value_cut")));
}

TEST("read put: each text of a line comes to its field, cut, its numbers as people write them")
{
    size_t size = LIMIT_FIELD_BYTES + 100;
    char *bytes = arena_alloc(&cx->arena, size);
    memset(bytes, '0', size);
    const Slice long_text = {bytes, size};
    const Line all = {.name = SLICE("*运输*运费"),
                      .spec = SLICE("A4"),
                      .unit = SLICE("次"),
                      .quantity = SLICE("1E+1"),
                      .price = SLICE("5E-1"),
                      .amount = SLICE("5."),
                      .tax_rate = SLICE("6E-2"),
                      .tax = SLICE("3E-1"),
                      .tax_code = SLICE("3010100000000000000")};
    const Line too_long = {
        .name = long_text, .spec = long_text, .unit = long_text, .tax_code = long_text};
    Draft draft = {};
    EXPECT_OK(read_put_line(cx, &draft, &all));
    EXPECT_OK(read_put_line(cx, &draft, &too_long));
    EXPECT(draft.line_count == 2 && draft.finding_count == 0);
    const Line *line = &draft.lines[0];
    EXPECT(slice_equal(line->name, all.name) && slice_equal(line->spec, all.spec));
    EXPECT(slice_equal(line->unit, all.unit) && slice_equal(line->tax_code, all.tax_code));
    EXPECT(slice_equal(line->quantity, SLICE("10")) && slice_equal(line->price, SLICE("0.5")));
    EXPECT(slice_equal(line->amount, SLICE("5.00")) && slice_equal(line->tax, SLICE("0.30")));
    EXPECT(slice_equal(line->tax_rate, SLICE("6%")));
    line = &draft.lines[1];
    EXPECT(line->name.size == LIMIT_FIELD_BYTES && line->spec.size == LIMIT_FIELD_BYTES);
    EXPECT(line->unit.size == LIMIT_FIELD_BYTES && line->tax_code.size == LIMIT_FIELD_BYTES);
}

TEST("read put: a pair is joined with a blank where both are there")
{
    static const struct {
        Slice a, b, pair;
    } cases[] = {{SLICE(" a "), SLICE("b"), SLICE("a b")},
                 {SLICE(""), SLICE("b"), SLICE("b")},
                 {SLICE("a"), SLICE(" "), SLICE("a")},
                 {SLICE(""), SLICE(""), SLICE("")}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        Slice pair = {};
        EXPECT_OK(read_put_pair(cx, cases[i].a, cases[i].b, &pair));
        EXPECT(slice_equal(pair, cases[i].pair));
    }
}

TEST("read put: a kind that is known stays, one that is not follows from the code")
{
    Draft draft = {};
    EXPECT_OK(read_put(cx, &draft, DRAFT_CODE, SLICE("044001900113"), SOURCE_ORIGINAL));
    EXPECT_OK(read_put(cx, &draft, DRAFT_NUMBER, SLICE("00000017"), SOURCE_ORIGINAL));
    EXPECT_OK(read_put_kind(cx, &draft, SLICE(""), SOURCE_ORIGINAL));
    EXPECT(slice_equal(draft.kind, SLICE("08")));
    EXPECT(draft.origins[DRAFT_KIND].source == SOURCE_DERIVED);
}

TEST("read put: comparing tells what differs and takes nothing over")
{
    Draft draft = {}, other = {};
    EXPECT_OK(read_put(cx, &draft, DRAFT_TOTAL, SLICE("1.00"), SOURCE_TAG));
    EXPECT_OK(read_put(cx, &draft, DRAFT_SELLER_NAME, SLICE("甲（乙）"), SOURCE_TAG));
    EXPECT_OK(read_put(cx, &other, DRAFT_TOTAL, SLICE("2.00"), SOURCE_ORIGINAL));
    EXPECT_OK(read_put(cx, &other, DRAFT_TAX, SLICE("0.10"), SOURCE_ORIGINAL));
    EXPECT_OK(read_put(cx, &other, DRAFT_SELLER_NAME, SLICE("甲(乙)"), SOURCE_ORIGINAL));
    EXPECT_OK(read_put_compare(cx, &draft, &other, "附件"));
    EXPECT(draft.finding_count == 1 && slice_equal(draft.findings[0].field, SLICE("total")));
    EXPECT(slice_equal(draft.total, SLICE("1.00")) && slice_empty(draft.tax));
}

TEST("read put: a reason's detail is clean whatever a file's names hold")
{
    Reading reading = {};
    EXPECT_OK(read_put_reason(cx, &reading, REASON_DAMAGED, SLICE("entry '\xff\x01'")));
    EXPECT(reading.reason == REASON_DAMAGED && utf8_is_clean(reading.detail));
}

TEST("read put: a second number stands beside code and number, and nowhere else")
{
#define TWENTY "24442000000000000018"
    static const struct {
        Slice kind, code, number, digital, want_kind, want_number, want_digital;
    } cases[] = {
        {SLICE("04"), SLICE("044001900104"), SLICE("00000017"), SLICE(TWENTY), SLICE("86"),
         SLICE("00000017"), SLICE(TWENTY)},
        {SLICE("01"), SLICE("4400190150"), SLICE("00000017"), SLICE(TWENTY), SLICE("85"),
         SLICE("00000017"), SLICE(TWENTY)},
        {SLICE("04"), SLICE("044001900104"), SLICE("00000017"), SLICE("2444200000000000001"),
         SLICE("04"), SLICE("00000017"), SLICE("")},
        {SLICE("32"), SLICE(""), SLICE(""), SLICE(TWENTY), SLICE("32"), SLICE(TWENTY), SLICE("")},
        {SLICE("32"), SLICE(""), SLICE("24442000000000000099"), SLICE(TWENTY), SLICE("32"),
         SLICE("24442000000000000099"), SLICE("")},
        {SLICE("86"), SLICE("044001900104"), SLICE(""), SLICE(TWENTY), SLICE("86"), SLICE(TWENTY),
         SLICE("")},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        Draft draft = {.kind = cases[i].kind, .code = cases[i].code, .number = cases[i].number};
        EXPECT_OK(read_put(cx, &draft, DRAFT_DIGITAL_NUMBER, cases[i].digital, SOURCE_TEXT));
        for (int twice = 0; twice < 2; twice++) {
            read_put_settle(&draft);
            EXPECT(slice_equal(draft.kind, cases[i].want_kind));
            EXPECT(slice_equal(draft.number, cases[i].want_number));
            EXPECT(slice_equal(draft.digital_number, cases[i].want_digital));
        }
        EXPECT((draft.origins[DRAFT_DIGITAL_NUMBER].source == SOURCE_NONE) ==
               slice_empty(draft.digital_number));
    }
}

TEST("read put: a number as programs write it, and whatever is none as it is")
{
    static const struct {
        Slice raw, number;
    } cases[] = {
        {SLICE("1E+3"), SLICE("1000")},
        {SLICE("1.2345e3"), SLICE("1234.5")},
        {SLICE("-1.5E-7"), SLICE("-0.00000015")},
        {SLICE("0E-10"), SLICE("0")},
        {SLICE(" 10. "), SLICE("10")},
        {SLICE(".13"), SLICE("0.13")},
        {SLICE("1234.50"), SLICE("1234.50")},
        {SLICE("2.00000000"), SLICE("2.00000000")},
        {SLICE("免税"), SLICE("免税")},
        {SLICE("***"), SLICE("***")},
        {SLICE("1E"), SLICE("1E")},
        {SLICE("E3"), SLICE("E3")},
        {SLICE("1E99"), SLICE("1E99")},
        {SLICE("999999999E15"), SLICE("999999999E15")},
        {SLICE("1.E"), SLICE("1.E")},
        {SLICE("+12.50"), SLICE("12.50")},
        {SLICE("CNY 212.00"), SLICE("212.00")},
        {SLICE("RMB1E+2"), SLICE("100")},
        {SLICE("人民币212"), SLICE("212")},
        {SLICE("+"), SLICE("+")},
        {SLICE("+-1"), SLICE("+-1")},
        {SLICE("CNY"), SLICE("CNY")},
        {SLICE("-"), SLICE("")},
        {SLICE(" —— "), SLICE("")},
        {SLICE("/"), SLICE("")},
        {SLICE("."), SLICE(".")},
        {SLICE(""), SLICE("")},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        Slice number = {};
        EXPECT_OK(read_put_number(cx, cases[i].raw, &number));
        EXPECT(slice_equal(number, cases[i].number));
    }
    Draft draft = {};
    EXPECT_OK(read_put(cx, &draft, DRAFT_TOTAL, SLICE("1E+3"), SOURCE_XML));
    EXPECT(slice_equal(draft.total, SLICE("1000.00")) && draft.finding_count == 0);
}

TEST("read put: a date as a program counts it is the day in China")
{
    Draft draft = {};
    EXPECT_OK(read_put(cx, &draft, DRAFT_ISSUE_DATE, SLICE("1716912000000"), SOURCE_XML));
    EXPECT(slice_equal(draft.issue_date, SLICE("2024-05-29")) && draft.finding_count == 0);
}

TEST("read put: what was mended is said, what was not is not")
{
    Draft draft = {};
    EXPECT_OK(read_put_mended(cx, false, &draft));
    EXPECT(draft.finding_count == 0);
    EXPECT_OK(read_put_mended(cx, true, &draft));
    EXPECT_OK(read_put_mended(cx, true, &draft));
    EXPECT(draft.finding_count == 1);
    EXPECT(slice_equal(draft.findings[0].rule, SLICE("markup_mended")));
    EXPECT(draft.findings[0].severity == SEVERITY_WARN);
}

TEST("read put: an invoice is kept once, and a form without a number is none")
{
    Reading reading = {};
    const Draft none = {.number = SLICE(""), .code = SLICE("")};
    const Draft one = {.number = SLICE("00000017"), .code = SLICE("044001900111")};
    const Draft other = {.number = SLICE("00000018"), .code = SLICE("044001900111")};
    EXPECT(!read_put_has(&reading, &one));
    EXPECT_OK(read_put_draft(cx, &reading, &none));
    EXPECT(reading.draft_count == 0);
    for (int twice = 0; twice < 2; twice++) {
        EXPECT_OK(read_put_draft(cx, &reading, &one));
        EXPECT_OK(read_put_draft(cx, &reading, &other));
    }
    EXPECT(reading.draft_count == 2 && slice_equal(reading.drafts[1].number, other.number));
    const Draft other_code = {.number = one.number, .code = SLICE("011001900111")};
    EXPECT(read_put_has(&reading, &one) && read_put_has(&reading, &other));
    EXPECT(!read_put_has(&reading, &other_code) && !read_put_has(&reading, &none));
}
