// Any characters at any places: no character is lost but those printed downwards, rows are sorted,
// and what the readers of pages make of them are canonical values.
//
// Input: five bytes a character: x, y, size, and two that choose the character.
#include <stdlib.h>

#include "base/money.h"
#include "read/read_pdf_air.h"
#include "read/read_pdf_extra.h"
#include "read/read_pdf_split.h"
#include "read/read_pdf_ticket.h"
#include "read/read_pdf_vat.h"
#include "read/read_pdf_vehicle.h"

#define GLYPHS_MAX 2000

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

// Mostly characters that labels and amounts are made of.
static const char alphabet[] =
    "发票代码号开具日期校验机器编名称纳税人识别统一社会信用地址、电话行及账价合计(大写)小"
    "收款复核销售方章货物或应劳务服项目规格型单位数量金额率征序共页第购买填燃油附加费民航展"
    "基其他原不含密区备注下载次子普通增值专运输客程铁路动车清详见：（）0123456789.,¥%-* :()/"
    "壹佰圆整免甲乙有限公司买卖个人身份证经营拍市场手统AX";

static uint32_t character(uint8_t a, uint8_t b)
{
    if (a == 255) return (uint32_t)b << 8 | b; // whatever
    size_t at = ((size_t)a << 8 | b) % (sizeof alphabet - 1);
    while (((unsigned char)alphabet[at] & 0xc0) == 0x80)
        at--;
    return pdf_layout_next((Slice){alphabet, sizeof alphabet - 1}, &at);
}

static void check_layout(const Layout *layout)
{
    size_t count = 0;
    for (size_t r = 0; r < layout->row_count; r++) {
        const LayoutRow *row = &layout->rows[r];
        if (row->count == 0) abort();
        for (size_t i = 1; i < row->count; i++)
            if (row->glyphs[i].x1 < row->glyphs[i - 1].x1) abort();
        if (r > 0 && row->y1 + row->y2 < row[-1].y1 + row[-1].y2) abort();
        count += row->count;
    }
    bool upright = false;
    for (size_t i = 0; i < UPRIGHT_COUNT; i++)
        upright |= layout->uprights[i].known;
    if (count > layout->glyph_count || (!upright && count != layout->glyph_count)) abort();
}

static void check_draft(Cx *cx, const Draft *draft)
{
    Money money = {};
    const Slice sums[] = {draft->amount, draft->tax, draft->total};
    for (size_t i = 0; i < 3; i++)
        if (sums[i].size > 0 && money_parse(cx, sums[i], &money) != ERR_OK) abort();
    for (size_t i = 0; i < draft->line_count; i++)
        if (draft->lines[i].amount.size > 0 &&
            money_parse(cx, draft->lines[i].amount, &money) != ERR_OK)
            abort();
}

// None or several, each with a number that no other has.
static void check_parts(const PdfParts *parts)
{
    if (parts->count == 1 || parts->count > READ_PDF_SPLIT_MAX) abort();
    if (parts->count > 0 && !parts->several) abort();
    for (size_t i = 0; i < parts->count; i++)
        for (size_t j = 0; j < i; j++)
            if (slice_equal(parts->words[i].number, parts->words[j].number)) abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static PdfGlyph glyphs[GLYPHS_MAX];
    PdfPage page = {.width = 600, .height = 400, .glyphs = glyphs};
    for (; size >= 5 && page.count < GLYPHS_MAX; data += 5, size -= 5) {
        float x = (float)data[0] * 2.4f, y = (float)data[1] * 1.6f;
        float high = 5 + (float)(data[2] % 16);
        uint32_t code = character(data[3], data[4]);
        float wide = code < 0x100 ? high / 2 : high;
        glyphs[page.count++] =
            (PdfGlyph){.code = code, .x1 = x, .y1 = y, .x2 = x + wide, .y2 = y + high};
    }
    Cx cx;
    cx_init(&cx, world_real(), LIMIT_JOB_ARENA);
    PageWords words = {};
    if (read_pdf_vat_words(&cx, &page, &words) != ERR_OK) abort();
    check_layout(&words.layout);
    PdfParts *parts = arena_alloc(&cx.arena, sizeof *parts);
    if (read_pdf_split(&cx, &page, &words, parts) != ERR_OK) abort();
    check_parts(parts);
    typedef Err ReadFn(Cx *, const PageWords *, Draft *);
    static ReadFn *const readers[] = {read_pdf_vat, read_pdf_air, read_pdf_ticket_rail,
                                      read_pdf_vehicle, read_pdf_extra};
    for (size_t i = 0; i < sizeof readers / sizeof readers[0]; i++) {
        Draft draft = {};
        if (readers[i](&cx, &words, &draft) != ERR_OK) abort();
        check_draft(&cx, &draft);
    }
    cx_done(&cx);
    return 0;
}
