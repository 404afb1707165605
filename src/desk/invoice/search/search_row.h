// One invoice as lists show it: which columns, and how a row of them becomes a SearchRow.
#pragma once
#include "desk/invoice/search/search.h"

#define SEARCH_ROW_COLUMNS                                                                         \
    "i.id, i.kind, i.code, i.number, i.issue_date, i.amount, i.tax, i.total, i.check_code,"        \
    " s.name, s.tax_id, b.name, b.tax_id, i.state, i.conflict, i.basis, i.carriers, i.findings,"   \
    " i.received_ms"
#define SEARCH_ROW_COLUMN_COUNT 19
#define SEARCH_ROW_TABLES                                                                          \
    " FROM invoice i"                                                                              \
    " LEFT JOIN party s ON s.tenant = i.tenant AND s.id = i.seller"                                \
    " LEFT JOIN party b ON b.tenant = i.tenant AND b.id = i.buyer"

// The row that the query stands on; its texts are copied into the arena.
Err search_row_read(Cx *cx, const DbRows *rows, SearchRow *ret_row);
