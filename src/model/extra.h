// Extra: what a special kind of business adds to an invoice (特定业务: 建筑服务, 旅客运输, 通行费
// …), as named values beside the fields that every invoice has. One table of the names. Source of
// each row: docs/rules/special_business.md.
#pragma once
#include "base/slice.h"

typedef struct ExtraRow {
    const char *name;  // "plate_number", docs/glossary.md
    const char *label; // as printed: "车牌号"
} ExtraRow;

// NULL when there is no such name.
const ExtraRow *extra_row(Slice name);
// By a printed label, the table's or another spelling of it; NULL when none.
const ExtraRow *extra_of_label(Slice label);
// Labels one after the other, for searching a text: NULL past the last. Longer ones stand before
// those that they begin with.
const char *extra_label(size_t index, const ExtraRow **ret_row);
