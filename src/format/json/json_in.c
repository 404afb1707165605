#include "format/json/json_in.h"

#include <assert.h>
#include <stdlib.h>

#include "base/limits.h"
#include "base/utf8.h"
#include "format/json/json_plain.h"

// JSON text (RFC 8259), checked and built in one pass over a copy of the text, in which strings are
// unescaped in place:
//
//   value  = object | array | string | number | "true" | "false" | "null"
//   object = "{" [ string ":" value { "," string ":" value } ] "}"
//   array  = "[" [ value { "," value } ] "]"
//   string = '"' { UTF-8 but 00-1F " \ | \" \\ \/ \b \f \n \r \t | \uXXXX } '"'
//            \u0000 and lone surrogates are refused
//   number = ["-"] ("0" | 1-9 {0-9}) ["." 0-9 {0-9}] [("e"|"E") ["+"|"-"] 0-9 {0-9}]
#define TREE_BYTES   (64 * LIMIT_MIB) // LIMIT_JSON_VALUES values fit
#define NUMBER_BYTES 63               // fewer characters in one number
#define NODE_BATCH   ((size_t)32)
#define PAIRWISE_MAX ((size_t)32)        // members held against each other; more are sorted first
#define EXACT_MAX    (UINT64_C(1) << 53) // whole numbers below are the same in every program

typedef enum JsonKind {
    JSON_NULL,
    JSON_FALSE,
    JSON_TRUE,
    JSON_NUMBER,
    JSON_STRING,
    JSON_ARRAY,
    JSON_OBJECT
} JsonKind;

struct JsonValue {
    JsonValue *next, *child;
    Slice key, text; // text: of a string, unescaped; of a number, as it stands
    JsonKind kind;
    bool ascending;         // an object whose keys are in order, as RFC 8785 has them
    const JsonValue *newly; // of such an object: the member where the last search ended, or NULL
};

struct JsonIn {
    Arena arena; // of the tree
    JsonValue *root;
};

typedef struct Scan {
    char *text;
    size_t at, size, values, depth;
    Arena *arena;
    JsonValue *nodes; // made already, not used yet
    size_t node_count;
} Scan;

static int peek(const Scan *scan)
{
    return scan->at < scan->size ? (unsigned char)scan->text[scan->at] : -1;
}

static bool take(Scan *scan, char c)
{
    if (peek(scan) != (unsigned char)c) return false;
    scan->at++;
    return true;
}

static void skip_space(Scan *scan)
{
    for (int c = peek(scan); c == ' ' || c == '\t' || c == '\n' || c == '\r'; c = peek(scan))
        scan->at++;
}

static bool take_word(Scan *scan, Slice word)
{
    if (word.size > scan->size - scan->at) return false;
    if (memcmp(scan->text + scan->at, word.data, word.size) != 0) return false;
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

// What stands behind a backslash, written at *end, which it moves: never more than was read.
static bool take_escape(Scan *scan, char **end)
{
    static const char names[] = "\"\\/bfnrt", bytes[] = "\"\\/\b\f\n\r\t";
    int c = peek(scan);
    const char *name = c > 0 ? strchr(names, c) : NULL;
    if (name != NULL) {
        scan->at++;
        *(*end)++ = bytes[name - names];
        return true;
    }
    unsigned high = 0, low = 0;
    if (!take(scan, 'u') || !take_hex4(scan, &high)) return false;
    if (high == 0 || (high >= 0xDC00 && high <= 0xDFFF)) return false;
    if (high >= 0xD800 && high <= 0xDBFF) {
        if (!take(scan, '\\') || !take(scan, 'u') || !take_hex4(scan, &low)) return false;
        if (low < 0xDC00 || low > 0xDFFF) return false;
        high = 0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00);
    }
    *end += utf8_put(high, *end);
    return true;
}

static bool take_string(Scan *scan, Slice *ret_text)
{
    if (!take(scan, '"')) return false;
    char *begin = scan->text + scan->at, *end = begin;
    for (;;) {
        char *from = scan->text + scan->at;
        size_t size = json_plain_head((Slice){from, scan->size - scan->at});
        if (end != from) memmove(end, from, size);
        end += size;
        scan->at += size;
        if (take(scan, '"')) break;
        if (!take(scan, '\\') || !take_escape(scan, &end)) return false;
    }
    *ret_text = (Slice){begin, (size_t)(end - begin)};
    return true;
}

