// Some PDF fonts map their glyphs to radicals (⼈ U+2F08, ⻓ U+2ED3) where the text means the
// ordinary character (人, 长). Both look the same; only one is what people type.
#pragma once
#include <stdint.h>

// The ordinary character for a CJK radical or compatibility ideograph; any other code as it is.
uint32_t pdf_fold_radical(uint32_t code);
// The half-width twin of a full-width form (： -> :, （ -> (, １ -> 1, ￥ -> ¥), '-' for dashes and
// the minus sign; else as it is. For comparing labels; values keep what is printed.
uint32_t pdf_fold_width(uint32_t code);
