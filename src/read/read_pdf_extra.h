// Values of a special business on a PDF page: behind printed labels ("电子客票号：…"), in the
// columns of a block or table (出行人 | 出行日期 …, 建筑服务发生地 | 建筑项目名称), and the journey
// that a rail ticket prints without labels.
#pragma once
#include "read/read_pdf_vat.h"

// ERR_LIMIT only.
Err read_pdf_extra(Cx *cx, const PageWords *words, Draft *draft);
