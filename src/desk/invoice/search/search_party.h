// Names: which parties a tax id or a part of a name means.
#pragma once
#include "desk/invoice/search/search_filter.h"

#define SEARCH_PARTIES_MAX   1000 // that are named in a statement one by one
#define SEARCH_PARTIES_BYTES ((size_t)SEARCH_PARTIES_MAX * 24)

typedef struct SearchParties {
    Slice ids;  // "1,2,3", or a SELECT when there are more
    bool none;  // there is no such party
    bool alone; // there is one
    bool many;  // there are more than SEARCH_PARTIES_MAX
    // Of many: what is asked of a party p, and a test for the one whose id stands for '@'.
    Slice means, each;
} SearchParties;

// `ids` is what stands between the brackets of "IN (…)".
Err search_party_find(Cx *cx, SearchFilter *filter, Slice value, SearchParties *ret_parties);
