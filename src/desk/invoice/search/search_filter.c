#include "desk/invoice/search/search_filter.h"

#include <assert.h>
#include <stddef.h>

#include "base/date.h"
#include "base/limits.h"
#include "base/money.h"
#include "desk/invoice/search/search_party.h"
#include "desk/invoice/search/search_row.h"
#include "model/draft_canon.h"

typedef struct FilterRow FilterRow;
typedef Err FilterFn(Cx *cx, SearchFilter *filter, Slice value, const FilterRow *row);
struct FilterRow {
    const char *name;
    size_t offset; // in SearchQuery
    FilterFn *add;
    SearchDrive drive;
    const char *pattern; // of a bound
};

size_t search_filter_value(SearchFilter *filter, DbValue value)
{
    assert(filter->count < SEARCH_VALUES_MAX);
    filter->values[filter->count++] = value;
    return filter->count;
}

// "@ >= $2" with a column for each "@".
static Slice with(Cx *cx, Slice pattern, const char *column)
{
    Text text = text_open(cx, SEARCH_PARTIES_BYTES + LIMIT_FIELD_BYTES);
    for (size_t i = 0; i < pattern.size; i++) {
        if (pattern.data[i] == '@')
            text_add(&text, slice_of(column));
        else
            text_byte(&text, pattern.data[i]);
    }
    return text_so_far(&text);
}

// What serves no index: an expression, of the same value.
static const struct {
    const char *driving, *plain;
} columns[SEARCH_DRIVE_COUNT] = {
    [SEARCH_NUMBER] = {"i.number", "(i.number || '')"},
    [SEARCH_DIGITAL] = {"i.digital_number", "(i.digital_number || '')"},
    [SEARCH_CODE] = {"i.code", "(i.code || '')"},
    [SEARCH_SELLER] = {"i.seller", "(i.seller + 0)"},
    [SEARCH_BUYER] = {"i.buyer", "(i.buyer + 0)"},
    [SEARCH_AMOUNT] = {"i.amount", "(i.amount + 0)"},
    [SEARCH_TOTAL] = {SEARCH_TOTAL_KEY, "(i.total + 0)"},
    [SEARCH_DATE] = {"i.issue_date", "(i.issue_date || '')"},
};

static SearchTerm term_of(Cx *cx, SearchDrive drive, Slice pattern)
{
    SearchTerm term = {.drive = drive};
    term.driving = with(cx, pattern, columns[drive].driving);
    term.plain = with(cx, pattern, columns[drive].plain);
    if (drive == SEARCH_DATE) term.day = with(cx, pattern, "d.issue_date");
    return term;
}

static void add(SearchFilter *filter, SearchTerm term)
{
    assert(filter->term_count < SEARCH_TERMS_MAX);
    filter->terms[filter->term_count++] = term;
}

// A number as it is kept, though it was copied with blanks or in full-width digits.
static Err by_code(Cx *cx, SearchFilter *filter, Slice value, const FilterRow *row)
{
    TRY(draft_canon_digits(cx, value, &value));
    size_t n = search_filter_value(filter, db_text(value));
    // The index has no row without a code.
    add(filter, term_of(cx, row->drive, cx_printf(cx, "@ = $%zu AND i.code <> ''", n)));
    return ERR_OK;
}

// Leading digits are a range in the index.
static Slice prefix_of(Cx *cx, SearchFilter *filter, Slice value)
{
    size_t low = search_filter_value(filter, db_text(value));
    Slice end = cx_printf(cx, SLICE_FMT "~", SLICE_ARG(value));
    size_t high = search_filter_value(filter, db_text(end));
    return cx_printf(cx, "@ >= $%zu AND @ < $%zu", low, high);
}

// The index has no row without one.
static Slice second_of(Cx *cx, Slice pattern)
{
    return cx_printf(cx, SLICE_FMT " AND i.digital_number <> ''", SLICE_ARG(pattern));
}

// Whether an invoice on paper has a second number that begins so. Hardly any has.
static Err has_second(Cx *cx, SearchFilter *filter, Slice value, bool *ret_has)
{
    AUTO_ROWS DbRows *rows = NULL;
    TRY(db_query(cx, filter->db,
                 "SELECT 1 FROM invoice WHERE tenant = $1 AND digital_number >= $2 "
                 "AND digital_number < $3 AND digital_number <> '' LIMIT 1",
                 DB_VALUES(filter->values[0], db_text(value),
                           db_text(cx_printf(cx, SLICE_FMT "~", SLICE_ARG(value)))),
                 &rows));
    return db_next(cx, rows, ret_has);
}

