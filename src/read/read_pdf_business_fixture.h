// Invented 数电票 of every special business (特定业务), laid out by chance: what a form's columns
// and the block below its lines hold is known, so that what is read can be compared with it.
#pragma once
#include "format/pdf/pdf_fixture.h"
#include "model/draft.h"

#define READ_PDF_BUSINESS_PAGES 3

typedef struct PdfBusiness {
    PdfFixturePage pages[READ_PDF_BUSINESS_PAGES];
    size_t page_count;
    Draft told; // number, date, sums, parties, remark, lines, values of the business
} PdfBusiness;

// How many forms there are, and what one is called.
size_t read_pdf_business_fixture_count(void);
const char *read_pdf_business_fixture_name(size_t form);
// The same seed gives the same invoice.
PdfBusiness read_pdf_business_fixture(Cx *cx, size_t form, uint64_t seed);
