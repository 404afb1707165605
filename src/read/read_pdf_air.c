#include "read/read_pdf_air.h"

#include <math.h>

#include "base/money.h"
#include "read/read_pdf_ticket.h"

#define EXACT     1000 // per mille
#define UNDER_MAX 4.0f // heights from a heading to its value below

// The words in the row below a heading, from the end of the column before to its own right end:
// values stand flush right under headings that are flush right themselves. Without a grid to see,
// the value of a heading is the money word whose right end is nearest to the heading's.
static Err money_under(Cx *cx, const PageWords *words, const Mark *mark, Slice *ret)
{
    const Layout *layout = &words->layout;
    *ret = SLICE("");
    for (size_t r = mark->row + 1; r < layout->row_count; r++) {
        const LayoutRow *row = &layout->rows[r];
        if (row->y1 > mark->y2 + layout->size * UNDER_MAX) break;
        float best = INFINITY;
        for (size_t i = 0, end = 0; i < row->count; i = end) {
            for (end = i + 1; end < row->count && !row->glyphs[end].space_before;)
                end++;
            Slice text = {};
            TRY(pdf_layout_text(cx, row, i, end, &text));
            float away =
                fminf(fabsf(row->glyphs[end - 1].x2 - mark->x2),
                      fabsf(row->glyphs[i].x1 + row->glyphs[end - 1].x2 - mark->x1 - mark->x2) / 2);
            if (!pdf_table_is_money(text) || away >= best) continue;
            best = away;
            *ret = text;
        }
        if (ret->size > 0) return ERR_OK;
    }
    return ERR_OK;
}

typedef struct Charge {
    Label label;
    Slice name;
    Slice text;
    Money money;
} Charge;

static Err charge_of(Cx *cx, const PageWords *words, Charge *charge)
{
    const Mark *mark = pdf_marks_find(&words->marks, charge->label, 0);
    if (mark == NULL) return ERR_OK;
    TRY(money_under(cx, words, mark, &charge->text));
    if (charge->text.size == 0) return ERR_OK;
    if (money_parse(cx, charge->text, &charge->money) != ERR_OK) charge->money = (Money){};
    return ERR_OK;
}

static Err add_line(Cx *cx, Draft *draft, const Charge *charge, Slice rate, Slice tax)
{
    if (charge->money.fen == 0) return ERR_OK;
    Line *line = NULL;
    TRY(draft_add_line(cx, draft, &line));
    *line = (Line){.name = charge->name, .amount = charge->text, .tax_rate = rate, .tax = tax};
    return draft_tidy_line(cx, draft, draft->line_count - 1);
}

// The word with a per cent sign in the row below 增值税税率.
static Err rate_under(Cx *cx, const PageWords *words, Slice *ret)
{
    const Mark *mark = pdf_marks_find(&words->marks, LABEL_AIR_RATE, 0);
    *ret = SLICE("");
    if (mark == NULL) return ERR_OK;
    for (size_t r = mark->row + 1; r < words->layout.row_count; r++) {
        const LayoutRow *row = &words->layout.rows[r];
        if (row->y1 > mark->y2 + words->layout.size * UNDER_MAX) break;
        for (size_t i = 0; i < row->count; i++) {
            if (row->glyphs[i].fold != '%') continue;
            size_t from = i;
            while (from > 0 && !row->glyphs[from].space_before)
                from--;
            return pdf_layout_text(cx, row, from, i + 1, ret);
        }
    }
    return ERR_OK;
}

static Err money(Cx *cx, const PageWords *words, Draft *draft)
{
    Charge fare = {.label = LABEL_FARE, .name = SLICE("票价")};
    Charge fuel = {.label = LABEL_FUEL, .name = SLICE("燃油附加费")};
    Charge fund = {.label = LABEL_FUND, .name = SLICE("民航发展基金")};
    Charge other = {.label = LABEL_OTHER_TAXES, .name = SLICE("其他税费")};
    Charge tax = {.label = LABEL_AIR_TAX}, total = {.label = LABEL_SUM};
    Charge *all[] = {&fare, &fuel, &fund, &other, &tax, &total};
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
        TRY(charge_of(cx, words, all[i]));
    Money net = {};
    char buffer[MONEY_TEXT_MAX + 1];
    if (fare.text.size > 0 && money_add(cx, fare.money, fuel.money, &net) == ERR_OK) {
        Slice text = {};
        TRY(cx_copy(cx, money_print(net, buffer), &text));
        Source source = fuel.money.fen == 0 ? SOURCE_TEXT : SOURCE_DERIVED;
        TRY(draft_set(cx, draft, DRAFT_AMOUNT, text, source, EXACT));
    }
    TRY(draft_set(cx, draft, DRAFT_TAX, tax.text, SOURCE_TEXT, EXACT));
    TRY(draft_set(cx, draft, DRAFT_TOTAL, total.text, SOURCE_TEXT, EXACT));
    if (draft->line_count > 0) return ERR_OK;
    // One tax is printed for the whole: it stands in the line of the fare.
    Slice rate = {};
    TRY(rate_under(cx, words, &rate));
    TRY(add_line(cx, draft, &fare, rate, tax.text));
    TRY(add_line(cx, draft, &fuel, rate, SLICE("")));
    TRY(add_line(cx, draft, &fund, SLICE("不征税"), SLICE("0.00")));
    return add_line(cx, draft, &other, SLICE("不征税"), SLICE("0.00"));
}

Err read_pdf_air(Cx *cx, const PageWords *words, Draft *draft)
{
    TRY(read_pdf_vat_head(cx, words, draft));
    TRY(draft_set(cx, draft, DRAFT_KIND, SLICE("61"), SOURCE_TEXT, EXACT));
    TRY(read_pdf_ticket_text(cx, words, LABEL_BUYER_NAME, DRAFT_BUYER_NAME, draft));
    TRY(read_pdf_ticket_text(cx, words, LABEL_TAX_ID, DRAFT_BUYER_TAX_ID, draft));
    TRY(read_pdf_ticket_text(cx, words, LABEL_ISSUED_BY, DRAFT_SELLER_NAME, draft));
    return money(cx, words, draft);
}
