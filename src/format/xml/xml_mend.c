//   &  before no reference of XML's own      &amp;       A&B, ?a=1&b=2, &nbsp;
//   <  before what no tag begins with        &lt;        <5kg
//   ]]> in text                              ]]&gt;
//   controls, as bytes or references         a blank for VT and FF, else nothing
//   one character as two surrogates          that character: &#xD842;&#xDFB7;, ED A1 82 ED BE B7
//   comments, instructions, declarations     nothing: a declaration may stand twice, or say
//   nonsense NUL, Ctrl-Z, blanks behind the last tag  nothing
#include "format/xml/xml_mend.h"

#include "base/limits.h"
#include "base/text.h"
#include "base/utf8.h"

#define POINT_MAX 0x10FFFF

typedef struct Mend {
    Text out;
    Slice rest;
    size_t places;
    bool in_prolog, values, failed;
} Mend;

static void skip(Mend *mend, size_t size)
{
    mend->rest = slice_sub(mend->rest, size, SIZE_MAX);
}

static void copy(Mend *mend, size_t size)
{
    text_add(&mend->out, slice_sub(mend->rest, 0, size));
    skip(mend, size);
}

// `size` bytes of the document become `text`.
static void put(Mend *mend, size_t size, Slice text)
{
    mend->values = true;
    mend->failed = mend->failed || ++mend->places > LIMIT_XML_MENDS;
    text_add(&mend->out, text);
    skip(mend, size);
}

static void put_point(Mend *mend, size_t size, uint32_t high, uint32_t low)
{
    char bytes[4];
    uint32_t point = 0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00);
    put(mend, size, (Slice){bytes, utf8_put(point, bytes)});
}

static bool is_high(uint32_t point)
{
    return point >= 0xD800 && point <= 0xDBFF;
}

static bool is_low(uint32_t point)
{
    return point >= 0xDC00 && point <= 0xDFFF;
}

// What no XML 1.0 may hold, though a program or a person wrote it.
static bool is_control(uint32_t point)
{
    return (point < ' ' && point != '\t' && point != '\n' && point != '\r') || point == 0xFFFE ||
           point == 0xFFFF;
}

static Slice blank_of(uint32_t control)
{
    return control == '\v' || control == '\f' ? SLICE(" ") : SLICE("");
}

// What a digit is worth, 16 when it is none.
static unsigned digit_of(char c)
{
    if (c >= '0' && c <= '9') return (unsigned)(c - '0');
    if (c >= 'a' && c <= 'f') return (unsigned)(c - 'a' + 10);
    return c >= 'A' && c <= 'F' ? (unsigned)(c - 'A' + 10) : 16;
}

// Bytes of the "&#123;" or "&#x7b;" that `s` begins with, 0 when it begins with none.
static size_t numeric(Slice s, uint32_t *ret_point)
{
    if (!slice_starts(s, SLICE("&#"))) return 0;
    bool hex = slice_starts(s, SLICE("&#x"));
    unsigned base = hex ? 16 : 10;
    size_t begin = hex ? 3 : 2, at = begin;
    uint32_t point = 0;
    for (; at < s.size && digit_of(s.data[at]) < base && point <= POINT_MAX; at++)
        point = point * base + digit_of(s.data[at]);
    if (at == begin || at == s.size || s.data[at] != ';' || point > POINT_MAX) return 0;
    *ret_point = point;
    return at + 1;
}

static void reference(Mend *mend)
{
    static const Slice own[] = {SLICE("&lt;"), SLICE("&gt;"), SLICE("&amp;"), SLICE("&quot;"),
                                SLICE("&apos;")};
    for (size_t i = 0; i < sizeof own / sizeof own[0]; i++) {
        if (!slice_starts(mend->rest, own[i])) continue;
        copy(mend, own[i].size);
        return;
    }
    uint32_t point = 0, low = 0;
    size_t size = numeric(mend->rest, &point);
    if (size == 0) {
        put(mend, 1, SLICE("&amp;"));
    } else if (is_high(point)) {
        size_t more = numeric(slice_sub(mend->rest, size, SIZE_MAX), &low);
        if (more > 0 && is_low(low))
            put_point(mend, size + more, point, low);
        else
            mend->failed = true; // half a character
    } else if (is_control(point)) {
        put(mend, size, blank_of(point));
    } else {
        copy(mend, size);
    }
}

