// Split: several invoices printed on one page, as people do to save paper (two or four on an A4),
// parted into pages of their own.
//
//   page ── 1 or 2 columns of equal width ── each cut above the head of every invoice but the first
//        └─ or, where that gives nothing, into equal parts
//
// A parting counts when each of its parts is one form: a number that no other part has, one date,
// one total. So values of two invoices are never mixed.
#pragma once
#include "read/read_pdf_vat.h"

#define READ_PDF_SPLIT_MAX 8 // parts of a page

typedef struct PdfParts {
    PageWords words[READ_PDF_SPLIT_MAX];
    size_t count; // 0: nothing to part, or no parting that counts
    bool several; // the page has several invoices, parted or not
} PdfParts;

// ERR_LIMIT only.
Err read_pdf_split(Cx *cx, const PdfPage *page, const PageWords *words, PdfParts *ret_parts);
