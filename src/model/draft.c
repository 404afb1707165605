#include "model/draft.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/limits.h"
#include "base/utf8.h"
#include "model/draft_canon.h"

#define FINDING_TEXT_MAX 600 // bytes; a longer text is cut

static const char *const source_names[SOURCE_COUNT] = {
    [SOURCE_NONE] = "none",
    [SOURCE_XML] = "xml",
    [SOURCE_ORIGINAL] = "original_invoice",
    [SOURCE_XBRL] = "xbrl",
    [SOURCE_CUSTOM_DATA] = "custom_data",
    [SOURCE_TAG] = "tag",
    [SOURCE_TEXT] = "text",
    [SOURCE_QR] = "qr",
    [SOURCE_OCR] = "ocr",
    [SOURCE_MANUAL] = "manual",
    [SOURCE_DERIVED] = "derived",
};

// As a finding says it.
static const char *const source_words[SOURCE_COUNT] = {
    [SOURCE_NONE] = "",
    [SOURCE_XML] = "数电票 XML",
    [SOURCE_ORIGINAL] = "original_invoice.xml",
    [SOURCE_XBRL] = "XBRL 附件",
    [SOURCE_CUSTOM_DATA] = "OFD 自定义数据",
    [SOURCE_TAG] = "OFD 标签",
    [SOURCE_TEXT] = "版面文字",
    [SOURCE_QR] = "二维码",
    [SOURCE_OCR] = "文字识别",
    [SOURCE_MANUAL] = "人工录入",
    [SOURCE_DERIVED] = "推算",
};

static const char *const seal_names[] = {
    [SEAL_ABSENT] = "absent",
    [SEAL_VALID] = "valid",
    [SEAL_BROKEN] = "broken",
    [SEAL_UNCHECKED] = "unchecked",
};

typedef struct FieldRow {
    const char *name;
    size_t offset; // of the Slice in Draft
    FieldType type;
} FieldRow;

#define DRAFT_FIELD_ROW(name, path, json, type) {json, offsetof(Draft, path), type},
static const FieldRow rows[DRAFT_FIELD_COUNT] = {DRAFT_FIELDS(DRAFT_FIELD_ROW)};

static bool name_of(const char *const *names, unsigned count, Slice name, unsigned *ret_index)
{
    for (unsigned i = 0; i < count; i++) {
        if (!slice_equal(name, slice_of(names[i]))) continue;
        *ret_index = i;
        return true;
    }
    return false;
}

const char *draft_source_name(Source source)
{
    unsigned index = (unsigned)source;
    return source_names[index < SOURCE_COUNT ? index : SOURCE_NONE];
}

bool draft_source_of(Slice name, Source *ret_source)
{
    unsigned index = 0;
    if (!name_of(source_names, SOURCE_COUNT, name, &index)) return false;
    *ret_source = (Source)index;
    return true;
}

const char *draft_seal_name(SealState state)
{
    unsigned index = (unsigned)state;
    return seal_names[index <= SEAL_UNCHECKED ? index : SEAL_UNCHECKED];
}

bool draft_seal_of(Slice name, SealState *ret_state)
{
    unsigned index = 0;
    if (!name_of(seal_names, SEAL_UNCHECKED + 1, name, &index)) return false;
    *ret_state = (SealState)index;
    return true;
}

Slice *draft_field(Draft *draft, Field field)
{
    return (Slice *)(void *)((char *)draft + rows[field].offset);
}

Slice draft_get(const Draft *draft, Field field)
{
    return *(const Slice *)(const void *)((const char *)draft + rows[field].offset);
}

const char *draft_field_name(Field field)
{
    return rows[field].name;
}

FieldType draft_field_type(Field field)
{
    return rows[field].type;
}

bool draft_field_of(Slice name, Field *ret_field)
{
    for (unsigned i = 0; i < DRAFT_FIELD_COUNT; i++) {
        if (!slice_equal(name, slice_of(rows[i].name))) continue;
        *ret_field = (Field)i;
        return true;
    }
    return false;
}

bool draft_same_text(Slice a, Slice b)
{
    for (;;) {
        uint32_t left = draft_canon_next(&a), right = draft_canon_next(&b);
        if (left != right) return false;
        if (left == 0) return true;
    }
}

// Doubles when full. NULL when the arena is; *room is updated.
static void *grow(Cx *cx, void *items, size_t count, size_t *room, size_t size)
{
    if (count < *room) return items;
    size_t more = *room == 0 ? 8 : *room * 2;
    void *bigger = arena_try_array(&cx->arena, more, size);
    if (bigger == NULL) return NULL;
    if (count > 0) memcpy(bigger, items, count * size);
    *room = more;
    return bigger;
}

static bool has_finding(const Draft *draft, const Finding *finding)
{
    for (size_t i = 0; i < draft->finding_count; i++) {
        const Finding *have = &draft->findings[i];
        if (slice_equal(have->rule, finding->rule) && slice_equal(have->field, finding->field) &&
            slice_equal(have->text, finding->text))
            return true;
    }
    return false;
}

