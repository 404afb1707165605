#include <qrencode.h>

#include "base/cleanup.h"
#include "base/test.h"
#include "base/text.h"
#include "read/read_pdf_fixture.h"
#include "read/reader.h"

static const SealAnswer no_seal;

static Reading read_pages(Cx *cx, const PdfFixturePage *pages, size_t count, bool skip_qr)
{
    ReadJob job = {.bytes = pdf_fixture(cx, pages, count), .seal = &no_seal, .skip_qr = skip_qr};
    Reading reading = {};
    EXPECT_OK(read_pdf(cx, &job, &reading));
    return reading;
}

// The page with that QR code in its corner.
static PdfFixturePage with_qr(Cx *cx, PdfFixturePage page, const char *text)
{
    QRcode *code = QRcode_encodeString8bit(text, 0, QR_ECLEVEL_M);
    EXPECT(code != NULL);
    size_t size = (size_t)code->width * (size_t)code->width;
    uint8_t *modules = arena_alloc(&cx->arena, size);
    memcpy(modules, code->data, size);
    page.qr = modules;
    page.qr_side = code->width;
    QRcode_free(code);
    return page;
}

static size_t disagreements(const Draft *draft)
{
    size_t count = 0;
    for (size_t i = 0; i < draft->finding_count; i++)
        count += slice_equal(draft->findings[i].rule, SLICE("sources_disagree"));
    return count;
}

// Before the sum in words stands a mark of a symbol font, elsewhere a letter without a map.
TEST("read_pdf: characters that nobody can read are said, marks of symbol fonts are none")
{
    static const struct {
        const char *text;
        size_t findings;
    } cases[] = {{"甲", 0}, {"\uF0A3", 0}, {"\uE123", 1}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        PdfFixturePage page = read_pdf_fixture_digital();
        PdfFixtureText *texts = arena_alloc(&cx->arena, (page.text_count + 1) * sizeof *texts);
        memcpy(texts, page.texts, page.text_count * sizeof *texts);
        texts[page.text_count++] = (PdfFixtureText){500, 380, 9, cases[i].text};
        page.texts = texts;
        Reading reading = read_pages(cx, &page, 1, true);
        EXPECT(reading.draft_count == 1);
        size_t count = 0;
        for (size_t k = 0; k < reading.drafts[0].finding_count; k++)
            count += slice_equal(reading.drafts[0].findings[k].rule, SLICE("unreadable_text"));
        EXPECT(count == cases[i].findings);
    }
}

TEST("read_pdf: text and QR code agree, or a finding says that they don't")
{
    static const struct {
        const char *qr;
        size_t findings;
    } cases[] = {
        {"01,32,,24942000000003727672,790.00,20240129,,0000", 0},
        {"01,32,,24942000000003727672,791.00,20240130,,0000", 2},
    };
    for (size_t i = 0; i < 2; i++) {
        PdfFixturePage page = with_qr(cx, read_pdf_fixture_digital(), cases[i].qr);
        Reading reading = read_pages(cx, &page, 1, false);
        EXPECT(reading.draft_count == 1);
        Draft *draft = &reading.drafts[0];
        EXPECT(slice_equal(draft->number, SLICE("24942000000003727672")));
        EXPECT(slice_equal(draft->total, SLICE("790.00")));
        EXPECT(slice_equal(draft->qr, slice_of(cases[i].qr)));
        EXPECT(disagreements(draft) == cases[i].findings);
    }
}

TEST("read_pdf: an invoice a page are drafts, a list and further pages are not")
{
    PdfFixturePage pages[] = {read_pdf_fixture_short(),  read_pdf_fixture_list(),
                              read_pdf_fixture_first(),  read_pdf_fixture_second(),
                              read_pdf_fixture_letter(), read_pdf_fixture_air()};
    Reading reading = read_pages(cx, pages, 6, true);
    EXPECT(reading.draft_count == 3);
    EXPECT(slice_equal(reading.drafts[0].number, SLICE("89465988")));
    EXPECT(reading.drafts[0].line_count == 2);
    EXPECT(slice_equal(reading.drafts[1].total, SLICE("21800.00")));
    EXPECT(reading.drafts[1].line_count == 2);
    EXPECT(slice_equal(reading.drafts[2].kind, SLICE("61")));
}

