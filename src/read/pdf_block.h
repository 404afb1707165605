// Block: a table of texts without amounts (出行人 | 出行日期 | 出发地 …) as records, by its
// headings.
//
// A text too long for its cell goes on in rows below; the others of its record stand beside its
// first row or its middle. So rows make one record when all their cells begin in the first row or
// have one middle, no cell goes on below a text that had room, and some cell has one row only.
#pragma once
#include "read/pdf_columns.h"

typedef struct Block {
    Column columns[PDF_COLUMNS_MAX]; // left to right
    size_t count;
    TextRow *rows; // below the headings
    size_t row_count;
    float edges[PDF_COLUMNS_MAX + 1];
    float wide[PDF_COLUMNS_MAX]; // the widest text of each column
} Block;

// Adds a heading at its place; answers the column, or PDF_COLUMNS_MAX when there is no room.
size_t pdf_block_add(Block *block, float x1, float x2);
// Finds where the columns end; columns and rows are known.
void pdf_block_settle(Block *block);
// The row behind the record that begins in row `first`.
size_t pdf_block_record_end(const Block *block, size_t first);
// The text of a column in rows [from, to). ERR_LIMIT only.
Err pdf_block_text(Cx *cx, const Block *block, size_t from, size_t to, size_t column,
                   Slice *ret_text);
