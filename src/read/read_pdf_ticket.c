#include "read/read_pdf_ticket.h"

#include <math.h>

#include "read/read_pdf_cell.h"

#define EXACT     1000 // per mille
#define VALUE_GAP 3.0f // heights: a wider gap ends a value

// Text right of a mark.
static Err value_of(Cx *cx, const PageWords *words, const Mark *mark, Slice *ret)
{
    return pdf_marks_value(cx, &words->layout, &words->marks, mark, INFINITY,
                           words->layout.size * VALUE_GAP, ret);
}

Err read_pdf_ticket_text(Cx *cx, const PageWords *words, Label label, Field field, Draft *draft)
{
    const Mark *mark = pdf_marks_find(&words->marks, label, 0);
    if (mark == NULL) return ERR_OK;
    Slice text = {};
    // Names wrap, numbers never do.
    TRY(draft_field_type(field) == FIELD_TEXT ? read_pdf_cell_text(cx, words, mark, &text)
                                              : value_of(cx, words, mark, &text));
    return draft_set(cx, draft, field, text, SOURCE_TEXT, EXACT);
}

Err read_pdf_ticket_money(Cx *cx, const PageWords *words, Label label, Field field, Draft *draft)
{
    for (size_t i = 0; i < words->marks.count; i++) {
        const Mark *mark = &words->marks.items[i], *next = mark + 1;
        if (mark->label != label) continue;
        Slice text = {}, part = {};
        TRY(value_of(cx, words, mark, &text));
        // "不含税价 小写 ￥…": the figures have a label of their own.
        bool figures = i + 1 < words->marks.count && next->label == LABEL_FIGURES;
        if (text.size == 0 && figures && next->row == mark->row)
            TRY(value_of(cx, words, next, &text));
        TRY(read_pdf_vat_half(cx, text, &text));
        bool done = false;
        for (Slice rest = text; slice_cut(&rest, ' ', &done, &part);) {
            if (slice_ends(part, SLICE("元"))) part.size -= SLICE("元").size;
            if (pdf_table_is_money(part))
                return draft_set(cx, draft, field, part, SOURCE_TEXT, EXACT);
        }
    }
    return ERR_OK;
}

Err read_pdf_ticket_rail(Cx *cx, const PageWords *words, Draft *draft)
{
    TRY(read_pdf_vat_head(cx, words, draft));
    TRY(draft_set(cx, draft, DRAFT_KIND, SLICE("51"), SOURCE_TEXT, EXACT));
    TRY(read_pdf_ticket_text(cx, words, LABEL_BUYER_NAME, DRAFT_BUYER_NAME, draft));
    TRY(read_pdf_ticket_text(cx, words, LABEL_TAX_ID, DRAFT_BUYER_TAX_ID, draft));
    TRY(read_pdf_ticket_text(cx, words, LABEL_ORIGINAL, DRAFT_RED_ORIGINAL_NUMBER, draft));
    // Net and tax are printed on the pilot's tickets alone; else the attached XBRL has them.
    TRY(read_pdf_ticket_money(cx, words, LABEL_FARE, DRAFT_TOTAL, draft));
    TRY(read_pdf_ticket_money(cx, words, LABEL_TAX, DRAFT_TAX, draft));
    return read_pdf_ticket_money(cx, words, LABEL_AMOUNT, DRAFT_AMOUNT, draft);
}
