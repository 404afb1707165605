#include "read/read_put.h"

#include "base/decimal.h"
#include "base/limits.h"
#include "base/text.h"
#include "model/draft_canon.h"
#include "model/kind.h"
#include "read/read_when.h"

#define DIGITS_MAX 1'000'000'000'000'000'000 // of a Decimal

Slice read_put_cut(Slice text)
{
    if (text.size <= LIMIT_FIELD_BYTES) return text;
    text.size = LIMIT_FIELD_BYTES;
    while (text.size > 0 && ((unsigned char)text.data[text.size] & 0xC0) == 0x80)
        text.size--;
    return text;
}

// "+3", "-2", "12": what stands behind an E.
static bool exponent_of(Slice text, int *ret_exponent)
{
    bool negative = slice_starts(text, SLICE("-"));
    uint64_t size = 0;
    if (negative || slice_starts(text, SLICE("+"))) text = slice_sub(text, 1, SIZE_MAX);
    if (!slice_u64(text, &size) || size > DECIMAL_SCALE_MAX) return false;
    *ret_exponent = negative ? -(int)size : (int)size;
    return true;
}

static bool shift(Decimal *decimal, int exponent)
{
    int scale = decimal->scale - exponent;
    for (; scale < 0; scale++)
        if (__builtin_mul_overflow(decimal->digits, 10, &decimal->digits)) return false;
    if (scale > DECIMAL_SCALE_MAX || decimal->digits >= DIGITS_MAX ||
        decimal->digits <= -DIGITS_MAX)
        return false;
    decimal->scale = (uint8_t)scale;
    return true;
}

// Without a currency or '+' in front of a number; "" for what stands where there is none.
static Slice bare(Slice text)
{
    static const Slice none[] = {SLICE("-"), SLICE("--"), SLICE("—"), SLICE("——"), SLICE("/")};
    static const Slice before[] = {SLICE("CNY"), SLICE("RMB"), SLICE("人民币"), SLICE("+")};
    for (size_t i = 0; i < sizeof none / sizeof none[0]; i++)
        if (slice_equal(text, none[i])) return SLICE("");
    for (size_t i = 0; i < sizeof before / sizeof before[0]; i++) {
        if (!slice_starts(text, before[i])) continue;
        Slice rest = slice_trim(slice_sub(text, before[i].size, SIZE_MAX));
        bool digit = rest.size > 0 && rest.data[0] >= '0' && rest.data[0] <= '9';
        return digit ? rest : text;
    }
    return text;
}

Err read_put_number(Cx *cx, Slice raw, Slice *ret_number)
{
    Slice text = bare(read_put_cut(slice_trim(raw)));
    *ret_number = text;
    size_t at = slice_find(text, SLICE("E"));
    if (at == SLICE_NONE) at = slice_find(text, SLICE("e"));
    Slice head = slice_sub(text, 0, at == SLICE_NONE ? text.size : at);
    if (head.size > 1 && slice_starts(head, SLICE(".")))
        head = cx_printf(cx, "0" SLICE_FMT, SLICE_ARG(head));
    if (slice_ends(head, SLICE("."))) head.size--;
    Decimal decimal = {};
    int exponent = 0;
    if (slice_equal(head, text) || decimal_parse(cx, head, &decimal) != ERR_OK) return ERR_OK;
    if (at == SLICE_NONE) {
        *ret_number = head;
        return ERR_OK;
    }
    char buffer[DECIMAL_TEXT_MAX + 1];
    if (!exponent_of(slice_sub(text, at + 1, SIZE_MAX), &exponent) || !shift(&decimal, exponent))
        return ERR_OK;
    return cx_copy(cx, decimal_print(decimal, buffer), ret_number);
}

Err read_put(Cx *cx, Draft *draft, Field field, Slice raw, Source source)
{
    Slice kept = read_put_cut(raw);
    if (kept.size < raw.size)
        TRY(draft_add_finding(cx, draft, "value_cut", SEVERITY_WARN,
                              slice_of(draft_field_name(field)), "内容过长，只保留前 %zu 个字节。",
                              kept.size));
    if (draft_field_type(field) == FIELD_MONEY) TRY(read_put_number(cx, kept, &kept));
    if (draft_field_type(field) == FIELD_DATE) kept = read_when(cx, kept);
    return draft_set(cx, draft, field, kept, source, 1000);
}

Err read_put_line(Cx *cx, Draft *draft, const Line *raw)
{
    Line *line = NULL;
    TRY(draft_add_line(cx, draft, &line));
    *line = (Line){.name = read_put_cut(raw->name),
                   .spec = read_put_cut(raw->spec),
                   .unit = read_put_cut(raw->unit),
                   .tax_code = read_put_cut(raw->tax_code)};
    TRY(read_put_number(cx, raw->quantity, &line->quantity));
    TRY(read_put_number(cx, raw->price, &line->price));
    TRY(read_put_number(cx, raw->amount, &line->amount));
    TRY(read_put_number(cx, raw->tax_rate, &line->tax_rate));
    TRY(read_put_number(cx, raw->tax, &line->tax));
    return draft_tidy_line(cx, draft, draft->line_count - 1);
}

