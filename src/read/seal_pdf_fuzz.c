// Sound ranges cover the file but for the string; a signed PDF made with our own key and patched by
// the input is valid only when nothing outside that string was changed.
#include <stdlib.h>

#include "read/seal_fixture.h"
#include "read/seal_pdf.h"
#include "read/seal_pdf_scan.h"

static Cx made;
static Slice originals[2];

static void make(void)
{
    cx_init(&made, world_real(), (size_t)16 << 20);
    SealFixture fixture = seal_fixture_open(&made);
    originals[0] =
        seal_fixture_pdf(&made, &fixture, &(SealFixturePdf){.sub_filter = "adbe.pkcs7.detached"});
    originals[1] = seal_fixture_pdf(
        &made, &fixture, &(SealFixturePdf){.sub_filter = "adbe.x509.rsa_sha1", .packed = true});
    seal_fixture_close(&fixture);
}

static void check_ranges(Cx *cx, Slice pdf)
{
    size_t position = 0;
    for (int i = 0; i < 20; i++) {
        PdfSignature signature;
        bool found = false;
        if (seal_pdf_scan_next(cx, pdf, &position, &signature, &found) != ERR_OK || !found) return;
        if (!signature.sound) continue;
        const char *end = signature.parts[1].data + signature.parts[1].size;
        if (signature.parts[0].data != pdf.data ||
            signature.parts[0].data[signature.parts[0].size] != '<' ||
            signature.parts[1].data[-1] != '>' || end + signature.after != pdf.data + pdf.size)
            abort();
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (originals[0].data == NULL) make();
    if (size == 0) return 0;
    Cx cx;
    cx_init(&cx, world_real(), (size_t)64 << 20);
    Slice pdf = {(const char *)data + 1, size - 1}, original = {};
    if (data[0] % 4 != 0) {
        // Patches of three bytes: where (two), and what.
        original = originals[data[0] % 2];
        char *copy = arena_alloc(&cx.arena, original.size);
        memcpy(copy, original.data, original.size);
        for (size_t i = 1; i + 2 < size; i += 3)
            copy[((size_t)data[i] << 8 | data[i + 1]) % original.size] = (char)data[i + 2];
        pdf = (Slice){copy, original.size};
    }
    check_ranges(&cx, pdf);
    SealAnswer answer;
    if (seal_pdf_check(&cx, pdf, SLICE(""), &answer) == ERR_OK && answer.seal.state == SEAL_VALID) {
        if (original.data == NULL) abort();
        size_t gap = slice_find(original, SLICE("/Contents <")) + 10;
        size_t end = gap + slice_find(slice_sub(original, gap, SIZE_MAX), SLICE(">"));
        for (size_t i = 0; i < pdf.size; i++)
            if (pdf.data[i] != original.data[i] && (i <= gap || i >= end)) abort();
    }
    cx_done(&cx);
    return 0;
}
