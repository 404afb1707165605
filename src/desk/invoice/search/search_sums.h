// Sums: what total lines said, kept until the next event. A total line walks every invoice that the
// filter shows; nobody who turns pages or looks again should pay for it twice.
//
// An answer is good for the number of events at which it was counted: with one event more it is
// counted anew, so it is never older than what was committed.
#pragma once
#include "crypto/digest.h"
#include "store/db.h"

#define SEARCH_SUMS_MAX 32 // answers kept; the oldest goes

typedef struct SearchSums SearchSums;
typedef struct SearchSum {
    int64_t count, amount, tax, total;
} SearchSum;

SearchSums *search_sums_open(void);
void search_sums_close(SearchSums *sums); // takes NULL
// The first row of `sql`: count, amount, tax, total (missing columns are 0: `columns` says how many
// there are). In the caller's snapshot, when there is one. `sums` may be NULL: then always counted.
Err search_sums_of(Cx *cx, SearchSums *sums, Db *db, Slice sql, const DbValue *values,
                   size_t value_count, int columns, SearchSum *ret_sum);
// How many invoices there are.
Err search_sums_invoices(Cx *cx, SearchSums *sums, Db *db, Slice tenant, SearchSum *ret_sum);
