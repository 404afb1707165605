// UTF-8 (RFC 3629): well-formed means no overlong forms, no surrogates, nothing past U+10FFFF.
#pragma once
#include "base/slice.h"

// Bytes of the well-formed character that `s` begins with, 1..4; 0 when it begins with none. The
// code point is written then; `ret_point` may be NULL.
size_t utf8_head(Slice s, uint32_t *ret_point);
// Bytes of ASCII that `s` begins with, looked at a word at a time.
size_t utf8_ascii_head(Slice s);
// Writes the character, 1..4 bytes, and answers how many. `point` is a valid code point.
size_t utf8_put(uint32_t point, char bytes[static 4]);
// The whole is well-formed; "" is.
bool utf8_is(Slice s);
// The whole is well-formed and holds no control characters but TAB and LF.
bool utf8_is_clean(Slice s);
