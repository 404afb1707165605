// JSON in: text from outside to a tree. Strictly RFC 8259 in UTF-8; depth, size
// and number of values are limited; duplicate keys and \u0000 are refused. The tree lives
// until json_in_close, every text from it as long as the arena.
#pragma once
#include "base/cx.h"

typedef struct JsonIn JsonIn;       // a parsed document; owns everything
typedef struct JsonValue JsonValue; // one value in it; borrowed

// ERR_INPUT, ERR_LIMIT (LIMIT_JSON_BYTES, LIMIT_JSON_DEPTH, LIMIT_JSON_VALUES).
Err json_in_open(Cx *cx, Slice text, JsonIn **ret_in);
void json_in_close(JsonIn *in); // takes NULL
const JsonValue *json_in_root(const JsonIn *in);
// NULL when there is no such key or `value` is NULL or no object.
const JsonValue *json_in_get(const JsonValue *value, const char *key);
const JsonValue *json_in_find(const JsonValue *value, Slice key);
bool json_in_is_object(const JsonValue *value);
bool json_in_is_array(const JsonValue *value);
bool json_in_is_string(const JsonValue *value);
// "" when it is no string.
Slice json_in_string(const JsonValue *value);
bool json_in_bool(const JsonValue *value, bool otherwise);
// Whole numbers below 2^53.
bool json_in_int(const JsonValue *value, int64_t *ret_number);
// A number times `scale`, rounded to a whole one: 0.995 at 1000 is 995. Below 2^53 as well.
bool json_in_scaled(const JsonValue *value, int32_t scale, int64_t *ret_number);
// First element or member, and the next one; NULL at the end.
const JsonValue *json_in_first(const JsonValue *value);
const JsonValue *json_in_next(const JsonValue *value);
Slice json_in_key(const JsonValue *member);
