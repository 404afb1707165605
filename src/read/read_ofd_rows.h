// Read_ofd_rows: the pieces of text of one page as rows, and the printed labels in them.
#pragma once
#include "format/ofd/ofd_text.h"
#include "model/draft.h"

// Where a byte of a row's folded text comes from.
typedef struct RowSpot {
    uint32_t piece;  // index in row->pieces
    uint32_t offset; // in the piece's text
} RowSpot;

typedef struct Row {
    const OfdText **pieces; // by x
    size_t count;
    int32_t y;      // baseline of the first
    Slice folded;   // all of it, without white space, full-width forms as ASCII
    RowSpot *spots; // one a byte of `folded`
} Row;

typedef struct Rows {
    Row *items; // from the top
    size_t count;
    int32_t width; // right edge of the rightmost piece
} Rows;

// Words down the side (购买方信息) and what is set downwards are left out.
Err read_ofd_rows_of_page(Cx *cx, const OfdTexts *texts, size_t page, Rows *ret_rows);
// Whether a word may begin at `at`: a piece begins there, or blanks or ';' stood before.
bool read_ofd_rows_edge(const Row *row, size_t at);
// Whether the folded text has `word` at such a place.
bool read_ofd_rows_begins(const Row *row, size_t at, Slice word);
// The piece and the place on the page where the folded byte `at` stands.
const OfdText *read_ofd_rows_piece(const Row *row, size_t at);
int32_t read_ofd_rows_x(const Row *row, size_t at);
// The original text of folded bytes from..to, blanks where pieces stand apart.
Err read_ofd_rows_text(Cx *cx, const Row *row, size_t from, size_t to, Slice *ret_text);
// Whether a row that begins with 合计 is a line whose item is called so: it has a rate, and the row
// of the sums comes after it.
bool read_ofd_rows_is_line(const Rows *rows, size_t index);
