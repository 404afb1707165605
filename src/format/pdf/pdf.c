#include "format/pdf/pdf.h"

#include <assert.h>
#include <dlfcn.h>
#include <math.h>
#include <poppler.h>

#include "format/pdf/pdf_fold.h"
#include "format/pdf/pdf_handle.h"
#include "format/pdf/pdf_turn.h"

static void object_cleanup(void *object)
{
    void **at = object;
    if (*at != NULL) g_object_unref(*at);
}
#define AUTO_OBJECT __attribute__((cleanup(object_cleanup)))

static void text_cleanup(char **text)
{
    g_free(*text);
}

Err pdf_open(Cx *cx, Slice bytes, Pdf **ret_pdf)
{
    if (slice_find(slice_sub(bytes, 0, 1024), SLICE("%PDF-")) == SLICE_NONE)
        return err_set(cx, ERR_INPUT, "no PDF header");
    GError *error = NULL;
    GBytes *shared = g_bytes_new_static(bytes.data, bytes.size);
    PopplerDocument *document = poppler_document_new_from_bytes(shared, NULL, &error);
    g_bytes_unref(shared);
    if (document == NULL) {
        bool locked =
            error != NULL && g_error_matches(error, POPPLER_ERROR, POPPLER_ERROR_ENCRYPTED);
        Err err = locked ? err_set(cx, ERR_DENIED, "the PDF needs a password")
                         : err_set(cx, ERR_INPUT, "damaged PDF: %s",
                                   error == NULL ? "unknown" : error->message);
        g_clear_error(&error);
        return err;
    }
    int pages = poppler_document_get_n_pages(document);
    if (pages <= 0 || (size_t)pages > LIMIT_PDF_PAGES) {
        g_object_unref(document);
        if (pages <= 0) return err_set(cx, ERR_INPUT, "PDF without pages");
        return err_set(cx, ERR_LIMIT, "PDF of %d pages", pages);
    }
    Pdf *pdf = arena_alloc(&cx->arena, sizeof *pdf);
    *pdf = (Pdf){.document = document, .page_count = (size_t)pages};
    *ret_pdf = pdf;
    return ERR_OK;
}

void pdf_close(Pdf *pdf)
{
    g_object_unref(pdf->document);
}

size_t pdf_page_count(const Pdf *pdf)
{
    return pdf->page_count;
}

static PdfGlyph glyph_of(gunichar code, const PopplerRectangle *box)
{
    PdfGlyph glyph = {.code = pdf_fold_radical(code)};
    bool sane = isfinite(box->x1) && isfinite(box->y1) && isfinite(box->x2) && isfinite(box->y2);
    if (!sane) return (PdfGlyph){.code = ' '};
    // A mirrored page gives boxes inside out.
    glyph.x1 = (float)fmin(box->x1, box->x2);
    glyph.x2 = (float)fmax(box->x1, box->x2);
    glyph.y1 = (float)fmin(box->y1, box->y2);
    glyph.y2 = (float)fmax(box->y1, box->y2);
    return glyph;
}

Err pdf_text(Cx *cx, Pdf *pdf, size_t page, PdfPage *ret_page)
{
    AUTO_OBJECT PopplerPage *leaf =
        page < pdf->page_count ? poppler_document_get_page(pdf->document, (int)page) : NULL;
    if (leaf == NULL) return err_set(cx, ERR_INPUT, "page %zu is damaged", page + 1);
    PdfPage out = {};
    poppler_page_get_size(leaf, &out.width, &out.height);
    if (!isfinite(out.width) || !isfinite(out.height) || out.width <= 0 || out.height <= 0)
        return err_set(cx, ERR_INPUT, "page %zu has no size", page + 1);
    __attribute__((cleanup(text_cleanup))) char *text = poppler_page_get_text(leaf);
    PopplerRectangle *boxes = NULL;
    guint count = 0;
    if (text != NULL && !poppler_page_get_text_layout(leaf, &boxes, &count)) count = 0;
    if (count > LIMIT_PDF_GLYPHS) {
        g_free(boxes);
        return err_set(cx, ERR_LIMIT, "page %zu has %u characters", page + 1, count);
    }
    out.glyphs = arena_try_array(&cx->arena, count, sizeof *out.glyphs);
    if (count > 0 && out.glyphs != NULL) {
        const char *at = text;
        for (guint i = 0; i < count && *at != '\0'; i++, at = g_utf8_next_char(at))
            out.glyphs[out.count++] = glyph_of(g_utf8_get_char(at), &boxes[i]);
    }
    g_free(boxes);
    if (count > 0 && out.glyphs == NULL) return err_set(cx, ERR_LIMIT, "page does not fit");
    pdf_turn_upright(&out);
    *ret_page = out;
    return ERR_OK;
}

// Stands in front of poppler's FileSpec::getEmbeddedFile, which libpoppler-glib calls.
// Poppler 22.12 gives NULL for a file specification that is a mere string (ISO 32000-1, 7.11.2),
// and poppler_document_get_attachments reads through it: one such name would cost the whole
// document. An embedded file of zeroes is one whose object is no stream: it is passed over.
void *pdf_embedded_file(void *spec) __asm__("_ZN8FileSpec15getEmbeddedFileEv");
void *pdf_embedded_file(void *spec)
{
    static uint64_t none[64];
    typedef void *EmbeddedFn(void *spec);
    EmbeddedFn *next = (EmbeddedFn *)dlsym(RTLD_NEXT, "_ZN8FileSpec15getEmbeddedFileEv");
    assert(next != NULL);
    void *file = next(spec);
    return file == NULL ? none : file;
}

static gboolean sink_write(const gchar *data, gsize size, gpointer self, GError **error)
{
    (void)error;
    GByteArray *bytes = self;
    if (size > LIMIT_PDF_ATTACHMENT_BYTES - bytes->len) return FALSE;
    (void)g_byte_array_append(bytes, (const guint8 *)data, (guint)size);
    return TRUE;
}

static Err attachment_of(Cx *cx, PopplerAttachment *from, PdfAttachment *ret, bool *ret_kept)
{
    GByteArray *bytes = g_byte_array_new();
    *ret_kept = poppler_attachment_save_to_callback(from, sink_write, bytes, NULL);
    Err err = ERR_OK;
    if (*ret_kept) {
        err = cx_copy(cx, (Slice){(const char *)bytes->data, bytes->len}, &ret->bytes);
        if (err == ERR_OK)
            err = cx_copy(cx, slice_of(from->name == NULL ? "" : from->name), &ret->name);
    }
    g_byte_array_unref(bytes);
    return err;
}

Err pdf_attachments(Cx *cx, Pdf *pdf, PdfAttachment **ret_attachments, size_t *ret_count)
{
    PdfAttachment *out = arena_alloc(&cx->arena, LIMIT_PDF_ATTACHMENTS * sizeof *out);
    size_t count = 0;
    Err err = ERR_OK;
    GList *list = poppler_document_has_attachments(pdf->document)
                      ? poppler_document_get_attachments(pdf->document)
                      : NULL;
    for (GList *at = list; at != NULL; at = at->next) {
        bool kept = false;
        if (err == ERR_OK && count < LIMIT_PDF_ATTACHMENTS && at->data != NULL)
            err = attachment_of(cx, at->data, &out[count], &kept);
        if (kept) count++;
        if (at->data != NULL) g_object_unref(at->data);
    }
    g_list_free(list);
    TRY(err);
    *ret_attachments = out;
    *ret_count = count;
    return ERR_OK;
}
