#include "model/draft_canon.h"

#include "base/date.h"
#include "base/decimal.h"
#include "base/limits.h"
#include "base/text.h"
#include "base/utf8.h"

#define POINT_REPLACEMENT 0xFFFDu

// The next character of *rest; bytes that are no UTF-8 are U+FFFD. False at the end.
static bool next_point(Slice *rest, uint32_t *ret_point)
{
    if (rest->size == 0) return false;
    size_t size = utf8_head(*rest, ret_point);
    if (size == 0) {
        *ret_point = POINT_REPLACEMENT;
        size = 1;
    }
    *rest = slice_sub(*rest, size, SIZE_MAX);
    return true;
}

// White space as documents use it: ASCII, no-break, ideographic, the U+2000 widths, zero width,
// BOM.
static bool is_space(uint32_t point)
{
    return (point >= 9 && point <= 13) || point == ' ' || point == 0x85 || point == 0xA0 ||
           point == 0x3000 || (point >= 0x2000 && point <= 0x200B) || point == 0x2028 ||
           point == 0x2029 || point == 0x202F || point == 0xFEFF;
}

static bool is_control(uint32_t point)
{
    return point < 0x20 || (point >= 0x7F && point <= 0x9F);
}

// Full-width forms U+FF01..FF5E stand for ASCII 21..7E; ￥ for ¥; several dashes for '-'.
static uint32_t fold(uint32_t point)
{
    if (point >= 0xFF01 && point <= 0xFF5E) return point - 0xFF01 + 0x21;
    if (point == 0xFFE5) return 0xA5;
    if (point == 0x2212 || point == 0x2010 || point == 0x2011 || point == 0x2013) return '-';
    return point;
}

static void add_point(Text *text, uint32_t point)
{
    char bytes[4];
    text_add(text, (Slice){bytes, utf8_put(point, bytes)});
}

static bool is_plain_ascii(Slice s)
{
    for (size_t i = 0; i < s.size; i++)
        if (s.data[i] < 0x21 || s.data[i] > 0x7E) return false;
    return true;
}

static Err joined(Cx *cx, Slice a, Slice b, Slice *ret_text)
{
    Text text = text_open(cx, LIMIT_FIELD_BYTES);
    text_add(&text, a);
    text_add(&text, b);
    return text_done(cx, &text, ret_text);
}

// Nothing to change: no white space but single inner spaces, no control characters, well-formed.
static bool is_canon_text(Slice s)
{
    bool space = true;
    for (size_t at = 0; at < s.size;) {
        uint32_t point = (unsigned char)s.data[at];
        size_t size = 1;
        if (point >= 0x80) size = utf8_head((Slice){s.data + at, s.size - at}, &point);
        if (size == 0 || is_control(point) || (point != ' ' && is_space(point))) return false;
        if (point == ' ' && space) return false;
        space = point == ' ';
        at += size;
    }
    return !space || s.size == 0;
}

Err draft_canon_text(Cx *cx, Slice raw, Slice *ret_text)
{
    if (is_canon_text(raw)) {
        *ret_text = raw;
        return ERR_OK;
    }
    Text text = text_open(cx, LIMIT_FIELD_BYTES);
    bool space = false;
    uint32_t point = 0;
    for (Slice rest = raw; next_point(&rest, &point);) {
        if (is_space(point)) {
            space = text.size > 0;
            continue;
        }
        if (is_control(point)) continue;
        if (space) text_byte(&text, ' ');
        space = false;
        add_point(&text, point);
    }
    return text_done(cx, &text, ret_text);
}

Err draft_canon_digits(Cx *cx, Slice raw, Slice *ret_digits)
{
    if (is_plain_ascii(raw)) {
        *ret_digits = raw;
        return ERR_OK;
    }
    Text text = text_open(cx, LIMIT_FIELD_BYTES);
    uint32_t point = 0;
    for (Slice rest = raw; next_point(&rest, &point);)
        if (!is_space(point) && !is_control(point)) add_point(&text, fold(point));
    return text_done(cx, &text, ret_digits);
}

