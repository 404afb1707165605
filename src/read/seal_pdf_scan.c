#include "read/seal_pdf_scan.h"

#include "base/limits.h"
#include "crypto/der.h"
#include "read/seal_pdf_object.h"
#include "read/seal_pdf_token.h"

// How far a dictionary may reach to either side of what was found of it.
#define DICTIONARY_BYTES ((size_t)65'536)

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

// Between '<' and '>': hexadecimal digits and white space, the last one may be missing.
static Err decode_hex(Cx *cx, Slice digits, Slice *ret_bytes, bool *ret_well)
{
    *ret_well = false;
    char *bytes = arena_try_alloc(&cx->arena, digits.size / 2 + 1);
    if (bytes == NULL) return err_set(cx, ERR_LIMIT, "a string of %zu digits", digits.size);
    size_t count = 0;
    for (size_t i = 0; i < digits.size; i++) {
        int value = hex_digit(digits.data[i]);
        if (value < 0 && seal_pdf_token_is_space(digits.data[i])) continue;
        if (value < 0) return ERR_OK;
        bytes[count / 2] = (char)(bytes[count / 2] | value << (count % 2 == 0 ? 4 : 0));
        count++;
    }
    *ret_bytes = (Slice){bytes, (count + 1) / 2};
    *ret_well = true;
    return ERR_OK;
}

// A byte behind '\' in a literal string: itself, a control character, or up to three octal digits.
static size_t unescape(Slice rest, char *to, size_t *size)
{
    static const char names[] = "nrtbf", values[] = "\n\r\t\b\f";
    char c = rest.data[0];
    const char *name = memchr(names, c, sizeof names - 1);
    if (name != NULL) {
        to[(*size)++] = values[name - names];
        return 1;
    }
    if (c == '\r' || c == '\n') // the line goes on
        return c == '\r' && rest.size > 1 && rest.data[1] == '\n' ? 2 : 1;
    int octal = 0;
    size_t digits = 0;
    while (digits < 3 && digits < rest.size && rest.data[digits] >= '0' && rest.data[digits] <= '7')
        octal = octal * 8 + (rest.data[digits++] - '0');
    to[(*size)++] = digits > 0 ? (char)octal : c;
    return digits > 0 ? digits : 1;
}

// The literal string whose '(' was taken.
static Err decode_literal(Cx *cx, Slice rest, Slice *ret_bytes, bool *ret_well)
{
    *ret_well = false;
    rest = slice_sub(rest, 0, DICTIONARY_BYTES);
    char *bytes = arena_try_alloc(&cx->arena, rest.size);
    if (bytes == NULL) return err_set(cx, ERR_LIMIT, "a string of %zu bytes", rest.size);
    size_t size = 0, at = 0, depth = 1;
    while (at < rest.size) {
        char c = rest.data[at++];
        if (c == '(') depth++;
        if (c == ')' && --depth == 0) {
            *ret_bytes = (Slice){bytes, size};
            *ret_well = true;
            return ERR_OK;
        }
        if (c != '\\')
            bytes[size++] = c;
        else if (at < rest.size)
            at += unescape(slice_sub(rest, at, SIZE_MAX), bytes, &size);
    }
    return ERR_OK;
}

static Err decode_string(Cx *cx, Slice rest, Slice *ret_bytes, bool *ret_well)
{
    *ret_well = false;
    if (seal_pdf_token_byte(&rest, '(')) return decode_literal(cx, rest, ret_bytes, ret_well);
    if (!seal_pdf_token_byte(&rest, '<')) return ERR_OK;
    rest = slice_sub(rest, 0, 2 * LIMIT_CERTIFICATE_BYTES);
    size_t end = slice_find(rest, SLICE(">"));
    if (end == SLICE_NONE) return ERR_OK;
    return decode_hex(cx, slice_sub(rest, 0, end), ret_bytes, ret_well);
}

// A string, the first of an array of them, or a reference to either.
static Err read_certificate(Cx *cx, Slice signed_bytes, Slice rest, Slice *ret_certificate)
{
    for (int hops = 0; hops < 3; hops++) {
        (void)seal_pdf_token_byte(&rest, '[');
        bool well = false;
        TRY(decode_string(cx, rest, ret_certificate, &well));
        if (well) return ERR_OK;
        uint64_t number = 0, generation = 0;
        *ret_certificate = SLICE("");
        if (!seal_pdf_token_number(&rest, &number) || !seal_pdf_token_number(&rest, &generation) ||
            !slice_equal(seal_pdf_token_word(&rest), SLICE("R")))
            return ERR_OK;
        bool found = false;
        TRY(seal_pdf_object_find(cx, signed_bytes, number, generation, &rest, &found));
        if (!found) return ERR_OK;
    }
    return ERR_OK;
}

// "D:20210204093000+08'00'": to minutes of the zone; without one it is China's.
static bool read_date(Cx *cx, Slice text, uint64_t *ret_ms)
{
    if (slice_starts(text, SLICE("D:"))) text = slice_sub(text, 2, SIZE_MAX);
    Slice zone = slice_sub(text, 14, SIZE_MAX);
    char sign = zone.size == 0 ? ' ' : zone.data[0];
    char utc[15] = {};
    memcpy(utc, text.data, text.size < 14 ? text.size : 14);
    utc[14] = sign == ' ' ? '\0' : 'Z';
    DerItem item = {.tag = DER_GENERALIZED_TIME, .body = {utc, sign == ' ' ? 14 : 15}};
    if (der_time(cx, &item, ret_ms) != ERR_OK) return false;
    if (sign != '+' && sign != '-') return true;
    uint64_t hours = 0, minutes = 0;
    if (!slice_u64(slice_sub(zone, 1, 2), &hours) || hours > 14) return false;
    if (zone.size >= 6 && !slice_u64(slice_sub(zone, 4, 2), &minutes)) return false;
    uint64_t offset = (hours * 60 + (minutes > 59 ? 0 : minutes)) * 60'000;
    *ret_ms = sign == '+' ? *ret_ms - offset : *ret_ms + offset;
    return true;
}

