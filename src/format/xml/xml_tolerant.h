// Xml_tolerant: the same tree from markup that is not well-formed: `<:eInvoice xmlns:="">`, end
// tags that match nothing, attributes without quotes, undeclared prefixes, a bare '&'. For
// CustomTag.xml alone, which names places of a page and no values; never for what an invoice says.
#pragma once
#include "format/xml/xml.h"

// Never complains about form: a document without a single tag is ERR_INPUT, past LIMIT_XML_* is
// ERR_LIMIT. A DOCTYPE is skipped, entities other than the five of XML stay as they are.
Err xml_tolerant_parse(Cx *cx, Slice bytes, const XmlNode **ret_root);
