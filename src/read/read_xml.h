// Read_xml: the invoices of an XML, whatever it is: a document, or an attachment of one.
#pragma once
#include "format/xml/xml.h"
#include "model/reading.h"

// An attachment may be anything: whether this one begins as XML does, in UTF-16 and UTF-32 too.
bool read_xml_looks(Slice bytes);
// 数电票, XBRL instances and original_invoice.xml in it, however they are wrapped, each number
// once. ERR_LIMIT; or what hostile XML in the text of this one is refused with, reading->reason
// then says so.
Err read_xml_fill(Cx *cx, const XmlNode *root, Reading *reading);
