#include "desk/invoice/search/search_party.h"

#include "base/limits.h"
#include "model/draft_canon.h"

// "%北京\_a%": part of a name as it is kept to be found, with what LIKE takes for wild cards
// escaped.
static Err like_of(Cx *cx, Slice part, Slice *ret_pattern)
{
    TRY(draft_canon_found(cx, part, &part));
    Text text = text_open(cx, part.size * 2 + 2);
    text_byte(&text, '%');
    for (size_t i = 0; i < part.size; i++) {
        char c = part.data[i];
        if (c == '%' || c == '_' || c == '\\') text_byte(&text, '\\');
        text_byte(&text, c);
    }
    text_byte(&text, '%');
    return text_done(cx, &text, ret_pattern);
}

static Err read_ids(Cx *cx, DbRows *rows, Text *text, size_t *ret_count)
{
    *ret_count = 0;
    for (bool row = true;; ++*ret_count) {
        TRY(db_next(cx, rows, &row));
        if (!row) return ERR_OK;
        if (*ret_count < SEARCH_PARTIES_MAX)
            text_printf(text, "%s%lld", *ret_count == 0 ? "" : ",", (long long)db_col_int(rows, 0));
    }
}

Err search_party_find(Cx *cx, SearchFilter *filter, Slice value, SearchParties *ret_parties)
{
    Slice pattern;
    TRY(like_of(cx, value, &pattern));
    size_t id = search_filter_value(filter, db_text(value));
    size_t name = search_filter_value(filter, db_text(pattern));
    Slice means = cx_printf(cx, "(p.tax_id = $%zu OR p.found LIKE $%zu ESCAPE '\\')", id, name);
    static const char from_party[] = "SELECT p.id FROM party p WHERE p.tenant = $1 AND ";
    Slice all = cx_printf(cx, "%s" SLICE_FMT, from_party, SLICE_ARG(means));
    Slice sql = cx_printf(cx, SLICE_FMT " LIMIT %d", SLICE_ARG(all), SEARCH_PARTIES_MAX + 1);
    AUTO_ROWS DbRows *rows = NULL;
    TRY(db_query_text(cx, filter->db, sql, filter->values, filter->count, &rows));
    Text text = text_open(cx, SEARCH_PARTIES_BYTES);
    size_t count = 0;
    TRY(read_ids(cx, rows, &text, &count));
    *ret_parties = (SearchParties){.none = count == 0, .alone = count == 1, .ids = all};
    ret_parties->many = count > SEARCH_PARTIES_MAX;
    // Looked up once: every statement of this search names them.
    if (!ret_parties->many) return text_done(cx, &text, &ret_parties->ids);
    // A value, not EXISTS: no planner makes a join of it and begins with the parties.
    ret_parties->means = means;
    ret_parties->each =
        cx_printf(cx, "(%sp.id = @ AND " SLICE_FMT ") IS NOT NULL", from_party, SLICE_ARG(means));
    return ERR_OK;
}
