// Forms at any places of a sheet: what is parted are forms with a number each, no number twice, and
// every part's values are canonical. Whole forms are slow to lay out, so there are as many
// executions as for the libraries' glue; characters at any places are parted by pdf_layout_fuzz.
// Input: four bytes a form: x, y, scale, number.
#include <stdlib.h>

#include "base/money.h"
#include "read/read_pdf_fixture.h"
#include "read/read_pdf_split.h"

#define FORMS_MAX 8

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(Cx *cx, const PdfParts *parts)
{
    if (parts->count == 1 || parts->count > READ_PDF_SPLIT_MAX) abort();
    if (parts->count > 0 && !parts->several) abort();
    for (size_t i = 0; i < parts->count; i++) {
        Draft draft = {};
        Money money = {};
        if (read_pdf_vat(cx, &parts->words[i], &draft) != ERR_OK) abort();
        if (draft.number.size < 8) abort();
        if (draft.total.size > 0 && money_parse(cx, draft.total, &money) != ERR_OK) abort();
        for (size_t j = 0; j < i; j++)
            if (slice_equal(parts->words[i].number, parts->words[j].number)) abort();
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    Cx cx;
    cx_init(&cx, world_real(), LIMIT_JOB_ARENA);
    ReadPdfPlace places[FORMS_MAX];
    size_t count = 0;
    for (; size >= 4 && count < FORMS_MAX; data += 4, size -= 4) {
        const char *number = cx_printf(&cx, "25112000000000000%03u%c", data[3], 0).data;
        places[count++] = (ReadPdfPlace){
            read_pdf_fixture_with(&cx, read_pdf_fixture_digital(), "24942000000003727672", number),
            (float)data[0] * 2, (float)data[1] * 3, 0.3f + (float)data[2] / 300};
    }
    PdfFixturePage sheet = read_pdf_fixture_sheet(&cx, 595, 842, places, count);
    PdfPage page = pdf_fixture_glyphs(&cx, &sheet);
    PageWords words = {};
    PdfParts *parts = arena_alloc(&cx.arena, sizeof *parts);
    if (read_pdf_vat_words(&cx, &page, &words) != ERR_OK) abort();
    if (read_pdf_split(&cx, &page, &words, parts) != ERR_OK) abort();
    check(&cx, parts);
    cx_done(&cx);
    return 0;
}
