// 机动车 and 二手车销售统一发票, on paper and electronic: a grid of cells, each label left of its
// value.
#pragma once
#include "read/read_pdf_vat.h"

// ERR_LIMIT only.
Err read_pdf_vehicle(Cx *cx, const PageWords *words, Draft *draft);
