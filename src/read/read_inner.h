// Read_inner: an invoice's XML that is a value of another XML: as text with its tags escaped, in a
// CDATA section, or in Base64. Platforms answer so.
#pragma once
#include "format/xml/xml.h"

// The next node of `root` behind `after` (NULL starts) whose text is such a document; NULL when
// there is none. `ret_bytes` is that document.
const XmlNode *read_inner_next(Cx *cx, const XmlNode *root, const XmlNode *after, Slice *ret_bytes);
