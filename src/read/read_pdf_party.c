#include "read/read_pdf_party.h"

#include <math.h>

#include "base/text.h"

#define ROWS_NEAR   9.0f // heights from the first to the last row of a party's block
#define COLUMN_NEAR 6.0f // heights between the left edges of a block's labels
#define EXACT       1000 // per mille

typedef enum Side { SIDE_BUYER, SIDE_SELLER } Side;

// Where a party's values may stand.
typedef struct Block {
    const Mark *name; // the label 名称; NULL when the block was not found
    float left, right, top, bottom;
} Block;

static float middle(const Mark *mark)
{
    return (mark->y1 + mark->y2) / 2;
}

static bool in_rows(const Mark *mark, const LayoutBox *upright, float size)
{
    float y = (mark->y1 + mark->y2) / 2;
    return y > upright->y1 - size && y < upright->y2 + size && mark->x1 > upright->x1 - size;
}

// 名称 beside the downward word, or the first (buyer) or second (seller) one on the page.
static const Mark *name_mark(const PageWords *words, Side side)
{
    const Layout *layout = &words->layout;
    const LayoutBox *own = &layout->uprights[side == SIDE_BUYER ? UPRIGHT_BUYER : UPRIGHT_SELLER];
    const LayoutBox *other = &layout->uprights[side == SIDE_BUYER ? UPRIGHT_SELLER : UPRIGHT_BUYER];
    size_t seen = 0;
    const Mark *by_order = NULL, *best = NULL;
    for (size_t i = 0; i < words->marks.count; i++) {
        const Mark *mark = &words->marks.items[i];
        if (mark->label != LABEL_NAME) continue;
        if (seen++ == (side == SIDE_BUYER ? 0 : 1)) by_order = mark;
        if (!own->known || !in_rows(mark, own, layout->size)) continue;
        // Buyer and seller side by side: the nearest to the right of the word.
        bool beyond = other->known && other->x1 > own->x1 + layout->size * 2 &&
                      in_rows(mark, other, layout->size) && mark->x1 > other->x1;
        if (!beyond && (best == NULL || mark->x1 < best->x1)) best = mark;
    }
    return best != NULL ? best : by_order;
}

static bool is_cipher(uint32_t code)
{
    return (code >= '0' && code <= '9') || code == '+' || code == '-' || code == '*' ||
           code == '/' || code == '<' || code == '>';
}

// Where a line of 密码区 begins: twenty and more digits and signs without a gap, at least three of
// them signs.
static float cipher_in(const LayoutRow *row, float size)
{
    size_t count = 0, signs = 0, from = 0;
    for (size_t i = 0; i < row->count; i++) {
        const LayoutGlyph *glyph = &row->glyphs[i];
        bool goes_on = count > 0 && glyph->x1 - row->glyphs[i - 1].x2 < size * 0.5f;
        if (!is_cipher(glyph->fold) || !goes_on) count = signs = 0;
        if (!is_cipher(glyph->fold)) continue;
        if (count++ == 0) from = i;
        signs += !(glyph->fold >= '0' && glyph->fold <= '9') && glyph->fold != '-';
        if (count >= 20 && signs >= 3) return row->glyphs[from].x1;
    }
    return INFINITY;
}

static float cipher_edge(const Layout *layout, const Mark *name)
{
    float edge = INFINITY;
    for (size_t r = 0; r < layout->row_count; r++) {
        const LayoutRow *row = &layout->rows[r];
        if (row->y2 < name->y1 || row->y1 > name->y1 + layout->size * ROWS_NEAR) continue;
        edge = fminf(edge, cipher_in(row, layout->size));
    }
    return edge;
}

