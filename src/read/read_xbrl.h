// Read_xbrl: XBRL instances of the Ministry of Finance's 电子凭证会计数据标准, alone or attached to
// an OFD or PDF. Told by namespace, never by file name.
#pragma once
#include "format/xml/xml.h"
#include "model/draft.h"

// Last path segment of the taxonomy's namespace ("einv" "inv" "rai" "atr" "bker" "bkrs" "ntrev"
// "efi" "ctp" …), "" when `root` is no such instance.
Slice read_xbrl_taxonomy(const XmlNode *root);
// Whether an instance of that taxonomy is an invoice: bank receipts, statements and the like are
// not.
bool read_xbrl_is_invoice(Slice taxonomy);
// Fills fields and lines. Only for a `root` that is an invoice.
Err read_xbrl_fill(Cx *cx, const XmlNode *root, Draft *draft);