TEST("read_pdf: a list printed before its invoice, or with each copy of it, is its lines once")
{
    PdfFixturePage face = read_pdf_fixture_short(), list = read_pdf_fixture_list();
    const struct {
        PdfFixturePage pages[4];
        size_t count;
    } cases[] = {{{list, face}, 2}, {{face, list, face, list}, 4}, {{face, face, list}, 3}};
    ReaderFn *const readers[MEDIA_COUNT] = {[MEDIA_PDF] = read_pdf};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        Reading reading = {};
        ReadJob job = {.bytes = pdf_fixture(cx, cases[i].pages, cases[i].count),
                       .seal = &no_seal,
                       .skip_qr = true};
        reader_run(cx, readers, &job, &reading);
        EXPECT(reading.draft_count == 1);
        const Draft *draft = &reading.drafts[0];
        EXPECT(draft->line_count == 2);
        EXPECT(slice_equal(draft->lines[0].amount, SLICE("54.30")));
        EXPECT(slice_equal(draft->lines[1].amount, SLICE("-10.00")));
    }
}

static PdfFixturePage numbered(Cx *cx, const char *number)
{
    return read_pdf_fixture_with(cx, read_pdf_fixture_digital(), "24942000000003727672", number);
}

TEST("read_pdf: twelve pages, some with two invoices, give an invoice each")
{
    PdfFixturePage pages[12];
    for (size_t i = 0; i < 12; i++) {
        const char *first = cx_printf(cx, "251120000000000%05zu%c", 2 * i, 0).data;
        const char *second = cx_printf(cx, "251120000000000%05zu%c", 2 * i + 1, 0).data;
        const ReadPdfPlace places[] = {{numbered(cx, first), 0, 0, 0.97f},
                                       {numbered(cx, second), 0, 421, 0.97f}};
        pages[i] =
            i % 2 == 0 ? numbered(cx, first) : read_pdf_fixture_sheet(cx, 595, 842, places, 2);
    }
    Reading reading = read_pages(cx, pages, 12, true);
    EXPECT(reading.draft_count == 18);
    for (size_t i = 0; i < 18; i++) {
        EXPECT(slice_equal(reading.drafts[i].total, SLICE("790.00")));
        EXPECT(reading.drafts[i].line_count == 2);
        for (size_t j = 0; j < i; j++)
            EXPECT(!slice_equal(reading.drafts[i].number, reading.drafts[j].number));
    }
}

TEST("read_pdf: of two on a page each gets the code of its number, none that of the other")
{
    const ReadPdfPlace places[] = {{read_pdf_fixture_digital(), 0, 0, 0.97f},
                                   {read_pdf_fixture_control(), 0, 421, 0.97f}};
    static const char code[] = "01,32,,24942000000003727672,790.00,20240129,,0000";
    PdfFixturePage sheet = with_qr(cx, read_pdf_fixture_sheet(cx, 595, 842, places, 2), code);
    Reading reading = read_pages(cx, &sheet, 1, false);
    EXPECT(reading.draft_count == 2);
    EXPECT(slice_equal(reading.drafts[0].qr, slice_of(code)) && reading.drafts[1].qr.size == 0);
    EXPECT(disagreements(&reading.drafts[0]) == 0 && disagreements(&reading.drafts[1]) == 0);
}

TEST("read_pdf: a scanned page behind a page of text gives the invoice of its code")
{
    PdfFixturePage scan = {600, 400, NULL, 0, NULL, 0}, blank = scan;
    scan =
        with_qr(cx, scan, "01,10,044001629111,40406705,240.6,20210204,09702709422776238605,6633");
    PdfFixturePage pages[] = {read_pdf_fixture_digital(), blank, scan};
    Reading reading = read_pages(cx, pages, 3, false);
    EXPECT(reading.draft_count == 2);
    EXPECT(slice_equal(reading.drafts[1].number, SLICE("40406705")));
    EXPECT(reading.drafts[1].origins[DRAFT_NUMBER].source == SOURCE_QR);
}

