// 电子发票(航空运输电子客票行程单) on a PDF page.
#pragma once
#include "read/read_pdf_vat.h"

// amount = 票价 + 燃油附加费, tax = 增值税税额; 民航发展基金 and 其他税费 bear no VAT: they become
// lines of their own, so that lines add up to the total. ERR_LIMIT only.
Err read_pdf_air(Cx *cx, const PageWords *words, Draft *draft);
