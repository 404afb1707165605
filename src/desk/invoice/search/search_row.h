// One invoice as lists show it: which columns, and how a row of them becomes a SearchRow.
#pragma once
#include "desk/invoice/search/search.h"

// Unknown totals stand below every known one. The index is on these very words.
#define SEARCH_TOTAL_NONE  INT64_C(-1000000000000001)
#define SEARCH_TOTAL_KEY   "COALESCE(i.total, -1000000000000001)"
#define SEARCH_TOTAL_PLAIN "COALESCE(i.total + 0, -1000000000000001)" // of no index

#define SEARCH_ROW_COLUMNS                                                                         \
    "i.id, i.kind, i.code, i.number, i.issue_date, i.amount, i.tax, i.total, i.check_code,"        \
    " s.name, s.tax_id, b.name, b.tax_id, i.state, i.conflict, i.basis, i.carriers, i.findings,"   \
    " i.received_ms"
#define SEARCH_ROW_COLUMN_COUNT 19
#define SEARCH_ROW_TABLES       " FROM invoice i" SEARCH_ROW_PARTIES
#define SEARCH_ROW_PARTIES                                                                         \
    " LEFT JOIN party s ON s.tenant = i.tenant AND s.id = i.seller"                                \
    " LEFT JOIN party b ON b.tenant = i.tenant AND b.id = i.buyer"

// The row that the query stands on; its texts are copied into the arena.
Err search_row_read(Cx *cx, const DbRows *rows, SearchRow *ret_row);