// A PDF of one page that shows a QR code alone, with an XBRL instance of each number attached.
static Slice attached_pdf(Cx *cx, const char *const numbers[2], const char *qr)
{
    Text pdf = text_open(cx, 1 << 20), drawn = text_open(cx, 1 << 19);
    text_add(&pdf, SLICE("%PDF-1.7\n1 0 obj\n<</Type/Catalog/Pages 2 0 R/Names<</EmbeddedFiles"
                         "<</Names[(a) 5 0 R(b) 7 0 R]>>>>>>\nendobj\n"
                         "2 0 obj\n<</Type/Pages/Kids[3 0 R]/Count 1>>\nendobj\n"
                         "3 0 obj\n<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 400]"
                         "/Contents 4 0 R>>\nendobj\n"));
    QRcode *code = QRcode_encodeString8bit(qr, 0, QR_ECLEVEL_M);
    for (int at = 0; at < code->width * code->width; at++)
        if ((code->data[at] & 1) != 0)
            text_printf(&drawn, "%d %d 2 2 re f\n", 30 + at % code->width * 2,
                        370 - at / code->width * 2);
    QRcode_free(code);
    text_printf(&pdf, "4 0 obj\n<</Length %zu>>\nstream\n" SLICE_FMT "endstream\nendobj\n",
                drawn.size, SLICE_ARG(text_so_far(&drawn)));
    for (int i = 0; i < 2; i++) {
        Slice xml = cx_printf(cx,
                              "<x:xbrl xmlns:x='http://www.xbrl.org/2003/instance' "
                              "xmlns:r='http://xbrl.mof.gov.cn/taxonomy/2021-11-30/rai'>"
                              "<r:ElectronicInvoiceRailwayETicketNumber>%s"
                              "</r:ElectronicInvoiceRailwayETicketNumber><r:DateOfIssue>2025-11-04"
                              "</r:DateOfIssue><r:TotalAmountExcludingTax>18.35"
                              "</r:TotalAmountExcludingTax></x:xbrl>",
                              numbers[i]);
        text_printf(&pdf,
                    "%d 0 obj\n<</Type/Filespec/F(a)/EF<</F %d 0 R>>>>\nendobj\n"
                    "%d 0 obj\n<</Type/EmbeddedFile/Length %zu>>\nstream\n" SLICE_FMT
                    "endstream\nendobj\n",
                    5 + 2 * i, 6 + 2 * i, 6 + 2 * i, xml.size, SLICE_ARG(xml));
    }
    text_add(&pdf, SLICE("trailer\n<</Size 9/Root 1 0 R>>\n%%EOF\n"));
    return text_so_far(&pdf);
}

TEST("read_pdf: of two attached invoices the page's code goes to the one that it names")
{
    static const char *const numbers[2] = {"25129110172000044123", "25129110172000044124"};
    static const char code[] = "01,51,,25129110172000044124,20.00,20251104,,";
    ReadJob job = {.bytes = attached_pdf(cx, numbers, code), .seal = &no_seal};
    Reading reading = {};
    EXPECT_OK(read_pdf(cx, &job, &reading));
    EXPECT(reading.draft_count == 2);
    EXPECT(slice_equal(reading.drafts[0].number, slice_of(numbers[0])));
    EXPECT(reading.drafts[0].qr.size == 0 && reading.drafts[0].total.size == 0);
    EXPECT(disagreements(&reading.drafts[0]) == 0);
    EXPECT(slice_equal(reading.drafts[1].number, slice_of(numbers[1])));
    EXPECT(slice_equal(reading.drafts[1].total, SLICE("20.00")));
    EXPECT(slice_equal(reading.drafts[1].qr, slice_of(code)));
}

TEST("read_pdf: invoices over one another are said to be several")
{
    const ReadPdfPlace places[] = {{numbered(cx, "25112000000000000001"), 0, 0, 0.97f},
                                   {numbered(cx, "25112000000000000002"), 0, 30, 0.97f}};
    PdfFixturePage sheet = read_pdf_fixture_sheet(cx, 595, 842, places, 2);
    Reading reading = read_pages(cx, &sheet, 1, true);
    EXPECT(reading.draft_count == 1);
    bool said = false;
    for (size_t i = 0; i < reading.drafts[0].finding_count; i++)
        said |= slice_equal(reading.drafts[0].findings[i].rule, SLICE("several_on_page"));
    EXPECT(said);
}