// The left edge of what stands right of the block: the seller's word, 密码区, 备注.
static float right_edge(const PageWords *words, const Mark *name)
{
    const Layout *layout = &words->layout;
    static const Upright walls[] = {UPRIGHT_BUYER, UPRIGHT_SELLER, UPRIGHT_CIPHER, UPRIGHT_REMARK};
    float right = layout->width, y = (name->y1 + name->y2) / 2, column = 0;
    for (size_t i = 0; i < sizeof walls / sizeof walls[0]; i++) {
        const LayoutBox *wall = &layout->uprights[walls[i]];
        if (!wall->known || wall->x1 < name->x2) continue;
        bool beside = y > wall->y1 - layout->size * 2 && y < wall->y2 + layout->size * 2;
        if (beside) right = fminf(right, wall->x1);
        // 密码区 and 备注 stand in one column: where one is not found the other tells.
        if (walls[i] == UPRIGHT_CIPHER || walls[i] == UPRIGHT_REMARK)
            column = column == 0 ? wall->x1 : fminf(column, wall->x1);
    }
    if (right == layout->width && column > 0) right = column;
    right = fminf(right, cipher_edge(layout, name));
    for (size_t i = 0; i < words->marks.count; i++) { // the other party's label in the same row
        const Mark *mark = &words->marks.items[i];
        bool party = mark->label == LABEL_NAME && mark->x1 > name->x2;
        if (party && fabsf(mark->y1 - name->y1) < layout->size)
            right = fminf(right, mark->x1 - layout->size * 0.5f);
    }
    return right;
}

static bool is_party_label(Label label)
{
    return label == LABEL_NAME || label == LABEL_TAX_ID || label == LABEL_ADDRESS ||
           label == LABEL_BANK;
}

static Block block_of(const PageWords *words, Side side)
{
    const Layout *layout = &words->layout;
    Block block = {.name = name_mark(words, side)};
    if (block.name == NULL) return block;
    const LayoutBox *own = &layout->uprights[side == SIDE_BUYER ? UPRIGHT_BUYER : UPRIGHT_SELLER];
    block.left = block.name->x1 - layout->size * 0.5f;
    block.right = right_edge(words, block.name);
    block.top = block.name->y1 - layout->size;
    block.bottom = block.name->y1 + layout->size * ROWS_NEAR;
    if (own->known) block.bottom = fminf(block.bottom, own->y2 + layout->size * 1.2f);
    for (size_t i = 0; i < words->marks.count; i++) { // nothing of the form's other parts
        const Mark *mark = &words->marks.items[i];
        if (is_party_label(mark->label) || mark->label == LABEL_OTHER) continue;
        if (mark->y1 > block.name->y2 && mark->x1 < block.right)
            block.bottom = fminf(block.bottom, mark->y1);
        if (mark->y2 < block.name->y2 - layout->size * 0.5f && mark->x1 < block.right)
            block.top = fmaxf(block.top, (middle(mark) + middle(block.name)) / 2);
    }
    return block;
}

// A label of this block: in its column and rows.
static bool belongs(const Mark *mark, const Block *block, float size)
{
    return is_party_label(mark->label) && fabsf(mark->x1 - block->name->x1) < size * COLUMN_NEAR &&
           mark->y1 > block->top && mark->y1 < block->bottom + size * 0.2f &&
           mark->x1 < block->right;
}

// Values may be broken into lines that stand closer than rows, above and below their label: what
// lies nearer to this label than to its neighbours is its value.
static Err value_of(Cx *cx, const PageWords *words, const Block *block, const Mark *mark,
                    Slice *ret)
{
    float size = words->layout.size, y = (mark->y1 + mark->y2) / 2;
    LayoutBox box = {block->left, block->top, block->right, block->bottom + size * 0.2f, true};
    for (size_t i = 0; i < words->marks.count; i++) {
        const Mark *other = &words->marks.items[i];
        if (other == mark || !belongs(other, block, size)) continue;
        float edge = (y + (other->y1 + other->y2) / 2) / 2;
        if (other->y1 < mark->y1) box.y1 = fmaxf(box.y1, edge);
        if (other->y1 > mark->y1) box.y2 = fminf(box.y2, edge);
    }
    bool walled = block->right < words->layout.width;
    return pdf_layout_region(cx, &words->layout, box, false, walled ? INFINITY : size * 4,
                             SLICE(""), ret);
}