// Nothing to strip: an optional '-', digits, and at most one point, not in front.
static bool is_plain_number(Slice s)
{
    size_t at = slice_starts(s, SLICE("-")) ? 1 : 0, points = 0;
    if (at == s.size || s.data[at] == '.') return false;
    for (; at < s.size; at++) {
        if (s.data[at] == '.') points++;
        if ((s.data[at] < '0' || s.data[at] > '9') && s.data[at] != '.') return false;
    }
    return points <= 1;
}

// Digits, sign and point of an amount; marks of currency and thousands commas dropped. A comma
// counts as one only between digits with three digits behind it: "12,50" is no amount.
static Err strip_number(Cx *cx, Slice raw, Slice *ret_number)
{
    if (is_plain_number(raw)) {
        *ret_number = raw;
        return ERR_OK;
    }
    Slice folded = {};
    TRY(draft_canon_digits(cx, raw, &folded));
    Text text = text_open(cx, LIMIT_FIELD_BYTES);
    bool negative = false, decimals = false;
    for (size_t at = 0; at < folded.size;) {
        Slice rest = slice_sub(folded, at, SIZE_MAX);
        uint32_t point = 0;
        size_t size = utf8_head(rest, &point);
        bool mark = point == 0xA5 || (point == 0x5143 && rest.size == size) ||
                    (point == 0x5706 && rest.size == size);
        bool comma = point == ',' && !decimals && text.size > 0 && rest.size >= 4 &&
                     slice_digits(slice_sub(rest, 1, 3)) &&
                     !(rest.size > 4 && slice_digits(slice_sub(rest, 4, 1)));
        if (point == '.') decimals = true;
        if (point == '-' && text.size == 0 && !negative)
            negative = true;
        else if (!mark && !comma)
            text_add(&text, slice_sub(rest, 0, size == 0 ? 1 : size));
        at += size == 0 ? 1 : size;
    }
    // ".50" stands on some printed invoices.
    Slice digits = text_so_far(&text), zero = SLICE("0");
    if (slice_starts(digits, SLICE("."))) TRY(joined(cx, zero, digits, &digits));
    if (negative) TRY(joined(cx, SLICE("-"), digits, &digits));
    *ret_number = digits;
    return text.full ? err_set(cx, ERR_LIMIT, "a number is too long") : ERR_OK;
}

// As money_print writes it: "0.00", "-12.30", no zeros in front; well inside the range.
static bool is_canon_money(Slice s)
{
    bool negative = slice_starts(s, SLICE("-"));
    Slice rest = slice_sub(s, negative ? 1 : 0, SIZE_MAX);
    if (rest.size < 4 || rest.size > 13 || rest.data[rest.size - 3] != '.') return false;
    if (!slice_digits(slice_sub(rest, 0, rest.size - 3)) ||
        !slice_digits(slice_sub(rest, rest.size - 2, 2)))
        return false;
    if (rest.data[0] == '0' && rest.size > 4) return false;
    return !negative || !slice_equal(rest, SLICE("0.00"));
}

// "(200.00)" and "200.00-", as ledgers write what is negative. Without the two decimals it could be
// the number of a note, or of something.
static bool is_ledger_negative(Slice number, Slice *ret_digits)
{
    bool walled = slice_starts(number, SLICE("(")) && slice_ends(number, SLICE(")"));
    if (!walled && !slice_ends(number, SLICE("-"))) return false;
    Slice inner = slice_sub(number, walled, number.size - 1 - walled);
    if (inner.size < 4 || !is_plain_number(inner) || inner.data[0] == '-') return false;
    if (inner.data[inner.size - 3] != '.') return false;
    *ret_digits = inner;
    return true;
}

Err draft_canon_money(Cx *cx, Slice raw, Slice *ret_money, bool *ret_ok)
{
    if (is_canon_money(raw)) {
        *ret_money = raw;
        *ret_ok = true;
        return ERR_OK;
    }
    Slice number = {};
    TRY(strip_number(cx, raw, &number));
    Money money = {};
    if (is_ledger_negative(number, &number)) TRY(joined(cx, SLICE("-"), number, &number));
    *ret_ok = money_parse(cx, number, &money) == ERR_OK;
    *ret_money = SLICE("");
    if (!*ret_ok) return ERR_OK;
    char *buffer = arena_try_alloc(&cx->arena, MONEY_TEXT_MAX + 1);
    if (buffer == NULL) return err_set(cx, ERR_LIMIT, "no room for an amount");
    *ret_money = money_print(money, buffer);
    return ERR_OK;
}

