// A PDF: attachments, then the text of each page, then the QR code. A page with a number founds a
// draft or goes on with the one of that number; a list goes on with the one before; pages without
// text are looked at as pictures.
#include "base/limits.h"
#include "format/pdf/pdf.h"
#include "read/read_pdf_air.h"
#include "read/read_pdf_attached.h"
#include "read/read_pdf_ticket.h"
#include "read/read_pdf_vat.h"
#include "read/read_qr.h"
#include "read/reader.h"

#define QR_PAGES_MAX 8   // looked at for a QR code
#define QR_DPI       200 // first look
#define QR_DPI_FINE  300
#define QR_PART      0.5 // of the page: the code stands in the upper left quarter
#define FEW_GLYPHS   10  // on a page that is a picture

typedef struct Pages {
    Pdf *pdf;
    Reading *reading;
    size_t current;             // draft that the next page may go on with, or SIZE_MAX
    size_t owner[QR_PAGES_MAX]; // draft that each of the first pages founded, or SIZE_MAX
    bool picture;               // some page has no readable text
    bool blank;                 // no page shows anything
    size_t pixels_left;
} Pages;

static size_t draft_of_number(const Reading *reading, Slice number)
{
    for (size_t i = 0; i < reading->draft_count; i++)
        if (slice_equal(reading->drafts[i].number, number)) return i;
    return SIZE_MAX;
}

static Err fill(Cx *cx, const PageWords *words, Draft *draft)
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
        return read_pdf_ticket_vehicle(cx, words, draft);
    case PAGE_NONE:
    case PAGE_BROKEN:
        break;
    }
    return ERR_OK;
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

static Err read_words(Cx *cx, Pages *pages, size_t page, const PageWords *words)
{
    Reading *reading = pages->reading;
    if (words->form == PAGE_BROKEN || words->layout.glyph_count < FEW_GLYPHS) pages->picture = true;
    if (words->form == PAGE_NONE || words->form == PAGE_BROKEN) return ERR_OK;
    size_t index = pages->current;
    if (words->number.size > 0) index = draft_of_number(reading, words->number);
    if (index != SIZE_MAX) {
        pages->current = index;
        return go_on(cx, words, &reading->drafts[index]);
    }
    if (words->form == PAGE_LIST) return ERR_OK;
    Draft found = {}, *draft = NULL;
    TRY(fill(cx, words, &found));
    // The first page of a long one may leave the sums to the last.
    bool begins = found.number.size > 0 && found.issue_date.size > 0;
    if (!begins) return ERR_OK;
    TRY(reading_add_draft(cx, reading, &draft));
    *draft = found;
    pages->current = reading->draft_count - 1;
    if (page < QR_PAGES_MAX) pages->owner[page] = pages->current;
    return ERR_OK;
}

static Err read_pages(Cx *cx, Pages *pages)
{
    for (size_t page = 0; page < pdf_page_count(pages->pdf); page++) {
        PdfPage text = {};
        PageWords words = {};
        Err err = pdf_text(cx, pages->pdf, page, &text);
        if (err == ERR_INPUT && page > 0) continue; // a damaged page after good ones
        TRY(err);
        TRY(read_pdf_vat_words(cx, &text, &words));
        TRY(read_words(cx, pages, page, &words));
    }
    return ERR_OK;
}

static void drop_fragments(Pages *pages)
{
    Reading *reading = pages->reading;
    size_t kept = 0, moved[LIMIT_DRAFTS];
    for (size_t i = 0; i < reading->draft_count; i++) {
        bool whole = is_whole(&reading->drafts[i]);
        moved[i] = whole ? kept : SIZE_MAX;
        if (whole) reading->drafts[kept++] = reading->drafts[i];
    }
    for (size_t page = 0; page < QR_PAGES_MAX; page++)
        if (pages->owner[page] != SIZE_MAX) pages->owner[page] = moved[pages->owner[page]];
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

// Rungs of rising cost: the corner, the page, the page again at a finer grain. A page that is all
// picture also gets the ladder for photographs. A page that can't be drawn has no code.
static Err page_qr(Cx *cx, Pages *pages, size_t page, bool ladder, ImageQr *ret)
{
    static const struct {
        unsigned dpi;
        double part;
    } looks[] = {{QR_DPI, QR_PART}, {QR_DPI, 1}, {QR_DPI_FINE, 1}};
    *ret = (ImageQr){};
    for (size_t i = 0; i < sizeof looks / sizeof looks[0] && ret->count == 0; i++) {
        Image image = {};
        Err err = pdf_render_part(cx, pages->pdf, page, looks[i].dpi, looks[i].part, looks[i].part,
                                  &image);
        if (err != ERR_OK) return err == ERR_LIMIT ? err : ERR_OK;
        if (looks[i].part == 1 && i == 1) pages->blank &= is_blank(&image);
        bool climb = ladder && looks[i].dpi == QR_DPI_FINE;
        TRY(climb ? image_qr(cx, &image, &pages->pixels_left, ret)
                  : image_qr_once(cx, &image, &pages->pixels_left, ret));
        if (ret->count > 0) pages->blank = false;
    }
    return ERR_OK;
}

static Err check_drafts(Cx *cx, Pages *pages)
{
    Reading *reading = pages->reading;
    for (size_t page = 0; page < QR_PAGES_MAX; page++) {
        if (pages->owner[page] == SIZE_MAX) continue;
        Draft *draft = &reading->drafts[pages->owner[page]];
        ImageQr qr = {};
        TRY(page_qr(cx, pages, page, false, &qr));
        TRY(read_qr_apply(cx, draft, read_qr_choose(cx, &qr, draft)));
    }
    return ERR_OK;
}

static Err drafts_of_codes(Cx *cx, Pages *pages)
{
    Reading *reading = pages->reading;
    for (size_t page = 0; page < pdf_page_count(pages->pdf) && page < QR_PAGES_MAX; page++) {
        ImageQr qr = {};
        TRY(page_qr(cx, pages, page, pages->picture, &qr));
        for (size_t i = 0; i < qr.count; i++) {
            if (!read_qr_is_invoice(cx, qr.texts[i])) continue;
            Draft found = {}, *draft = NULL;
            TRY(read_qr_apply(cx, &found, qr.texts[i]));
            if (draft_of_number(reading, found.number) != SIZE_MAX) continue;
            TRY(reading_add_draft(cx, reading, &draft));
            *draft = found;
        }
    }
    return ERR_OK;
}

static Err read_open(Cx *cx, const ReadJob *job, Pages *pages)
{
    Reading *reading = pages->reading;
    TRY(read_pdf_attached(cx, pages->pdf, reading));
    // An attachment speaks for the first page.
    if (reading->draft_count > 0) pages->owner[0] = 0;
    TRY(read_pages(cx, pages));
    drop_fragments(pages);
    if (!job->skip_qr && reading->draft_count > 0) TRY(check_drafts(cx, pages));
    if (!job->skip_qr && reading->draft_count == 0) TRY(drafts_of_codes(cx, pages));
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
    Pages pages = {.pdf = pdf,
                   .reading = reading,
                   .current = SIZE_MAX,
                   .blank = true,
                   .pixels_left = LIMIT_QR_PIXELS};
    for (size_t i = 0; i < QR_PAGES_MAX; i++)
        pages.owner[i] = SIZE_MAX;
    return read_open(cx, job, &pages);
}
