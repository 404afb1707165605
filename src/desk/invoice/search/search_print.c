#include "desk/invoice/search/search_print.h"

#include "base/base64.h"
#include "base/date.h"

Slice search_print_event(int64_t type)
{
    Slice name = slice_of(commit_event_name((EventType)type));
    return slice_empty(name) ? SLICE("unknown") : name;
}

Slice search_print_money(Cx *cx, bool known, int64_t fen)
{
    if (!known) return SLICE("");
    // A sum may be longer than any single amount.
    uint64_t size = fen < 0 ? -(uint64_t)fen : (uint64_t)fen;
    return cx_printf(cx, "%s%llu.%02llu", fen < 0 ? "-" : "", (unsigned long long)(size / 100),
                     (unsigned long long)(size % 100));
}

static void print_party(JsonOut *out, const char *key, const SearchParty *party)
{
    json_out_key(out, slice_of(key));
    json_out_object(out);
    json_out_pair(out, "name", party->name);
    json_out_pair(out, "tax_id", party->tax_id);
    json_out_end_object(out);
}

void search_print_members(Cx *cx, JsonOut *out, const SearchRow *row)
{
    const KindRow *kind = kind_row(row->kind);
    json_out_pair(out, "id", base64_hex(cx, row->id));
    json_out_pair(out, "kind", row->kind);
    json_out_pair(out, "kind_name", kind == NULL ? SLICE("") : slice_of(kind->name));
    json_out_pair(out, "code", row->code);
    json_out_pair(out, "number", row->number);
    json_out_pair(out, "issue_date", row->issue_date);
    json_out_pair(out, "amount", search_print_money(cx, row->has_amount, row->amount));
    json_out_pair(out, "tax", search_print_money(cx, row->has_tax, row->tax));
    json_out_pair(out, "total", search_print_money(cx, row->has_total, row->total));
    print_party(out, "seller", &row->seller);
    print_party(out, "buyer", &row->buyer);
    json_out_pair(out, "state", row->state);
    json_out_key(out, SLICE("conflict"));
    json_out_bool(out, row->conflict);
    json_out_pair(out, "basis", slice_of(verdict_basis_name(row->basis)));
    json_out_key(out, SLICE("carriers"));
    json_out_number(out, row->carriers);
    json_out_key(out, SLICE("findings"));
    json_out_number(out, row->findings);
    json_out_pair(out, "received_at", date_rfc3339(cx, row->received_ms));
}

void search_print_page(Cx *cx, JsonOut *out, const SearchPage *page)
{
    json_out_object(out);
    json_out_key(out, SLICE("items"));
    json_out_array(out);
    for (size_t i = 0; i < page->row_count; i++) {
        json_out_object(out);
        search_print_members(cx, out, &page->rows[i]);
        json_out_end_object(out);
    }
    json_out_end_array(out);
    json_out_key(out, SLICE("next_cursor"));
    if (page->next_cursor.size > 0)
        json_out_string(out, page->next_cursor);
    else
        json_out_null(out);
    json_out_key(out, SLICE("total"));
    json_out_object(out);
    json_out_key(out, SLICE("count"));
    json_out_number(out, page->count);
    json_out_key(out, SLICE("exact"));
    json_out_bool(out, page->exact);
    json_out_pair(out, "amount", search_print_money(cx, page->exact, page->amount_sum));
    json_out_pair(out, "tax", search_print_money(cx, page->exact, page->tax_sum));
    json_out_pair(out, "total", search_print_money(cx, page->exact, page->total_sum));
    json_out_end_object(out);
    json_out_key(out, SLICE("hidden"));
    json_out_number(out, page->hidden);
    json_out_end_object(out);
}
