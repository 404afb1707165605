// Columns: where the text columns of a table end, by their headings and by where no row prints.
//
// Headings stand in the middle of their cells or at their left, texts at the left or in the middle,
// and the lines between the cells can't be seen.
#pragma once
#include "read/pdf_marks.h"

#define PDF_COLUMNS_MAX 16

typedef struct Column {
    Label label;  // LABEL_ITEM … LABEL_SEQUENCE, LABEL_OTHER
    float x1, x2; // of its heading
} Column;

typedef struct TextRow {
    const LayoutRow *row;
    size_t end;  // glyphs before it are texts
    bool anchor; // a line begins or stands here
} TextRow;

// Glyphs [from, to) of a row; none when both are the same.
typedef struct ColumnCell {
    size_t from, to;
} ColumnCell;

// The texts of column k stand between edges[k] and edges[k + 1]. Columns are given left to right.
void pdf_columns_edges(const Column *columns, size_t column_count, const TextRow *rows,
                       size_t count, float edges[PDF_COLUMNS_MAX + 1]);
ColumnCell pdf_columns_cell(const TextRow *row, const float *edges, size_t column);
// Whether a word begins at glyph `at`, which is not the row's first: behind a gap, or Chinese
// behind a number.
bool pdf_columns_word_starts(const LayoutRow *row, size_t at);
