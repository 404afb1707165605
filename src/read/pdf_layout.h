// Layout: a page's characters as rows of print, and its vertical labels (购买方 …) taken out.
//
// A PDF says where each character stands, never what belongs together. Rows are what has about the
// same height; inside a row, order is by x. Everything that reads a page works on rows.
#pragma once
#include "format/pdf/pdf.h"
#include "model/draft.h"

typedef struct LayoutGlyph {
    uint32_t code; // as printed, radicals folded
    uint32_t fold; // half-width, for comparing labels
    float x1, y1, x2, y2;
    bool space_before; // the file has a space, or a gap, before it
    bool label;        // part of a printed label (pdf_marks)
} LayoutGlyph;

typedef struct LayoutRow {
    LayoutGlyph *glyphs; // left to right, no spaces, all of about one size
    size_t count;
    float y1, y2;
} LayoutRow;

// A word printed downwards, e.g. 购买方 at the left of the buyer's block.
typedef enum Upright {
    UPRIGHT_BUYER,  // 购买方, 购买方信息, 购货单位
    UPRIGHT_SELLER, // 销售方, 销售方信息, 销货单位
    UPRIGHT_CIPHER, // 密码区
    UPRIGHT_REMARK, // 备注
    UPRIGHT_COPIES, // 下载次数, at the right edge: taken out, of no use
    UPRIGHT_COUNT
} Upright;

typedef struct LayoutBox {
    float x1, y1, x2, y2;
    bool known;
} LayoutBox;

typedef struct Layout {
    float width, height; // points
    float size;          // the usual height of a character
    LayoutRow *rows;     // top to bottom
    size_t row_count;
    LayoutBox uprights[UPRIGHT_COUNT];
    size_t glyph_count; // characters but spaces
    size_t odd_count;   // private-use, control and replacement characters
    size_t lost_count;  // … of them those that may be letters
    size_t han_count;   // Chinese characters
} Layout;

// ERR_LIMIT only.
Err pdf_layout(Cx *cx, const PdfPage *page, Layout *ret_layout);
// Text of row glyphs [from, to), with spaces where print has them, cut at LIMIT_FIELD_BYTES.
// ERR_LIMIT only when the arena is full.
Err pdf_layout_text(Cx *cx, const LayoutRow *row, size_t from, size_t to, Slice *ret_text);
// Text whose middle lies in the box, row after row without anything between but a space where Latin
// words were parted, up to the first gap wider than `gap_max` in each row; cut at
// LIMIT_FIELD_BYTES. With `labels`, printed labels are
// part of it. `between` has at most three bytes; it is left out behind a row that fills the box.
// ERR_LIMIT only when the arena is full.
Err pdf_layout_region(Cx *cx, const Layout *layout, LayoutBox box, bool labels, float gap_max,
                      Slice between, Slice *ret_text);
// Whether the `pattern` (UTF-8, half-width forms) stands at glyph `at` of the row, not looking at
// gaps up to `gap_max` points; *ret_end becomes the glyph after it.
bool pdf_layout_match(const LayoutRow *row, size_t at, Slice pattern, float gap_max,
                      size_t *ret_end);
// The next code point of UTF-8 text and its size; a broken byte counts as U+FFFD.
uint32_t pdf_layout_next(Slice text, size_t *at);
