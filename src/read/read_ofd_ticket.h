// Forms of an OFD's print that the PDF reader knows by labels in cells and below headings:
// 航空运输电子客票行程单, 机动车 and 二手车销售统一发票.
#pragma once
#include "format/ofd/ofd_text.h"
#include "model/draft.h"

// Puts what the page says into the draft if it is such a form; *ret_done tells. ERR_LIMIT only.
Err read_ofd_ticket_fill(Cx *cx, const OfdTexts *texts, size_t page, Draft *draft, bool *ret_done);
