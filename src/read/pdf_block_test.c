#include "read/pdf_block.h"

#include "base/test.h"
#include "format/pdf/pdf_fixture.h"

// The records of rows below three headings, as "一|二|三;": a cell at 20, 100, 200 each.
static Slice records(Cx *cx, const PdfFixtureText *texts, size_t count)
{
    PdfFixturePage page = {600, 400, texts, count, NULL, 0};
    PdfPage glyphs = pdf_fixture_glyphs(cx, &page);
    Layout layout = {};
    EXPECT_OK(pdf_layout(cx, &glyphs, &layout));
    Block block = {};
    EXPECT(pdf_block_add(&block, 200, 227) == 0);
    EXPECT(pdf_block_add(&block, 20, 47) == 0);
    EXPECT(pdf_block_add(&block, 100, 127) == 1);
    block.rows = arena_alloc(&cx->arena, layout.row_count * sizeof *block.rows);
    for (size_t r = 0; r < layout.row_count; r++)
        block.rows[block.row_count++] = (TextRow){&layout.rows[r], layout.rows[r].count, false};
    pdf_block_settle(&block);
    Slice all = SLICE("");
    for (size_t first = 0, end = 0; first < block.row_count; first = end) {
        Slice cells[3] = {};
        end = pdf_block_record_end(&block, first);
        for (size_t k = 0; k < 3; k++)
            EXPECT_OK(pdf_block_text(cx, &block, first, end, k, &cells[k]));
        all = cx_printf(cx, SLICE_FMT SLICE_FMT "|" SLICE_FMT "|" SLICE_FMT ";", SLICE_ARG(all),
                        SLICE_ARG(cells[0]), SLICE_ARG(cells[1]), SLICE_ARG(cells[2]));
    }
    return all;
}

TEST("pdf_block: rows make one record when what goes on had no more room")
{
    static const struct {
        PdfFixtureText texts[8];
        size_t count;
        const char *records;
    } cases[] = {
        // the others beside the first row
        {{{20, 100, 9, "王一"},
          {100, 100, 9, "北京市丰"},
          {200, 100, 9, "上海"},
          {100, 111, 9, "台区"},
          {20, 123, 9, "李二"},
          {100, 123, 9, "天津市"},
          {200, 123, 9, "上海"}},
         7,
         "王一|北京市丰台区|上海;李二|天津市|上海;"},
        // … and beside the middle
        {{{100, 100, 9, "北京市丰"},
          {20, 105.5f, 9, "王一"},
          {200, 105.5f, 9, "上海"},
          {100, 111, 9, "台区"},
          {20, 123, 9, "李二"},
          {100, 123, 9, "天津市"}},
         6,
         "王一|北京市丰台区|上海;李二|天津市|;"},
        // a text that had room does not go on
        {{{20, 100, 9, "王一"},
          {100, 100, 9, "北京"},
          {200, 100, 9, "上海"},
          {100, 111, 9, "天津市武清"},
          {200, 111, 9, "上海"}},
         5,
         "王一|北京|上海;|天津市武清|上海;"},
        // every cell has another text
        {{{20, 100, 9, "王一"}, {100, 100, 9, "北京"}, {20, 111, 9, "李二"}, {100, 111, 9, "天津"}},
         4,
         "王一|北京|;李二|天津|;"},
        // neither one first row nor one middle
        {{{100, 100, 9, "北京市丰"},
          {200, 100, 9, "上海"},
          {20, 111, 9, "李二"},
          {100, 111, 9, "天津市"}},
         4,
         "|北京市丰|上海;李二|天津市|;"},
        // too far below
        {{{20, 100, 9, "王一"}, {100, 100, 9, "北京"}, {100, 118, 9, "天津"}},
         3,
         "王一|北京|;|天津|;"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        Slice told = records(cx, cases[i].texts, cases[i].count);
        if (!slice_equal(told, slice_of(cases[i].records)))
            fprintf(stderr, "%zu: " SLICE_FMT "\n", i, SLICE_ARG(told));
        EXPECT(slice_equal(told, slice_of(cases[i].records)));
    }
}

TEST("pdf_block: there is room for so many columns")
{
    Block block = {};
    for (size_t i = 0; i < PDF_COLUMNS_MAX; i++)
        EXPECT(pdf_block_add(&block, (float)i, (float)i + 1) == i);
    EXPECT(pdf_block_add(&block, 0, 1) == PDF_COLUMNS_MAX && block.count == PDF_COLUMNS_MAX);
}
