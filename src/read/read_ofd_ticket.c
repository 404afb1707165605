#include "read/read_ofd_ticket.h"

#include "read/pdf_of_ofd.h"
#include "read/read_pdf_air.h"
#include "read/read_pdf_extra.h"
#include "read/read_pdf_vehicle.h"

static bool has_title(const OfdTexts *texts, size_t page)
{
    static const Slice titles[] = {SLICE("航空运输电子客票行程单"), SLICE("销售统一发票")};
    for (size_t i = 0; i < texts->count; i++)
        for (size_t t = 0; t < sizeof titles / sizeof titles[0]; t++)
            if (texts->items[i].page == page &&
                slice_find(texts->items[i].text, titles[t]) != SLICE_NONE)
                return true;
    return false;
}

Err read_ofd_ticket_fill(Cx *cx, const OfdTexts *texts, size_t page, Draft *draft, bool *ret_done)
{
    PdfPage glyphs = {};
    PageWords words = {};
    *ret_done = false;
    if (!has_title(texts, page)) return ERR_OK;
    TRY(pdf_of_ofd(cx, texts, page, &glyphs));
    TRY(read_pdf_vat_words(cx, &glyphs, &words));
    *ret_done = words.form == PAGE_AIR || words.form == PAGE_VEHICLE;
    if (words.form == PAGE_AIR) TRY(read_pdf_air(cx, &words, draft));
    if (words.form == PAGE_VEHICLE) TRY(read_pdf_vehicle(cx, &words, draft));
    return *ret_done ? read_pdf_extra(cx, &words, draft) : ERR_OK;
}
