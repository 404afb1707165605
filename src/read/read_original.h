// Read_original: original_invoice.xml, the data of a tax-control e-invoice inside its OFD.
#pragma once
#include "format/xml/xml.h"
#include "model/draft.h"

// Root eInvoice with a 发票代码 in it. A CustomTag.xml has the same root, but references for
// values.
bool read_original_is(const XmlNode *root);
// Fills fields, lines and red. *ret_qr: the QR payload that it quotes, or a picture of it in
// base64, "" without.
Err read_original_fill(Cx *cx, const XmlNode *root, Draft *draft, Slice *ret_qr);
