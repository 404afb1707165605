#include "format/json/json_out.h"

#include <assert.h>

#include "base/date.h"
#include "format/json/json_plain.h"

JsonOut json_out_open(Cx *cx, size_t ceiling)
{
    return (JsonOut){.text = text_open(cx, ceiling)};
}

// Whether a comma is due before a value or a key; once asked, it is thought to be written.
static bool is_comma_due(JsonOut *out)
{
    if (out->after_key || out->depth == 0) {
        out->after_key = false;
        return false;
    }
    bool first = out->first[out->depth - 1];
    out->first[out->depth - 1] = false;
    return !first;
}

static void separate(JsonOut *out)
{
    if (is_comma_due(out)) text_byte(&out->text, ',');
}

static void open(JsonOut *out, char mark)
{
    separate(out);
    assert(out->depth < JSON_OUT_DEPTH);
    out->first[out->depth++] = true;
    text_byte(&out->text, mark);
}

static void close(JsonOut *out, char mark)
{
    assert(out->depth > 0);
    assert(!out->after_key);
    out->depth--;
    text_byte(&out->text, mark);
}

void json_out_object(JsonOut *out)
{
    open(out, '{');
}

void json_out_end_object(JsonOut *out)
{
    close(out, '}');
}

void json_out_array(JsonOut *out)
{
    open(out, '[');
}

void json_out_end_array(JsonOut *out)
{
    close(out, ']');
}

// RFC 8785 §3.2.2.2: the two-character escapes where there is one, \u00xx in lower case otherwise.
static void escape(Text *text, char c)
{
    static const char names[] = "\"\\\b\f\n\r\t", marks[] = "\"\\bfnrt";
    const char *at = memchr(names, c, sizeof names - 1);
    if (at != NULL) {
        text_byte(text, '\\');
        text_byte(text, marks[at - names]);
        return;
    }
    static const char hex[] = "0123456789abcdef";
    unsigned char value = (unsigned char)c;
    text_add(text, SLICE("\\u00"));
    text_byte(text, hex[value >> 4]);
    text_byte(text, hex[value & 15]);
}

static void quoted(JsonOut *out, Slice s)
{
    Text *text = &out->text;
    size_t plain = json_plain_head(s);
    if (plain == s.size) {
        text_between(text, '"', s, '"');
        return;
    }
    out->escaped = true;
    text_byte(text, '"');
    for (;;) {
        size_t size = json_plain_head(s);
        text_add(text, slice_sub(s, 0, size));
        if (size == s.size) break;
        char c = s.data[size];
        if ((unsigned char)c >= 0x80)
            text_add(text, SLICE("\xEF\xBF\xBD"));
        else
            escape(text, c);
        s = slice_sub(s, size + 1, SIZE_MAX);
    }
    text_byte(text, '"');
}

static void plain_key(Text *text, bool comma, Slice key)
{
    char *at = text_take(text, key.size + 3 + comma);
    if (at == NULL) return;
    if (comma) *at++ = ',';
    *at++ = '"';
    if (key.size > 0) memcpy(at, key.data, key.size);
    at[key.size] = '"';
    at[key.size + 1] = ':';
}

void json_out_key(JsonOut *out, Slice key)
{
    assert(!out->after_key);
    bool comma = is_comma_due(out);
    if (json_plain_head(key) == key.size) {
        plain_key(&out->text, comma, key);
    } else {
        if (comma) text_byte(&out->text, ',');
        quoted(out, key);
        text_byte(&out->text, ':');
    }
    out->after_key = true;
}

void json_out_string(JsonOut *out, Slice s)
{
    separate(out);
    quoted(out, s);
}

void json_out_number(JsonOut *out, int64_t number)
{
    separate(out);
    char digits[20];
    size_t at = sizeof digits;
    uint64_t rest = number < 0 ? -(uint64_t)number : (uint64_t)number;
    do
        digits[--at] = (char)('0' + rest % 10);
    while ((rest /= 10) > 0);
    if (number < 0) digits[--at] = '-';
    text_add(&out->text, (Slice){digits + at, sizeof digits - at});
}

void json_out_bool(JsonOut *out, bool value)
{
    json_out_raw(out, value ? SLICE("true") : SLICE("false"));
}

void json_out_null(JsonOut *out)
{
    json_out_raw(out, SLICE("null"));
}

void json_out_raw(JsonOut *out, Slice json)
{
    separate(out);
    text_add(&out->text, json);
}

void json_out_pair(JsonOut *out, const char *key, Slice value)
{
    json_out_key(out, slice_of(key));
    json_out_string(out, value);
}

void json_out_time(Cx *cx, JsonOut *out, const char *key, uint64_t time_ms)
{
    json_out_key(out, slice_of(key));
    if (time_ms == 0)
        json_out_null(out);
    else
        json_out_string(out, date_rfc3339(cx, time_ms));
}

Err json_out_done(Cx *cx, JsonOut *out, Slice *ret_json)
{
    assert(out->depth == 0);
    assert(!out->after_key);
    return text_done(cx, &out->text, ret_json);
}
