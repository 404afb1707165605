// Table: the lines of goods and services on a page, by their headings and the kind of each word.
//
// Headings stand in the middle of their cells, texts at the left, numbers at the right, and the
// lines between the cells can't be seen. So a row is read from its right end: rate and tax, the
// amount before them, then price and quantity; what is left is text, cut where no row prints.
#pragma once
#include "read/pdf_columns.h"

typedef struct Table {
    bool known;
    size_t head_row;                 // of headings; those of two rows stand around it
    size_t first_row, end_row;       // rows of lines: [first_row, end_row)
    Column columns[PDF_COLUMNS_MAX]; // left to right
    size_t column_count;
} Table;

// Where the table is; `known` = false when the page has none.
Table pdf_table(const Layout *layout, const Marks *marks);
// NULL when the table has no such column.
const Column *pdf_table_column(const Table *table, Label label);
// Adds the page's lines to the draft. ERR_LIMIT only.
Err pdf_table_lines(Cx *cx, const Layout *layout, const Table *table, Draft *draft);
// What each of the page's lines says in a text column of the table (建筑服务发生地 …), `ret_texts`
// one a line. ERR_LIMIT only.
Err pdf_table_texts(Cx *cx, const Layout *layout, const Table *table, const Column *column,
                    Slice **ret_texts, size_t *ret_count);
// Amount and tax of a row of sums (合计): "" where there is none.
Err pdf_table_sums(Cx *cx, const Layout *layout, const Table *table, size_t row, size_t from,
                   Slice *ret_amount, Slice *ret_tax);
// "12.30", "¥1,234.5", "-0.21": a number as amounts are printed.
bool pdf_table_is_money(Slice text);
