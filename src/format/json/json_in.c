#include "format/json/json_in.h"

#include <assert.h>
#include <cjson/cJSON.h>
#include <stdlib.h>

#include "base/limits.h"
#include "base/utf8.h"

// JSON text (RFC 8259). cJSON is lenient (raw control characters, "01", a NUL that ends a string
// early), so the grammar is checked here first, byte by byte, and cJSON only builds the tree:
//
//   value  = object | array | string | number | "true" | "false" | "null"
//   object = "{" [ string ":" value { "," string ":" value } ] "}"
//   array  = "[" [ value { "," value } ] "]"
//   string = '"' { UTF-8 but 00-1F " \ | \" \\ \/ \b \f \n \r \t | \uXXXX } '"'
//            \u0000 and lone surrogates are refused
//   number = ["-"] ("0" | 1-9 {0-9}) ["." 0-9 {0-9}] [("e"|"E") ["+"|"-"] 0-9 {0-9}]
typedef struct Scan {
    Slice text;
    size_t at, values;
    size_t depth;
} Scan;

struct JsonIn {
    cJSON *root;
};

static int peek(const Scan *scan)
{
    return scan->at < scan->text.size ? (unsigned char)scan->text.data[scan->at] : -1;
}

static bool take(Scan *scan, char c)
{
    if (peek(scan) != (unsigned char)c) return false;
    scan->at++;
    return true;
}

static void skip_space(Scan *scan)
{
    while (peek(scan) == ' ' || peek(scan) == '\t' || peek(scan) == '\n' || peek(scan) == '\r')
        scan->at++;
}

static bool take_word(Scan *scan, Slice word)
{
    if (!slice_equal(slice_sub(scan->text, scan->at, word.size), word)) return false;
    scan->at += word.size;
    return true;
}

static bool take_hex4(Scan *scan, unsigned *ret_unit)
{
    unsigned unit = 0;
    for (int i = 0; i < 4; i++) {
        int c = peek(scan);
        int digit = c >= '0' && c <= '9'   ? c - '0'
                    : c >= 'a' && c <= 'f' ? c - 'a' + 10
                    : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                           : -1;
        if (digit < 0) return false;
        unit = unit * 16 + (unsigned)digit;
        scan->at++;
    }
    *ret_unit = unit;
    return true;
}

// What stands behind a backslash.
static bool take_escape(Scan *scan)
{
    int c = peek(scan);
    if (c > 0 && strchr("\"\\/bfnrt", c) != NULL) {
        scan->at++;
        return true;
    }
    unsigned high = 0, low = 0;
    if (!take(scan, 'u') || !take_hex4(scan, &high)) return false;
    if (high == 0 || (high >= 0xDC00 && high <= 0xDFFF)) return false;
    if (high < 0xD800 || high > 0xDBFF) return true;
    return take(scan, '\\') && take(scan, 'u') && take_hex4(scan, &low) && low >= 0xDC00 &&
           low <= 0xDFFF;
}

static bool take_string(Scan *scan)
{
    if (!take(scan, '"')) return false;
    while (scan->at < scan->text.size) {
        unsigned char c = (unsigned char)scan->text.data[scan->at];
        size_t size = 1;
        if (c == '"' || c == '\\') {
            scan->at++;
            if (c == '"') return true;
            if (!take_escape(scan)) return false;
            continue;
        }
        if (c >= 0x80)
            size = utf8_head((Slice){scan->text.data + scan->at, scan->text.size - scan->at}, NULL);
        if (size == 0 || c < 0x20) return false;
        scan->at += size;
    }
    return false;
}

static bool take_digits(Scan *scan)
{
    size_t from = scan->at;
    while (peek(scan) >= '0' && peek(scan) <= '9')
        scan->at++;
    return scan->at > from;
}

static bool take_number(Scan *scan)
{
    size_t from = scan->at;
    (void)take(scan, '-');
    if (!take(scan, '0') && !take_digits(scan)) return false;
    if (take(scan, '.') && !take_digits(scan)) return false;
    if (take(scan, 'e') || take(scan, 'E')) {
        if (!take(scan, '+')) (void)take(scan, '-');
        if (!take_digits(scan)) return false;
    }
    // cJSON looks at the first 63 characters only.
    return scan->at - from < 63;
}

static Err scan_value(Cx *cx, Scan *scan);

static Err broken(Cx *cx, const Scan *scan)
{
    return err_set(cx, ERR_INPUT, "not JSON at byte %zu", scan->at);
}

// Members of an object or elements of an array, up to and including the closing mark. The recursion
// is bounded by LIMIT_JSON_DEPTH.
static Err scan_inside(Cx *cx, Scan *scan, bool object)
{
    if (++scan->depth > LIMIT_JSON_DEPTH)
        return err_set(cx, ERR_LIMIT, "JSON is nested over %zu deep", LIMIT_JSON_DEPTH);
    char end = object ? '}' : ']';
    skip_space(scan);
    if (!take(scan, end)) {
        do {
            skip_space(scan);
            if (object) {
                if (!take_string(scan)) return broken(cx, scan);
                skip_space(scan);
                if (!take(scan, ':')) return broken(cx, scan);
            }
            TRY(scan_value(cx, scan));
        } while (take(scan, ','));
        if (!take(scan, end)) return broken(cx, scan);
    }
    scan->depth--;
    return ERR_OK;
}

