// Sums: what total lines said, kept until the next event. A total line walks every invoice that the
// filter shows; nobody who turns pages or looks again should pay for it twice.
//
// An answer is good for the number of events at which it was counted: with one event more it is
// counted anew, so it is never older than what was committed. The number and the sums of all
// invoices are kept by month: while documents come in, few months change between two looks.
#pragma once
#include "crypto/digest.h"
#include "store/changes.h"
#include "store/db.h"

#define SEARCH_SUMS_MAX    32 // answers kept; the oldest goes
#define SEARCH_TENANTS_MAX 16 // organisations whose months are kept, 20 KiB each

typedef struct SearchSums SearchSums;
typedef struct SearchSum {
    int64_t count, amount, tax, total;
} SearchSum;

// `changes` tells which months are as they were; NULL: nobody knows, and all are counted anew.
SearchSums *search_sums_open(const Changes *changes);
void search_sums_close(SearchSums *sums); // takes NULL
// The first row of `sql`: count, amount, tax, total (missing columns are 0: `columns` says how many
// there are). In the caller's snapshot, when there is one. `sums` may be NULL: then always counted.
Err search_sums_of(Cx *cx, SearchSums *sums, Db *db, Slice sql, const DbValue *values,
                   size_t value_count, int columns, SearchSum *ret_sum);

// All invoices of an organisation: counted by month, and of these only such as were touched since.
//
// `seen`: of search_sums_now, before the caller's snapshot began. What is kept of a month is used
// when it was counted no later than that and nothing about the month was touched since, so that it
// is what the snapshot has.
uint64_t search_sums_now(const SearchSums *sums);
Err search_sums_invoices(Cx *cx, SearchSums *sums, Db *db, uint64_t seen, Slice tenant,
                         SearchSum *ret_sum);
