#include "http/multipart.h"

#include "base/limits.h"
#include "base/text.h"

// Bytes:
//
//   [preamble CRLF] "--" boundary {WSP} CRLF
//   part, repeated:
//     {header-name ":" value CRLF} CRLF           at most HEADERS_MAX, each under HEADER_BYTES_MAX
//     bytes                                       up to the next CRLF "--" boundary
//     CRLF "--" boundary ({WSP} CRLF | "--" {anything})
//
//   Content-Disposition: form-data; name="file"; filename="a.pdf"[; filename*=UTF-8''a%20b.pdf]
#define HEADERS_MAX      16
#define HEADER_BYTES_MAX ((size_t)8192)

static Err bad(Cx *cx, const char *why)
{
    return err_set(cx, ERR_INPUT, "the form is not well-formed: %s", why);
}

static bool boundary_char(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           (c != '\0' && strchr("'()+_,-./:=? ", c) != NULL);
}

// One `name=value` after a ";"; the value may be quoted, with backslash escapes for quote and
// backslash only (browsers send Windows paths with bare backslashes).
static bool next_parameter(Cx *cx, Slice *rest, Slice *ret_name, Slice *ret_value)
{
    Slice s = slice_trim(*rest);
    if (s.size == 0 || s.data[0] != ';') return false;
    s = slice_trim(slice_sub(s, 1, s.size));
    size_t equals = slice_find(s, SLICE("="));
    if (equals == SLICE_NONE || equals == 0) return false;
    *ret_name = slice_trim(slice_sub(s, 0, equals));
    s = slice_trim(slice_sub(s, equals + 1, s.size));
    if (s.size == 0 || s.data[0] != '"') {
        size_t end = slice_find(s, SLICE(";"));
        if (end == SLICE_NONE) end = s.size;
        *ret_value = slice_trim(slice_sub(s, 0, end));
        *rest = slice_sub(s, end, s.size);
        return true;
    }
    Text text = text_open(cx, HEADER_BYTES_MAX);
    size_t i = 1;
    for (; i < s.size && s.data[i] != '"'; i++) {
        bool escape =
            s.data[i] == '\\' && i + 1 < s.size && (s.data[i + 1] == '"' || s.data[i + 1] == '\\');
        if (escape) i++;
        text_byte(&text, s.data[i]);
    }
    if (i >= s.size) return false;
    *ret_value = text_so_far(&text);
    *rest = slice_sub(s, i + 1, s.size);
    return !text.full;
}

static int hex_of(char c)
{
    return c >= '0' && c <= '9'   ? c - '0'
           : c >= 'a' && c <= 'f' ? c - 'a' + 10
           : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                  : -1;
}

// RFC 5987: UTF-8''percent-encoded. Anything else stays as it is.
static Slice decode_extended(Cx *cx, Slice value)
{
    if (value.size < 7 || !slice_equal_nocase(slice_sub(value, 0, 5), SLICE("UTF-8")) ||
        value.data[5] != '\'')
        return value;
    size_t quote = slice_find(slice_sub(value, 6, value.size), SLICE("'"));
    if (quote == SLICE_NONE) return value;
    Slice coded = slice_sub(value, 6 + quote + 1, value.size);
    Text text = text_open(cx, HEADER_BYTES_MAX);
    for (size_t i = 0; i < coded.size; i++) {
        int high = i + 2 < coded.size && coded.data[i] == '%' ? hex_of(coded.data[i + 1]) : -1;
        int low = high >= 0 ? hex_of(coded.data[i + 2]) : -1;
        if (low >= 0) i += 2;
        text_byte(&text, low >= 0 ? (char)(high * 16 + low) : coded.data[i]);
    }
    return text_so_far(&text);
}

// "a/b\c.pdf" -> "c.pdf": a name, never a path.
static Slice base_name(Slice name)
{
    for (size_t i = name.size; i > 0; i--)
        if (name.data[i - 1] == '/' || name.data[i - 1] == '\\')
            return slice_sub(name, i, name.size);
    return name;
}

static Err read_disposition(Cx *cx, Slice value, MultipartPart *part)
{
    size_t end = slice_find(value, SLICE(";"));
    Slice kind = slice_trim(slice_sub(value, 0, end == SLICE_NONE ? value.size : end));
    if (!slice_equal_nocase(kind, SLICE("form-data"))) return bad(cx, "a part is no form-data");
    Slice rest = slice_sub(value, end == SLICE_NONE ? value.size : end, value.size);
    Slice name, text;
    bool extended = false;
    while (next_parameter(cx, &rest, &name, &text)) {
        if (slice_equal_nocase(name, SLICE("name"))) part->name = text;
        if (slice_equal_nocase(name, SLICE("filename*"))) {
            part->file_name = base_name(decode_extended(cx, text));
            part->is_file = extended = true;
        } else if (slice_equal_nocase(name, SLICE("filename")) && !extended) {
            part->file_name = base_name(text);
            part->is_file = true;
        }
    }
    if (slice_trim(rest).size > 0) return bad(cx, "a part's disposition can't be read");
    return ERR_OK;
}

