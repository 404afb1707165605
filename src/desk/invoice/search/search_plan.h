// Plan: how the invoices that a filter means are found without a walk through all of them.
//
// Driven: some term alone leaves few enough (search_plan.c); its index is read, whatever else is
// asked is looked at there, and what is left is sorted. Else the index of the order is walked until
// the page is full. Totals of days, kinds and states come from invoice_day; others are counted
// where something drives, and up to SEARCH_COUNTED_MAX where nothing does. Measured: decision 0016.
#pragma once
#include "desk/invoice/search/search_filter.h"
#include "desk/invoice/search/search_sums.h"

#define SEARCH_DRIVEN_MAX  50'000 // entries of an index that are read for one question
#define SEARCH_LOOKED_MAX  5'000  // where each costs a look at its row, too
#define SEARCH_COUNTED_MAX 10'000 // then "10,000 and more", and no sums
#define SEARCH_NEAR_MAX    8'000  // entries of an order that are asked one by one what they are

// One way to sort.
typedef struct SearchSort {
    const char *name;
    const char *column; // as the index has it
    const char *plain;  // the same, which no index serves
    const char *keyed;  // plain AS sort_key
    SearchDrive drive;  // whose terms are ranges of that index; SEARCH_DRIVE_COUNT: none
    bool is_text;
} SearchSort;

typedef struct SearchPlan {
    const SearchSort *sort;
    bool down;
    SearchDrive drive; // SEARCH_DRIVE_COUNT: no term is rare
    bool driven;       // it is
    bool counted;      // the total line is exact
    bool in_order;     // the driving index has the order, too
} SearchPlan;

// In the caller's snapshot, as everything here.
Err search_plan_make(Cx *cx, SearchSums *sums, const SearchFilter *filter, const SearchSort *sort,
                     bool down, SearchPlan *ret_plan);
// The total line. Not `*ret_exact`: that many at least, and the sums are 0.
Err search_plan_total(Cx *cx, SearchSums *sums, const SearchFilter *filter, const SearchPlan *plan,
                      SearchSum *ret_sum, bool *ret_exact);
// "SELECT id, sort_key …": of the first `limit` behind the cursor. `key` and `id` are numbers of
// values; 0 = from the start.
Err search_plan_page(Cx *cx, SearchFilter *filter, const SearchPlan *plan, size_t key, size_t id,
                     size_t limit, Slice *ret_sql);
// The same of the next SEARCH_NEAR_MAX of the order alone, whatever they are: of names that many
// parties have, these nearly always fill a page, and no list of the parties has to be made. Those
// that it finds are the first ones; when they are fewer than `limit`, search_plan_page says the
// rest. "" when the plan is none of those.
Err search_plan_near(Cx *cx, SearchFilter *filter, const SearchPlan *plan, size_t key, size_t id,
                     size_t limit, Slice *ret_sql);
