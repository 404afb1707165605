// Xml_mend: the text of a document whose writer did not escape what it wrote, made well-formed.
// Nothing is put where something is missing: a tag that is not closed, half a document, bytes that
// are no UTF-8 and what could be a tag as well as text stay as they are, and fail again. What is
// hostile stays hostile: a DOCTYPE is copied. Only for xml_parse_mended.
#pragma once
#include "base/cx.h"

// `utf8` is the document, or says it is, without its byte order mark. False when there are more
// than LIMIT_XML_MENDS places, when it is larger than LIMIT_XML_MENDED_BYTES, or when it holds what
// nobody writes (NUL before its end). `ret_values`: whether anything but white space, comments,
// processing instructions and the declaration is another now.
bool xml_mend(Cx *cx, Slice utf8, Slice *ret_text, bool *ret_values);
