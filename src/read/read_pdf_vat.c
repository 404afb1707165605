#include "read/read_pdf_vat.h"

#include <math.h>

#include "base/text.h"
#include "base/utf8.h"
#include "format/pdf/pdf_fold.h"
#include "read/read_extra.h"
#include "read/read_pdf_kind.h"
#include "read/read_pdf_party.h"
#include "read/read_put.h"
#include "read/read_red.h"

#define VALUE_GAP  3.0f // heights: a wider gap ends a value
#define NUMBER_GAP 1.5f // the same in numbers, printed in groups of five
#define EXACT      1000 // per mille: read from text, not guessed

// ---- head

static bool is_alnum(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

Err read_pdf_vat_half(Cx *cx, Slice text, Slice *ret)
{
    Text out = text_open(cx, LIMIT_FIELD_BYTES);
    for (size_t at = 0; at < text.size && out.size + 4 <= LIMIT_FIELD_BYTES;) {
        char bytes[4];
        uint32_t code = pdf_fold_width(pdf_layout_next(text, &at));
        text_add(&out, (Slice){bytes, utf8_put(code, bytes)});
    }
    return text_done(cx, &out, ret);
}

// Letters and digits at the head of `text` in half width, spaces between them dropped.
static Err leading_alnum(Cx *cx, Slice text, bool letters, Slice *ret)
{
    Text out = text_open(cx, LIMIT_FIELD_BYTES);
    TRY(read_pdf_vat_half(cx, text, &text));
    for (size_t i = 0; i < text.size; i++) {
        char c = text.data[i];
        if (c == ' ') continue;
        if (!is_alnum(c) || (!letters && !(c >= '0' && c <= '9'))) break;
        text_byte(&out, c);
    }
    return text_done(cx, &out, ret);
}

// Which sizes a number printed after a label may have.
static bool fits(Field field, Slice value)
{
    if (field == DRAFT_CODE) return value.size == 10 || value.size == 12;
    if (field == DRAFT_NUMBER) return value.size == 8 || (value.size >= 19 && value.size <= 20);
    if (field == DRAFT_DIGITAL_NUMBER) return value.size == 20;
    if (field == DRAFT_CHECK_CODE) return value.size == 20 || value.size == 5;
    if (field == DRAFT_MACHINE_NUMBER) return value.size >= 8 && value.size <= 16;
    return value.size > 0;
}

// The first mark of that label whose value fits. A digital_number below the sums is one that the
// remark tells of: another invoice's.
static Err number_after(Cx *cx, const PageWords *words, Label label, Field field, Slice *ret)
{
    *ret = SLICE("");
    const Mark *sums = pdf_marks_find(&words->marks, LABEL_WORDS, 0);
    float size = words->layout.size, foot = sums == NULL ? INFINITY : sums->y1;
    for (size_t i = 0; i < words->marks.count; i++) {
        const Mark *mark = &words->marks.items[i];
        if (mark->label != label || (label == LABEL_DIGITAL && mark->y1 > foot)) continue;
        Slice text = {}, value = {};
        TRY(pdf_marks_value(cx, &words->layout, &words->marks, mark, INFINITY, size * NUMBER_GAP,
                            &text));
        TRY(leading_alnum(cx, text, field == DRAFT_CHECK_CODE, &value));
        if (!fits(field, value)) continue;
        *ret = value;
        return ERR_OK;
    }
    return ERR_OK;
}

Err read_pdf_vat_number(Cx *cx, const PageWords *words, const Mark *mark, Slice *ret_number)
{
    Slice text = {}, value = {};
    TRY(pdf_marks_value(cx, &words->layout, &words->marks, mark, INFINITY,
                        words->layout.size * NUMBER_GAP, &text));
    TRY(leading_alnum(cx, text, false, &value));
    *ret_number = fits(DRAFT_NUMBER, value) ? value : SLICE("");
    return ERR_OK;
}

// Twenty digits in a row of their own words at the top: a 数电票 whose labels are a picture.
static Err number_alone(Cx *cx, const PageWords *words, Slice *ret)
{
    for (size_t r = 0; r < words->layout.row_count; r++) {
        const LayoutRow *row = &words->layout.rows[r];
        if (row->y1 > words->layout.height * 0.3f) break;
        for (size_t i = 0, end = 0; i < row->count; i = end + 1) {
            for (end = i;
                 end < row->count && row->glyphs[end].fold >= '0' && row->glyphs[end].fold <= '9';)
                end++;
            if (end - i != 20) continue;
            Slice text = {};
            TRY(pdf_layout_text(cx, row, i, end, &text));
            return leading_alnum(cx, text, false, ret);
        }
    }
    return ERR_OK;
}

Err read_pdf_vat_words(Cx *cx, const PdfPage *page, PageWords *ret_words)
{
    PageWords words = {};
    TRY(pdf_layout(cx, page, &words.layout));
    TRY(pdf_marks(cx, &words.layout, &words.marks));
    TRY(read_pdf_kind_form(cx, &words));
    TRY(number_after(cx, &words, LABEL_NUMBER, DRAFT_NUMBER, &words.number));
    if (words.number.size == 0)
        TRY(number_after(cx, &words, LABEL_DIGITAL, DRAFT_DIGITAL_NUMBER, &words.number));
    if (words.number.size == 0 && words.form == PAGE_VAT)
        TRY(number_alone(cx, &words, &words.number));
    *ret_words = words;
    return ERR_OK;
}

static Err set_text(Cx *cx, Draft *draft, Field field, Slice value)
{
    return draft_set(cx, draft, field, slice_trim(value), SOURCE_TEXT, EXACT);
}

static Err set_date(Cx *cx, const PageWords *words, Draft *draft)
{
    const Mark *mark = pdf_marks_find(&words->marks, LABEL_DATE, 0);
    if (mark == NULL) return ERR_OK;
    Slice text = {};
    TRY(pdf_marks_value(cx, &words->layout, &words->marks, mark, INFINITY,
                        words->layout.size * VALUE_GAP, &text));
    size_t day = slice_find(text, SLICE("日"));
    if (day != SLICE_NONE) text = slice_sub(text, 0, day + SLICE("日").size);
    return set_text(cx, draft, DRAFT_ISSUE_DATE, text);
}

Err read_pdf_vat_head(Cx *cx, const PageWords *words, Draft *draft)
{
    static const struct {
        Label label;
        Field field;
    } numbers[] = {
        {LABEL_CODE, DRAFT_CODE},
        {LABEL_CHECK, DRAFT_CHECK_CODE},
        {LABEL_MACHINE, DRAFT_MACHINE_NUMBER},
        {LABEL_DIGITAL, DRAFT_DIGITAL_NUMBER},
    };
    TRY(set_text(cx, draft, DRAFT_NUMBER, words->number));
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        Slice value = {};
        TRY(number_after(cx, words, numbers[i].label, numbers[i].field, &value));
        TRY(set_text(cx, draft, numbers[i].field, value));
    }
    read_put_settle(draft);
    return set_date(cx, words, draft);
}

