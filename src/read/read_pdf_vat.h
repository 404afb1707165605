// The VAT form on a PDF page: tax-control invoices (10, 08, 14, 102, 区块链) and 数电票 (31, 32),
// from the labels and boxes of its text layer.
#pragma once
#include "read/pdf_table.h"

// What a page is by its own words.
typedef enum PageForm {
    PAGE_NONE,    // no invoice's words
    PAGE_VAT,     // a VAT form, first page or going on
    PAGE_LIST,    // 销货清单 of the invoice before
    PAGE_AIR,     // 航空运输电子客票行程单
    PAGE_RAIL,    // 铁路电子客票
    PAGE_VEHICLE, // 机动车, 二手车销售统一发票
    PAGE_BROKEN,  // text that can't be read: a font without a map
} PageForm;

typedef struct PageWords {
    Layout layout;
    Marks marks;
    PageForm form;
    Slice title; // as printed, half-width, without spaces; "" when not found
    Slice number;
} PageWords;

// Layout, labels, form and number of a page. ERR_LIMIT only.
Err read_pdf_vat_words(Cx *cx, const PdfPage *page, PageWords *ret_words);
// The number printed after that mark; "" when what stands there has no size of one. ERR_LIMIT only.
Err read_pdf_vat_number(Cx *cx, const PageWords *words, const Mark *mark, Slice *ret_number);
// Puts what a page of form PAGE_VAT or PAGE_LIST says into the draft. ERR_LIMIT only.
Err read_pdf_vat(Cx *cx, const PageWords *words, Draft *draft);
// Number, code, date and check code: what every form has at its head. ERR_LIMIT only.
Err read_pdf_vat_head(Cx *cx, const PageWords *words, Draft *draft);
// An amount in words without the circled cross before it and the figures behind it.
Slice read_pdf_vat_only_words(Slice text);
// The text in half-width forms. ERR_LIMIT only.
Err read_pdf_vat_half(Cx *cx, Slice text, Slice *ret_text);
