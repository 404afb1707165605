// Forms beside the VAT form: 铁路电子客票, and 机动车 and 二手车销售统一发票.
#pragma once
#include "read/read_pdf_vat.h"

// ERR_LIMIT only.
Err read_pdf_ticket_rail(Cx *cx, const PageWords *words, Draft *draft);
Err read_pdf_ticket_vehicle(Cx *cx, const PageWords *words, Draft *draft);
// The value right of the first such label, into a field of text. ERR_LIMIT only.
Err read_pdf_ticket_text(Cx *cx, const PageWords *words, Label label, Field field, Draft *draft);
