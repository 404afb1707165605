// Read_einvoice: 数电票 XML (root EInvoice, versions 0.2 to 0.33).
#pragma once
#include "format/xml/xml.h"
#include "model/draft.h"

// The EInvoice element with its data in it, or NULL. Some dumps wrap it.
const XmlNode *read_einvoice_find(const XmlNode *root);
// The one after `einvoice`, or NULL: some dumps wrap several.
const XmlNode *read_einvoice_next(const XmlNode *root, const XmlNode *einvoice);
// Fills fields, lines, red and seal. `einvoice` from read_einvoice_find.
Err read_einvoice_fill(Cx *cx, const XmlNode *einvoice, Draft *draft);
// Fills code and numbers alone: which invoice it is.
Err read_einvoice_numbers(Cx *cx, const XmlNode *einvoice, Draft *draft);
