// What lists and details look like as JSON.
#pragma once
#include "desk/invoice/search/search.h"
#include "format/json/json_out.h"

// {"items":[…],"next_cursor","total":{…},"hidden"}
void search_print_page(Cx *cx, JsonOut *out, const SearchPage *page);
// The members of an InvoiceRow, without the braces.
void search_print_members(Cx *cx, JsonOut *out, const SearchRow *row);
// "-12.30", or "" when not known; also for sums, which may be longer than any Money.
Slice search_print_money(Cx *cx, bool known, int64_t fen);
// "accepted", "carrier" …: an event's type.
Slice search_print_event(int64_t type);