// ---- sums

// What pages before the one with the total called 合计 was of their own lines.
static void forget_page_sums(Draft *draft)
{
    static const Field fields[] = {DRAFT_AMOUNT, DRAFT_TAX};
    if (draft->total.size > 0) return;
    for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++) {
        if (draft->origins[fields[i]].source != SOURCE_TEXT) continue;
        *draft_field(draft, fields[i]) = SLICE("");
        draft->origins[fields[i]] = (FieldOrigin){};
    }
}

static Err sum_row(Cx *cx, const PageWords *words, const Table *table, Draft *draft)
{
    const Layout *layout = &words->layout;
    for (size_t i = 0; i < words->marks.count; i++) {
        const Mark *mark = &words->marks.items[i];
        if (mark->label != LABEL_SUM || mark->row < table->end_row) continue;
        Slice amount = {}, tax = {};
        TRY(pdf_table_sums(cx, layout, table, mark->row, mark->to, &amount, &tax));
        // The sums may stand a little above or below their label, in a row of their own.
        for (int step = -1; step <= 1 && amount.size == 0 && tax.size == 0; step += 2) {
            size_t row = step < 0 ? mark->row - 1 : mark->row + 1;
            if (row <= table->first_row || row >= layout->row_count) continue;
            float away = fabsf(layout->rows[row].y1 - mark->y1);
            if (away > layout->size * 1.2f) continue;
            TRY(pdf_table_sums(cx, layout, table, row, 0, &amount, &tax));
        }
        if (amount.size == 0 && tax.size == 0) continue;
        if (pdf_marks_find(&words->marks, LABEL_WORDS, 0) != NULL) forget_page_sums(draft);
        TRY(set_text(cx, draft, DRAFT_AMOUNT, amount));
        return set_text(cx, draft, DRAFT_TAX, tax);
    }
    return ERR_OK;
}

// Where the sign of currency stands; the end when it does not.
static size_t yen_in(Slice text)
{
    size_t half = slice_find(text, SLICE("¥")), full = slice_find(text, SLICE("￥"));
    if (half == SLICE_NONE && full == SLICE_NONE) return text.size;
    return half < full ? half : full;
}

// A circled cross stands before the words on some forms; figures may follow them.
Slice read_pdf_vat_only_words(Slice text)
{
    static const Slice crosses[] = {SLICE("⊗"), SLICE("ⓧ"), SLICE("Ⓧ"), SLICE("㊣"),
                                    SLICE("×"), SLICE("☒"), SLICE(" ")};
    text = slice_sub(text, 0, yen_in(text));
    for (size_t i = 0; i < sizeof crosses / sizeof crosses[0]; i++)
        if (slice_starts(text, crosses[i]))
            text = slice_trim(slice_sub(text, crosses[i].size, text.size - crosses[i].size));
    return text;
}

