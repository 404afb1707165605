// Read_ofd_lines: an invoice's lines from cells of a printed table.
#pragma once
#include "model/draft.h"

typedef enum Column {
    COLUMN_NAME,
    COLUMN_SPEC,
    COLUMN_UNIT,
    COLUMN_QUANTITY,
    COLUMN_PRICE,
    COLUMN_AMOUNT,
    COLUMN_RATE,
    COLUMN_TAX,
    COLUMN_OTHER, // a column that we have no field for (序号, 建筑服务发生地 …)
    COLUMN_COUNT
} Column;

typedef struct Cell {
    Column column;
    size_t page;
    int32_t x, y; // micrometres, y is the baseline
    Slice text;   // blanks at its ends part words, see read_ofd_join
    int32_t wide; // micrometres, 0 when nobody knows
    int32_t room; // how much more its column holds in a row of this page, at least
} Cell;

// A row that has an amount begins a line; cells further down belong to it, in reading order, until
// the next such row. Sorts `cells`. Adds to the draft's lines.
Err read_ofd_lines(Cx *cx, Cell *cells, size_t count, Draft *draft);
// Whether a name only points to the list: （详见销货清单）.
bool read_ofd_lines_is_pointer(Slice name);
// Drops the first line where it only points to a list whose lines follow it.
void read_ofd_lines_drop_pointer(Draft *draft);
