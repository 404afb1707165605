#include "read/read_ofd_split.h"

#include "base/limits.h"
#include "format/qr/qr_payload.h"
#include "model/kind.h"
#include "read/read_ofd_tag.h"
#include "read/read_ofd_text.h"
#include "read/read_put.h"

#define OLD_NUMBER_SIZE 8 // beside a code

typedef struct Sheet { // what one page says of itself
    Slice code, number, qr;
    size_t qr_entry, part;
} Sheet;

static bool same_invoice(Slice code, Slice number, Slice other_code, Slice other_number)
{
    bool codes = slice_empty(code) || slice_empty(other_code) || slice_equal(code, other_code);
    return codes && slice_equal(number, other_number);
}

bool read_ofd_split_is_of(const OfdPart *part, Slice code, Slice number)
{
    return same_invoice(part->code, part->number, code, number);
}

static bool is_number(Slice code, Slice number)
{
    if (!slice_digits(number)) return false;
    if (number.size == KIND_DIGITAL_NUMBER_SIZE) return true;
    return number.size == OLD_NUMBER_SIZE && slice_digits(code) && !slice_empty(code);
}

// A number alone may be anything: an invoice says its date as well.
static Err ask_print(Cx *cx, const OfdTexts *texts, size_t page, Sheet *sheet)
{
    Draft draft = {};
    TRY(read_ofd_text_fill(cx, texts, page, &draft));
    read_put_settle(&draft);
    if (!is_number(draft.code, draft.number) || slice_empty(draft.issue_date)) return ERR_OK;
    sheet->code = draft.code;
    sheet->number = draft.number;
    return ERR_OK;
}

// A page without text of its own may be an invoice as a picture.
static Err ask_code(Cx *cx, Ofd *ofd, const OfdDoc *doc, size_t page, const OfdEyes *eyes,
                    Sheet *sheet)
{
    OfdDoc alone = *doc;
    alone.pages = &doc->pages[page];
    alone.page_count = 1;
    alone.is_part = true;
    Draft draft = {};
    QrPayload qr = {};
    Slice payload = {};
    TRY(eyes->find(cx, ofd, &alone, &draft, eyes->pixels_left, &payload, &sheet->qr_entry));
    if (slice_empty(payload) || qr_payload_parse(cx, payload, &qr) != ERR_OK) return ERR_OK;
    if (!is_number(qr.code, qr.number)) return ERR_OK;
    *sheet = (Sheet){qr.code, qr.number, payload, sheet->qr_entry, SIZE_MAX};
    return ERR_OK;
}

static bool has_text(const OfdTexts *texts, size_t page)
{
    for (size_t i = 0; i < texts->count; i++)
        if (texts->items[i].page == page && !texts->items[i].template) return true;
    return false;
}

static Err ask_pages(Cx *cx, Ofd *ofd, const OfdDoc *doc, const OfdTexts *texts,
                     const OfdEyes *eyes, Sheet *sheets)
{
    OfdTagNumber *tagged = arena_try_array(&cx->arena, doc->page_count, sizeof *tagged);
    if (tagged == NULL) return err_set(cx, ERR_LIMIT, "no room for the pages");
    for (size_t i = 0; i < doc->tag_count; i++)
        TRY(read_ofd_tag_numbers(cx, ofd, doc, doc->tags[i], texts, tagged));
    size_t looked = 0;
    for (size_t page = 0; page < doc->page_count; page++) {
        Sheet *sheet = &sheets[page];
        if (is_number(tagged[page].code, tagged[page].number)) {
            sheet->code = tagged[page].code;
            sheet->number = tagged[page].number;
        } else if (has_text(texts, page)) {
            TRY(ask_print(cx, texts, page, sheet));
        } else if (eyes != NULL && looked < LIMIT_OFD_QR_PAGES) {
            looked++;
            TRY(ask_code(cx, ofd, doc, page, eyes, sheet));
        }
    }
    return ERR_OK;
}

