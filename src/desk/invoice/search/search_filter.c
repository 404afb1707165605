#include "desk/invoice/search/search_filter.h"

#include <assert.h>
#include <stddef.h>

#include "base/date.h"
#include "base/limits.h"
#include "base/money.h"

typedef Err FilterFn(Cx *cx, SearchFilter *filter, Slice value, const char *column);

size_t search_filter_value(SearchFilter *filter, DbValue value)
{
    assert(filter->count < SEARCH_VALUES_MAX);
    filter->values[filter->count++] = value;
    return filter->count;
}

// "%北京\_a%": part of a name, with what LIKE takes for wild cards escaped; ASCII letters small.
static Err like_of(Cx *cx, Slice part, Slice *ret_pattern)
{
    Text text = text_open(cx, LIMIT_FIELD_BYTES * 3);
    text_byte(&text, '%');
    for (size_t i = 0; i < part.size; i++) {
        char c = part.data[i];
        if (c == '%' || c == '_' || c == '\\') text_byte(&text, '\\');
        text_byte(&text, c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c);
    }
    text_byte(&text, '%');
    return text_done(cx, &text, ret_pattern);
}

static Err by_equal(Cx *cx, SearchFilter *filter, Slice value, const char *column)
{
    (void)cx;
    size_t n = search_filter_value(filter, db_text(value));
    text_printf(&filter->where, " AND i.%s = $%zu", column, n);
    return ERR_OK;
}

// The index is by number: leading digits are a range in it.
static Err by_prefix(Cx *cx, SearchFilter *filter, Slice value, const char *column)
{
    size_t low = search_filter_value(filter, db_text(value));
    Slice end = cx_printf(cx, SLICE_FMT "~", SLICE_ARG(value));
    size_t high = search_filter_value(filter, db_text(end));
    text_printf(&filter->where, " AND i.%s >= $%zu AND i.%s < $%zu", column, low, column, high);
    return ERR_OK;
}

static Err by_party(Cx *cx, SearchFilter *filter, Slice value, const char *column)
{
    Slice pattern;
    TRY(like_of(cx, value, &pattern));
    size_t id = search_filter_value(filter, db_text(value));
    size_t name = search_filter_value(filter, db_text(pattern));
    text_printf(&filter->where,
                " AND i.%s IN (SELECT p.id FROM party p WHERE p.tenant = $1 AND"
                " (p.tax_id = $%zu OR lower(p.name) LIKE $%zu ESCAPE '\\'))",
                column, id, name);
    return ERR_OK;
}

static Err date_bound(Cx *cx, SearchFilter *filter, Slice value, const char *column)
{
    Date date;
    if (date_parse(cx, value, &date) != ERR_OK) return err_set(cx, ERR_INPUT, "is no date");
    char *text = arena_alloc(&cx->arena, DATE_TEXT_SIZE + 1);
    size_t n = search_filter_value(filter, db_text(date_print(date, text)));
    text_printf(&filter->where, " AND %s $%zu", column, n);
    return ERR_OK;
}

static Err money_bound(Cx *cx, SearchFilter *filter, Slice value, const char *column)
{
    Money money;
    if (money_parse(cx, value, &money) != ERR_OK) return err_set(cx, ERR_INPUT, "is no amount");
    size_t n = search_filter_value(filter, db_int(money.fen));
    text_printf(&filter->where, " AND %s $%zu", column, n);
    return ERR_OK;
}

static Err by_kind(Cx *cx, SearchFilter *filter, Slice value, const char *column)
{
    if (kind_row(value) == NULL) return err_set(cx, ERR_INPUT, "there is no such kind");
    return by_equal(cx, filter, value, column);
}

