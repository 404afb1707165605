// A PDF: attachments, then the text of each page, then the QR code. A page with a number founds a
// draft or goes on with the one of that number; a list goes on with the one before; a page with
// several invoices is parted first; pages without text are looked at as pictures.
#include <time.h>

#include "base/limits.h"
#include "format/pdf/pdf.h"
#include "read/read_pdf_air.h"
#include "read/read_pdf_attached.h"
#include "read/read_pdf_extra.h"
#include "read/read_pdf_split.h"
#include "read/read_pdf_ticket.h"
#include "read/read_pdf_vat.h"
#include "read/read_pdf_vehicle.h"
#include "read/read_qr.h"
#include "read/reader.h"

#define QR_PAGES_MAX 32  // looked at for a QR code
#define QR_CHECK_MAX 8   // … of those whose text says all: the code is a cross-check
#define QR_DPI       200 // first look
#define QR_DPI_FINE  300
#define QR_PART      0.5   // of the page: the code stands in the upper left quarter
#define FEW_GLYPHS   10    // on a page that is a picture
#define QR_CPU_MS    9'000 // spent on codes; what was read by then must not be lost to the limit

typedef struct Pages {
    Pdf *pdf;
    Reading *reading;
    size_t current;               // draft that the next page may go on with, or SIZE_MAX
    size_t founded[LIMIT_DRAFTS]; // the page that founded each draft, or SIZE_MAX
    bool unread[LIMIT_PDF_PAGES]; // a page that is a picture, or has more than could be parted
    bool waits[LIMIT_PDF_PAGES];  // a list that came before its invoice
    bool picture;                 // some page has no readable text
    bool blank;                   // no page shows anything
    size_t pixels_left;
    clock_t begun; // CPU time
} Pages;

static size_t draft_of_number(const Reading *reading, Slice number)
{
    for (size_t i = 0; i < reading->draft_count; i++)
        if (slice_equal(reading->drafts[i].number, number)) return i;
    return SIZE_MAX;
}

static Err fill_form(Cx *cx, const PageWords *words, Draft *draft)
{
    switch (words->form) {
    case PAGE_VAT:
    case PAGE_LIST:
        return read_pdf_vat(cx, words, draft);
    case PAGE_AIR:
        return read_pdf_air(cx, words, draft);
    case PAGE_RAIL:
        return read_pdf_ticket_rail(cx, words, draft);
    case PAGE_VEHICLE:
        return read_pdf_vehicle(cx, words, draft);
    case PAGE_NONE:
    case PAGE_BROKEN:
        break;
    }
    return ERR_OK;
}

static Err fill(Cx *cx, const PageWords *words, Draft *draft)
{
    TRY(fill_form(cx, words, draft));
    if (words->layout.lost_count > 0)
        TRY(draft_add_finding(cx, draft, "unreadable_text", SEVERITY_WARN, SLICE(""),
                              "版面文字中有字符没有可用的编码，读出的内容可能缺字，请核对。"));
    return words->form == PAGE_LIST ? ERR_OK : read_pdf_extra(cx, words, draft);
}

// Goes on with a draft. Lines of an attachment are better than those of print: they stay alone.
static Err go_on(Cx *cx, const PageWords *words, Draft *draft)
{
    Source source = draft->origins[DRAFT_NUMBER].source;
    size_t lines = draft->line_count;
    bool attached = source != SOURCE_NONE && source < SOURCE_TEXT && lines > 0;
    TRY(fill(cx, words, draft));
    if (attached) draft->line_count = lines;
    return ERR_OK;
}

// An invoice says when and how much.
static bool is_whole(const Draft *draft)
{
    return draft->number.size > 0 && draft->issue_date.size > 0 &&
           (draft->total.size > 0 || draft->amount.size > 0);
}

static Err add_draft(Cx *cx, Pages *pages, size_t page, const Draft *found)
{
    Draft *draft = NULL;
    TRY(reading_add_draft(cx, pages->reading, &draft));
    *draft = *found;
    pages->current = pages->reading->draft_count - 1;
    pages->founded[pages->current] = page;
    return ERR_OK;
}

static Err read_words(Cx *cx, Pages *pages, size_t page, const PageWords *words)
{
    Reading *reading = pages->reading;
    if (words->form == PAGE_BROKEN || words->layout.glyph_count < FEW_GLYPHS)
        pages->picture = pages->unread[page] = true;
    if (words->form == PAGE_NONE || words->form == PAGE_BROKEN) return ERR_OK;
    size_t index = pages->current;
    if (words->number.size > 0) index = draft_of_number(reading, words->number);
    if (index != SIZE_MAX) {
        pages->current = index;
        if (pages->founded[index] == SIZE_MAX) pages->founded[index] = page;
        return go_on(cx, words, &reading->drafts[index]);
    }
    if (words->form == PAGE_LIST) {
        pages->waits[page] = true;
        return ERR_OK;
    }
    Draft found = {};
    TRY(fill(cx, words, &found));
    // The first page of a long one may leave the sums to the last.
    bool begins = found.number.size > 0 && found.issue_date.size > 0;
    return begins ? add_draft(cx, pages, page, &found) : ERR_OK;
}