static Err scan_value(Cx *cx, Scan *scan)
{
    if (++scan->values > LIMIT_JSON_VALUES)
        return err_set(cx, ERR_LIMIT, "JSON holds over %zu values", LIMIT_JSON_VALUES);
    skip_space(scan);
    int c = peek(scan);
    bool ok = true;
    if (c == '{' || c == '[') {
        scan->at++;
        TRY(scan_inside(cx, scan, c == '{'));
    } else if (c == '"') {
        ok = take_string(scan);
    } else if (c == 't') {
        ok = take_word(scan, SLICE("true"));
    } else if (c == 'f') {
        ok = take_word(scan, SLICE("false"));
    } else if (c == 'n') {
        ok = take_word(scan, SLICE("null"));
    } else {
        ok = take_number(scan);
    }
    if (!ok) return broken(cx, scan);
    skip_space(scan);
    return ERR_OK;
}

static int by_key(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

// Two members of one name are refused: different parsers pick different ones of the two.
static Err refuse_twins(Cx *cx, const cJSON *value)
{
    size_t count = 0;
    for (const cJSON *child = value->child; child != NULL; child = child->next) {
        TRY(refuse_twins(cx, child));
        count++;
    }
    if (!cJSON_IsObject(value) || count < 2) return ERR_OK;
    const char **keys = arena_try_array(&cx->arena, count, sizeof *keys);
    if (keys == NULL) return err_set(cx, ERR_LIMIT, "%zu JSON keys do not fit", count);
    size_t at = 0;
    for (const cJSON *child = value->child; child != NULL; child = child->next)
        keys[at++] = child->string;
    qsort(keys, count, sizeof *keys, by_key);
    for (size_t i = 1; i < count; i++)
        if (strcmp(keys[i - 1], keys[i]) == 0)
            return err_set(cx, ERR_INPUT, "JSON key '%.64s' stands twice in one object", keys[i]);
    return ERR_OK;
}

Err json_in_open(Cx *cx, Slice text, JsonIn **ret_in)
{
    if (text.size > LIMIT_JSON_BYTES) return err_set(cx, ERR_LIMIT, "JSON of %zu bytes", text.size);
    Scan scan = {.text = text};
    TRY(scan_value(cx, &scan));
    if (scan.at != text.size) return broken(cx, &scan);

    cJSON *root = cJSON_ParseWithLength(text.data, text.size);
    if (root == NULL) return err_set(cx, ERR_LIMIT, "JSON of %zu bytes does not fit", text.size);
    JsonIn *in = arena_try_alloc(&cx->arena, sizeof *in);
    Err err = in == NULL ? err_set(cx, ERR_LIMIT, "no room for JSON") : refuse_twins(cx, root);
    if (err != ERR_OK) {
        cJSON_Delete(root);
        return err;
    }
    in->root = root;
    *ret_in = in;
    return ERR_OK;
}

void json_in_close(JsonIn *in)
{
    if (in == NULL) return;
    cJSON_Delete(in->root);
    in->root = NULL;
}

const JsonValue *json_in_root(const JsonIn *in)
{
    return in->root;
}

const JsonValue *json_in_get(const JsonValue *value, const char *key)
{
    return cJSON_IsObject(value) ? cJSON_GetObjectItemCaseSensitive(value, key) : NULL;
}

bool json_in_is_object(const JsonValue *value)
{
    return cJSON_IsObject(value) != 0;
}

bool json_in_is_array(const JsonValue *value)
{
    return cJSON_IsArray(value) != 0;
}

bool json_in_is_string(const JsonValue *value)
{
    return cJSON_IsString(value) != 0;
}

Slice json_in_string(const JsonValue *value)
{
    return cJSON_IsString(value) ? slice_of(value->valuestring) : SLICE("");
}

bool json_in_bool(const JsonValue *value, bool otherwise)
{
    return cJSON_IsBool(value) ? cJSON_IsTrue(value) != 0 : otherwise;
}

// cJSON keeps numbers as binary floats: whole ones are exact below 2^53, and only those pass.
static bool is_exact(typeof(((cJSON *)NULL)->valuedouble) number)
{
    return number > -9007199254740992.0 && number < 9007199254740992.0;
}

bool json_in_int(const JsonValue *value, int64_t *ret_number)
{
    if (!cJSON_IsNumber(value) || !is_exact(value->valuedouble)) return false;
    int64_t number = (int64_t)value->valuedouble;
    if ((typeof(value->valuedouble))number != value->valuedouble) return false;
    *ret_number = number;
    return true;
}

bool json_in_scaled(const JsonValue *value, int32_t scale, int64_t *ret_number)
{
    if (!cJSON_IsNumber(value) || !is_exact(value->valuedouble * scale)) return false;
    typeof(value->valuedouble) scaled = value->valuedouble * scale;
    *ret_number = (int64_t)(scaled < 0 ? scaled - 0.5 : scaled + 0.5);
    return true;
}

const JsonValue *json_in_first(const JsonValue *value)
{
    return cJSON_IsObject(value) || cJSON_IsArray(value) ? value->child : NULL;
}

const JsonValue *json_in_next(const JsonValue *value)
{
    return value == NULL ? NULL : value->next;
}

Slice json_in_key(const JsonValue *member)
{
    return member == NULL ? SLICE("") : slice_of(member->string);
}