TEST("read_pdf: a picture gives its QR code, or needs OCR; a letter is no invoice")
{
    PdfFixturePage scan = {600, 400, NULL, 0, NULL, 0};
    scan =
        with_qr(cx, scan, "01,10,044001629111,40406705,240.6,20210204,09702709422776238605,6633");
    Reading reading = read_pages(cx, &scan, 1, false);
    EXPECT(reading.draft_count == 1);
    EXPECT(slice_equal(reading.drafts[0].number, SLICE("40406705")));
    EXPECT(reading.drafts[0].origins[DRAFT_NUMBER].source == SOURCE_QR);
    scan = with_qr(cx, scan, "https://example.org/");
    EXPECT(read_pages(cx, &scan, 1, false).reason == REASON_NEEDS_OCR);
    EXPECT(read_pages(cx, &scan, 1, true).reason == REASON_NEEDS_OCR);
    PdfFixturePage letter = read_pdf_fixture_letter(), blank = {600, 400, NULL, 0, NULL, 0};
    EXPECT(read_pages(cx, &letter, 1, false).reason == REASON_NOT_INVOICE);
    EXPECT(read_pages(cx, &blank, 1, false).reason == REASON_NOT_INVOICE);
}

TEST("read_pdf: the same page twice is one invoice with its lines once")
{
    PdfFixturePage once = read_pdf_fixture_digital(), twice[] = {once, once};
    ReaderFn *const readers[MEDIA_COUNT] = {[MEDIA_PDF] = read_pdf};
    Reading one = {}, two = {};
    ReadJob job = {.bytes = pdf_fixture(cx, &once, 1), .seal = &no_seal, .skip_qr = true};
    reader_run(cx, readers, &job, &one);
    job.bytes = pdf_fixture(cx, twice, 2);
    reader_run(cx, readers, &job, &two);
    EXPECT(one.draft_count == 1 && two.draft_count == 1);
    EXPECT(one.drafts[0].line_count > 0);
    EXPECT(two.drafts[0].line_count == one.drafts[0].line_count);
}

// A page as a viewer turns it. In the place of a comment, so that nothing in the file moves.
static Slice turned(Cx *cx, Slice bytes, const char *degrees)
{
    Slice was = SLICE(" % 1\n   /Parent 1 0 R\n   /MediaBox [ 0 0 ");
    size_t at = slice_find(bytes, was);
    EXPECT(at != SLICE_NONE);
    Text out = text_open(cx, bytes.size + 1);
    text_add(&out, slice_sub(bytes, 0, at));
    Slice page = cx_printf(cx, "/Parent 1 0 R/Rotate %s/MediaBox[0 0 ", degrees);
    text_printf(&out, "%-*s", (int)was.size, page.data);
    text_add(&out, slice_sub(bytes, at + was.size, SIZE_MAX));
    return text_so_far(&out);
}

TEST("read_pdf: a page that lies on its side or upside down is read as if it stood")
{
    static const char *const degrees[] = {"90", "180", "270"};
    const PdfFixturePage pages[] = {read_pdf_fixture_digital(), read_pdf_fixture_control()};
    for (size_t p = 0; p < 2; p++) {
        Reading upright = read_pages(cx, &pages[p], 1, true);
        EXPECT(upright.draft_count == 1);
        for (size_t i = 0; i < sizeof degrees / sizeof degrees[0]; i++) {
            Slice bytes = turned(cx, pdf_fixture(cx, &pages[p], 1), degrees[i]);
            ReadJob job = {.bytes = bytes, .seal = &no_seal, .skip_qr = true};
            Reading reading = {};
            EXPECT_OK(read_pdf(cx, &job, &reading));
            EXPECT(reading.draft_count == 1);
            const Draft *draft = &reading.drafts[0];
            for (unsigned field = 0; field < DRAFT_FIELD_COUNT; field++)
                EXPECT(slice_equal(draft_get(draft, (Field)field),
                                   draft_get(&upright.drafts[0], (Field)field)));
            EXPECT(draft->line_count == upright.drafts[0].line_count);
        }
    }
}

