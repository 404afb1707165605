// Read_ofd_table: the table of lines as pages print it: the face and the pages of a 销货清单.
#pragma once
#include "format/ofd/ofd_text.h"
#include "model/draft.h"

// Adds the lines of all pages to the draft.
Err read_ofd_table_fill(Cx *cx, const OfdTexts *texts, size_t page_count, Draft *draft);