// Several that can't be parted are said so: the values of one may have strayed into the other.
static Err warn_several(Cx *cx, Pages *pages, size_t page)
{
    pages->unread[page] = true;
    if (pages->current == SIZE_MAX) return ERR_OK;
    return draft_add_finding(cx, &pages->reading->drafts[pages->current], "several_on_page",
                             SEVERITY_WARN, SLICE(""),
                             "第 %zu 页上似乎有多张发票，未能分开，请逐项核对。", page + 1);
}

static Err read_page(Cx *cx, Pages *pages, size_t page, const PdfPage *text)
{
    PageWords words = {};
    PdfParts *parts = arena_alloc(&cx->arena, sizeof *parts);
    TRY(read_pdf_vat_words(cx, text, &words));
    TRY(read_pdf_split(cx, text, &words, parts));
    for (size_t i = 0; i < parts->count; i++)
        TRY(read_words(cx, pages, page, &parts->words[i]));
    if (parts->count > 0) return ERR_OK;
    TRY(read_words(cx, pages, page, &words));
    return parts->several ? warn_several(cx, pages, page) : ERR_OK;
}

static Err read_pages(Cx *cx, Pages *pages)
{
    for (size_t page = 0; page < pdf_page_count(pages->pdf); page++) {
        PdfPage text = {};
        Err err = pdf_text(cx, pages->pdf, page, &text);
        if (err == ERR_INPUT && page > 0) continue; // a damaged page after good ones
        TRY(err);
        TRY(read_page(cx, pages, page, &text));
    }
    return ERR_OK;
}

// Lists printed before their invoices. One that does not say whose it is belongs to the only one.
static Err read_waiting(Cx *cx, Pages *pages)
{
    pages->current = pages->reading->draft_count == 1 ? 0 : SIZE_MAX;
    for (size_t page = 0; page < pdf_page_count(pages->pdf); page++) {
        PdfPage text = {};
        if (!pages->waits[page] || pages->reading->draft_count == 0) continue;
        TRY(pdf_text(cx, pages->pdf, page, &text));
        TRY(read_page(cx, pages, page, &text));
    }
    return ERR_OK;
}

static void drop_fragments(Pages *pages)
{
    Reading *reading = pages->reading;
    size_t kept = 0;
    for (size_t i = 0; i < reading->draft_count; i++) {
        if (!is_whole(&reading->drafts[i])) continue;
        pages->founded[kept] = pages->founded[i];
        reading->drafts[kept++] = reading->drafts[i];
    }
    reading->draft_count = kept;
}

// ---- QR codes

static bool is_blank(const Image *image)
{
    size_t size = (size_t)image->width * image->height;
    for (size_t i = 0; i < size; i++)
        if (image->pixels[i] < 250) return false;
    return true;
}

static bool has_time(const Pages *pages)
{
    return pages->pixels_left > 0 && (clock() - pages->begun) / (CLOCKS_PER_SEC / 1000) < QR_CPU_MS;
}

typedef struct Look {
    bool whole;  // not the corner alone: there may be several codes
    bool ladder; // a page that is all picture also gets the ladder for photographs
} Look;

// Rungs of rising cost: the corner, the page, the page again at a finer grain. A page that can't be
// drawn has no code, nor has a white one.
static Err page_qr(Cx *cx, Pages *pages, size_t page, Look look, ImageQr *ret)
{
    static const struct {
        unsigned dpi;
        double part;
    } rungs[] = {{QR_DPI, QR_PART}, {QR_DPI, 1}, {QR_DPI_FINE, 1}};
    *ret = (ImageQr){};
    for (size_t i = look.whole ? 1 : 0; i < sizeof rungs / sizeof rungs[0] && ret->count == 0;
         i++) {
        Image image = {};
        if (!has_time(pages)) {
            pages->blank = false; // nobody knows
            return ERR_OK;
        }
        Err err = pdf_render_part(cx, pages->pdf, page, rungs[i].dpi, rungs[i].part, rungs[i].part,
                                  &image);
        if (err != ERR_OK) return err == ERR_LIMIT ? err : ERR_OK;
        if (i == 1 && is_blank(&image)) return ERR_OK;
        if (i == 1) pages->blank = false;
        bool climb = look.ladder && rungs[i].dpi == QR_DPI_FINE;
        TRY(climb ? image_qr(cx, &image, &pages->pixels_left, ret)
                  : image_qr_once(cx, &image, &pages->pixels_left, ret));
        if (ret->count > 0) pages->blank = false;
    }
    return ERR_OK;
}

