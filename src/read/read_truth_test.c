// Every XML and OFD among the real samples against the ground truth beside them.

#include "base/cleanup.h"
#include "base/limits.h"
#include "base/test.h"
#include "format/ofd/ofd_text.h"
#include "read/read_ofd_eyes.h"
#include "read/read_ofd_table.h"
#include "read/read_ofd_text.h"
#include "read/reader.h"

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

typedef struct Truth {
    Slice column[COLUMNS];
} Truth;

static Slice load(Cx *cx, const char *path)
{
    AUTO_FCLOSE FILE *file = fopen(path, "rb");
    if (file == NULL) return (Slice){};
    char *bytes = arena_alloc(&cx->arena, 4 * LIMIT_MIB);
    return (Slice){bytes, fread(bytes, 1, 4 * LIMIT_MIB, file)};
}

static Slice load_sample(Cx *cx, Slice name)
{
    return load(cx, cx_printf(cx, "%s/" SLICE_FMT "%c", test_samples(), SLICE_ARG(name), 0).data);
}

// The next line of the manifest that is about an XML or OFD of an invoice or of none.
static bool next_truth(Slice *manifest, bool *done, Truth *truth)
{
    Slice line = {};
    while (slice_cut(manifest, '\n', done, &line)) {
        bool ends = false;
        *truth = (Truth){};
        for (int i = 0; i < COLUMNS && slice_cut(&line, '\t', &ends, &truth->column[i]); i++)
            ;
        Slice name = truth->column[FILE_NAME];
        if (slice_ends(name, SLICE(".ofd")) || slice_ends(name, SLICE(".xml"))) return true;
    }
    return false;
}

static Slice kind_of_truth(const Truth *truth)
{
    Slice kind = truth->column[KIND];
    if (slice_digits(slice_sub(kind, 0, 2))) return slice_sub(kind, 0, 2);
    if (slice_starts(kind, SLICE("rai"))) return SLICE("51");
    if (slice_starts(kind, SLICE("数电票 XML"))) return SLICE("31"); // both are 专票
    return SLICE("");
}

static Slice money_of_truth(Slice text)
{
    return slice_starts(text, SLICE("***")) ? SLICE("0.00") : text;
}

static bool as_told(Slice told, Slice read)
{
    return slice_empty(told) || slice_equal(told, read);
}

static bool party_as_told(Slice told, const Party *party)
{
    bool done = false;
    Slice name = {}, tax_id = {};
    if (slice_empty(told) || slice_equal(told, SLICE("masked"))) return true;
    (void)slice_cut(&told, '/', &done, &name);
    (void)slice_cut(&told, '/', &done, &tax_id);
    return (slice_equal(name, party->name) && slice_equal(tax_id, party->tax_id)) ||
           (slice_empty(tax_id) && slice_equal(name, party->name));
}

static bool matches(const Truth *truth, const Draft *draft)
{
    const Slice *column = truth->column;
    return slice_equal(kind_of_truth(truth), draft->kind) &&
           slice_equal(column[CODE], draft->code) && slice_equal(column[NUMBER], draft->number) &&
           as_told(column[DATE], draft->issue_date) && as_told(column[NET], draft->amount) &&
           as_told(money_of_truth(column[TAX]), draft->tax) &&
           as_told(column[TOTAL], draft->total) && as_told(column[CHECK_CODE], draft->check_code) &&
           party_as_told(column[SELLER], &draft->seller) &&
           party_as_told(column[BUYER], &draft->buyer);
}

static Slice manifest_of(Cx *cx)
{
    if (test_samples() == NULL) test_skip("no folder of real samples");
    return load_sample(cx, SLICE("manifest.tsv"));
}