// The ranges, in order and inside the file, with one hexadecimal string between them.
static Err read_ranges(Cx *cx, Slice pdf, Slice rest, PdfSignature *signature, size_t gap[static 2])
{
    uint64_t a = 1, b = 0, c = 0, d = 0;
    if (!seal_pdf_token_byte(&rest, '[') || !seal_pdf_token_number(&rest, &a) ||
        !seal_pdf_token_number(&rest, &b) || !seal_pdf_token_number(&rest, &c) ||
        !seal_pdf_token_number(&rest, &d) || !seal_pdf_token_byte(&rest, ']'))
        return ERR_OK;
    if (a != 0 || b >= c || c > pdf.size || d > pdf.size - c || c - b < 2) return ERR_OK;
    if (pdf.data[b] != '<' || pdf.data[c - 1] != '>') return ERR_OK;
    signature->parts[0] = slice_sub(pdf, 0, b);
    signature->parts[1] = slice_sub(pdf, c, d);
    signature->after = pdf.size - (size_t)c - (size_t)d;
    gap[0] = (size_t)b;
    gap[1] = (size_t)c;
    // The string belongs to the key /Contents, with nothing but white space between.
    size_t before = (size_t)b;
    while (before > 0 && seal_pdf_token_is_space(pdf.data[before - 1]))
        before--;
    if (!slice_ends(slice_sub(pdf, 0, before), SLICE("/Contents"))) return ERR_OK;
    if (c - b > 2 * LIMIT_CMS_BYTES) return ERR_OK;
    return decode_hex(cx, slice_sub(pdf, (size_t)b + 1, (size_t)(c - b) - 2), &signature->contents,
                      &signature->sound);
}

// The dictionary around /ByteRange, without the string: what lies before it, what lies behind it.
static void dictionary_of(Slice pdf, size_t range_at, const size_t gap[static 2],
                          Slice ret_pieces[static 2])
{
    size_t first = range_at < gap[0] ? range_at : gap[0];
    size_t last = range_at > gap[1] ? range_at : gap[1];
    size_t from = first > DICTIONARY_BYTES ? first - DICTIONARY_BYTES : 0;
    for (size_t at = first; at > from; at--)
        if (slice_starts(slice_sub(pdf, at - 1, 4), SLICE(" obj"))) {
            from = at + 3;
            break;
        }
    Slice tail = slice_sub(pdf, last, DICTIONARY_BYTES);
    size_t end = slice_find(tail, SLICE("endobj"));
    if (end != SLICE_NONE) tail.size = end;
    ret_pieces[0] = slice_sub(pdf, from, gap[0] > from ? gap[0] - from : 0);
    ret_pieces[1] = slice_sub(pdf, gap[1], (size_t)(tail.data - pdf.data) + tail.size - gap[1]);
}

static Err read_keys(Cx *cx, Slice pdf, const Slice pieces[static 2], PdfSignature *signature)
{
    Slice signed_bytes = slice_sub(pdf, 0, pdf.size - signature->after);
    for (size_t i = 0; i < 2; i++) {
        Slice rest, text;
        bool well = false;
        if (slice_empty(signature->sub_filter) &&
            seal_pdf_token_after(pieces[i], SLICE("/SubFilter"), &rest) &&
            seal_pdf_token_byte(&rest, '/'))
            signature->sub_filter = seal_pdf_token_word(&rest);
        if (slice_empty(signature->certificate) &&
            seal_pdf_token_after(pieces[i], SLICE("/Cert"), &rest))
            TRY(read_certificate(cx, signed_bytes, rest, &signature->certificate));
        if (!signature->has_time && seal_pdf_token_after(pieces[i], SLICE("/M"), &rest)) {
            TRY(decode_string(cx, rest, &text, &well));
            if (well) signature->has_time = read_date(cx, text, &signature->time_ms);
        }
    }
    return ERR_OK;
}

Err seal_pdf_scan_next(Cx *cx, Slice pdf, size_t *position, PdfSignature *ret_signature,
                       bool *ret_found)
{
    *ret_found = false;
    Slice rest;
    if (!seal_pdf_token_after(slice_sub(pdf, *position, SIZE_MAX), SLICE("/ByteRange"), &rest))
        return ERR_OK;
    size_t at = (size_t)(rest.data - pdf.data);
    *position = at;
    PdfSignature signature = {.sub_filter = SLICE(""), .certificate = SLICE("")};
    size_t gap[2] = {};
    TRY(read_ranges(cx, pdf, rest, &signature, gap));
    if (signature.sound) {
        Slice pieces[2];
        dictionary_of(pdf, at, gap, pieces);
        TRY(read_keys(cx, pdf, pieces, &signature));
    }
    *ret_signature = signature;
    *ret_found = true;
    return ERR_OK;
}
