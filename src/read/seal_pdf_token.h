// Seal_pdf_token: the smallest pieces of PDF syntax (ISO 32000-1 §7.2). Each takes its piece off
// the front of *rest, after white space. Callers: read/seal_pdf_*.
#pragma once
#include "base/slice.h"

bool seal_pdf_token_is_space(char c);
// One byte; false, and nothing but white space taken, when it is another one.
bool seal_pdf_token_byte(Slice *rest, char c);
// Regular characters: a number, a keyword, a name without its '/'. "" when there are none.
Slice seal_pdf_token_word(Slice *rest);
bool seal_pdf_token_number(Slice *rest, uint64_t *ret_number);
// What follows the key (with its '/') somewhere in these bytes; false when it is not there. The key
// must end where it ends: "/M" is not found in "/MediaBox".
bool seal_pdf_token_after(Slice bytes, Slice key, Slice *ret_rest);
