// <eInvoice>                                   root eInvoice or root; often not well-formed
//   <InvoiceNo><ObjectRef PageRef="61">6922</ObjectRef></InvoiceNo>   page id, TextObject id
//   <TaxTotalAmount><ObjectRef …>¥</…><ObjectRef …>1.96</…></…>       several run together
//   <X><ObjectData>literal</ObjectData></X>    ObjectRef 0 = empty
//   GoodsInfos/GoodsInfo/{Item …}              or, on 数电票, Item … right below the root: then
//                                              rows are told by height
// Source: shared facts §3.3, route 4.
#include "read/read_ofd_tag.h"

#include <stdlib.h>

#include "base/limits.h"
#include "base/text.h"
#include "format/xml/xml_tolerant.h"
#include "read/read_ofd_join.h"
#include "read/read_ofd_lines.h"
#include "read/read_put.h"

static const struct {
    Field field;
    const char *name;
} fields[] = {
    {DRAFT_CODE, "InvoiceCode"},
    {DRAFT_NUMBER, "InvoiceNo"},
    {DRAFT_ISSUE_DATE, "IssueDate"},
    {DRAFT_CHECK_CODE, "InvoiceCheckCode"},
    {DRAFT_MACHINE_NUMBER, "MachineNo"},
    {DRAFT_AMOUNT, "TaxExclusiveTotalAmount"},
    {DRAFT_TAX, "TaxTotalAmount"},
    {DRAFT_TOTAL, "TaxInclusiveTotalAmount"},
    {DRAFT_BUYER_NAME, "BuyerName"},
    {DRAFT_BUYER_TAX_ID, "BuyerTaxID"},
    {DRAFT_BUYER_ADDRESS_PHONE, "BuyerAddrTel"},
    {DRAFT_BUYER_BANK_ACCOUNT, "BuyerFinancialAccount"},
    {DRAFT_SELLER_NAME, "SellerName"},
    {DRAFT_SELLER_TAX_ID, "SellerTaxID"},
    {DRAFT_SELLER_ADDRESS_PHONE, "SellerAddrTel"},
    {DRAFT_SELLER_BANK_ACCOUNT, "SellerFinancialAccount"},
    {DRAFT_REMARK, "Note"},
    {DRAFT_PAYEE, "Payee"},
    {DRAFT_REVIEWER, "Checker"},
    {DRAFT_ISSUER, "InvoiceClerk"},
};

static const struct {
    Column column;
    const char *name;
} columns[] = {
    {COLUMN_NAME, "Item"},
    {COLUMN_SPEC, "Specification"},
    {COLUMN_UNIT, "MeasurementDimension"},
    {COLUMN_QUANTITY, "Quantity"},
    {COLUMN_PRICE, "Price"},
    {COLUMN_AMOUNT, "Amount"},
    {COLUMN_RATE, "TaxScheme"},
    {COLUMN_TAX, "TaxAmount"},
};

typedef struct Tags {
    const OfdDoc *doc;
    const OfdTexts *texts;
    const OfdText **by_id; // sorted by id, then by order on the pages
    size_t count;
} Tags;

static int compare_ids(const void *a, const void *b)
{
    const OfdText *p = *(const OfdText *const *)a, *q = *(const OfdText *const *)b;
    if (p->id != q->id) return p->id < q->id ? -1 : 1;
    return p < q ? -1 : p > q;
}

static Err index_texts(Cx *cx, Tags *tags)
{
    tags->by_id = arena_try_array(&cx->arena, tags->texts->count + 1, sizeof(void *));
    if (tags->by_id == NULL) return err_set(cx, ERR_LIMIT, "no room for the tags");
    for (size_t i = 0; i < tags->texts->count; i++)
        if (tags->texts->items[i].id != 0) tags->by_id[tags->count++] = &tags->texts->items[i];
    if (tags->count > 0) qsort(tags->by_id, tags->count, sizeof(void *), compare_ids);
    return ERR_OK;
}