// Amount in words and in figures. Where 小写 is not printed, the figures follow the words.
static Err total_row(Cx *cx, const PageWords *words, Draft *draft)
{
    const Layout *layout = &words->layout;
    const Mark *mark = pdf_marks_find(&words->marks, LABEL_WORDS, 0);
    Slice both = {};
    if (mark != NULL) {
        TRY(pdf_marks_value(cx, layout, &words->marks, mark, INFINITY, layout->width, &both));
        TRY(set_text(cx, draft, DRAFT_TOTAL_WORDS, read_pdf_vat_only_words(both)));
    }
    for (size_t i = 0; i < words->marks.count; i++) {
        const Mark *figures = &words->marks.items[i];
        if (figures->label != LABEL_FIGURES) continue;
        Slice text = {};
        TRY(pdf_marks_value(cx, layout, &words->marks, figures, INFINITY, layout->size * 4, &text));
        TRY(read_pdf_vat_half(cx, text, &text));
        if (pdf_table_is_money(text)) return set_text(cx, draft, DRAFT_TOTAL, text);
    }
    Slice rest = slice_sub(both, yen_in(both), both.size);
    return pdf_table_is_money(rest) ? set_text(cx, draft, DRAFT_TOTAL, rest) : ERR_OK;
}

// ---- foot

static Err people(Cx *cx, const PageWords *words, Draft *draft)
{
    static const struct {
        Label label;
        Field field;
    } rows[] = {
        {LABEL_PAYEE, DRAFT_PAYEE},
        {LABEL_REVIEWER, DRAFT_REVIEWER},
        {LABEL_ISSUER, DRAFT_ISSUER},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const Mark *mark = NULL; // the last one: a remark may name such people, too
        for (size_t k = 0; k < words->marks.count; k++)
            if (words->marks.items[k].label == rows[i].label) mark = &words->marks.items[k];
        if (mark == NULL) continue;
        Slice text = {};
        TRY(pdf_marks_value(cx, &words->layout, &words->marks, mark, INFINITY,
                            words->layout.size * VALUE_GAP, &text));
        while (slice_ends(text, SLICE(";")))
            text.size--;
        TRY(set_text(cx, draft, rows[i].field, text));
    }
    return ERR_OK;
}

static Err remark(Cx *cx, const PageWords *words, Draft *draft)
{
    const Layout *layout = &words->layout;
    const LayoutBox *upright = &layout->uprights[UPRIGHT_REMARK];
    const Mark *sum = pdf_marks_find(&words->marks, LABEL_WORDS, 0);
    if (!upright->known || sum == NULL) return ERR_OK;
    LayoutBox box = {.x1 = upright->x2, .y1 = sum->y2, .x2 = layout->width, .y2 = layout->height};
    // The form's foot ends it: the lowest row of 开票人, 收款人 …
    float foot = 0;
    for (size_t i = 0; i < words->marks.count; i++) {
        const Mark *mark = &words->marks.items[i];
        bool person = mark->label == LABEL_ISSUER || mark->label == LABEL_PAYEE;
        if (person && mark->y1 > upright->y1) foot = fmaxf(foot, mark->y1);
    }
    box.y2 = foot > box.y1 ? foot : upright->y2 + layout->size * 2;
    Slice text = {};
    TRY(pdf_layout_region(cx, layout, box, true, INFINITY, SLICE(" "), &text));
    TRY(set_text(cx, draft, DRAFT_REMARK, text));
    return ERR_OK;
}

// Tax that is neither printed nor masked, with an amount that equals the total, is none.
static Err no_tax(Cx *cx, Draft *draft)
{
    bool same = draft->amount.size > 0 && slice_equal(draft->amount, draft->total);
    if (draft->tax.size > 0 || !same) return ERR_OK;
    return draft_set(cx, draft, DRAFT_TAX, SLICE("0.00"), SOURCE_DERIVED, EXACT);
}

Err read_pdf_vat(Cx *cx, const PageWords *words, Draft *draft)
{
    Table table = pdf_table(&words->layout, &words->marks);
    // "(详见销货清单)" gives way to the list itself.
    bool list = words->form == PAGE_LIST && table.known;
    if (list && draft->line_count == 1 &&
        slice_find(draft->lines[0].name, SLICE("清单")) != SLICE_NONE)
        draft->line_count = 0;
    TRY(pdf_table_lines(cx, &words->layout, &table, draft));
    if (words->form == PAGE_LIST) return ERR_OK;
    TRY(read_pdf_vat_head(cx, words, draft));
    read_put_drop_foreign(draft);
    TRY(read_pdf_kind(cx, words, draft));
    TRY(read_pdf_party(cx, words, draft));
    TRY(sum_row(cx, words, &table, draft));
    TRY(total_row(cx, words, draft));
    TRY(no_tax(cx, draft));
    TRY(people(cx, words, draft));
    TRY(remark(cx, words, draft));
    TRY(read_extra_of_remark(cx, draft));
    return read_red_of_remark(cx, draft, SOURCE_TEXT);
}
