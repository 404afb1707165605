// Pdf: a PDF document from memory: text with boxes, attachments, pages as pictures. Over
// poppler-glib; runs inside the reader's jail (reads poppler-data and fonts, nothing else).
#pragma once
#include "format/image/image.h"

typedef struct Pdf Pdf;

// One character of a page's text layer. Points (1/72 inch) from the page's top left corner.
typedef struct PdfGlyph {
    uint32_t code;        // Unicode; spaces and line ends stand here too, as poppler inserts them
    float x1, y1, x2, y2; // left, top, right, bottom; finite
} PdfGlyph;

typedef struct PdfPage {
    double width, height; // points
    PdfGlyph *glyphs;     // in poppler's reading order
    size_t count;
} PdfPage;

typedef struct PdfAttachment {
    Slice name; // as the file says; may be empty
    Slice bytes;
} PdfAttachment;

// Load what must be open before the jail closes: character maps, fontconfig, the font cache.
void pdf_warm(void);

// ERR_INPUT when damaged, ERR_DENIED when it needs a password, ERR_LIMIT past LIMIT_PDF_PAGES.
// `bytes` must outlive the handle.
Err pdf_open(Cx *cx, Slice bytes, Pdf **ret_pdf);
void pdf_close(Pdf *pdf);
size_t pdf_page_count(const Pdf *pdf);
// Page 0 is the first; one that lies on its side is turned upright. A page that can't be read is
// ERR_INPUT.
Err pdf_text(Cx *cx, Pdf *pdf, size_t page, PdfPage *ret_page);
// Attachments over LIMIT_PDF_ATTACHMENTS or LIMIT_PDF_ATTACHMENT_BYTES are left out.
Err pdf_attachments(Cx *cx, Pdf *pdf, PdfAttachment **ret_attachments, size_t *ret_count);
// Grey pixels on white, at `dpi` or as much less as LIMIT_RENDER_PIXELS asks for.
Err pdf_render(Cx *cx, Pdf *pdf, size_t page, unsigned dpi, Image *ret_image);
// The same for the upper left part of the page alone: part_x and part_y of its width and height.
Err pdf_render_part(Cx *cx, Pdf *pdf, size_t page, unsigned dpi, double part_x, double part_y,
                    Image *ret_image);
// A JBIG2 picture as OFD files carry it: with or without the file header (ITU-T T.88 annex D.4);
// wrapped as a one-page PDF and decoded by poppler. ERR_INPUT, or ERR_LIMIT when it promises more
// than a page can have.
Err pdf_jbig2(Cx *cx, Slice jb2, Image *ret_image);

#define PDF_CLOSE __attribute__((cleanup(pdf_cleanup)))
static inline void pdf_cleanup(Pdf *const *pdf)
{
    if (*pdf != NULL) pdf_close(*pdf);
}