Err read_put_pair(Cx *cx, Slice a, Slice b, Slice *ret_pair)
{
    a = slice_trim(a);
    b = slice_trim(b);
    if (slice_empty(a) || slice_empty(b)) {
        *ret_pair = slice_empty(a) ? b : a;
        return ERR_OK;
    }
    Text text = text_open(cx, a.size + b.size + 1);
    text_add(&text, a);
    text_byte(&text, ' ');
    text_add(&text, b);
    return text_done(cx, &text, ret_pair);
}

Err read_put_kind(Cx *cx, Draft *draft, Slice code, Source source)
{
    if (!slice_empty(code)) return read_put(cx, draft, DRAFT_KIND, code, source);
    if (!slice_empty(draft->kind)) return ERR_OK;
    return read_put(cx, draft, DRAFT_KIND, kind_of(draft->code, draft->number), SOURCE_DERIVED);
}

void read_put_settle(Draft *draft)
{
    Slice digital = draft->digital_number;
    FieldOrigin *origin = &draft->origins[DRAFT_DIGITAL_NUMBER];
    if (slice_empty(digital)) return;
    bool whole = digital.size == KIND_DIGITAL_NUMBER_SIZE && slice_digits(digital);
    if (whole && slice_empty(draft->number)) {
        draft->number = digital;
        draft->origins[DRAFT_NUMBER] = *origin;
    }
    bool paper = whole && !slice_empty(draft->code) && !slice_equal(draft->number, digital);
    if (paper) {
        draft->kind = kind_on_paper(draft->kind);
        return;
    }
    draft->digital_number = SLICE("");
    *origin = (FieldOrigin){};
}

void read_put_drop_foreign(Draft *draft)
{
    const struct {
        Field field;
        Slice *value;
    } none[] = {{DRAFT_CODE, &draft->code},
                {DRAFT_CHECK_CODE, &draft->check_code},
                {DRAFT_MACHINE_NUMBER, &draft->machine_number}};
    if (draft->number.size != KIND_DIGITAL_NUMBER_SIZE || !slice_digits(draft->number)) return;
    for (size_t i = 0; i < sizeof none / sizeof none[0]; i++) {
        if (draft->origins[none[i].field].source != SOURCE_TEXT) continue;
        *none[i].value = SLICE("");
        draft->origins[none[i].field] = (FieldOrigin){};
    }
}

static bool same(Field field, Slice a, Slice b)
{
    if (draft_field_type(field) == FIELD_DIGITS) return slice_equal_nocase(a, b);
    return slice_equal(a, b) || (draft_field_type(field) == FIELD_TEXT && draft_same_text(a, b));
}

Err read_put_compare(Cx *cx, Draft *draft, const Draft *other, const char *of)
{
    for (unsigned i = 0; i < DRAFT_FIELD_COUNT; i++) {
        Field field = (Field)i;
        Slice a = draft_get(draft, field), b = draft_get(other, field);
        if (slice_empty(a) || slice_empty(b) || same(field, a, b)) continue;
        TRY(draft_add_finding(
            cx, draft, "sources_disagree", SEVERITY_WARN, slice_of(draft_field_name(field)),
            "采用的是“" SLICE_FMT "”，%s为“" SLICE_FMT "”。", SLICE_ARG(slice_sub(a, 0, 200)), of,
            SLICE_ARG(slice_sub(b, 0, 200))));
    }
    return ERR_OK;
}

Err read_put_guessed(Cx *cx, bool guessed, Draft *draft)
{
    if (!guessed) return ERR_OK;
    return draft_add_finding(cx, draft, "encoding_guessed", SEVERITY_WARN, SLICE(""),
                             "文件的实际编码与其声明不符，已按 GB18030 读取，请核对其中的汉字。");
}

Err read_put_mended(Cx *cx, bool mended, Draft *draft)
{
    if (!mended) return ERR_OK;
    return draft_add_finding(cx, draft, "markup_mended", SEVERITY_WARN, SLICE(""),
                             "文件不是合格的 XML：有 &、< 等字符未按规定转义，含有不允许的"
                             "控制字符，或在最后一个标签之后还有内容，已按原样读取，请核对。");
}

Err read_put_reason(Cx *cx, Reading *reading, Reason reason, Slice detail)
{
    Slice clean = {};
    reading->reason = reason;
    TRY(draft_canon_text(cx, slice_sub(detail, 0, 400), &clean));
    return cx_copy(cx, clean, &reading->detail);
}

bool read_put_has(const Reading *reading, const Draft *draft)
{
    for (size_t i = 0; i < reading->draft_count; i++)
        if (slice_equal(reading->drafts[i].number, draft->number) &&
            slice_equal(reading->drafts[i].code, draft->code))
            return true;
    return false;
}

Err read_put_draft(Cx *cx, Reading *reading, const Draft *found)
{
    Draft *draft = NULL;
    if (slice_empty(found->number)) return ERR_OK;
    for (size_t i = 0; i < reading->draft_count; i++)
        if (slice_equal(reading->drafts[i].number, found->number)) return ERR_OK;
    TRY(reading_add_draft(cx, reading, &draft));
    *draft = *found;
    return ERR_OK;
}
