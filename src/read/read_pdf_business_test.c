// What the forms of special businesses say is what was put in. Each of them is laid out by chance:
// cells move, texts stand at the left or in the middle and are broken over rows, headings are
// spread or have two rows, amounts are red, lines have discounts and pages sums of their own.
#include "base/test.h"
#include "read/read_pdf_business_fixture.h"
#include "read/read_pdf_extra.h"
#include "read/read_pdf_vat.h"

#define CASES 40 // of each form

static Draft read(Cx *cx, const PdfBusiness *business)
{
    Draft draft = {};
    for (size_t i = 0; i < business->page_count; i++) {
        PdfPage glyphs = pdf_fixture_glyphs(cx, &business->pages[i]);
        PageWords words = {};
        EXPECT_OK(read_pdf_vat_words(cx, &glyphs, &words));
        EXPECT(words.form == PAGE_VAT);
        EXPECT_OK(read_pdf_vat(cx, &words, &draft));
        EXPECT_OK(read_pdf_extra(cx, &words, &draft));
    }
    return draft;
}

static bool same(const char *what, Slice got, Slice told)
{
    if (slice_equal(got, told)) return true;
    fprintf(stderr, "%s: got '" SLICE_FMT "', told '" SLICE_FMT "'\n", what, SLICE_ARG(got),
            SLICE_ARG(told));
    return false;
}

static bool same_lines(const Draft *got, const Draft *told)
{
    bool all = got->line_count == told->line_count;
    for (size_t i = 0; i < got->line_count && i < told->line_count; i++) {
#define SAME(field, name) all &= same(name, got->lines[i].field, told->lines[i].field);
        DRAFT_LINE_FIELDS(SAME)
#undef SAME
    }
    return all;
}

static bool has_extra(const Draft *draft, const Extra *extra)
{
    for (size_t i = 0; i < draft->extra_count; i++)
        if (slice_equal(draft->extras[i].name, extra->name) &&
            slice_equal(draft->extras[i].value, extra->value))
            return true;
    fprintf(stderr, "only once: " SLICE_FMT "='" SLICE_FMT "'\n", SLICE_ARG(extra->name),
            SLICE_ARG(extra->value));
    return false;
}

static bool same_extras(const Draft *got, const Draft *told)
{
    bool all = true;
    for (size_t i = 0; i < told->extra_count; i++)
        all &= has_extra(got, &told->extras[i]);
    for (size_t i = 0; i < got->extra_count; i++)
        all &= has_extra(told, &got->extras[i]);
    return all;
}

static bool same_fields(const Draft *got, const Draft *told)
{
    bool all = true;
    for (unsigned i = 0; i < DRAFT_FIELD_COUNT; i++) {
        Slice value = draft_get(told, (Field)i);
        if (value.size > 0)
            all &= same(draft_field_name((Field)i), draft_get(got, (Field)i), value);
    }
    return all;
}

TEST("read_pdf_business: what a form says is what was put in")
{
    for (size_t form = 0; form < read_pdf_business_fixture_count(); form++)
        for (uint64_t seed = 0; seed < test_fewer(CASES); seed++) {
            Cx own;
            cx_init(&own, cx->world, LIMIT_JOB_ARENA);
            PdfBusiness business = read_pdf_business_fixture(&own, form, seed);
            Draft draft = read(&own, &business);
            bool fields = same_fields(&draft, &business.told);
            bool lines = same_lines(&draft, &business.told);
            bool extras = same_extras(&draft, &business.told);
            if (!fields || !lines || !extras)
                fprintf(stderr, "== %s, seed %d\n", read_pdf_business_fixture_name(form),
                        (int)seed);
            EXPECT(fields && lines && extras);
            cx_done(&own);
        }
}