static Err add_part(Cx *cx, OfdParts *parts, const OfdPart *part)
{
    if (parts->count == LIMIT_DRAFTS)
        return err_set(cx, ERR_LIMIT, "over %zu invoices in one document", LIMIT_DRAFTS);
    parts->items[parts->count++] = *part;
    return ERR_OK;
}

static Err assign(Cx *cx, const OfdDoc *doc, Sheet *sheets, OfdParts *parts)
{
    size_t current = 0; // what comes before the first number is of the first invoice
    for (size_t page = 0; page < doc->page_count; page++) {
        Sheet *sheet = &sheets[page];
        if (!slice_empty(sheet->number)) {
            for (current = 0; current < parts->count; current++)
                if (read_ofd_split_is_of(&parts->items[current], sheet->code, sheet->number)) break;
            if (current == parts->count)
                TRY(add_part(cx, parts,
                             &(OfdPart){.code = sheet->code,
                                        .number = sheet->number,
                                        .qr = sheet->qr,
                                        .qr_entry = sheet->qr_entry}));
            if (slice_empty(parts->items[current].code)) parts->items[current].code = sheet->code;
        }
        sheet->part = current;
    }
    return ERR_OK;
}

// The document with the pages of one part alone, and their texts.
static Err cut(Cx *cx, const OfdDoc *doc, const OfdTexts *texts, const Sheet *sheets, size_t index,
               OfdPart *part)
{
    part->doc = *doc;
    part->doc.is_part = true;
    part->doc.page_count = 0;
    part->doc.pages = arena_try_array(&cx->arena, doc->page_count, sizeof *doc->pages);
    size_t *places = arena_try_array(&cx->arena, doc->page_count, sizeof *places), count = 0;
    if (part->doc.pages == NULL || places == NULL)
        return err_set(cx, ERR_LIMIT, "no room for the pages");
    for (size_t page = 0; page < doc->page_count; page++) {
        if (sheets[page].part != index) continue;
        places[page] = part->doc.page_count;
        part->doc.pages[part->doc.page_count++] = doc->pages[page];
    }
    for (size_t i = 0; i < texts->count; i++)
        count += sheets[texts->items[i].page].part == index;
    part->texts.items = arena_try_array(&cx->arena, count + 1, sizeof *texts->items);
    if (part->texts.items == NULL) return err_set(cx, ERR_LIMIT, "no room for the pages");
    for (size_t i = 0; i < texts->count; i++) {
        const OfdText *text = &texts->items[i];
        if (sheets[text->page].part != index) continue;
        part->texts.items[part->texts.count] = *text;
        part->texts.items[part->texts.count++].page = places[text->page];
    }
    return ERR_OK;
}

Err read_ofd_split(Cx *cx, Ofd *ofd, const OfdDoc *doc, const OfdTexts *texts, const OfdEyes *eyes,
                   OfdParts *ret_parts)
{
    OfdParts parts = {.items = arena_alloc(&cx->arena, LIMIT_DRAFTS * sizeof *parts.items)};
    Sheet *sheets = arena_try_array(&cx->arena, doc->page_count + 1, sizeof *sheets);
    if (sheets == NULL) return err_set(cx, ERR_LIMIT, "no room for the pages");
    TRY(ask_pages(cx, ofd, doc, texts, eyes, sheets));
    TRY(assign(cx, doc, sheets, &parts));
    parts.any = parts.count > 0;
    if (parts.count == 1) parts.count = 0;
    for (size_t i = 0; i < parts.count; i++)
        TRY(cut(cx, doc, texts, sheets, i, &parts.items[i]));
    *ret_parts = parts;
    return ERR_OK;
}

Err read_ofd_split_add(Cx *cx, const OfdDoc *doc, Slice code, Slice number, OfdParts *parts)
{
    OfdPart part = {.code = code, .number = number, .doc = *doc};
    part.doc.is_part = true;
    part.doc.page_count = 0;
    return add_part(cx, parts, &part);
}