// The longest run of letters, digits and stars: whatever else strayed into the cell is none of it.
static Slice tax_id_of(Slice text)
{
    Slice best = SLICE("");
    for (size_t at = 0, end = 0; at < text.size; at = end + 1) {
        for (end = at; end < text.size; end++) {
            char c = text.data[end];
            bool letter = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
            if (!letter && !(c >= '0' && c <= '9') && c != '*' && c != ' ') break;
        }
        Slice run = slice_trim(slice_sub(text, at, end - at));
        if (run.size > best.size) best = run;
    }
    return best;
}

static Err fill(Cx *cx, const PageWords *words, Side side, Draft *draft)
{
    static const struct {
        Label label;
        Field fields[2]; // by side
    } rows[] = {
        {LABEL_NAME, {DRAFT_BUYER_NAME, DRAFT_SELLER_NAME}},
        {LABEL_TAX_ID, {DRAFT_BUYER_TAX_ID, DRAFT_SELLER_TAX_ID}},
        {LABEL_ADDRESS, {DRAFT_BUYER_ADDRESS_PHONE, DRAFT_SELLER_ADDRESS_PHONE}},
        {LABEL_BANK, {DRAFT_BUYER_BANK_ACCOUNT, DRAFT_SELLER_BANK_ACCOUNT}},
    };
    Block block = block_of(words, side);
    if (block.name == NULL) return ERR_OK;
    for (size_t r = 0; r < sizeof rows / sizeof rows[0]; r++)
        for (size_t i = 0; i < words->marks.count; i++) {
            const Mark *mark = &words->marks.items[i];
            if (mark->label != rows[r].label || !belongs(mark, &block, words->layout.size))
                continue;
            Slice text = {};
            TRY(value_of(cx, words, &block, mark, &text));
            if (mark->label == LABEL_TAX_ID) text = tax_id_of(slice_trim(text));
            TRY(draft_set(cx, draft, rows[r].fields[side], text, SOURCE_TEXT, EXACT));
            break;
        }
    return ERR_OK;
}

// Forms that print 购买方名称 and 销售方名称 in full, one below the other. A tax id belongs to the
// name before it.
static Err fill_by_name(Cx *cx, const PageWords *words, Draft *draft)
{
    Field id = DRAFT_FIELD_COUNT;
    for (size_t i = 0; i < words->marks.count; i++) {
        const Mark *mark = &words->marks.items[i];
        Slice text = {};
        bool buyer = mark->label == LABEL_BUYER_NAME, seller = mark->label == LABEL_SELLER_NAME;
        bool tax_id = mark->label == LABEL_TAX_ID && id != DRAFT_FIELD_COUNT;
        if (!buyer && !seller && !tax_id) continue;
        TRY(pdf_marks_value(cx, &words->layout, &words->marks, mark, INFINITY,
                            words->layout.size * 3, &text));
        if (tax_id) {
            TRY(draft_set(cx, draft, id, tax_id_of(text), SOURCE_TEXT, EXACT));
            id = DRAFT_FIELD_COUNT;
            continue;
        }
        id = buyer ? DRAFT_BUYER_TAX_ID : DRAFT_SELLER_TAX_ID;
        TRY(draft_set(cx, draft, buyer ? DRAFT_BUYER_NAME : DRAFT_SELLER_NAME, slice_trim(text),
                      SOURCE_TEXT, EXACT));
    }
    return ERR_OK;
}

Err read_pdf_party(Cx *cx, const PageWords *words, Draft *draft)
{
    if (pdf_marks_find(&words->marks, LABEL_NAME, 0) == NULL) return fill_by_name(cx, words, draft);
    TRY(fill(cx, words, SIDE_BUYER, draft));
    return fill(cx, words, SIDE_SELLER, draft);
}
