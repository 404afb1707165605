// The WHERE clause of a search: one table of filters, values only ever as parameters.
#pragma once
#include "base/text.h"
#include "desk/invoice/search/search.h"

#define SEARCH_VALUES_MAX 32

typedef struct SearchFilter {
    Text where;                        // starts with "i.tenant = $1"
    DbValue values[SEARCH_VALUES_MAX]; // $1 is the tenant
    size_t count;
} SearchFilter;

// ERR_INPUT names the field first.
Err search_filter_build(Cx *cx, Slice tenant, const SearchQuery *query, SearchFilter *ret_filter);
// Adds a value; answers its number, for "$%zu".
size_t search_filter_value(SearchFilter *filter, DbValue value);