// The pieces of one object: *ret_count of them from the answer on.
static const OfdText *const *find_object(const Tags *tags, const XmlNode *ref, size_t *ret_count)
{
    uint64_t id = 0, page_id = 0;
    *ret_count = 0;
    if (!slice_u64(xml_text(ref), &id) || id == 0) return NULL;
    bool paged = slice_u64(xml_attr(ref, "PageRef"), &page_id);
    size_t low = 0, high = tags->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (tags->by_id[middle]->id < id)
            low = middle + 1;
        else
            high = middle;
    }
    // Ids are unique in a document; where a writer repeats one, the page decides.
    size_t first = low, end = low;
    while (end < tags->count && tags->by_id[end]->id == id)
        end++;
    for (size_t i = low; paged && i < end; i++) {
        const OfdText *text = tags->by_id[i];
        if (text->template || tags->doc->pages[text->page].id != page_id) continue;
        first = i;
        break;
    }
    bool found = first < end && tags->doc->pages[tags->by_id[first]->page].id == page_id;
    if (first == end || (paged && tags->doc->is_part && !found)) return NULL;
    for (size_t i = first; i < end && tags->by_id[i]->page == tags->by_id[first]->page &&
                           tags->by_id[i]->entry == tags->by_id[first]->entry;
         i++)
        (*ret_count)++;
    return &tags->by_id[first];
}

// All that an element points to, as one text; `space` between objects.
static Err element_text(Cx *cx, const Tags *tags, const XmlNode *element, bool space,
                        Slice *ret_text)
{
    OfdJoin join = read_ofd_join_open(cx);
    for (const XmlNode *at = element->first; at != NULL && !join.text.full; at = at->sibling) {
        if (space && join.text.size > 0) text_byte(&join.text, ' ');
        // Of whose invoice a literal speaks nobody says where there are several.
        if (xml_named(at, "ObjectData") && !tags->doc->is_part)
            read_ofd_join_add(&join, xml_text(at));
        if (!xml_named(at, "ObjectRef")) continue;
        size_t count = 0;
        const OfdText *const *pieces = find_object(tags, at, &count);
        for (size_t i = 0; i < count; i++)
            read_ofd_join_add(&join, read_ofd_join_piece(pieces[i]));
    }
    *ret_text = read_ofd_join_text(&join);
    return ERR_OK;
}

static bool points(const XmlNode *element)
{
    return xml_child(element, "ObjectRef") != NULL || xml_child(element, "ObjectData") != NULL;
}

// A rail ticket's fare stands in one text with the seat: "￥48.00 一等座". Words behind an amount
// go, further digits stay: what they mean nobody knows.
static Slice amount_alone(Slice text)
{
    Slice trimmed = slice_trim(text);
    size_t space = slice_find(trimmed, SLICE(" "));
    Slice behind = slice_sub(trimmed, space, SIZE_MAX);
    for (size_t i = 0; i < behind.size; i++)
        if (behind.data[i] >= '0' && behind.data[i] <= '9') return text;
    return slice_sub(trimmed, 0, space);
}

static Err put_fields(Cx *cx, const Tags *tags, const XmlNode *root, Draft *draft)
{
    for (const XmlNode *at = xml_deep(root, NULL, NULL); at != NULL;
         at = xml_deep(root, at, NULL)) {
        if (!points(at)) continue;
        for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++) {
            if (!xml_named(at, fields[i].name)) continue;
            Slice text = {};
            TRY(element_text(cx, tags, at, fields[i].field == DRAFT_REMARK, &text));
            bool money = draft_field_type(fields[i].field) == FIELD_MONEY;
            TRY(read_put(cx, draft, fields[i].field, money ? amount_alone(text) : text,
                         SOURCE_TAG));
        }
    }
    return ERR_OK;
}

// Each GoodsInfo is one line by itself.
static Err put_infos(Cx *cx, const Tags *tags, const XmlNode *root, Draft *draft)
{
    for (const XmlNode *info = xml_deep(root, NULL, "GoodsInfo"); info != NULL;
         info = xml_deep(root, info, "GoodsInfo")) {
        Cell cells[COLUMN_OTHER] = {};
        size_t count = 0;
        for (size_t i = 0; i < sizeof columns / sizeof columns[0]; i++) {
            const XmlNode *element = xml_child(info, columns[i].name);
            if (!points(element)) continue;
            Slice text = {};
            TRY(element_text(cx, tags, element, false, &text));
            if (!slice_empty(text))
                cells[count++] = (Cell){.column = columns[i].column, .text = text};
        }
        TRY(read_ofd_lines(cx, cells, count, draft));
    }
    return ERR_OK;
}

