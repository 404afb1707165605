#include "model/reading_again.h"

#include "base/limits.h"
#include "base/test.h"
#include "model/reading_again_fixture.h"
#include "model/reading_json.h"

// Whether it is what parsing the bytes gives, or refused as they are. *ret_plain as it was printed.
static bool is_again(Cx *cx, const Draft *draft, bool *ret_plain)
{
    Slice canonical;
    Draft parsed = {}, again = {};
    EXPECT_OK(reading_json_print_canonical(cx, draft, &canonical, ret_plain));
    Err one = reading_json_parse(cx, canonical, &parsed);
    Err two = reading_again_of(cx, draft, canonical, *ret_plain, &again);
    return one == two && (one != ERR_OK || reading_again_same(&parsed, &again));
}

static uint64_t seed;
static size_t dice(size_t sides)
{
    seed = seed * 6364136223846793005 + 1442695040888963407;
    return (size_t)(seed >> 33) % sides;
}

// As readers leave them, and as none should: not canonical, masked, full-width, without UTF-8.
static Slice any_text(void)
{
    static const Slice texts[] = {SLICE(""),
                                  SLICE("24442000000052340515"),
                                  SLICE("12.30"),
                                  SLICE("-0.00"),
                                  SLICE("1,234.5"),
                                  SLICE("***"),
                                  SLICE("2024-03-05"),
                                  SLICE("2024年5月28日"),
                                  SLICE("甲 有限公司"),
                                  SLICE("  a  b "),
                                  SLICE("２０２４"),
                                  SLICE("a\xC2\xA0 b"),
                                  SLICE("32"),
                                  SLICE("6%"),
                                  SLICE("0.06"),
                                  SLICE("免税"),
                                  SLICE("tax"),
                                  SLICE("total_sum"),
                                  SLICE("乘客"),
                                  SLICE("\xEF\xBF\xBD"),
                                  SLICE("0"),
                                  SLICE("abcDEF"),
                                  SLICE("¥12"),
                                  SLICE("tax_masked")};
    static const Slice odd[] = {SLICE("a\"b"), SLICE("a\\b"), SLICE("a\nb"), SLICE("\xFF\xFE"),
                                SLICE("a\0b")};
    if (dice(400) == 0) return odd[dice(sizeof odd / sizeof odd[0])];
    return texts[dice(sizeof texts / sizeof texts[0])];
}

static Draft any_draft(Cx *cx)
{
    Draft draft = {.qr = any_text()};
    for (Field field = 0; field < DRAFT_FIELD_COUNT; field++) {
        if (dice(3) == 0) continue;
        *draft_field(&draft, field) = any_text();
        draft.origins[field] = (FieldOrigin){(Source)dice(SOURCE_COUNT), (uint16_t)dice(1001)};
    }
    draft.red.is_red = dice(2) == 0;
    draft.line_count = dice(4);
    draft.lines = arena_alloc(&cx->arena, 4 * sizeof *draft.lines);
    for (size_t i = 0; i < draft.line_count; i++) {
#define ANY(name, json) draft.lines[i].name = any_text();
        DRAFT_LINE_FIELDS(ANY)
#undef ANY
    }
    draft.extra_count = dice(4);
    draft.extras = arena_alloc(&cx->arena, 4 * sizeof *draft.extras);
    for (size_t i = 0; i < draft.extra_count; i++) {
        const ExtraRow *row = NULL;
        (void)extra_label(dice(5), &row);
        Slice name = dice(2) == 0 || row == NULL ? any_text() : slice_of(row->name);
        draft.extras[i] = (Extra){name, any_text(), (Source)dice(SOURCE_COUNT)};
    }
    draft.finding_count = dice(4);
    draft.findings = arena_alloc(&cx->arena, 4 * sizeof *draft.findings);
    for (size_t i = 0; i < draft.finding_count; i++)
        draft.findings[i] = (Finding){any_text(), (Severity)dice(3), any_text(), any_text()};
    draft.seal = (Seal){.state = (SealState)dice(4),
                        .electronic_signature = dice(2) == 0,
                        .issuer_trusted = dice(2) == 0,
                        .signer = any_text(),
                        .reason_count = dice(3)};
    draft.seal.reasons = arena_alloc(&cx->arena, 3 * sizeof *draft.seal.reasons);
    for (size_t i = 0; i < draft.seal.reason_count; i++)
        draft.seal.reasons[i] = any_text();
    return draft;
}

TEST("reading_again: random drafts are what their canonical bytes parse to, canonical or not")
{
    size_t plain_count = 0;
    seed = 1;
    for (size_t i = 0; i < 3000; i++) {
        Cx own;
        cx_init(&own, cx->world, LIMIT_REQUEST_ARENA);
        bool plain = false;
        const Draft draft = any_draft(&own);
        EXPECT(is_again(&own, &draft, &plain));
        plain_count += plain;
        cx_done(&own);
    }
    EXPECT(plain_count > 1500 && plain_count < 3000);
}

TEST("reading_again: what parsing refuses is refused")
{
    bool plain = false;
    char *bytes = arena_alloc(&cx->arena, LIMIT_FIELD_BYTES + 1);
    memset(bytes, 'a', LIMIT_FIELD_BYTES + 1);
    for (size_t over = 0; over < 2; over++) {
        const Slice longest = {bytes, LIMIT_FIELD_BYTES + over};
        Line line = {.spec = longest};
        Finding finding = {.rule = SLICE("r"), .text = longest};
        const Draft drafts[] = {
            {.remark = longest, .origins[DRAFT_REMARK] = {SOURCE_XML, 1000}},
            {.qr = longest},
            {.lines = &line, .line_count = 1},
            {.findings = &finding, .finding_count = 1},
            {.seal = {.signer = longest}},
        };
        for (size_t i = 0; i < sizeof drafts / sizeof drafts[0]; i++) {
            Draft again;
            Slice canonical;
            EXPECT(is_again(cx, &drafts[i], &plain) && plain);
            EXPECT_OK(reading_json_canonical(cx, &drafts[i], &canonical));
            Err err = reading_again_of(cx, &drafts[i], canonical, true, &again);
            EXPECT((err == ERR_OK) == (over == 0));
        }
    }
}

TEST("reading_again: an origin is as sure as it is printed")
{
    bool plain = false;
    for (uint16_t confidence = 0; confidence < 1100; confidence++) {
        const Draft draft = {.number = SLICE("1"),
                             .origins[DRAFT_NUMBER] = {SOURCE_XML, confidence},
                             .origins[DRAFT_CODE] = {SOURCE_NONE, confidence}};
        EXPECT(is_again(cx, &draft, &plain) && plain);
    }
}

TEST("reading_again: the texts are its own")
{
    char name[] = "name";
    const Draft draft = {.seller = {.name = {name, 4}},
                         .origins[DRAFT_SELLER_NAME] = {SOURCE_XML, 1000}};
    Slice canonical;
    Draft again;
    bool plain = false;
    EXPECT_OK(reading_json_print_canonical(cx, &draft, &canonical, &plain));
    EXPECT(plain);
    EXPECT_OK(reading_again_of(cx, &draft, canonical, plain, &again));
    memset(name, 'x', 4);
    EXPECT(slice_equal(again.seller.name, SLICE("name")));
}
