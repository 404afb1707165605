#include "read/pdf_columns.h"

#include <math.h>

#include "base/test.h"
#include "format/pdf/pdf_fixture.h"

#define ROWS_MAX 4

// The edge between two columns, of which the left heading stands at 45 to 81.
static float edge_of(Cx *cx, const PdfFixtureText *texts, size_t count, float right_x1,
                     float right_x2)
{
    PdfFixturePage page = {600, 400, texts, count, NULL, 0};
    PdfPage glyphs = pdf_fixture_glyphs(cx, &page);
    Layout layout = {};
    EXPECT_OK(pdf_layout(cx, &glyphs, &layout));
    TextRow rows[ROWS_MAX];
    EXPECT(layout.row_count <= ROWS_MAX);
    for (size_t r = 0; r < layout.row_count; r++)
        rows[r] = (TextRow){&layout.rows[r], layout.rows[r].count, true};
    const Column columns[] = {{LABEL_ITEM, 45, 81}, {LABEL_SPEC, right_x1, right_x2}};
    float edges[PDF_COLUMNS_MAX + 1];
    pdf_columns_edges(columns, 2, rows, layout.row_count, edges);
    EXPECT(isinf(edges[0]) && isinf(edges[2]));
    return edges[1];
}

TEST("pdf_columns: the edge lies where no row prints")
{
    static const PdfFixtureText texts[] = {
        {13, 100, 9, "一二三四五六七"}, {119, 100, 9, "JTY-GD"}, {13, 112, 9, "一"}};
    float edge = edge_of(cx, texts, 3, 119, 155);
    EXPECT(edge > 76 && edge < 119);
}

TEST("pdf_columns: short texts left of their heading are none of the names that end near them")
{
    static const PdfFixtureText texts[] = {{13, 100, 9, "一二三四五六七八九十一"},
                                           {117, 100, 9, "无"},
                                           {13, 112, 9, "一"},
                                           {117, 112, 9, "无"}};
    float edge = edge_of(cx, texts, 4, 132, 168); // the widest strip begins at 126
    EXPECT(edge > 111 && edge < 118);
}

TEST("pdf_columns: a cell's glyphs lie between its edges")
{
    static const PdfFixtureText texts[] = {{13, 100, 9, "一二"}, {60, 100, 9, "三"}};
    PdfFixturePage page = {600, 400, texts, 2, NULL, 0};
    PdfPage glyphs = pdf_fixture_glyphs(cx, &page);
    Layout layout = {};
    EXPECT_OK(pdf_layout(cx, &glyphs, &layout));
    TextRow row = {&layout.rows[0], 3, true};
    static const float edges[] = {-INFINITY, 40, INFINITY};
    ColumnCell left = pdf_columns_cell(&row, edges, 0), right = pdf_columns_cell(&row, edges, 1);
    EXPECT(left.from == 0 && left.to == 2 && right.from == 2 && right.to == 3);
    row.end = 2;
    right = pdf_columns_cell(&row, edges, 1);
    EXPECT(right.from == 2 && right.to == 2);
    EXPECT(!pdf_columns_word_starts(row.row, 1) && pdf_columns_word_starts(row.row, 2));
}