TEST("read_pdf: damaged and encrypted files are said so")
{
    Reading reading = {};
    ReadJob damaged = {.bytes = SLICE("%PDF-1.7 and no more"), .seal = &no_seal};
    EXPECT(read_pdf(cx, &damaged, &reading) == ERR_INPUT);
    static const char locked[] =
        "%PDF-1.4\n1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\n"
        "2 0 obj\n<</Type/Pages/Kids[3 0 R]/Count 1>>\nendobj\n"
        "3 0 obj\n<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>\nendobj\n"
        "trailer\n<</Size 5/Root 1 0 R/ID[<00><00>]/Encrypt<</Filter/Standard/V 1/R 2/P -4"
        "/O<1111111111111111111111111111111111111111111111111111111111111111>"
        "/U<2222222222222222222222222222222222222222222222222222222222222222>>>>>\n%%EOF\n";
    ReadJob job = {.bytes = slice_of(locked), .seal = &no_seal};
    EXPECT(read_pdf(cx, &job, &reading) == ERR_DENIED);
    EXPECT(reading.reason == REASON_ENCRYPTED);
}

// ---- real files

enum {
    FILE_NAME,
    KIND = 4,
    CODE,
    NUMBER,
    DATE,
    NET,
    TAX,
    TOTAL,
    CHECK_CODE,
    SELLER,
    BUYER,
    COLUMNS
};

static Slice load(Cx *cx, Slice name)
{
    Slice path = cx_printf(cx, "%s/" SLICE_FMT "%c", test_samples(), SLICE_ARG(name), 0);
    AUTO_FCLOSE FILE *file = fopen(path.data, "rb");
    if (file == NULL) return (Slice){};
    char *bytes = arena_alloc(&cx->arena, 4 * LIMIT_MIB);
    return (Slice){bytes, fread(bytes, 1, 4 * LIMIT_MIB, file)};
}

// "***" and "0 (***)" are no tax; "477.06+45.87" is fare and fuel.
static Slice money_of(Slice told)
{
    if (slice_starts(told, SLICE("***")) || slice_starts(told, SLICE("0 "))) return SLICE("0.00");
    return slice_equal(told, SLICE("477.06+45.87")) ? SLICE("522.93") : told;
}

static bool party_is(Slice told, const Party *party)
{
    bool done = false;
    Slice name = {}, tax_id = {};
    (void)slice_cut(&told, '/', &done, &name);
    (void)slice_cut(&told, '/', &done, &tax_id);
    return slice_equal(name, party->name) && slice_equal(tax_id, party->tax_id);
}

static bool matches(const Slice *told, const Draft *draft)
{
    bool done = false;
    Slice kind = {}, rest = told[KIND];
    (void)slice_cut(&rest, ' ', &done, &kind);
    return slice_equal(kind, draft->kind) && slice_equal(told[CODE], draft->code) &&
           slice_equal(told[NUMBER], draft->number) && slice_equal(told[DATE], draft->issue_date) &&
           slice_equal(money_of(told[NET]), draft->amount) &&
           slice_equal(money_of(told[TAX]), draft->tax) && slice_equal(told[TOTAL], draft->total) &&
           slice_equal(told[CHECK_CODE], draft->check_code) &&
           party_is(told[SELLER], &draft->seller) && party_is(told[BUYER], &draft->buyer);
}

TEST("read_pdf: every sample gives exactly what its truth says, and its QR code agrees")
{
    if (test_samples() == NULL) test_skip("no folder of real samples");
    Slice manifest = load(cx, SLICE("manifest.tsv")), line = {};
    bool done = false;
    size_t right = 0, wrong = 0;
    while (slice_cut(&manifest, '\n', &done, &line)) {
        Slice told[COLUMNS] = {};
        bool ends = false;
        for (int i = 0; i < COLUMNS && slice_cut(&line, '\t', &ends, &told[i]); i++)
            ;
        if (!slice_ends(told[FILE_NAME], SLICE(".pdf"))) continue;
        ReadJob job = {.bytes = load(cx, told[FILE_NAME]), .seal = &no_seal};
        if (job.bytes.size == 0) continue;
        Reading reading = {};
        EXPECT_OK(read_pdf(cx, &job, &reading));
        bool good = reading.draft_count == 1 && matches(told, &reading.drafts[0]) &&
                    reading.drafts[0].line_count > 0 && reading.drafts[0].qr.size > 0 &&
                    disagreements(&reading.drafts[0]) == 0;
        if (!good) fprintf(stderr, "wrong: " SLICE_FMT "\n", SLICE_ARG(told[FILE_NAME]));
        *(good ? &right : &wrong) += 1;
    }
    EXPECT(wrong == 0 && right >= 30);
}
