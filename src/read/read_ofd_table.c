// A row of headings (three of those below at least) begins the table, 合计 or 小计 ends it. A cell
// belongs to the heading whose middle is nearest to the middle of its box; where the box is no
// wider than its text, what it holds decides between rate, amount and tax.
#include "read/read_ofd_table.h"

#include "read/read_ofd_join.h"
#include "read/read_ofd_lines.h"
#include "read/read_ofd_rows.h"

#define HEADINGS_MAX 16
#define ROW_UM       1500
#define TIGHT_UM     2500 // a box that is wider than its text by less is no column

static const struct {
    Slice word;
    Column column;
} headings[] = {
    {SLICE("货物或应税劳务、服务名称"), COLUMN_NAME},
    {SLICE("项目名称"), COLUMN_NAME},
    {SLICE("规格型号"), COLUMN_SPEC},
    {SLICE("税率/征收率"), COLUMN_RATE},
    {SLICE("单位"), COLUMN_UNIT},
    {SLICE("数量"), COLUMN_QUANTITY},
    {SLICE("单价"), COLUMN_PRICE},
    {SLICE("金额"), COLUMN_AMOUNT},
    {SLICE("税率"), COLUMN_RATE},
    {SLICE("税额"), COLUMN_TAX},
    {SLICE("序号"), COLUMN_OTHER},
    {SLICE("建筑服务发生地"), COLUMN_OTHER},
    {SLICE("建筑项目名称"), COLUMN_OTHER},
    {SLICE("车牌号"), COLUMN_OTHER},
    {SLICE("类型"), COLUMN_OTHER},
    {SLICE("通行日期起"), COLUMN_OTHER},
    {SLICE("通行日期止"), COLUMN_OTHER},
    {SLICE("产权证书/不动产权证号"), COLUMN_OTHER},
    {SLICE("面积单位"), COLUMN_UNIT},
};

typedef struct Heading {
    Column column;
    int32_t middle;
} Heading;

typedef struct Table {
    Heading headings[HEADINGS_MAX];
    size_t count;
    int32_t top, bottom; // baselines: of the headings, of the row that ends it
} Table;

static bool column_known(const Table *table, Column column)
{
    for (size_t i = 0; i < table->count; i++)
        if (table->headings[i].column == column) return true;
    return false;
}

static bool read_headings(const Row *row, Table *table)
{
    table->count = 0;
    for (size_t at = 0; at < row->folded.size && table->count < HEADINGS_MAX;) {
        size_t size = 0;
        Column column = COLUMN_OTHER;
        for (size_t i = 0; i < sizeof headings / sizeof headings[0]; i++) {
            Slice word = headings[i].word;
            if (word.size <= size || !slice_equal(slice_sub(row->folded, at, word.size), word))
                continue;
            size = word.size;
            column = headings[i].column;
        }
        // 金额：￥45.28 on a ticket is no column.
        if (size > 0 && at + size < row->folded.size && row->folded.data[at + size] == ':')
            return false;
        bool begins = at == 0 || row->spots[at].piece != row->spots[at - 1].piece;
        if (size == 0 && !begins) {
            at++;
            continue;
        }
        if (size == 0) // a heading that we do not know is a column all the same
            while (at + size < row->folded.size &&
                   row->spots[at + size].piece == row->spots[at].piece)
                size++;
        int32_t left = read_ofd_rows_x(row, at);
        const OfdText *last = read_ofd_rows_piece(row, at + size - 1);
        bool to_end = at + size == row->folded.size ||
                      row->spots[at + size].piece != row->spots[at + size - 1].piece;
        int32_t right = to_end ? last->x2 : read_ofd_rows_x(row, at + size);
        table->headings[table->count++] = (Heading){column, left + (right - left) / 2};
        at += size;
    }
    return column_known(table, COLUMN_AMOUNT) &&
           (column_known(table, COLUMN_NAME) || column_known(table, COLUMN_TAX)) &&
           table->count >= 3;
}