static Err by_state(Cx *cx, SearchFilter *filter, Slice value, const char *column)
{
    static const char *const names[] = {"normal", "voided", "red_partial", "red_full", "red"};
    if (slice_equal(value, SLICE("conflict"))) {
        text_add(&filter->where, SLICE(" AND i.conflict = 1"));
        return ERR_OK;
    }
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (slice_equal(value, slice_of(names[i]))) return by_equal(cx, filter, value, column);
    return err_set(cx, ERR_INPUT, "there is no such state");
}

static Err by_anything(Cx *cx, SearchFilter *filter, Slice value, const char *column)
{
    (void)column;
    Slice pattern;
    TRY(like_of(cx, value, &pattern));
    size_t name = search_filter_value(filter, db_text(pattern));
    size_t same = search_filter_value(filter, db_text(value));
    size_t end =
        search_filter_value(filter, db_text(cx_printf(cx, SLICE_FMT "~", SLICE_ARG(value))));
    text_printf(&filter->where,
                " AND ((i.number >= $%zu AND i.number < $%zu) OR i.code = $%zu OR EXISTS (SELECT 1"
                " FROM party p WHERE p.tenant = $1 AND p.id IN (i.seller, i.buyer) AND"
                " (p.tax_id = $%zu OR lower(p.name) LIKE $%zu ESCAPE '\\'))",
                same, end, same, same, name);
    Money money;
    if (money_parse(cx, value, &money) == ERR_OK) {
        size_t n = search_filter_value(filter, db_int(money.fen));
        text_printf(&filter->where, " OR i.amount = $%zu OR i.total = $%zu", n, n);
    }
    text_byte(&filter->where, ')');
    return ERR_OK;
}

typedef struct FilterRow {
    const char *name;
    size_t offset; // in SearchQuery
    FilterFn *add;
    const char *column;
} FilterRow;

static const FilterRow filters[] = {
    {"number", offsetof(SearchQuery, number), by_prefix, "number"},
    {"code", offsetof(SearchQuery, code), by_equal, "code"},
    {"seller", offsetof(SearchQuery, seller), by_party, "seller"},
    {"buyer", offsetof(SearchQuery, buyer), by_party, "buyer"},
    {"date_from", offsetof(SearchQuery, date_from), date_bound, "i.issue_date >="},
    {"date_to", offsetof(SearchQuery, date_to), date_bound,
     "i.issue_date <> '' AND i.issue_date <="},
    {"amount_min", offsetof(SearchQuery, amount_min), money_bound, "i.amount >="},
    {"amount_max", offsetof(SearchQuery, amount_max), money_bound, "i.amount <="},
    {"total_min", offsetof(SearchQuery, total_min), money_bound, "i.total >="},
    {"total_max", offsetof(SearchQuery, total_max), money_bound, "i.total <="},
    {"kind", offsetof(SearchQuery, kind), by_kind, "kind"},
    {"state", offsetof(SearchQuery, state), by_state, "state"},
    {"q", offsetof(SearchQuery, q), by_anything, NULL},
};

Err search_filter_build(Cx *cx, Slice tenant, const SearchQuery *query, SearchFilter *ret_filter)
{
    *ret_filter = (SearchFilter){.where = text_open(cx, LIMIT_FIELD_BYTES * 4)};
    text_printf(&ret_filter->where, "i.tenant = $%zu",
                search_filter_value(ret_filter, db_text(tenant)));
    for (size_t i = 0; i < sizeof filters / sizeof filters[0]; i++) {
        Slice value;
        memcpy(&value, (const char *)query + filters[i].offset, sizeof value);
        value = slice_trim(value);
        if (value.size == 0) continue;
        Err err = value.size > LIMIT_FIELD_BYTES || memchr(value.data, '\0', value.size) != NULL
                      ? err_set(cx, ERR_INPUT, "can't be searched for")
                      : filters[i].add(cx, ret_filter, value, filters[i].column);
        if (err != ERR_OK) return err_wrap(cx, err, "%s", filters[i].name);
    }
    Slice whole;
    return text_done(cx, &ret_filter->where, &whole);
}
