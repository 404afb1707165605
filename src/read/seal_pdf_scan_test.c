#include "read/seal_pdf_scan.h"

#include "base/test.h"

static PdfSignature scan(Cx *cx, Slice pdf)
{
    size_t position = 0;
    PdfSignature signature = {};
    bool found = false;
    EXPECT_OK(seal_pdf_scan_next(cx, pdf, &position, &signature, &found));
    EXPECT(found);
    PdfSignature second;
    EXPECT_OK(seal_pdf_scan_next(cx, pdf, &position, &second, &found));
    EXPECT(!found);
    return signature;
}

// A signature whose '<' is at 100, whose '>' at 109, in a file of 130 bytes.
static Slice with(Cx *cx, const char *range, const char *more)
{
    char *pdf = arena_alloc(&cx->arena, 131);
    int size = snprintf(pdf, 101, "%%PDF-1.4\n4 0 obj<</ByteRange%s%s", range, more);
    EXPECT(size > 0 && size < 88);
    memset(pdf + size, ' ', (size_t)(88 - size));
    memcpy(pdf + 88, "  /Contents <30 0500a>>endobj\n%%EOF\n      ", 42);
    return (Slice){pdf, 130};
}

TEST("seal_pdf_scan: finds the ranges, the contents and the keys")
{
    PdfSignature signature =
        scan(cx, with(cx, "[0 100 110 20]", "/SubFilter /a.b/M(D:20210601080000+08'00')"));
    EXPECT(signature.sound && signature.after == 0);
    EXPECT(signature.parts[0].size == 100 && signature.parts[1].size == 20);
    EXPECT(slice_equal(signature.contents, SLICE("\x30\x05\x00\xa0")));
    EXPECT(slice_equal(signature.sub_filter, SLICE("a.b")));
    EXPECT(signature.has_time && signature.time_ms == 1'622'505'600'000);
    EXPECT(scan(cx, with(cx, "[0 100 110 15]", "")).after == 5);
}

TEST("seal_pdf_scan: ranges that lie, overlap or leave out more are not sound")
{
    static const char *const ranges[] = {
        "[1 99 110 20]",  // does not start at 0
        "[0 99 110 20]",  // leaves out a byte before the string
        "[0 100 111 19]", // and one behind it
        "[0 101 110 20]",
        "[0 100 109 20]",
        "[0 110 100 20]",
        "[0 100 100 30]",
        "[0 100 110 21]", // past the end
        "[0 100 110 18446744073709551615]",
        "[0 100 18446744073709551615 5]",
        "[0 100 110]",
        "[0 100 110 20 0 5]",
        "[0 100 110 -20]",
        "(0 100 110 20)",
        "",
        "[0 0 0 0]",
    };
    for (size_t i = 0; i < sizeof ranges / sizeof ranges[0]; i++)
        EXPECT(!scan(cx, with(cx, ranges[i], "")).sound);
    // The string between them must be that of /Contents, and hexadecimal.
    Slice pdf = with(cx, "[0 100 110 20]", "");
    ((char *)(uintptr_t)pdf.data)[92] = 'c';
    EXPECT(!scan(cx, pdf).sound);
    pdf = with(cx, "[0 100 110 20]", "");
    ((char *)(uintptr_t)pdf.data)[104] = 'g';
    EXPECT(!scan(cx, pdf).sound);
}

TEST("seal_pdf_scan: a certificate stands in the dictionary, in an array, or in another object")
{
    static const struct {
        const char *key, *object;
        Slice certificate;
    } cases[] = {
        {"/Cert<3003>", "", SLICE("\x30\x03")},
        {"/Cert[<3003><3004>]", "", SLICE("\x30\x03")},
        {"/Cert(0\\003\\(\\n)", "", SLICE("0\3(\n")},
        {"/Cert((a)\\)\\7x)", "", SLICE("(a))\7x")},
        {"/Cert 9 0 R", "\n9 0 obj <3003> endobj", SLICE("\x30\x03")},
        {"/Cert[ 9 0 R ]", "\n9 0 obj\n[8 0 R]\n8 0 obj(0\3)", SLICE("0\3")},
        {"/Cert 9 0 R", "\n9 0 obj 9 0 R", SLICE("")}, // round and round
        {"/Cert 9 0 R", "", SLICE("")},
        {"/Cert(0", "", SLICE("")},
        {"/Certs<3003>", "", SLICE("")},
        {"", "", SLICE("")},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        Slice pdf = with(cx, "[0 100 110 20]", cases[i].key);
        Slice object = slice_of(cases[i].object);
        char *both = arena_alloc(&cx->arena, 130 + object.size);
        memcpy(both, pdf.data, 130);
        memcpy(both + 130, object.data, object.size);
        Slice range = cx_printf(cx, "[0 100 110 %zu]", 20 + object.size);
        memcpy(both + 28, range.data, range.size);
        PdfSignature signature = scan(cx, (Slice){both, 130 + object.size});
        EXPECT(slice_equal(signature.certificate, cases[i].certificate));
    }
}

TEST("seal_pdf_scan: dates with and without a zone")
{
    static const struct {
        const char *text;
        uint64_t ms;
    } cases[] = {
        {"(D:20210601080000+08'00')", 1'622'505'600'000},
        {"(D:20210601080000)", 1'622'505'600'000},
        {"(D:20210601000000Z)", 1'622'505'600'000},
        {"(20210531200000-0400)", 1'622'505'600'000},
        {"(D:20210601053000+05'30')", 1'622'505'600'000},
        {"(D:2021)", 0},
        {"(D:20211301000000Z)", 0},
        {"()", 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        Slice key = cx_printf(cx, "/M%s", cases[i].text);
        const char *text = NULL;
        EXPECT_OK(cx_cstr(cx, key, &text));
        PdfSignature signature = scan(cx, with(cx, "[0 100 110 20]", text));
        EXPECT(signature.has_time == (cases[i].ms != 0));
        EXPECT(!signature.has_time || signature.time_ms == cases[i].ms);
    }
}