// An invoice's own number, or its second.
static Err by_number(Cx *cx, SearchFilter *filter, Slice value, const FilterRow *row)
{
    bool second = false;
    TRY(draft_canon_digits(cx, value, &value));
    TRY(has_second(cx, filter, value, &second));
    Slice pattern = prefix_of(cx, filter, value);
    SearchTerm term = term_of(cx, row->drive, pattern);
    if (second) {
        SearchTerm other = term_of(cx, SEARCH_DIGITAL, second_of(cx, pattern));
        term.driving = cx_printf(cx, "(" SLICE_FMT ") OR (" SLICE_FMT ")", SLICE_ARG(term.driving),
                                 SLICE_ARG(other.driving));
        term.plain = cx_printf(cx, "(" SLICE_FMT ") OR (" SLICE_FMT ")", SLICE_ARG(term.plain),
                               SLICE_ARG(other.plain));
    }
    add(filter, term);
    return ERR_OK;
}

static Err by_party(Cx *cx, SearchFilter *filter, Slice value, const FilterRow *row)
{
    SearchParties parties;
    TRY(search_party_find(cx, filter, value, &parties));
    if (parties.none) filter->nothing = true;
    bool *alone = row->drive == SEARCH_SELLER ? &filter->one_seller : &filter->one_buyer;
    *alone = parties.alone;
    filter->many[row->drive] = parties.many;
    SearchTerm term =
        term_of(cx, row->drive, cx_printf(cx, "@ IN (" SLICE_FMT ")", SLICE_ARG(parties.ids)));
    if (parties.many) {
        const char *column = columns[row->drive].driving;
        term.each = with(cx, parties.each, column);
        term.join = cx_printf(cx, "%s = p.id AND " SLICE_FMT, column, SLICE_ARG(parties.means));
    }
    add(filter, term);
    return ERR_OK;
}

static Err by_date(Cx *cx, SearchFilter *filter, Slice value, const FilterRow *row)
{
    Date date;
    if (date_parse(cx, value, &date) != ERR_OK) return err_set(cx, ERR_INPUT, "is no date");
    char *text = arena_alloc(&cx->arena, DATE_TEXT_SIZE + 1);
    size_t n = search_filter_value(filter, db_text(date_print(date, text)));
    add(filter, term_of(cx, row->drive, cx_printf(cx, "%s $%zu", row->pattern, n)));
    return ERR_OK;
}

static Err by_money(Cx *cx, SearchFilter *filter, Slice value, const FilterRow *row)
{
    Money money;
    bool is_money = false;
    // As people copy them: 1,234.50 and ￥1234.5, too.
    TRY(draft_canon_money(cx, value, &value, &is_money));
    if (!is_money || money_parse(cx, value, &money) != ERR_OK)
        return err_set(cx, ERR_INPUT, "is no amount");
    size_t n = search_filter_value(filter, db_int(money.fen));
    add(filter, term_of(cx, row->drive, cx_printf(cx, "%s $%zu", row->pattern, n)));
    return ERR_OK;
}

static void add_day(Cx *cx, SearchFilter *filter, const char *column, DbValue value)
{
    size_t n = search_filter_value(filter, value);
    Slice same = cx_printf(cx, "i.%s = $%zu", column, n);
    add(filter, (SearchTerm){.drive = SEARCH_DAY,
                             .driving = same,
                             .plain = same,
                             .day = cx_printf(cx, "d.%s = $%zu", column, n)});
}

static Err by_kind(Cx *cx, SearchFilter *filter, Slice value, const FilterRow *row)
{
    (void)row;
    if (kind_row(value) == NULL) return err_set(cx, ERR_INPUT, "there is no such kind");
    add_day(cx, filter, "kind", db_text(value));
    return ERR_OK;
}

static Err by_state(Cx *cx, SearchFilter *filter, Slice value, const FilterRow *row)
{
    static const char *const names[] = {"normal", "voided", "red_partial", "red_full", "red"};
    (void)row;
    if (slice_equal(value, SLICE("conflict"))) {
        add_day(cx, filter, "conflict", db_int(1));
        return ERR_OK;
    }
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (!slice_equal(value, slice_of(names[i]))) continue;
        add_day(cx, filter, "state", db_text(value));
        return ERR_OK;
    }
    return err_set(cx, ERR_INPUT, "there is no such state");
}

static void add_way(Cx *cx, SearchFilter *filter, SearchDrive drive, Slice pattern)
{
    assert(filter->way_count < SEARCH_WAYS_MAX);
    filter->ways[filter->way_count++] = term_of(cx, drive, pattern);
}

