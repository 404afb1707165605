#include "desk/invoice/search/search.h"

#include "base/base64.h"
#include "base/limits.h"
#include "desk/invoice/search/search_filter.h"
#include "desk/invoice/search/search_row.h"
#include "desk/invoice/search/search_sums.h"

// One way to sort. Unknown totals stand below every known one.
typedef struct SortRow {
    const char *name, *column;
    bool is_text;
} SortRow;

static const SortRow sorts[] = {
    {"issue_date", "i.issue_date", true},
    {"total", "COALESCE(i.total, -1000000000000001)", false},
    {"received_at", "i.received_ms", false},
};

typedef struct Order {
    const SortRow *row;
    bool down;
} Order;

static Err order_of(Cx *cx, Slice sort, Order *ret_order)
{
    sort = slice_trim(sort);
    if (sort.size == 0) sort = SLICE("-issue_date");
    bool down = sort.data[0] == '-';
    Slice name = slice_sub(sort, down ? 1 : 0, sort.size);
    for (size_t i = 0; i < sizeof sorts / sizeof sorts[0]; i++) {
        if (!slice_equal(name, slice_of(sorts[i].name))) continue;
        *ret_order = (Order){&sorts[i], down};
        return ERR_OK;
    }
    return err_set(cx, ERR_INPUT, "sort: there is no such order");
}

// A cursor is where the page ended: "order|key|id", in base64 with the URL's alphabet.
static Err cursor_print(Cx *cx, const Order *order, const SearchRow *last, Slice *ret_cursor)
{
    Slice id = base64_hex(cx, last->id);
    Slice key = last->issue_date;
    if (!order->row->is_text) {
        bool total = order->row == &sorts[1];
        int64_t number = total ? last->has_total ? last->total : INT64_C(-1000000000000001)
                               : (int64_t)last->received_ms;
        key = cx_printf(cx, "%lld", (long long)number);
    }
    Slice text =
        base64_encode(cx, cx_printf(cx, "%s%s|" SLICE_FMT "|" SLICE_FMT, order->down ? "-" : "",
                                    order->row->name, SLICE_ARG(key), SLICE_ARG(id)));
    char *bytes = arena_alloc(&cx->arena, text.size);
    size_t size = 0;
    for (; size < text.size && text.data[size] != '='; size++)
        bytes[size] = text.data[size] == '+' ? '-' : text.data[size] == '/' ? '_' : text.data[size];
    *ret_cursor = (Slice){bytes, size};
    return ERR_OK;
}

static Err cursor_plain(Cx *cx, Slice cursor, Slice *ret_plain)
{
    if (cursor.size > 512) return ERR_INPUT;
    char *bytes = arena_alloc(&cx->arena, cursor.size + 4);
    for (size_t i = 0; i < cursor.size; i++)
        bytes[i] = cursor.data[i] == '-' ? '+' : cursor.data[i] == '_' ? '/' : cursor.data[i];
    size_t size = cursor.size;
    while (size % 4 != 0)
        bytes[size++] = '=';
    return base64_decode(cx, (Slice){bytes, size}, true, ret_plain);
}

static bool number_of(Slice text, int64_t *ret_number)
{
    uint64_t value = 0;
    bool negative = text.size > 0 && text.data[0] == '-';
    if (!slice_u64(slice_sub(text, negative ? 1 : 0, text.size), &value) || value > INT64_MAX)
        return false;
    *ret_number = negative ? -(int64_t)value : (int64_t)value;
    return true;
}

static Err add_cursor(Cx *cx, const Order *order, Slice cursor, SearchFilter *filter)
{
    Slice rest, name, key, id_hex;
    bool done = false;
    uint8_t *id = arena_alloc(&cx->arena, COMMIT_ID_SIZE);
    bool good = cursor_plain(cx, cursor, &rest) == ERR_OK && slice_cut(&rest, '|', &done, &name) &&
                slice_cut(&rest, '|', &done, &key) && slice_cut(&rest, '|', &done, &id_hex) &&
                done && base64_unhex(cx, id_hex, id, COMMIT_ID_SIZE) == ERR_OK;
    Slice wanted = cx_printf(cx, "%s%s", order->down ? "-" : "", order->row->name);
    int64_t number = 0;
    if (good) good = slice_equal(name, wanted) && (order->row->is_text || number_of(key, &number));
    if (!good) return err_set(cx, ERR_INPUT, "cursor: is none of ours, or of another order");
    size_t k = search_filter_value(filter, order->row->is_text ? db_text(key) : db_int(number));
    size_t i = search_filter_value(filter, db_blob((Slice){(char *)id, COMMIT_ID_SIZE}));
    text_printf(&filter->where, " AND (%s, i.id) %s ($%zu, $%zu)", order->row->column,
                order->down ? "<" : ">", k, i);
    return ERR_OK;
}