static bool ends_table(const Row *row)
{
    static const Slice words[] = {SLICE("合计"), SLICE("小计"), SLICE("价税合计"), SLICE("总计")};
    size_t printed = 0;
    for (size_t i = 0; i < row->count; i++)
        printed += row->pieces[i]->template;
    // Headings of a second table: travellers, vehicles.
    if (printed >= 3 && printed == row->count) return true;
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        for (size_t at = 0; at < row->folded.size; at++)
            if (read_ofd_rows_begins(row, at, words[i]) &&
                read_ofd_rows_x(row, at) < 60'000) // 60 mm: on the left
                return true;
    return false;
}

static bool find_table(const Rows *rows, Table *table)
{
    size_t i = 0;
    while (i < rows->count && !read_headings(&rows->items[i], table))
        i++;
    if (i == rows->count) return false;
    table->top = rows->items[i].y;
    table->bottom = INT32_MAX;
    for (i++; i < rows->count && table->bottom == INT32_MAX; i++)
        if (ends_table(&rows->items[i]) && !read_ofd_rows_is_line(rows, i))
            table->bottom = rows->items[i].y;
    return true;
}

static bool is_rate(Slice text)
{
    return slice_ends(text, SLICE("%")) || slice_ends(text, SLICE("％")) ||
           slice_equal(text, SLICE("免税")) || slice_equal(text, SLICE("不征税")) ||
           slice_equal(text, SLICE("***"));
}

static Column column_of(const Table *table, const OfdText *piece)
{
    bool tight = piece->right - piece->left <= (piece->x2 - piece->x1) + TIGHT_UM;
    int32_t middle = piece->left + (piece->right - piece->left) / 2;
    int64_t best = INT64_MAX;
    Column column = COLUMN_OTHER;
    int32_t rate = INT32_MAX;
    for (size_t i = 0; i < table->count; i++) {
        int64_t far = (int64_t)table->headings[i].middle - middle;
        if (far < 0) far = -far;
        if (table->headings[i].column == COLUMN_RATE) rate = table->headings[i].middle;
        if (far >= best) continue;
        best = far;
        column = table->headings[i].column;
    }
    // Numbers set to the right of a narrow box come near the next heading.
    if (tight && column == COLUMN_RATE && !is_rate(piece->text))
        return middle < rate ? COLUMN_AMOUNT : COLUMN_TAX;
    return column;
}

// What runs on under the next heading was not broken at all, and says nothing of its column.
static bool keeps_in(const Table *table, Column column, int32_t right)
{
    int32_t own = 0, next = INT32_MAX;
    for (size_t i = 0; i < table->count; i++)
        if (table->headings[i].column == column) own = table->headings[i].middle;
    for (size_t i = 0; i < table->count; i++) {
        int32_t middle = table->headings[i].middle;
        if (middle > own && middle < next) next = middle;
    }
    return right < next;
}

// Of the cells of one page: a column holds at least what is widest in it.
static void set_room(const Table *table, Cell *cells, size_t count)
{
    int32_t widest[COLUMN_COUNT] = {};
    for (size_t i = 0; i < count; i++) {
        int32_t *wide = &widest[cells[i].column];
        bool in = keeps_in(table, cells[i].column, cells[i].x + cells[i].wide);
        if (in && cells[i].wide > *wide) *wide = cells[i].wide;
    }
    for (size_t i = 0; i < count; i++)
        cells[i].room = widest[cells[i].column] - cells[i].wide;
}

Err read_ofd_table_fill(Cx *cx, const OfdTexts *texts, size_t page_count, Draft *draft)
{
    Cell *cells = arena_try_array(&cx->arena, texts->count + 1, sizeof *cells);
    if (cells == NULL) return err_set(cx, ERR_LIMIT, "no room for the table");
    size_t count = 0;
    for (size_t page = 0; page < page_count; page++) {
        Rows rows = {};
        Table table = {};
        TRY(read_ofd_rows_of_page(cx, texts, page, &rows));
        size_t first = count;
        if (!find_table(&rows, &table)) continue;
        for (size_t i = 0; i < rows.count; i++) {
            const Row *row = &rows.items[i];
            if (row->y <= table.top + ROW_UM || row->y >= table.bottom - ROW_UM) continue;
            for (size_t p = 0; p < row->count; p++) {
                const OfdText *piece = row->pieces[p];
                if (piece->template) continue;
                cells[count++] = (Cell){.column = column_of(&table, piece),
                                        .page = page,
                                        .x = piece->x1,
                                        .y = piece->y,
                                        .text = read_ofd_join_piece(piece),
                                        .wide = piece->x2 - piece->x1};
            }
        }
        set_room(&table, cells + first, count - first);
    }
    TRY(read_ofd_lines(cx, cells, count, draft));
    read_ofd_lines_drop_pointer(draft);
    return ERR_OK;
}