static bool take_digits(Scan *scan)
{
    size_t from = scan->at;
    while (peek(scan) >= '0' && peek(scan) <= '9')
        scan->at++;
    return scan->at > from;
}

static bool take_number(Scan *scan, Slice *ret_text)
{
    size_t from = scan->at;
    (void)take(scan, '-');
    if (!take(scan, '0') && !take_digits(scan)) return false;
    if (take(scan, '.') && !take_digits(scan)) return false;
    if (take(scan, 'e') || take(scan, 'E')) {
        if (!take(scan, '+')) (void)take(scan, '-');
        if (!take_digits(scan)) return false;
    }
    *ret_text = (Slice){scan->text + from, scan->at - from};
    return ret_text->size < NUMBER_BYTES;
}

static Err broken(Cx *cx, const Scan *scan)
{
    return err_set(cx, ERR_INPUT, "not JSON at byte %zu", scan->at);
}

static Err node_new(Cx *cx, Scan *scan, JsonValue **ret_node)
{
    if (++scan->values > LIMIT_JSON_VALUES)
        return err_set(cx, ERR_LIMIT, "JSON holds over %zu values", LIMIT_JSON_VALUES);
    if (scan->node_count == 0) {
        scan->nodes = arena_try_array(scan->arena, NODE_BATCH, sizeof *scan->nodes);
        if (scan->nodes == NULL) return err_set(cx, ERR_LIMIT, "JSON does not fit in memory");
        scan->node_count = NODE_BATCH;
    }
    scan->node_count--;
    *ret_node = scan->nodes++;
    return ERR_OK;
}

static int by_key(const void *a, const void *b)
{
    return slice_compare((*(const JsonValue *const *)a)->key, (*(const JsonValue *const *)b)->key);
}

static Err twin(Cx *cx, Slice key)
{
    return err_set(cx, ERR_INPUT, "JSON key '%.*s' stands twice in one object",
                   (int)(key.size < 64 ? key.size : 64), key.data);
}

static bool ascends(const JsonValue *object)
{
    const JsonValue *a = object->child;
    for (; a != NULL && a->next != NULL; a = a->next)
        if (slice_compare(a->key, a->next->key) >= 0) return false;
    return true;
}

// Two members of one name are refused: different parsers pick different ones of the two.
static Err refuse_twins(Cx *cx, Scan *scan, JsonValue *object, size_t count)
{
    object->ascending = ascends(object);
    if (object->ascending) return ERR_OK;
    if (count <= PAIRWISE_MAX) {
        for (const JsonValue *a = object->child; a != NULL; a = a->next)
            for (const JsonValue *b = a->next; b != NULL; b = b->next)
                if (slice_equal(a->key, b->key)) return twin(cx, a->key);
        return ERR_OK;
    }
    const JsonValue **all = arena_try_array(scan->arena, count, sizeof(JsonValue *));
    if (all == NULL) return err_set(cx, ERR_LIMIT, "%zu JSON keys do not fit", count);
    size_t used = 0;
    for (const JsonValue *at = object->child; at != NULL; at = at->next)
        all[used++] = at;
    qsort(all, count, sizeof(JsonValue *), by_key);
    for (size_t i = 1; i < count; i++)
        if (slice_equal(all[i - 1]->key, all[i]->key)) return twin(cx, all[i]->key);
    return ERR_OK;
}

static Err scan_value(Cx *cx, Scan *scan, JsonValue *node);