Err draft_canon_date(Cx *cx, Slice raw, Slice *ret_date, bool *ret_ok)
{
    Slice text = {};
    TRY(draft_canon_text(cx, raw, &text));
    Date date = {};
    *ret_ok = date_parse(cx, text, &date) == ERR_OK;
    if (!*ret_ok) {
        // "2024 年 05 月 28 日": printed forms are set wide. A time of day may stand behind.
        TRY(draft_canon_digits(cx, raw, &text));
        *ret_ok = date_parse(cx, text, &date) == ERR_OK;
    }
    if (!*ret_ok) {
        size_t day = slice_find(text, SLICE("日"));
        if (day != SLICE_NONE)
            *ret_ok = date_parse(cx, slice_sub(text, 0, day + 3), &date) == ERR_OK;
    }
    *ret_date = SLICE("");
    if (!*ret_ok) return ERR_OK;
    char *buffer = arena_try_alloc(&cx->arena, DATE_TEXT_SIZE + 1);
    if (buffer == NULL) return err_set(cx, ERR_LIMIT, "no room for a date");
    *ret_date = date_print(date, buffer);
    return ERR_OK;
}

static bool only_number(Slice s)
{
    for (size_t i = 0; i < s.size; i++)
        if (memchr("0123456789.-", s.data[i], 12) == NULL) return false;
    return true;
}

Err draft_canon_decimal(Cx *cx, Slice raw, Slice *ret_decimal, bool *ret_ok)
{
    Slice number = {};
    TRY(strip_number(cx, raw, &number));
    Decimal decimal = {};
    Err err = decimal_parse(cx, number, &decimal);
    // Twenty decimals are more than we compute with, but they were printed so.
    *ret_ok = err == ERR_OK || (err == ERR_LIMIT && only_number(number));
    *ret_decimal = *ret_ok ? number : SLICE("");
    return ERR_OK;
}

Err draft_canon_rate(Cx *cx, Slice raw, Slice *ret_rate)
{
    Slice text = {};
    TRY(draft_canon_digits(cx, raw, &text));
    Decimal rate = {};
    *ret_rate = text;
    if (decimal_parse_rate(cx, text, &rate) != ERR_OK) return ERR_OK;
    if (rate.digits < 0 || rate.digits > INT64_C(1'000'000'000'000'000)) return ERR_OK;
    // A bare "13" means per cent; a bare "0.13" is the fraction that XML writes.
    bool per_cent = !slice_ends(text, SLICE("%")) && decimal_compare(rate, (Decimal){1, 0}) >= 0;
    for (int i = 0; i < 2 && !per_cent; i++) {
        if (rate.scale > 0)
            rate.scale--;
        else
            rate.digits *= 10;
    }
    char buffer[DECIMAL_TEXT_MAX + 1];
    return joined(cx, decimal_print(rate, buffer), SLICE("%"), ret_rate);
}

bool draft_canon_masked(Slice raw)
{
    bool any = false;
    uint32_t point = 0;
    for (Slice rest = raw; next_point(&rest, &point);) {
        if (is_space(point) || fold(point) == 0xA5) continue;
        if (fold(point) != '*') return false;
        any = true;
    }
    return any;
}

uint32_t draft_canon_next(Slice *rest)
{
    uint32_t point = 0;
    while (next_point(rest, &point))
        if (!is_space(point) && !is_control(point)) return fold(point);
    return 0;
}

Err draft_canon_found(Cx *cx, Slice raw, Slice *ret_text)
{
    Text text = text_open(cx, raw.size * 3 + 1); // U+FFFD for a byte that is none
    for (uint32_t point; (point = draft_canon_next(&raw)) != 0;)
        add_point(&text, point >= 'A' && point <= 'Z' ? point - 'A' + 'a' : point);
    return text_done(cx, &text, ret_text);
}
