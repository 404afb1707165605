#include "read/read_pdf_air.h"

#include <math.h>

#include "base/money.h"
#include "model/draft_canon.h"
#include "read/read_pdf_ticket.h"

#define EXACT       1000 // per mille
#define UNDER_MAX   4.0f // heights from a heading to its value below
#define COLUMNS_MAX 16

// The headings 票价 … 合计 and the words below them, both left to right.
typedef struct Columns {
    const Mark *heads[COLUMNS_MAX];
    Slice words[COLUMNS_MAX];
    float middles[COLUMNS_MAX];
    size_t head_count, word_count;
} Columns;

static bool is_charge(Label label)
{
    return (label >= LABEL_FARE && label <= LABEL_OTHER_TAXES) || label == LABEL_SUM;
}

static bool is_value(Slice text)
{
    if (slice_ends(text, SLICE("%"))) text.size--;
    return pdf_table_is_money(text);
}

static Err words_of_row(Cx *cx, const LayoutRow *row, Columns *columns)
{
    for (size_t i = 0, end = 0; i < row->count && columns->word_count < COLUMNS_MAX; i = end) {
        for (end = i + 1; end < row->count && !row->glyphs[end].space_before;)
            end++;
        Slice text = {};
        TRY(pdf_layout_text(cx, row, i, end, &text));
        TRY(read_pdf_vat_half(cx, text, &text));
        if (slice_starts(text, SLICE("CNY"))) text = slice_sub(text, 3, text.size - 3);
        if (!is_value(text)) continue;
        columns->middles[columns->word_count] = (row->glyphs[i].x1 + row->glyphs[end - 1].x2) / 2;
        columns->words[columns->word_count++] = text;
    }
    return ERR_OK;
}

static Err columns_of(Cx *cx, const PageWords *words, Columns *columns)
{
    const Layout *layout = &words->layout;
    const Mark *first = pdf_marks_find(&words->marks, LABEL_FARE, 0);
    if (first == NULL) return ERR_OK;
    for (size_t i = 0; i < words->marks.count && columns->head_count < COLUMNS_MAX; i++) {
        const Mark *mark = &words->marks.items[i];
        if (mark->row == first->row && is_charge(mark->label))
            columns->heads[columns->head_count++] = mark;
    }
    for (size_t r = first->row + 1; r < layout->row_count && columns->word_count == 0; r++) {
        if (layout->rows[r].y1 > first->y2 + layout->size * UNDER_MAX) break;
        TRY(words_of_row(cx, &layout->rows[r], columns));
    }
    return ERR_OK;
}

// The word below a heading: by order where no cell is empty, else the one whose middle stands
// between this heading's left edge and the next one's, and that is a rate if this is one's heading.
static Slice word_under(const Columns *columns, Label label)
{
    for (size_t k = 0; k < columns->head_count; k++) {
        if (columns->heads[k]->label != label) continue;
        if (columns->head_count == columns->word_count) return columns->words[k];
        float from = columns->heads[k]->x1;
        float to = k + 1 < columns->head_count ? columns->heads[k + 1]->x1 : INFINITY;
        for (size_t i = 0; i < columns->word_count; i++) {
            bool rate = slice_ends(columns->words[i], SLICE("%"));
            if (rate == (label == LABEL_AIR_RATE) && columns->middles[i] >= from &&
                columns->middles[i] < to)
                return columns->words[i];
        }
    }
    return SLICE("");
}

typedef struct Charge {
    Label label;
    Slice name;
    Slice text;
    Money money;
    bool known; // what is printed is understood; nothing printed is, too
} Charge;

static Err charge_of(Cx *cx, const Columns *columns, Charge *charge)
{
    Slice printed = word_under(columns, charge->label);
    charge->known = true;
    if (printed.size == 0) return ERR_OK;
    TRY(draft_canon_money(cx, printed, &charge->text, &charge->known));
    charge->known = charge->known && money_parse(cx, charge->text, &charge->money) == ERR_OK;
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

static Err money(Cx *cx, const PageWords *words, Draft *draft)
{
    Charge fare = {.label = LABEL_FARE, .name = SLICE("票价")};
    Charge fuel = {.label = LABEL_FUEL, .name = SLICE("燃油附加费")};
    Charge fund = {.label = LABEL_FUND, .name = SLICE("民航发展基金")};
    Charge other = {.label = LABEL_OTHER_TAXES, .name = SLICE("其他税费")};
    Charge tax = {.label = LABEL_AIR_TAX}, total = {.label = LABEL_SUM};
    Columns columns = {};
    TRY(columns_of(cx, words, &columns));
    Charge *all[] = {&fare, &fuel, &fund, &other, &tax, &total};
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
        TRY(charge_of(cx, &columns, all[i]));
    Money net = {};
    char buffer[MONEY_TEXT_MAX + 1];
    bool known = fare.text.size > 0 && fare.known && fuel.known;
    if (known && money_add(cx, fare.money, fuel.money, &net) == ERR_OK) {
        Slice text = {};
        TRY(cx_copy(cx, money_print(net, buffer), &text));
        Source source = fuel.money.fen == 0 ? SOURCE_TEXT : SOURCE_DERIVED;
        TRY(draft_set(cx, draft, DRAFT_AMOUNT, text, source, EXACT));
    }
    TRY(draft_set(cx, draft, DRAFT_TAX, tax.text, SOURCE_TEXT, EXACT));
    TRY(draft_set(cx, draft, DRAFT_TOTAL, total.text, SOURCE_TEXT, EXACT));
    if (draft->line_count > 0) return ERR_OK;
    // One tax is printed for the whole: it stands in the line of the fare.
    Slice rate = word_under(&columns, LABEL_AIR_RATE);
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