// Members of an object or elements of an array, up to and including the closing mark. The recursion
// is bounded by LIMIT_JSON_DEPTH.
static Err scan_inside(Cx *cx, Scan *scan, JsonValue *outer)
{
    if (++scan->depth > LIMIT_JSON_DEPTH)
        return err_set(cx, ERR_LIMIT, "JSON is nested over %zu deep", LIMIT_JSON_DEPTH);
    bool object = outer->kind == JSON_OBJECT;
    char end = object ? '}' : ']';
    JsonValue **link = &outer->child;
    size_t count = 0;
    skip_space(scan);
    if (!take(scan, end)) {
        do {
            JsonValue *node = NULL;
            TRY(node_new(cx, scan, &node));
            skip_space(scan);
            if (object) {
                if (!take_string(scan, &node->key)) return broken(cx, scan);
                skip_space(scan);
                if (!take(scan, ':')) return broken(cx, scan);
            }
            TRY(scan_value(cx, scan, node));
            *link = node;
            link = &node->next;
            count++;
        } while (take(scan, ','));
        if (!take(scan, end)) return broken(cx, scan);
    }
    scan->depth--;
    return object ? refuse_twins(cx, scan, outer, count) : ERR_OK;
}

static Err scan_value(Cx *cx, Scan *scan, JsonValue *node)
{
    skip_space(scan);
    int c = peek(scan);
    bool ok = true;
    if (c == '{' || c == '[') {
        scan->at++;
        node->kind = c == '{' ? JSON_OBJECT : JSON_ARRAY;
        TRY(scan_inside(cx, scan, node));
    } else if (c == '"') {
        node->kind = JSON_STRING;
        ok = take_string(scan, &node->text);
    } else if (c == 't') {
        node->kind = JSON_TRUE;
        ok = take_word(scan, SLICE("true"));
    } else if (c == 'f') {
        node->kind = JSON_FALSE;
        ok = take_word(scan, SLICE("false"));
    } else if (c == 'n') {
        ok = take_word(scan, SLICE("null"));
    } else {
        node->kind = JSON_NUMBER;
        ok = take_number(scan, &node->text);
    }
    if (!ok) return broken(cx, scan);
    skip_space(scan);
    return ERR_OK;
}

static Err scan_all(Cx *cx, Slice text, JsonIn *in)
{
    Scan scan = {.size = text.size, .arena = &in->arena};
    // In the caller's arena: what is taken from it needs no copy.
    scan.text = arena_try_alloc(&cx->arena, text.size);
    if (scan.text == NULL) return err_set(cx, ERR_LIMIT, "JSON of %zu bytes", text.size);
    if (text.size > 0) memcpy(scan.text, text.data, text.size);
    TRY(node_new(cx, &scan, &in->root));
    TRY(scan_value(cx, &scan, in->root));
    return scan.at == text.size ? ERR_OK : broken(cx, &scan);
}

Err json_in_open(Cx *cx, Slice text, JsonIn **ret_in)
{
    if (text.size > LIMIT_JSON_BYTES) return err_set(cx, ERR_LIMIT, "JSON of %zu bytes", text.size);
    JsonIn *in = arena_try_alloc(&cx->arena, sizeof *in);
    if (in == NULL) return err_set(cx, ERR_LIMIT, "no room for JSON");
    arena_init(&in->arena, TREE_BYTES);
    Err err = scan_all(cx, text, in);
    if (err == ERR_OK)
        *ret_in = in;
    else
        json_in_close(in);
    return err;
}

void json_in_close(JsonIn *in)
{
    if (in == NULL) return;
    arena_done(&in->arena);
    in->root = NULL;
}

const JsonValue *json_in_root(const JsonIn *in)
{
    return in->root;
}

// Who takes the members in order pays one step for each: the search goes on where it ended.
static const JsonValue *find_ascending(const JsonValue *object, Slice key)
{
    const JsonValue *at = object->newly;
    if (at == NULL || slice_compare(key, at->key) < 0) at = object->child;
    const JsonValue *last = at;
    int order = 1;
    while (at != NULL && (order = slice_compare(key, at->key)) > 0) {
        last = at;
        at = at->next;
    }
    ((JsonValue *)(uintptr_t)object)->newly = at == NULL ? last : at;
    return order == 0 ? at : NULL;
}

const JsonValue *json_in_find(const JsonValue *value, Slice key)
{
    if (!json_in_is_object(value)) return NULL;
    if (value->ascending) return find_ascending(value, key);
    const JsonValue *at = value->child;
    while (at != NULL && !slice_equal(at->key, key))
        at = at->next;
    return at;
}

const JsonValue *json_in_get(const JsonValue *value, const char *key)
{
    return json_in_find(value, slice_of(key));
}