Err draft_add_finding(Cx *cx, Draft *draft, const char *rule, Severity severity, Slice field,
                      const char *format, ...)
{
    // An invoice is never lost for having too much wrong with it: past the limit the last place
    // says that there is more.
    if (draft->finding_count >= LIMIT_FINDINGS) {
        draft->findings[LIMIT_FINDINGS - 1] = (Finding){
            SLICE("more_findings"), SEVERITY_WARN, SLICE(""), SLICE("发现的问题过多，其余从略。")};
        return ERR_OK;
    }
    char buffer[FINDING_TEXT_MAX + 1];
    va_list args;
    va_start(args, format);
    int size = vsnprintf(buffer, sizeof buffer, format, args);
    va_end(args);
    Slice text = {buffer, size < 0 ? 0 : size > FINDING_TEXT_MAX ? FINDING_TEXT_MAX : (size_t)size};
    // Cut at a character's edge.
    while (size > FINDING_TEXT_MAX && text.size > 0 &&
           ((unsigned char)text.data[text.size] & 0xC0) == 0x80)
        text.size--;
    Slice clean = {}, kept = {};
    TRY(draft_canon_text(cx, text, &clean));
    Finding finding = {slice_of(rule), severity, field, clean};
    if (has_finding(draft, &finding)) return ERR_OK;
    TRY(cx_copy(cx, clean, &kept));
    finding.text = kept;
    Finding *findings =
        grow(cx, draft->findings, draft->finding_count, &draft->finding_room, sizeof *findings);
    if (findings == NULL) return err_set(cx, ERR_LIMIT, "no room for a finding");
    draft->findings = findings;
    findings[draft->finding_count++] = finding;
    return ERR_OK;
}

Err draft_add_line(Cx *cx, Draft *draft, Line **ret_line)
{
    if (draft->line_count >= LIMIT_LINES)
        return err_set(cx, ERR_LIMIT, "over %zu lines", LIMIT_LINES);
    Line *lines = grow(cx, draft->lines, draft->line_count, &draft->line_room, sizeof *lines);
    if (lines == NULL) return err_set(cx, ERR_LIMIT, "no room for a line");
    draft->lines = lines;
    lines[draft->line_count] = (Line){};
    *ret_line = &lines[draft->line_count++];
    return ERR_OK;
}

Err draft_add_extra(Cx *cx, Draft *draft, const char *name, Slice raw, Source source)
{
    Extra extra = {.name = slice_of(name), .source = source};
    TRY(draft_canon_text(cx, slice_sub(raw, 0, LIMIT_FIELD_BYTES / 3), &extra.value));
    if (slice_empty(extra.value) || draft->extra_count >= LIMIT_EXTRAS) return ERR_OK;
    for (size_t i = 0; i < draft->extra_count; i++) {
        const Extra *have = &draft->extras[i];
        if (!slice_equal(have->name, extra.name)) continue;
        if (have->source != source || draft_same_text(have->value, extra.value)) return ERR_OK;
    }
    Extra *extras = grow(cx, draft->extras, draft->extra_count, &draft->extra_room, sizeof *extras);
    if (extras == NULL) return err_set(cx, ERR_LIMIT, "no room for a value of a special business");
    draft->extras = extras;
    extras[draft->extra_count++] = extra;
    return ERR_OK;
}

static Err canonical(Cx *cx, FieldType type, Slice raw, Slice *ret_value, bool *ret_ok)
{
    *ret_ok = true;
    switch (type) {
    case FIELD_TEXT:
        return draft_canon_text(cx, raw, ret_value);
    case FIELD_KIND:
    case FIELD_DIGITS:
        return draft_canon_digits(cx, raw, ret_value);
    case FIELD_MONEY:
        return draft_canon_money(cx, raw, ret_value, ret_ok);
    case FIELD_DATE:
        return draft_canon_date(cx, raw, ret_value, ret_ok);
    }
    return ERR_OK;
}

Slice draft_head(Slice s)
{
    size_t at = 0;
    while (at < s.size) {
        size_t size = utf8_head(slice_sub(s, at, 4), NULL);
        if (at + (size == 0 ? 1 : size) > 120) break;
        at += size == 0 ? 1 : size;
    }
    return slice_sub(s, 0, at);
}

static Err unreadable(Cx *cx, Draft *draft, Slice field, Slice raw)
{
    return draft_add_finding(cx, draft, "unreadable_value", SEVERITY_WARN, field,
                             "“" SLICE_FMT "”无法识别，未采用。", SLICE_ARG(draft_head(raw)));
}

static Err masked(Cx *cx, Draft *draft, Slice field)
{
    return draft_add_finding(cx, draft, "tax_masked", SEVERITY_INFO, field,
                             "税额印为“***”（免税、不征税或差额征税），按 0.00 记。");
}

// Takes the finding about a masked tax back; false when there was none.
static bool unmask(Draft *draft)
{
    for (size_t i = 0; i < draft->finding_count; i++) {
        Finding *at = &draft->findings[i];
        if (!slice_equal(at->rule, SLICE("tax_masked")) || !slice_equal(at->field, SLICE("tax")))
            continue;
        memmove(at, at + 1, (draft->finding_count - i - 1) * sizeof *at);
        draft->finding_count--;
        return true;
    }
    return false;
}

