// Buyer and seller of a VAT form: name, tax id, address and phone, bank and account.
#pragma once
#include "read/read_pdf_vat.h"

// ERR_LIMIT only.
Err read_pdf_party(Cx *cx, const PageWords *words, Draft *draft);
