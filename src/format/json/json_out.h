// JSON out: an append-only writer. Commas and escapes are its business, structure the caller's.
// With RFC 8785 in mind: minimal escapes, no white space; the caller writes keys in sorted order.
#pragma once
#include "base/text.h"

#define JSON_OUT_DEPTH 32

typedef struct JsonOut {
    Text text;
    bool first[JSON_OUT_DEPTH]; // nothing written yet at this depth
    int depth;
    bool after_key;
    bool escaped; // some string does not stand in it byte for byte
} JsonOut;

JsonOut json_out_open(Cx *cx, size_t ceiling);
void json_out_object(JsonOut *out); // {
void json_out_end_object(JsonOut *out);
void json_out_array(JsonOut *out); // [
void json_out_end_array(JsonOut *out);
void json_out_key(JsonOut *out, Slice key);
// Bytes that are not UTF-8 become U+FFFD: what we print always parses.
void json_out_string(JsonOut *out, Slice s);
void json_out_number(JsonOut *out, int64_t number);
void json_out_bool(JsonOut *out, bool value);
void json_out_null(JsonOut *out);
// `json` is JSON already.
void json_out_raw(JsonOut *out, Slice json);
// key + string in one go.
void json_out_pair(JsonOut *out, const char *key, Slice value);
// key + time (date_rfc3339), null for 0: what has not been yet.
void json_out_time(Cx *cx, JsonOut *out, const char *key, uint64_t time_ms);
// ERR_LIMIT when over the ceiling. Asserts that everything opened was closed.
Err json_out_done(Cx *cx, JsonOut *out, Slice *ret_json);