static bool same_value(FieldType type, Slice a, Slice b)
{
    if (type == FIELD_DIGITS) return slice_equal_nocase(a, b);
    return slice_equal(a, b) || (type == FIELD_TEXT && draft_same_text(a, b));
}

// Fields that tell one invoice from another: a disagreement there wants a person's eye.
static Severity disagreement(Field field)
{
    switch (draft_field_type(field)) {
    case FIELD_MONEY:
    case FIELD_DATE:
    case FIELD_DIGITS:
        return SEVERITY_WARN;
    case FIELD_TEXT:
    case FIELD_KIND:
        break;
    }
    return field == DRAFT_SELLER_NAME || field == DRAFT_BUYER_NAME ? SEVERITY_WARN : SEVERITY_INFO;
}

// "-", "/" and "无" are printed where there is no number.
static bool is_no_number(Slice value)
{
    for (size_t i = 0; i < value.size; i++) {
        char c = value.data[i];
        if ((c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'))
            return false;
    }
    return true;
}

Err draft_set(Cx *cx, Draft *draft, Field field, Slice raw, Source source, uint16_t confidence)
{
    Slice name = slice_of(rows[field].name), value = {};
    if (raw.size > LIMIT_FIELD_BYTES)
        return err_set(cx, ERR_LIMIT, "%s is over %zu bytes", rows[field].name, LIMIT_FIELD_BYTES);
    bool ok = true, stars = field == DRAFT_TAX && draft_canon_masked(raw);
    TRY(canonical(cx, rows[field].type, stars ? SLICE("0.00") : raw, &value, &ok));
    if (!ok && !slice_empty(slice_trim(raw))) return unreadable(cx, draft, name, raw);
    if (slice_empty(value)) return ERR_OK;
    if (rows[field].type == FIELD_DIGITS && is_no_number(value)) return ERR_OK;

    Slice *have = draft_field(draft, field);
    FieldOrigin *origin = &draft->origins[field], mine = {source, confidence};
    if (origin->source == SOURCE_NONE) {
        *have = value;
        *origin = mine;
        return stars ? masked(cx, draft, name) : ERR_OK;
    }
    // A tax that another source prints as a number says more than three stars.
    if (stars) return ERR_OK;
    if (field == DRAFT_TAX && unmask(draft)) {
        *have = value;
        *origin = mine;
        return ERR_OK;
    }
    bool stronger = source < origin->source;
    if (!same_value(rows[field].type, *have, value) && source != origin->source)
        TRY(draft_add_finding(cx, draft, "sources_disagree", disagreement(field), name,
                              "%s为“" SLICE_FMT "”，%s为“" SLICE_FMT "”。",
                              source_words[origin->source], SLICE_ARG(draft_head(*have)),
                              source_words[source], SLICE_ARG(draft_head(value))));
    if (stronger) {
        *have = value;
        *origin = mine;
    }
    return ERR_OK;
}

static Slice line_field(Cx *cx, size_t index, const char *name)
{
    return cx_printf(cx, "lines[%zu].%s", index, name);
}

static Err tidy_number(Cx *cx, Draft *draft, size_t index, const char *name, bool money,
                       Slice *value)
{
    Slice raw = *value;
    bool ok = true;
    if (slice_empty(slice_trim(raw))) {
        *value = SLICE("");
        return ERR_OK;
    }
    TRY(money ? draft_canon_money(cx, raw, value, &ok) : draft_canon_decimal(cx, raw, value, &ok));
    return ok ? ERR_OK : unreadable(cx, draft, line_field(cx, index, name), raw);
}

Err draft_tidy_line(Cx *cx, Draft *draft, size_t index)
{
    Line *line = &draft->lines[index];
#define TOO_LONG(name, json)                                                                       \
    if (line->name.size > LIMIT_FIELD_BYTES)                                                       \
        return err_set(cx, ERR_LIMIT, "lines[%zu]." json " is too long", index);
    DRAFT_LINE_FIELDS(TOO_LONG)
#undef TOO_LONG
    TRY(draft_canon_text(cx, line->name, &line->name));
    TRY(draft_canon_text(cx, line->spec, &line->spec));
    TRY(draft_canon_text(cx, line->unit, &line->unit));
    TRY(tidy_number(cx, draft, index, "quantity", false, &line->quantity));
    TRY(tidy_number(cx, draft, index, "price", false, &line->price));
    TRY(tidy_number(cx, draft, index, "amount", true, &line->amount));
    TRY(draft_canon_rate(cx, line->tax_rate, &line->tax_rate));
    TRY(draft_canon_digits(cx, line->tax_code, &line->tax_code));
    if (!draft_canon_masked(line->tax))
        return tidy_number(cx, draft, index, "tax", true, &line->tax);
    line->tax = SLICE("0.00");
    // Said once: a list of a thousand exempt lines has one finding, not a thousand.
    for (size_t i = 0; i < draft->finding_count; i++)
        if (slice_equal(draft->findings[i].rule, SLICE("tax_masked"))) return ERR_OK;
    return masked(cx, draft, line_field(cx, index, "tax"));
}