// `each`: of many parties, asked of each invoice by itself.
static Err any_of(Cx *cx, const SearchFilter *filter, bool each, Slice *ret_term)
{
    Text any = text_open(cx, 2 * SEARCH_PARTIES_BYTES + LIMIT_FIELD_BYTES);
    for (size_t i = 0; i < filter->way_count; i++) {
        const SearchTerm *way = &filter->ways[i];
        Slice text = each && way->each.size > 0 ? way->each : way->plain;
        text_printf(&any, "%s(" SLICE_FMT ")", i == 0 ? "(" : " OR ", SLICE_ARG(text));
    }
    text_byte(&any, ')');
    return text_done(cx, &any, ret_term);
}

static Err by_anything(Cx *cx, SearchFilter *filter, Slice value, const FilterRow *row)
{
    SearchParties parties;
    Money money;
    TRY(search_party_find(cx, filter, value, &parties));
    filter->many[row->drive] = parties.many;
    TRY(draft_canon_digits(cx, value, &value));
    size_t same = search_filter_value(filter, db_text(value));
    Slice prefix = prefix_of(cx, filter, value);
    add_way(cx, filter, SEARCH_NUMBER, prefix);
    add_way(cx, filter, SEARCH_DIGITAL, second_of(cx, prefix));
    add_way(cx, filter, SEARCH_CODE, cx_printf(cx, "@ = $%zu AND i.code <> ''", same));
    Slice in = cx_printf(cx, "@ IN (" SLICE_FMT ")", SLICE_ARG(parties.ids));
    SearchTerm term = {.drive = row->drive};
    if (!parties.none) add_way(cx, filter, SEARCH_SELLER, in);
    if (parties.many) filter->ways[filter->way_count - 1].each = with(cx, parties.each, "i.seller");
    if (!parties.none) add_way(cx, filter, SEARCH_BUYER, in);
    if (parties.many) filter->ways[filter->way_count - 1].each = with(cx, parties.each, "i.buyer");
    if (money_parse(cx, value, &money) == ERR_OK) {
        Slice equal = cx_printf(cx, "@ = $%zu", search_filter_value(filter, db_int(money.fen)));
        add_way(cx, filter, SEARCH_AMOUNT, equal);
        add_way(cx, filter, SEARCH_TOTAL, equal);
    }
    TRY(any_of(cx, filter, false, &term.plain));
    term.driving = term.plain;
    if (parties.many) {
        TRY(any_of(cx, filter, true, &term.each));
        term.join = cx_printf(cx, "i.seller = p.id AND " SLICE_FMT, SLICE_ARG(parties.means));
    }
    add(filter, term);
    return ERR_OK;
}

#define ROW(field) #field, offsetof(SearchQuery, field)
static const FilterRow filters[] = {
    {ROW(number), by_number, SEARCH_NUMBER, NULL},
    {ROW(code), by_code, SEARCH_CODE, NULL},
    {ROW(seller), by_party, SEARCH_SELLER, NULL},
    {ROW(buyer), by_party, SEARCH_BUYER, NULL},
    {ROW(date_from), by_date, SEARCH_DATE, "@ >="},
    {ROW(date_to), by_date, SEARCH_DATE, "@ <> '' AND @ <="},
    {ROW(amount_min), by_money, SEARCH_AMOUNT, "@ >="},
    {ROW(amount_max), by_money, SEARCH_AMOUNT, "@ <="},
    {ROW(total_min), by_money, SEARCH_TOTAL, "@ >="},
    {ROW(total_max), by_money, SEARCH_TOTAL, "i.total IS NOT NULL AND @ <="},
    {ROW(kind), by_kind, SEARCH_DAY, NULL},
    {ROW(state), by_state, SEARCH_DAY, NULL},
    {ROW(q), by_anything, SEARCH_ANY, NULL},
};
#undef ROW

// Nothing is left of it as it is searched for: it would be in every name.
static bool is_empty(Slice value)
{
    return draft_canon_next(&value) == 0;
}

Err search_filter_build(Cx *cx, Db *db, Slice tenant, const SearchQuery *query,
                        SearchFilter *ret_filter)
{
    *ret_filter = (SearchFilter){.db = db};
    (void)search_filter_value(ret_filter, db_text(tenant));
    for (size_t i = 0; i < sizeof filters / sizeof filters[0]; i++) {
        Slice value;
        memcpy(&value, (const char *)query + filters[i].offset, sizeof value);
        value = slice_trim(value);
        if (value.size == 0) continue;
        bool odd = memchr(value.data, '\0', value.size) != NULL || is_empty(value);
        Err err = odd || value.size > LIMIT_FIELD_BYTES
                      ? err_set(cx, ERR_INPUT, "can't be searched for")
                      : filters[i].add(cx, ret_filter, value, &filters[i]);
        if (err != ERR_OK) return err_wrap(cx, err, "%s", filters[i].name);
    }
    return ERR_OK;
}