static Err count_all(Cx *cx, Db *db, Slice tenant, SearchSums *sums, const SearchFilter *filter,
                     SearchPage *page)
{
    Slice where = text_so_far(&filter->where);
    Slice sql = cx_printf(cx,
                          "SELECT count(*), COALESCE(sum(i.amount), 0), COALESCE(sum(i.tax), 0),"
                          " COALESCE(sum(i.total), 0) FROM invoice i WHERE " SLICE_FMT,
                          SLICE_ARG(where));
    SearchSum shown, all;
    TRY(search_sums_of(cx, sums, db, sql, filter->values, filter->count, 4, &shown));
    page->count = shown.count;
    page->amount_sum = shown.amount;
    page->tax_sum = shown.tax;
    page->total_sum = shown.total;
    page->hidden = 0;
    if (where.size == SLICE("i.tenant = $1").size) return ERR_OK; // nothing is filtered
    TRY(search_sums_invoices(cx, sums, db, tenant, &all));
    page->hidden = all.count - page->count;
    return ERR_OK;
}

static Err read_page(Cx *cx, Db *db, const Order *order, const SearchFilter *filter, size_t limit,
                     SearchPage *page)
{
    const char *way = order->down ? "DESC" : "ASC";
    Slice where = text_so_far(&filter->where);
    Slice sql = cx_printf(cx,
                          "SELECT " SEARCH_ROW_COLUMNS SEARCH_ROW_TABLES " WHERE " SLICE_FMT
                          " ORDER BY %s %s, i.id %s LIMIT %zu",
                          SLICE_ARG(where), order->row->column, way, way, limit + 1);
    page->rows = arena_alloc(&cx->arena, (limit + 1) * sizeof *page->rows);
    AUTO_ROWS DbRows *rows = NULL;
    TRY(db_query_text(cx, db, sql, filter->values, filter->count, &rows));
    bool more = false;
    TRY(db_next(cx, rows, &more));
    for (; more && page->row_count < limit; page->row_count++) {
        TRY(search_row_read(cx, rows, &page->rows[page->row_count]));
        TRY(db_next(cx, rows, &more));
    }
    page->next_cursor = SLICE("");
    if (!more) return ERR_OK;
    return cursor_print(cx, order, &page->rows[page->row_count - 1], &page->next_cursor);
}

Err search_list(Cx *cx, Db *db, const PermissionActor *actor, const SearchQuery *query,
                SearchPage *ret_page)
{
    TRY(permission_check(cx, actor, PERMISSION_READ_INVOICES));
    int limit = query->limit == 0 ? 50 : query->limit;
    if (limit < 1 || limit > SEARCH_LIMIT_MAX)
        return err_set(cx, ERR_INPUT, "limit: is 1 to %d", SEARCH_LIMIT_MAX);
    Order order = {};
    SearchFilter filter;
    SearchPage page = {};
    TRY(order_of(cx, query->sort, &order));
    TRY(search_filter_build(cx, actor->tenant, query, &filter));
    // One snapshot, so that the rows and the total line tell of the same moment.
    TRY(db_begin_read(cx, db));
    Err err = count_all(cx, db, actor->tenant, query->sums, &filter, &page);
    if (err == ERR_OK && slice_trim(query->cursor).size > 0)
        err = add_cursor(cx, &order, slice_trim(query->cursor), &filter);
    if (err == ERR_OK) err = read_page(cx, db, &order, &filter, (size_t)limit, &page);
    db_rollback(db);
    if (err == ERR_OK) *ret_page = page;
    return err;
}
