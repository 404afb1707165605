// Xml_utf32: four bytes a character, which expat does not know. Only for xml_parse.
//
//   FF FE 00 00 | '<' 00 00 00   little-endian     (FF FE alone is UTF-16: no text holds U+0000)
//   00 00 FE FF | 00 00 00 '<'   big-endian        XML 1.0, appendix F.1
#pragma once
#include "base/cx.h"

// By its mark, or by the first tag where there is none.
bool xml_utf32_is(Slice bytes);
// All of it as UTF-8, the mark too. ERR_INPUT where that is none; ERR_LIMIT.
Err xml_utf32_text(Cx *cx, Slice bytes, Slice *ret_utf8);
