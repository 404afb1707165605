#include "desk/invoice/search/search.h"

#include "base/base64.h"
#include "base/limits.h"
#include "desk/invoice/search/search_plan.h"
#include "desk/invoice/search/search_row.h"

#define SORT(name, column, plain, drive, is_text)                                                  \
    {                                                                                              \
        name, column, plain, plain " AS sort_key", drive, is_text                                  \
    }
static const SearchSort sorts[] = {
    SORT("issue_date", "i.issue_date", "(i.issue_date || '')", SEARCH_DATE, true),
    SORT("total", SEARCH_TOTAL_KEY, SEARCH_TOTAL_PLAIN, SEARCH_TOTAL, false),
    SORT("received_at", "i.received_ms", "(i.received_ms + 0)", SEARCH_DRIVE_COUNT, false),
};

typedef struct Order {
    const SearchSort *row;
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
        int64_t number =
            total ? last->has_total ? last->total : SEARCH_TOTAL_NONE : (int64_t)last->received_ms;
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

// Numbers of the values where the page before ended.
static Err add_cursor(Cx *cx, const Order *order, Slice cursor, SearchFilter *filter,
                      size_t *ret_key, size_t *ret_id)
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
    *ret_key = search_filter_value(filter, order->row->is_text ? db_text(key) : db_int(number));
    *ret_id = search_filter_value(filter, db_blob((Slice){(char *)id, COMMIT_ID_SIZE}));
    return ERR_OK;
}

static Err count_all(Cx *cx, const SearchFilter *filter, const SearchPlan *plan, SearchSums *sums,
                     Slice tenant, SearchPage *page)
{
    SearchSum shown, all;
    TRY(search_plan_total(cx, sums, filter, plan, &shown, &page->exact));
    page->count = shown.count;
    page->amount_sum = shown.amount;
    page->tax_sum = shown.tax;
    page->total_sum = shown.total;
    if (filter->term_count == 0) return ERR_OK; // nothing is hidden
    TRY(search_sums_invoices(cx, sums, filter->db, filter->seen, tenant, &all));
    page->hidden = all.count - page->count;
    return ERR_OK;
}

// First which ones, by indexes alone; then those rows, whole.
static Err read_page(Cx *cx, const Order *order, const SearchFilter *filter, Slice ids,
                     size_t limit, SearchPage *page)
{
    const char *way = order->down ? "DESC" : "ASC";
    Slice sql = cx_printf(cx,
                          "SELECT " SEARCH_ROW_COLUMNS " FROM (" SLICE_FMT ") AS page"
                          " JOIN invoice i ON i.tenant = $1 AND i.id = page.id" SEARCH_ROW_PARTIES
                          " ORDER BY page.sort_key %s, page.id %s",
                          SLICE_ARG(ids), way, way);
    page->rows = arena_alloc(&cx->arena, (limit + 1) * sizeof *page->rows);
    AUTO_ROWS DbRows *rows = NULL;
    TRY(db_query_text(cx, filter->db, sql, filter->values, filter->count, &rows));
    bool more = false;
    TRY(db_next(cx, rows, &more));
    for (; more && page->row_count < limit; page->row_count++) {
        TRY(search_row_read(cx, rows, &page->rows[page->row_count]));
        TRY(db_next(cx, rows, &more));
    }
    if (!more) return ERR_OK;
    return cursor_print(cx, order, &page->rows[page->row_count - 1], &page->next_cursor);
}

static Err find_page(Cx *cx, const SearchQuery *query, Slice tenant, const Order *order,
                     SearchFilter *filter, size_t limit, SearchPage *page)
{
    SearchPlan plan;
    size_t key = 0, id = 0;
    Slice ids;
    TRY(search_plan_make(cx, query->sums, filter, order->row, order->down, &plan));
    TRY(count_all(cx, filter, &plan, query->sums, tenant, page));
    if (slice_trim(query->cursor).size > 0)
        TRY(add_cursor(cx, order, slice_trim(query->cursor), filter, &key, &id));
    if (filter->nothing) return ERR_OK;
    size_t values = filter->count;
    TRY(search_plan_near(cx, filter, &plan, key, id, limit + 1, &ids));
    if (ids.size > 0) {
        TRY(read_page(cx, order, filter, ids, limit, page));
        if (page->next_cursor.size > 0) return ERR_OK;
        filter->count = values;
        page->row_count = 0;
    }
    TRY(search_plan_page(cx, filter, &plan, key, id, limit + 1, &ids));
    return read_page(cx, order, filter, ids, limit, page);
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
    SearchPage page = {.next_cursor = SLICE("")};
    TRY(order_of(cx, query->sort, &order));
    // One snapshot, so that the rows and the total line tell of the same moment.
    uint64_t seen = search_sums_now(query->sums);
    TRY(db_begin_read(cx, db));
    Err err = search_filter_build(cx, db, actor->tenant, query, &filter);
    filter.seen = seen;
    if (err == ERR_OK)
        err = find_page(cx, query, actor->tenant, &order, &filter, (size_t)limit, &page);
    db_rollback(db);
    if (err == ERR_OK) *ret_page = page;
    return err;
}