static bool is(const JsonValue *value, JsonKind kind)
{
    return value != NULL && value->kind == kind;
}

bool json_in_is_object(const JsonValue *value)
{
    return is(value, JSON_OBJECT);
}

bool json_in_is_array(const JsonValue *value)
{
    return is(value, JSON_ARRAY);
}

bool json_in_is_string(const JsonValue *value)
{
    return is(value, JSON_STRING);
}

Slice json_in_string(const JsonValue *value)
{
    return is(value, JSON_STRING) ? value->text : SLICE("");
}

bool json_in_bool(const JsonValue *value, bool otherwise)
{
    return is(value, JSON_TRUE) || (otherwise && !is(value, JSON_FALSE));
}

// digits * 10^exponent; `more` = digits other than 0 were cut off behind.
typedef struct Number {
    uint64_t digits;
    int exponent;
    bool negative, more;
} Number;

static Number number_of(Slice text)
{
    static const uint64_t room = UINT64_MAX / 10 - 1;
    Number number = {};
    bool fraction = false;
    size_t at = 0;
    for (; at < text.size && (text.data[at] | 0x20) != 'e'; at++) {
        char c = text.data[at];
        if (c == '-') number.negative = true;
        if (c == '.') fraction = true;
        if (c < '0' || c > '9') continue;
        bool fits = number.digits < room;
        if (fits) number.digits = number.digits * 10 + (uint64_t)(c - '0');
        if (!fits && c != '0') number.more = true;
        number.exponent += (fits ? 0 : 1) - (fraction ? 1 : 0);
    }
    bool minus = false;
    int exponent = 0;
    for (; at < text.size; at++) {
        char c = text.data[at];
        if (c == '-') minus = true;
        // Past a thousand it makes no difference any more.
        if (c >= '0' && c <= '9' && exponent < 1000) exponent = exponent * 10 + (c - '0');
    }
    number.exponent += minus ? -exponent : exponent;
    return number;
}

// value * scale as a whole number below EXACT_MAX and what is left of it: in halves, 0 = nothing, 1
// = less than a half, 2 = a half or more.
static bool scale_number(Number number, uint32_t scale, uint64_t *ret_whole, int *ret_rest)
{
    typedef unsigned __int128 Wide;
    Wide value = (Wide)number.digits * scale, unit = 1;
    *ret_rest = number.more ? 1 : 0;
    for (; number.exponent > 0 && value > 0; number.exponent--) {
        value *= 10;
        if (value >= EXACT_MAX) return false;
    }
    // `value` is below 2^96, so a unit past it leaves nothing whole.
    for (; number.exponent < 0 && unit <= value; number.exponent++)
        unit *= 10;
    Wide whole = value / unit, rest = value % unit;
    if (whole >= EXACT_MAX) return false;
    if (rest > 0) *ret_rest = number.exponent == 0 && rest * 2 >= unit ? 2 : 1;
    *ret_whole = (uint64_t)whole;
    return true;
}

bool json_in_int(const JsonValue *value, int64_t *ret_number)
{
    if (!is(value, JSON_NUMBER)) return false;
    Number number = number_of(value->text);
    uint64_t whole = 0;
    int rest = 0;
    if (!scale_number(number, 1, &whole, &rest) || rest != 0) return false;
    *ret_number = number.negative ? -(int64_t)whole : (int64_t)whole;
    return true;
}

bool json_in_scaled(const JsonValue *value, int32_t scale, int64_t *ret_number)
{
    assert(scale > 0);
    if (!is(value, JSON_NUMBER)) return false;
    Number number = number_of(value->text);
    uint64_t whole = 0;
    int rest = 0;
    if (!scale_number(number, (uint32_t)scale, &whole, &rest)) return false;
    if (rest == 2) whole++;
    *ret_number = number.negative ? -(int64_t)whole : (int64_t)whole;
    return true;
}

const JsonValue *json_in_first(const JsonValue *value)
{
    return value == NULL ? NULL : value->child;
}

const JsonValue *json_in_next(const JsonValue *value)
{
    return value == NULL ? NULL : value->next;
}

Slice json_in_key(const JsonValue *member)
{
    return member == NULL ? SLICE("") : member->key;
}
