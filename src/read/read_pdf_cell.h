// Values in the cells of a ticket or a vehicle's form, where they don't stand in one row with their
// label: names that wrap, numbers beside a label of several rows.
#pragma once
#include "read/read_pdf_vat.h"

// What stands right of a label, with the row below where it goes on there, or the two rows above
// and below the label's own. ERR_LIMIT only.
Err read_pdf_cell_text(Cx *cx, const PageWords *words, const Mark *mark, Slice *ret_text);
// The tax id or identity number right of one row of its label; "" when nothing looks like one.
// ERR_LIMIT only.
Err read_pdf_cell_id(Cx *cx, const PageWords *words, const Mark *mark, Slice *ret_id);