TEST("read truth: every XML and OFD sample gives exactly what its truth says")
{
    Slice manifest = manifest_of(cx);
    Truth truth = {};
    bool done = false;
    size_t invoices = 0, others = 0;
    SealAnswer no_seal = {};
    while (next_truth(&manifest, &done, &truth)) {
        Slice name = truth.column[FILE_NAME];
        ReadJob job = {load_sample(cx, name), &no_seal, true};
        if (slice_empty(job.bytes)) continue;
        Reading reading = {};
        EXPECT_OK(slice_ends(name, SLICE(".ofd")) ? read_ofd_eyes(cx, &job, &reading)
                                                  : read_xml(cx, &job, &reading));
        bool right = false;
        if (slice_empty(kind_of_truth(&truth))) {
            right = reading.draft_count == 0 && reading.reason == REASON_NOT_INVOICE;
            others++;
        } else {
            right = reading.draft_count == 1 && matches(&truth, &reading.drafts[0]);
            right = right && reading.drafts[0].line_count > 0;
            invoices++;
        }
        if (!right) fprintf(stderr, "wrong: " SLICE_FMT "\n", SLICE_ARG(name));
        EXPECT(right);
    }
    EXPECT(invoices >= 15 && others >= 10);
}

TEST("read truth: the printed text alone says the same, with the same lines")
{
    Slice manifest = manifest_of(cx);
    Truth truth = {};
    bool done = false;
    SealAnswer no_seal = {};
    while (next_truth(&manifest, &done, &truth)) {
        Slice name = truth.column[FILE_NAME], kind = kind_of_truth(&truth);
        if (!slice_ends(name, SLICE(".ofd")) || slice_empty(kind)) continue;
        ReadJob job = {load_sample(cx, name), &no_seal, true};
        if (slice_empty(job.bytes)) continue;
        Reading reading = {};
        EXPECT_OK(read_ofd_eyes(cx, &job, &reading));
        Ofd *ofd = NULL;
        OfdTexts texts = {};
        Draft draft = {};
        EXPECT_OK(ofd_open(cx, job.bytes, &ofd, NULL));
        EXPECT_OK(ofd_text_read(cx, ofd, &ofd->docs[0], &texts));
        EXPECT_OK(read_ofd_text_fill(cx, &texts, 0, &draft));
        EXPECT_OK(read_ofd_table_fill(cx, &texts, ofd->docs[0].page_count, &draft));
        draft.kind = read_ofd_text_kind(cx, &texts, 0);
        bool right = matches(&truth, &draft);
        // A ticket has no table.
        if (!slice_equal(kind, SLICE("51"))) {
            right = right && draft.line_count == reading.drafts[0].line_count;
            for (size_t i = 0; right && i < draft.line_count; i++)
                right = slice_equal(draft.lines[i].name, reading.drafts[0].lines[i].name) &&
                        slice_equal(draft.lines[i].amount, reading.drafts[0].lines[i].amount) &&
                        slice_equal(draft.lines[i].tax_rate, reading.drafts[0].lines[i].tax_rate) &&
                        slice_equal(draft.lines[i].tax, reading.drafts[0].lines[i].tax);
        }
        if (!right) fprintf(stderr, "wrong: " SLICE_FMT "\n", SLICE_ARG(name));
        EXPECT(right);
    }
}

TEST("read truth: tax-control data and templates are readable, but no invoices")
{
    static const char *const files[] = {"jinshui_kehubianma_gb2312.xml",
                                        "jinshui_shangpinbianma_gb2312.xml", "taxctl_AFToFpkj.xml",
                                        "taxctl_DllFpkjModel.xml", "taxctl_SKFpkjModel.xml"};
    if (test_samples() == NULL) test_skip("no folder of real samples");
    SealAnswer no_seal = {};
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
        ReadJob job = {load_sample(cx, cx_printf(cx, "data/%s", files[i])), &no_seal, true};
        if (slice_empty(job.bytes)) continue;
        Reading reading = {};
        EXPECT_OK(read_xml(cx, &job, &reading));
        EXPECT(reading.draft_count == 0 && reading.reason == REASON_NOT_INVOICE);
    }
}
