// Search desk: find invoices by what a person knows of them, and open one.
//
// Every answer is permission-checked here, at query time, and says how many rows the filter hid
// (invariant I6): "it's there but you can't see it" is never taken for "it's gone".
#pragma once
#include "flow/flow.h"
#include "model/kind.h"
#include "permission/permission.h"

// All "" or 0 when not asked for. Texts as they came; search checks them.
typedef struct SearchQuery {
    Slice number; // exact, or its leading digits
    Slice code;
    Slice seller, buyer; // a tax id exactly, or part of the name
    Slice date_from, date_to;
    Slice amount_min, amount_max, total_min, total_max;
    Slice kind;
    Slice state; // normal voided red_partial red_full red, or conflict
    Slice q;     // any of: leading digits of the number, part of a name, an amount or total
    Slice sort;  // issue_date total received_at, "-" in front = greatest first; "" = -issue_date
    Slice cursor;
    int limit;               // 1..SEARCH_LIMIT_MAX; 0 = 50
    struct SearchSums *sums; // keeps total lines until the next event; NULL = always counted
} SearchQuery;
#define SEARCH_LIMIT_MAX 200

typedef struct SearchParty {
    Slice name, tax_id;
} SearchParty;

typedef struct SearchRow {
    Slice id; // 16 bytes
    Slice kind, code, number, issue_date, check_code;
    bool has_amount, has_tax, has_total;
    int64_t amount, tax, total; // fen
    SearchParty seller, buyer;
    Slice state;
    bool conflict;
    Basis basis;
    int64_t carriers, findings;
    uint64_t received_ms;
} SearchRow;

typedef struct SearchPage {
    SearchRow *rows;
    size_t row_count;
    Slice next_cursor;                      // "" at the end
    int64_t count;                          // of all that the filter shows
    bool exact;                             // no: that many and more, and no sums are known
    int64_t amount_sum, tax_sum, total_sum; // of those, fen; unknown amounts count as nothing
    int64_t hidden;                         // exist, but the filter hides them; !exact: at most
} SearchPage;

// ERR_INPUT names the field first ("date_from: …"); ERR_DENIED.
Err search_list(Cx *cx, Db *db, const PermissionActor *actor, const SearchQuery *query,
                SearchPage *ret_page);
