// Invented invoices as pages for tests: the forms that the PDF reader knows.
#pragma once
#include "format/pdf/pdf_fixture.h"
#include "model/draft.h"

// 增值税电子普通发票 of tax-control software: code, check code, cipher, two lines and a discount.
PdfFixturePage read_pdf_fixture_control(void);
// The same invoice with "(详见销货清单)" as its line, and its list on a page of its own.
PdfFixturePage read_pdf_fixture_short(void);
PdfFixturePage read_pdf_fixture_list(void);
// 电子发票（普通发票）: parties side by side, names broken over rows, radicals in labels.
PdfFixturePage read_pdf_fixture_digital(void);
// 电子发票（增值税专用发票）, 建筑服务, two pages of one invoice.
PdfFixturePage read_pdf_fixture_first(void);
PdfFixturePage read_pdf_fixture_second(void);
PdfFixturePage read_pdf_fixture_air(void);
PdfFixturePage read_pdf_fixture_rail(void);
PdfFixturePage read_pdf_fixture_vehicle(void);
// A page of a contract, and a page whose font has no map.
PdfFixturePage read_pdf_fixture_letter(void);
PdfFixturePage read_pdf_fixture_garbled(void);

// A sheet with these pages on it, each drawn `scale` times as large at its place; texts of `pages`
// are copied into the arena.
typedef struct ReadPdfPlace {
    PdfFixturePage page;
    float x, y, scale;
} ReadPdfPlace;
PdfFixturePage read_pdf_fixture_sheet(Cx *cx, float width, float height, const ReadPdfPlace *places,
                                      size_t count);
// The page as another invoice: each text that has `from` in it gets `to` in its place.
PdfFixturePage read_pdf_fixture_with(Cx *cx, PdfFixturePage page, const char *from, const char *to);