// Columns without rows: every object becomes a cell, and its height tells the row.
static Err put_columns(Cx *cx, const Tags *tags, const XmlNode *root, Draft *draft)
{
    Cell *cells = arena_try_array(&cx->arena, tags->texts->count + 1, sizeof *cells);
    if (cells == NULL) return err_set(cx, ERR_LIMIT, "no room for the lines");
    size_t count = 0;
    for (const XmlNode *at = xml_deep(root, NULL, NULL); at != NULL;
         at = xml_deep(root, at, NULL)) {
        for (size_t i = 0; i < sizeof columns / sizeof columns[0]; i++) {
            if (!xml_named(at, columns[i].name)) continue;
            for (const XmlNode *ref = xml_child(at, "ObjectRef"); ref != NULL;
                 ref = xml_next(ref, "ObjectRef")) {
                size_t pieces = 0;
                const OfdText *const *piece = find_object(tags, ref, &pieces);
                for (size_t p = 0; p < pieces && count < tags->texts->count; p++)
                    cells[count++] = (Cell){columns[i].column,
                                            piece[p]->page,
                                            piece[p]->x1,
                                            piece[p]->y,
                                            read_ofd_join_piece(piece[p]),
                                            0,
                                            0};
            }
        }
    }
    return read_ofd_lines(cx, cells, count, draft);
}

// NULL where the file says nothing, which is no loss: other routes follow.
static const XmlNode *read_file(Cx *cx, Ofd *ofd, size_t tag_entry)
{
    Slice bytes = {};
    ZipTrouble zip = ZIP_TROUBLE_NONE;
    XmlTrouble xml = XML_TROUBLE_NONE;
    const XmlNode *root = NULL;
    if (zip_read(cx, ofd->zip, tag_entry, &bytes, &zip) != ERR_OK) {
        ofd->damaged++;
        return NULL;
    }
    if (xml_parse(cx, bytes, &root, &xml) == ERR_OK) return root;
    if (xml == XML_TROUBLE_HOSTILE || xml_tolerant_parse(cx, bytes, &root) != ERR_OK) return NULL;
    return root;
}

static Err number_of_page(Cx *cx, const Tags *tags, const XmlNode *element, bool is_code,
                          OfdTagNumber *ret_pages)
{
    Slice text = {}, *place = NULL;
    for (const XmlNode *ref = xml_child(element, "ObjectRef"); ref != NULL && place == NULL;
         ref = xml_next(ref, "ObjectRef")) {
        size_t count = 0;
        const OfdText *const *pieces = find_object(tags, ref, &count);
        if (count == 0 || pieces[0]->template) continue;
        OfdTagNumber *page = &ret_pages[pieces[0]->page];
        place = is_code ? &page->code : &page->number;
    }
    if (place == NULL || !slice_empty(*place)) return ERR_OK;
    TRY(element_text(cx, tags, element, false, &text));
    *place = slice_trim(text);
    return ERR_OK;
}

Err read_ofd_tag_numbers(Cx *cx, Ofd *ofd, const OfdDoc *doc, size_t tag_entry,
                         const OfdTexts *texts, OfdTagNumber *ret_pages)
{
    const XmlNode *root = read_file(cx, ofd, tag_entry);
    Tags tags = {.doc = doc, .texts = texts};
    TRY(index_texts(cx, &tags));
    for (const XmlNode *at = xml_deep(root, NULL, NULL); at != NULL;
         at = xml_deep(root, at, NULL)) {
        if (xml_named(at, "InvoiceNo")) TRY(number_of_page(cx, &tags, at, false, ret_pages));
        if (xml_named(at, "InvoiceCode")) TRY(number_of_page(cx, &tags, at, true, ret_pages));
    }
    return ERR_OK;
}

Err read_ofd_tag_fill(Cx *cx, Ofd *ofd, const OfdDoc *doc, size_t tag_entry, const OfdTexts *texts,
                      bool lines, Draft *draft)
{
    const XmlNode *root = read_file(cx, ofd, tag_entry);
    if (root == NULL) return ERR_OK;
    Tags tags = {.doc = doc, .texts = texts};
    TRY(index_texts(cx, &tags));
    TRY(put_fields(cx, &tags, root, draft));
    if (!lines) return ERR_OK;
    TRY(put_infos(cx, &tags, root, draft));
    // Where each column has a file of its own, a line would be an amount without a name: the print
    // has both.
    bool whole = xml_deep(root, NULL, "Item") != NULL && xml_deep(root, NULL, "Amount") != NULL;
    if (draft->line_count == 0 && whole) TRY(put_columns(cx, &tags, root, draft));
    read_ofd_lines_drop_pointer(draft);
    return ERR_OK;
}
