// Base64 (RFC 4648 §4) and hexadecimal.
#pragma once
#include "base/cx.h"

// Standard alphabet, padded; the arena holds the text.
Slice base64_encode(Cx *cx, Slice bytes);
// White space is skipped; anything else wrong is ERR_INPUT. `strict` also refuses white space and
// non-canonical endings, so that one value has one spelling.
Err base64_decode(Cx *cx, Slice text, bool strict, Slice *ret_bytes);
// Lower-case hexadecimal in the arena.
Slice base64_hex(Cx *cx, Slice bytes);
// Hexadecimal of either case to `size` bytes exactly; ERR_INPUT otherwise.
Err base64_unhex(Cx *cx, Slice text, uint8_t *bytes, size_t size);