static size_t founded_on(const Pages *pages, size_t page)
{
    size_t count = 0;
    for (size_t i = 0; i < pages->reading->draft_count; i++)
        count += pages->founded[i] == page;
    return count;
}

// The code of each invoice beside its text; on a page of several it is the one of its number.
static Err check_drafts(Cx *cx, Pages *pages)
{
    Reading *reading = pages->reading;
    for (size_t page = 0; page < pdf_page_count(pages->pdf) && page < QR_CHECK_MAX; page++) {
        size_t count = founded_on(pages, page);
        ImageQr qr = {};
        if (count == 0) continue;
        TRY(page_qr(cx, pages, page, (Look){.whole = count > 1}, &qr));
        for (size_t i = 0; i < reading->draft_count; i++) {
            if (pages->founded[i] != page) continue;
            Slice payload = read_qr_choose(cx, &qr, &reading->drafts[i]);
            if (count == 1 || read_qr_is_of(cx, payload, &reading->drafts[i]))
                TRY(read_qr_apply(cx, &reading->drafts[i], payload));
        }
    }
    return ERR_OK;
}

// Drafts of the codes on pages that have no text, or on all when no page gave a draft.
static Err drafts_of_codes(Cx *cx, Pages *pages, bool all)
{
    Reading *reading = pages->reading;
    size_t looked = 0;
    for (size_t page = 0; page < pdf_page_count(pages->pdf) && looked < QR_PAGES_MAX; page++) {
        ImageQr qr = {};
        if (!all && !pages->unread[page]) continue;
        looked++;
        TRY(page_qr(cx, pages, page, (Look){.whole = !all, .ladder = pages->picture}, &qr));
        for (size_t i = 0; i < qr.count; i++) {
            if (!read_qr_is_invoice(cx, qr.texts[i])) continue;
            Draft found = {};
            TRY(read_qr_apply(cx, &found, qr.texts[i]));
            size_t known = draft_of_number(reading, found.number);
            if (known == SIZE_MAX)
                TRY(add_draft(cx, pages, page, &found));
            else if (slice_empty(reading->drafts[known].qr))
                TRY(read_qr_apply(cx, &reading->drafts[known], qr.texts[i]));
        }
    }
    return ERR_OK;
}

static Err read_open(Cx *cx, const ReadJob *job, Pages *pages)
{
    Reading *reading = pages->reading;
    TRY(read_pdf_attached(cx, pages->pdf, reading));
    // One attachment speaks for the first page; of several each page says whose it is.
    if (reading->draft_count == 1) pages->founded[0] = 0;
    TRY(read_pages(cx, pages));
    TRY(read_waiting(cx, pages));
    drop_fragments(pages);
    bool any = reading->draft_count > 0;
    if (!job->skip_qr && any) TRY(check_drafts(cx, pages));
    if (!job->skip_qr) TRY(drafts_of_codes(cx, pages, !any));
    for (size_t i = 0; i < reading->draft_count && job->seal != NULL; i++)
        if (job->seal->seal.state != SEAL_ABSENT) reading->drafts[i].seal = job->seal->seal;
    if (reading->draft_count > 0) return ERR_OK;
    bool shows = job->skip_qr || !pages->blank;
    reading->reason = pages->picture && shows ? REASON_NEEDS_OCR : REASON_NOT_INVOICE;
    return ERR_OK;
}

Err read_pdf(Cx *cx, const ReadJob *job, Reading *reading)
{
    PDF_CLOSE Pdf *pdf = NULL;
    Err err = pdf_open(cx, job->bytes, &pdf);
    if (err == ERR_LIMIT) reading->reason = REASON_TOO_LARGE;
    if (err == ERR_DENIED) reading->reason = REASON_ENCRYPTED;
    TRY(err);
    Pages *pages = arena_alloc(&cx->arena, sizeof *pages);
    *pages = (Pages){.pdf = pdf,
                     .reading = reading,
                     .current = SIZE_MAX,
                     .blank = true,
                     .pixels_left = LIMIT_QR_PIXELS,
                     .begun = clock()};
    for (size_t i = 0; i < LIMIT_DRAFTS; i++)
        pages->founded[i] = SIZE_MAX;
    return read_open(cx, job, pages);
}