// "ED A1 82 ED BE B7": what Java calls UTF-8.
static size_t surrogates(Slice s, uint32_t *ret_high, uint32_t *ret_low)
{
    if (s.size < 6) return 0;
    const unsigned char *b = (const unsigned char *)s.data;
    if (b[0] != 0xED || b[3] != 0xED) return 0;
    for (size_t i = 1; i < 6; i++)
        if (i != 3 && (b[i] & 0xC0) != 0x80) return 0;
    *ret_high = 0xD000u | (b[1] & 0x3Fu) << 6 | (b[2] & 0x3Fu);
    *ret_low = 0xD000u | (b[4] & 0x3Fu) << 6 | (b[5] & 0x3Fu);
    return is_high(*ret_high) && is_low(*ret_low) ? 6 : 0;
}

// One character of text, or of a CDATA section.
static void character(Mend *mend)
{
    uint32_t point = 0, low = 0;
    size_t size = utf8_head(mend->rest, &point);
    size_t pair = surrogates(mend->rest, &point, &low);
    if (size > 0 && point == 0)
        mend->failed = true;
    else if (pair > 0)
        put_point(mend, pair, point, low);
    else if (size > 0 && is_control(point))
        put(mend, size, blank_of(point));
    else if (size > 0 && point == 0xFEFF && mend->in_prolog)
        skip(mend, size);
    else
        copy(mend, size == 0 ? 1 : size); // no UTF-8: the parser says so
}

// Past `end`, nothing of it copied; false when it does not come.
static bool drop_to(Mend *mend, Slice end)
{
    size_t at = slice_find(mend->rest, end);
    if (at == SLICE_NONE) return false;
    skip(mend, at + end.size);
    return true;
}

static void cdata(Mend *mend)
{
    static const Slice begin = SLICE("<![CDATA["), end = SLICE("]]>");
    copy(mend, begin.size);
    while (mend->rest.size > 0 && !slice_starts(mend->rest, end) && !mend->failed)
        character(mend);
    copy(mend, end.size);
}

static bool begins_name(char c)
{
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_' || c == ':' ||
           (unsigned char)c >= 0x80;
}

static void markup(Mend *mend)
{
    char next = mend->rest.size > 1 ? mend->rest.data[1] : '\0';
    if (slice_starts(mend->rest, SLICE("<!--"))) {
        skip(mend, 4);
        mend->failed = !drop_to(mend, SLICE("-->"));
    } else if (next == '?') {
        mend->failed = !drop_to(mend, SLICE("?>"));
    } else if (slice_starts(mend->rest, SLICE("<![CDATA["))) {
        cdata(mend);
    } else if (next == '!' || next == '/' || begins_name(next)) {
        mend->in_prolog = mend->in_prolog && next == '!';
        copy(mend, 1);
    } else {
        put(mend, 1, SLICE("&lt;"));
    }
}

static void step(Mend *mend)
{
    char c = mend->rest.data[0];
    if (c == '<')
        markup(mend);
    else if (c == '&')
        reference(mend);
    else if (slice_starts(mend->rest, SLICE("]]>")))
        put(mend, 3, SLICE("]]&gt;"));
    else
        character(mend);
}

static Slice without_tail(Slice text)
{
    static const Slice junk[] = {SLICE("\xEF\xBB\xBF"), SLICE("\xE3\x80\x80"), SLICE("\xC2\xA0"),
                                 SLICE("\x1A"),         SLICE("\0"),           SLICE("\n"),
                                 SLICE("\r"),           SLICE("\t"),           SLICE(" ")};
    for (size_t i = 0; i < sizeof junk / sizeof junk[0];) {
        bool there = slice_ends(text, junk[i]);
        if (there) text.size -= junk[i].size;
        i = there ? 0 : i + 1;
    }
    return text;
}

bool xml_mend(Cx *cx, Slice utf8, Slice *ret_text, bool *ret_values)
{
    if (utf8.size > LIMIT_XML_MENDED_BYTES) return false;
    Mend mend = {.rest = without_tail(utf8), .in_prolog = true};
    mend.out = text_open(cx, utf8.size + 8 * LIMIT_XML_MENDS); // no place grows by more
    while (mend.rest.size > 0 && !mend.failed)
        step(&mend);
    if (mend.failed || mend.out.full) return false;
    *ret_text = text_so_far(&mend.out);
    *ret_values = mend.values;
    return true;
}
