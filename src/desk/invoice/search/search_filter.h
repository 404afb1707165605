// What a search asks for, as terms of a WHERE clause: one table of filters, values only ever as
// parameters.
//
// Each term is there twice: `driving`, so that an index serves it, and `plain`, which means the
// same and no index serves. Whoever builds a statement lets one kind of term drive and takes the
// others plain, so no planner has a choice (search_plan.h).
#pragma once
#include "base/text.h"
#include "desk/invoice/search/search.h"

#define SEARCH_VALUES_MAX 32 // as many as a statement takes
#define SEARCH_TERMS_MAX  16
#define SEARCH_WAYS_MAX   8

// Which index serves a term; each of them begins with the tenant and holds all that terms, orders
// and sums ask of an invoice (schema part 0016).
typedef enum SearchDrive {
    SEARCH_NUMBER,
    SEARCH_DIGITAL, // the second number of an invoice on paper: a way, or beside SEARCH_NUMBER
    SEARCH_CODE,
    SEARCH_SELLER,
    SEARCH_BUYER,
    SEARCH_AMOUNT,
    SEARCH_TOTAL,
    SEARCH_DATE,
    SEARCH_DAY, // kind, state: invoice_day counts them, no index has them
    SEARCH_ANY, // one of several ways
    SEARCH_DRIVE_COUNT
} SearchDrive;

typedef struct SearchTerm {
    SearchDrive drive;
    Slice driving, plain;
    Slice day; // of SEARCH_DATE and SEARCH_DAY: the same of invoice_day d
    // Of names that many parties have, else "": the same, asked of each invoice by itself, which no
    // index serves; and what joins a party p that is meant with its invoices (SEARCH_ANY: those
    // that it sold, no others).
    Slice each, join;
} SearchTerm;

typedef struct SearchFilter {
    Db *db;        // where names are looked up
    uint64_t seen; // of search_sums_now, before the snapshot
    SearchTerm terms[SEARCH_TERMS_MAX];
    size_t term_count;
    SearchTerm ways[SEARCH_WAYS_MAX]; // of the term SEARCH_ANY: what it is any of
    size_t way_count;
    bool many[SEARCH_DRIVE_COUNT]; // so many are meant that it is not worth a try to drive by it
    bool one_seller, one_buyer;    // the name is one party's alone: the index has its days in order
    bool nothing;                  // no invoice can be meant
    DbValue values[SEARCH_VALUES_MAX]; // $1 is the tenant
    size_t count;
} SearchFilter;

// ERR_INPUT names the field first.
Err search_filter_build(Cx *cx, Db *db, Slice tenant, const SearchQuery *query,
                        SearchFilter *ret_filter);
// Adds a value; answers its number, for "$%zu".
size_t search_filter_value(SearchFilter *filter, DbValue value);