// The lines up to the empty one; *rest becomes what stands after it.
static Err read_headers(Cx *cx, Slice *rest, MultipartPart *part)
{
    bool named = false;
    for (int i = 0; i <= HEADERS_MAX; i++) {
        Slice window = slice_sub(*rest, 0, HEADER_BYTES_MAX);
        size_t end = slice_find(window, SLICE("\r\n"));
        if (end == SLICE_NONE) return bad(cx, "a part's headers don't end");
        Slice line = slice_sub(*rest, 0, end);
        *rest = slice_sub(*rest, end + 2, rest->size);
        if (line.size == 0) return named ? ERR_OK : bad(cx, "a part has no disposition");
        size_t colon = slice_find(line, SLICE(":"));
        if (colon == SLICE_NONE) return bad(cx, "a part's header has no colon");
        Slice name = slice_trim(slice_sub(line, 0, colon));
        Slice value = slice_trim(slice_sub(line, colon + 1, line.size));
        if (slice_equal_nocase(name, SLICE("Content-Disposition"))) {
            if (named) return bad(cx, "a part has two dispositions");
            TRY(read_disposition(cx, value, part));
            named = true;
        } else if (slice_equal_nocase(name, SLICE("Content-Type"))) {
            part->type = value;
        } else if (slice_equal_nocase(name, SLICE("Content-Transfer-Encoding")) &&
                   !slice_equal_nocase(value, SLICE("binary")) &&
                   !slice_equal_nocase(value, SLICE("8bit")) &&
                   !slice_equal_nocase(value, SLICE("7bit"))) {
            return bad(cx, "a part is transfer-encoded (RFC 7578 forbids it)");
        }
    }
    return bad(cx, "a part has too many headers");
}

// What stands behind a delimiter: the end, or white space and CRLF before the next part.
static Err after_delimiter(Cx *cx, Slice *rest, bool *ret_end)
{
    *ret_end = slice_starts(*rest, SLICE("--"));
    if (*ret_end) return ERR_OK;
    size_t i = 0;
    while (i < rest->size && (rest->data[i] == ' ' || rest->data[i] == '\t'))
        i++;
    *rest = slice_sub(*rest, i, rest->size);
    if (!slice_starts(*rest, SLICE("\r\n"))) return bad(cx, "a boundary is followed by text");
    *rest = slice_sub(*rest, 2, rest->size);
    return ERR_OK;
}

static Err boundary_of(Cx *cx, Slice content_type, Slice *ret_boundary)
{
    size_t end = slice_find(content_type, SLICE(";"));
    Slice kind = slice_trim(slice_sub(content_type, 0, end == SLICE_NONE ? 0 : end));
    if (!slice_equal_nocase(kind, SLICE("multipart/form-data")))
        return bad(cx, "it is no multipart/form-data");
    Slice rest = slice_sub(content_type, end, content_type.size), name, value;
    while (next_parameter(cx, &rest, &name, &value)) {
        if (!slice_equal_nocase(name, SLICE("boundary"))) continue;
        if (value.size == 0 || value.size > MULTIPART_BOUNDARY_MAX) break;
        for (size_t i = 0; i < value.size; i++)
            if (!boundary_char(value.data[i])) return bad(cx, "its boundary is malformed");
        *ret_boundary = value;
        return ERR_OK;
    }
    return bad(cx, "it names no boundary");
}

Err multipart_parse(Cx *cx, Slice content_type, Slice body, Multipart *ret_multipart)
{
    Slice boundary = SLICE(""), rest = body;
    TRY(boundary_of(cx, content_type, &boundary));
    Slice delimiter = cx_printf(cx, "\r\n--" SLICE_FMT, SLICE_ARG(boundary));
    Slice first = slice_sub(delimiter, 2, delimiter.size);
    if (slice_starts(rest, first)) {
        rest = slice_sub(rest, first.size, rest.size);
    } else {
        size_t at = slice_find(rest, delimiter);
        if (at == SLICE_NONE) return bad(cx, "its boundary does not occur");
        rest = slice_sub(rest, at + delimiter.size, rest.size);
    }
    *ret_multipart = (Multipart){};
    for (bool end = false;;) {
        TRY(after_delimiter(cx, &rest, &end));
        if (end) return ERR_OK;
        if (ret_multipart->count == MULTIPART_PARTS_MAX)
            return err_set(cx, ERR_LIMIT, "the form has over %d parts", MULTIPART_PARTS_MAX);
        MultipartPart part = {.name = SLICE(""), .file_name = SLICE(""), .type = SLICE("")};
        TRY(read_headers(cx, &rest, &part));
        size_t at = slice_find(rest, delimiter);
        if (at == SLICE_NONE) return bad(cx, "a part does not end");
        part.bytes = slice_sub(rest, 0, at);
        rest = slice_sub(rest, at + delimiter.size, rest.size);
        ret_multipart->parts[ret_multipart->count++] = part;
    }
}

const MultipartPart *multipart_find(const Multipart *multipart, Slice name)
{
    for (size_t i = 0; i < multipart->count; i++)
        if (slice_equal(multipart->parts[i].name, name)) return &multipart->parts[i];
    return NULL;
}

const MultipartPart *multipart_file(const Multipart *multipart, Slice name)
{
    const MultipartPart *named = multipart_find(multipart, name), *only = NULL;
    if (named != NULL) return named;
    for (size_t i = 0; i < multipart->count; i++) {
        if (!multipart->parts[i].is_file) continue;
        if (only != NULL) return NULL;
        only = &multipart->parts[i];
    }
    return only;
}
