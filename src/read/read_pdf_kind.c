#include "read/read_pdf_kind.h"

#include "base/text.h"
#include "base/utf8.h"
#include "model/kind.h"

#define EXACT      1000 // per mille
#define TITLE_DOWN 0.4f // of the page's height: titles stand above
#define LIST_DOWN  0.5f

// Words that only a title has; the first found on the page counts. `digital` is the kind where the
// number has 20 digits; otherwise the code tells, or failing that `old`.
static const struct {
    const char *word;
    PageForm form;
    const char *digital, *old;
} titles[] = {
    {"航空运输电子客票行程单", PAGE_AIR, "61", "61"},
    {"铁路电子客票", PAGE_RAIL, "51", "51"},
    {"二手车销售统一发票", PAGE_VEHICLE, "84", "15"},
    {"机动车销售统一发票", PAGE_VEHICLE, "83", "03"},
    {"增值税电子专用发票", PAGE_VAT, "31", "08"},
    {"增值税专用发票", PAGE_VAT, "31", "01"},
    {"增值税普通发票", PAGE_VAT, "32", "04"},
    {"通用机打发票", PAGE_VAT, "", "102"},
    {"通用电子发票", PAGE_VAT, "", "102"},
    {"通用(电子)发票", PAGE_VAT, "", "102"},
    {"通用发票", PAGE_VAT, "", "102"},
    {"电子普通发票", PAGE_VAT, "32", "10"},
    {"普通发票", PAGE_VAT, "32", ""},
    {"电子发票", PAGE_VAT, "", ""},
};
#define TITLE_COUNT (sizeof titles / sizeof titles[0])

// A row's characters, half-width, without spaces.
static Err folded(Cx *cx, const LayoutRow *row, Slice *ret)
{
    Text text = text_open(cx, LIMIT_FIELD_BYTES);
    for (size_t i = 0; i < row->count && text.size < 1000; i++) {
        char bytes[4];
        text_add(&text, (Slice){bytes, utf8_put(row->glyphs[i].fold, bytes)});
    }
    return text_done(cx, &text, ret);
}

static size_t title_in(Slice text)
{
    for (size_t i = 0; i < TITLE_COUNT; i++)
        if (slice_find(text, slice_of(titles[i].word)) != SLICE_NONE) return i;
    return TITLE_COUNT;
}

// Of a page whose text no one can read: private-use characters, or digits alone where the Chinese
// fonts have no map.
static bool is_broken(const Layout *layout)
{
    if (layout->odd_count * 10 > layout->glyph_count + layout->odd_count) return true;
    if (layout->han_count > 0) return false;
    size_t letters = 0;
    for (size_t r = 0; r < layout->row_count; r++)
        for (size_t i = 0; i < layout->rows[r].count; i++) {
            uint32_t c = layout->rows[r].glyphs[i].fold | 0x20;
            letters += c >= 'a' && c <= 'z';
        }
    return letters * 2 < layout->glyph_count;
}

static bool has(const PageWords *words, Label label)
{
    return pdf_marks_find(&words->marks, label, 0) != NULL;
}

Err read_pdf_kind_form(Cx *cx, PageWords *words)
{
    const Layout *layout = &words->layout;
    size_t best = TITLE_COUNT;
    bool list = false;
    for (size_t r = 0; r < layout->row_count; r++) {
        const LayoutRow *row = &layout->rows[r];
        if (row->y1 > layout->height * LIST_DOWN) break;
        Slice text = {};
        TRY(folded(cx, row, &text));
        // The words stand in the items of the invoice, too: (详见销货清单).
        list |= slice_find(text, SLICE("清单")) != SLICE_NONE &&
                slice_find(text, SLICE("详见")) == SLICE_NONE && !has(words, LABEL_WORDS);
        // "所属增值税电子普通发票代码" of a list is no title, nor is what a remark says or the name
        // of a company.
        bool apart = slice_find(text, SLICE("所属")) == SLICE_NONE &&
                     slice_find(text, SLICE("公司")) == SLICE_NONE &&
                     slice_find(text, SLICE("名称:")) == SLICE_NONE;
        size_t title =
            apart && row->y1 < layout->height * TITLE_DOWN ? title_in(text) : TITLE_COUNT;
        if (title < best) {
            best = title;
            words->title = text;
        }
    }
    if (list)
        words->form = PAGE_LIST;
    else if (best < TITLE_COUNT)
        words->form = titles[best].form;
    else if (has(words, LABEL_NUMBER) && has(words, LABEL_WORDS) && has(words, LABEL_AMOUNT))
        words->form = PAGE_VAT; // its title is a picture
    else
        words->form = is_broken(layout) ? PAGE_BROKEN : PAGE_NONE;
    return ERR_OK;
}

Err read_pdf_kind(Cx *cx, const PageWords *words, Draft *draft)
{
    size_t title = title_in(words->title);
    Slice number = draft->number;
    bool digital = number.size >= 19 && draft->code.size == 0;
    if (slice_find(words->title, SLICE("区块链")) != SLICE_NONE)
        return draft_set(cx, draft, DRAFT_KIND, SLICE("100"), SOURCE_TEXT, EXACT);
    if (title < TITLE_COUNT && digital)
        return draft_set(cx, draft, DRAFT_KIND, slice_of(titles[title].digital), SOURCE_TEXT,
                         EXACT);
    Slice kind = kind_of(draft->code, number);
    if (kind.size > 0) return draft_set(cx, draft, DRAFT_KIND, kind, SOURCE_DERIVED, EXACT);
    if (title == TITLE_COUNT) return ERR_OK;
    return draft_set(cx, draft, DRAFT_KIND, slice_of(titles[title].old), SOURCE_TEXT, EXACT);
}
