#include "publish/merge.h"

#include "base/limits.h"
#include "base/test.h"
#include "model/reading_json.h"

static Draft draft_of(const char *total, const char *remark)
{
    return (Draft){.total = slice_of(total), .remark = slice_of(remark)};
}

TEST("merge: the stronger basis gives the value, the first among equals, and differences are told")
{
    static const struct {
        Basis first, second;
        const char *remark, *kept;
        size_t findings;
    } cases[] = {
        {BASIS_QR, BASIS_SEAL_VALID, "b", "b", 1}, {BASIS_SEAL_VALID, BASIS_QR, "b", "a", 1},
        {BASIS_QR, BASIS_QR, "b", "a", 1},         {BASIS_QR, BASIS_SEAL_VALID, "", "a", 0},
        {BASIS_QR, BASIS_SEAL_VALID, "a", "a", 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        Merge merge;
        Draft first = draft_of("1.00", "a"), second = draft_of("", cases[i].remark);
        bool lines = true;
        merge_start(&merge, &first, cases[i].first);
        EXPECT_OK(merge_add(cx, &merge, &second, cases[i].second, &lines));
        EXPECT(slice_equal(merge.draft.remark, slice_of(cases[i].kept)) && !lines);
        EXPECT(slice_equal(merge.draft.total, SLICE("1.00")));
        EXPECT(merge.draft.finding_count == cases[i].findings);
        EXPECT(merge.basis ==
               (cases[i].first < cases[i].second ? cases[i].first : cases[i].second));
    }
}

// What is merged is kept as JSON and read for every later carrier.
TEST("merge: values of any length that differ make a draft that can be read again")
{
    char *one = arena_alloc(&cx->arena, LIMIT_FIELD_BYTES + 1);
    char *two = arena_alloc(&cx->arena, LIMIT_FIELD_BYTES + 1);
    static const size_t sizes[] = {1, 600, 2'000, 2'048, 3'000, LIMIT_FIELD_BYTES};
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        size_t size = sizes[i];
        memset(one, 'a', size);
        memset(two, 'b', size);
        one[size] = two[size] = '\0';
        Merge merge;
        Draft first = draft_of("1.00", one), second = draft_of("1.00", two), again;
        bool lines = false;
        Slice json;
        merge_start(&merge, &first, BASIS_QR);
        EXPECT_OK(merge_add(cx, &merge, &second, BASIS_QR, &lines));
        EXPECT(merge.draft.finding_count == 1);
        EXPECT_OK(reading_json_canonical(cx, &merge.draft, &json));
        EXPECT_OK(reading_json_parse(cx, json, &again));
        EXPECT(again.remark.size == size && again.finding_count == 1);
    }
}

TEST("merge: findings add up without repeating, lines come whole, a weak reading turns nothing red")
{
    Line two[2] = {{.name = SLICE("x")}, {.name = SLICE("y")}}, one[1] = {{.name = SLICE("z")}};
    Finding same = {.rule = SLICE("r"), .severity = SEVERITY_WARN, .text = SLICE("t")};
    Draft first = {.lines = one, .line_count = 1, .findings = &same, .finding_count = 1};
    Draft second = {.lines = two,
                    .line_count = 2,
                    .findings = &same,
                    .finding_count = 1,
                    .red = {.is_red = true}};
    Merge merge;
    bool lines = false;
    merge_start(&merge, &first, BASIS_UNSIGNED_FILE);
    EXPECT_OK(merge_add(cx, &merge, &second, BASIS_OCR, &lines));
    EXPECT(!lines && merge.draft.line_count == 1 && !merge.draft.red.is_red);
    EXPECT(merge.draft.finding_count == 1);
    EXPECT_OK(merge_add(cx, &merge, &second, BASIS_OFFICIAL, &lines));
    EXPECT(lines && merge.draft.line_count == 2 && merge.draft.red.is_red);
    char text[MERGE_BASIS_SIZE];
    merge_print_basis(&merge, text);
    // Not a byte longer than before there was a field after the first ones.
    size_t size = strlen(text);
    EXPECT(size == 7 + 1 + MERGE_FIELDS_FIRST + 1 + 1 && strncmp(text, "-------:", 8) == 0);
    EXPECT(text[size - 1] == '1');
    Merge back = {};
    EXPECT_OK(merge_parse_basis(cx, slice_of(text), &back));
    EXPECT(memcmp(back.fields, merge.fields, sizeof back.fields) == 0 && back.lines == '1');
    EXPECT(merge_parse_basis(cx, SLICE("---"), &back) == ERR_CORRUPT);
}

TEST("merge: a name's special values come from one reading, the stronger one's")
{
    static const struct {
        Basis first, second;
        const char *plate;
    } cases[] = {{BASIS_QR, BASIS_SEAL_VALID, "B"},
                 {BASIS_SEAL_VALID, BASIS_QR, "A"},
                 {BASIS_QR, BASIS_QR, "A"}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        Merge merge;
        Draft first = {}, second = {};
        bool lines = false;
        EXPECT_OK(draft_add_extra(cx, &first, "plate_number", SLICE("A"), SOURCE_XML));
        EXPECT_OK(draft_add_extra(cx, &second, "plate_number", SLICE("B"), SOURCE_XML));
        EXPECT_OK(draft_add_extra(cx, &second, "vehicle_type", SLICE("C"), SOURCE_XML));
        merge_start(&merge, &first, cases[i].first);
        EXPECT_OK(merge_add(cx, &merge, &second, cases[i].second, &lines));
        EXPECT(merge.draft.extra_count == 2);
        size_t plate = slice_equal(merge.draft.extras[0].name, SLICE("plate_number")) ? 0 : 1;
        EXPECT(slice_equal(merge.draft.extras[plate].value, slice_of(cases[i].plate)));
        EXPECT(first.extra_count == 1 && second.extra_count == 2);
    }
}

static Draft named(const char *kind, const char *code, const char *number, const char *digital)
{
    return (Draft){.kind = slice_of(kind),
                   .code = slice_of(code),
                   .number = slice_of(number),
                   .digital_number = slice_of(digital)};
}

TEST("merge: the two identities of an invoice on paper meet, whichever came first")
{
#define TWENTY "24112000000000000018"
    static const struct {
        const char *first[4], *second[4]; // kind, code, number, digital_number
        Basis bases[2];
        const char *want[4];
        size_t findings;
    } cases[] = {
        {{"86", "044001900104", "12345678", ""},
         {"32", "", TWENTY, ""},
         {BASIS_QR, BASIS_OFFICIAL},
         {"86", "044001900104", "12345678", TWENTY},
         0},
        {{"32", "", TWENTY, ""},
         {"86", "044001900104", "12345678", TWENTY},
         {BASIS_UNSIGNED_FILE, BASIS_UNSIGNED_FILE},
         {"86", "044001900104", "12345678", TWENTY},
         0},
        // What is weaker than what named it gives it no other name.
        {{"32", "", TWENTY, ""},
         {"86", "044001900104", "12345678", TWENTY},
         {BASIS_OFFICIAL, BASIS_QR},
         {"32", "", TWENTY, ""},
         1},
        // As they were kept before there was a second number.
        {{"86", "044001900104", TWENTY, ""},
         {"32", "", TWENTY, ""},
         {BASIS_QR, BASIS_QR},
         {"86", "044001900104", TWENTY, ""},
         1},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const char *const *a = cases[i].first, *const *b = cases[i].second;
        const char *const *want = cases[i].want;
        Draft first = named(a[0], a[1], a[2], a[3]), second = named(b[0], b[1], b[2], b[3]);
        Merge merge, back = {};
        bool lines = false;
        merge_start(&merge, &first, cases[i].bases[0]);
        EXPECT_OK(merge_add(cx, &merge, &second, cases[i].bases[1], &lines));
        EXPECT(slice_equal(merge.draft.kind, slice_of(want[0])));
        EXPECT(slice_equal(merge.draft.code, slice_of(want[1])));
        EXPECT(slice_equal(merge.draft.number, slice_of(want[2])));
        EXPECT(slice_equal(merge.draft.digital_number, slice_of(want[3])));
        EXPECT(merge.draft.finding_count == cases[i].findings);
        EXPECT(slice_equal(second.number, slice_of(b[2]))); // a reading stays as it was read
        char text[MERGE_BASIS_SIZE];
        merge_print_basis(&merge, text);
        EXPECT((strlen(text) == MERGE_BASIS_SIZE - 1) == (want[3][0] != '\0'));
        EXPECT_OK(merge_parse_basis(cx, slice_of(text), &back));
        EXPECT(memcmp(back.fields, merge.fields, sizeof back.fields) == 0);
    }
}

TEST("merge: lines come from whoever has some, among equals from the first")
{
    Line one[1] = {{.name = SLICE("x")}}, two[1] = {{.name = SLICE("y")}};
    Draft none = {}, first = {.lines = one, .line_count = 1},
          second = {.lines = two, .line_count = 1};
    Merge merge;
    bool lines = false;
    merge_start(&merge, &none, BASIS_SEAL_VALID);
    EXPECT_OK(merge_add(cx, &merge, &first, BASIS_QR, &lines));
    EXPECT(lines && merge.draft.line_count == 1);
    EXPECT_OK(merge_add(cx, &merge, &second, BASIS_QR, &lines));
    EXPECT(!lines && slice_equal(merge.draft.lines[0].name, SLICE("x")));
    EXPECT_OK(merge_add(cx, &merge, &none, BASIS_OFFICIAL, &lines));
    EXPECT(!lines && merge.draft.line_count == 1);
}

TEST("merge: source, seal and QR code go with the reading whose values count")
{
    static const struct {
        Basis second;
        Source remark;
        SealState seal;
        const char *qr;
        bool red;
    } cases[] = {
        {BASIS_SEAL_VALID, SOURCE_XML, SEAL_VALID, "a", true},
        {BASIS_UNSIGNED_FILE, SOURCE_TEXT, SEAL_ABSENT, "a", true},
        {BASIS_QR, SOURCE_TEXT, SEAL_ABSENT, "a", false},
    };
    for (size_t i = 0; i < 2 * sizeof cases / sizeof cases[0]; i++) {
        Draft first = draft_of("1.00", "a b"), second = draft_of("1.00", "a b");
        first.origins[DRAFT_REMARK].source = SOURCE_TEXT;
        first.qr = i % 2 == 0 ? SLICE("a") : SLICE("");
        second.origins[DRAFT_REMARK].source = SOURCE_XML;
        second.seal.state = SEAL_VALID;
        second.qr = i % 2 == 0 ? SLICE("b") : SLICE("a");
        second.red.is_red = true;
        Merge merge;
        bool lines = false;
        merge_start(&merge, &first, BASIS_UNSIGNED_FILE);
        EXPECT_OK(merge_add(cx, &merge, &second, cases[i / 2].second, &lines));
        EXPECT(merge.draft.origins[DRAFT_REMARK].source == cases[i / 2].remark);
        EXPECT(merge.draft.seal.state == cases[i / 2].seal);
        EXPECT(slice_equal(merge.draft.qr, slice_of(cases[i / 2].qr)));
        EXPECT(merge.draft.red.is_red == cases[i / 2].red);
        EXPECT(merge.draft.finding_count == 0);
    }
}

TEST("merge: what differs in width or white space alone is no difference")
{
    static const struct {
        const char *other;
        size_t findings;
    } cases[] = {{"甲(乙)公司 A", 0}, {"甲（乙）公司　Ａ", 0}, {"甲(丙)公司 A", 1}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        Draft first = draft_of("1.00", "甲（乙）公司 A"), second = draft_of("1.00", cases[i].other);
        Merge merge;
        bool lines = false;
        merge_start(&merge, &first, BASIS_QR);
        EXPECT_OK(merge_add(cx, &merge, &second, BASIS_QR, &lines));
        EXPECT(merge.draft.finding_count == cases[i].findings);
    }
}

TEST("merge: a column that is too short or too long is damage")
{
    char text[MERGE_BASIS_SIZE + 1] = {};
    Merge merge = {};
    for (size_t size = 0; size < sizeof text; size++) {
        memset(text, '1', size);
        bool fits = size >= 7 + 1 + MERGE_FIELDS_FIRST + 1 + 1 && size < MERGE_BASIS_SIZE;
        EXPECT(merge_parse_basis(cx, (Slice){text, size}, &merge) == (fits ? ERR_OK : ERR_CORRUPT));
    }
}
