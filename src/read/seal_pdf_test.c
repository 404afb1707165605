#include "read/seal_pdf.h"

#include <stdlib.h>

#include "base/test.h"
#include "read/seal_fixture.h"
#include "read/seal_pdf_scan.h"

#define AUTO_FIXTURE __attribute__((cleanup(seal_fixture_close))) SealFixture

static bool says(const SealAnswer *answer, const char *text)
{
    for (size_t i = 0; i < answer->seal.reason_count; i++)
        if (slice_find(answer->seal.reasons[i], slice_of(text)) != SLICE_NONE) return true;
    return false;
}

static SealAnswer check(Cx *cx, Slice pdf)
{
    SealAnswer answer;
    EXPECT_OK(seal_pdf_check(cx, pdf, SLICE(""), &answer));
    return answer;
}

// In a Cx of its own: thousands of these run in one test.
static SealState state_of(Slice pdf)
{
    Cx cx;
    cx_init(&cx, world_real(), (size_t)64 << 20);
    SealAnswer answer;
    Err err = seal_pdf_check(&cx, pdf, SLICE(""), &answer);
    SealState state = err == ERR_OK ? answer.seal.state : SEAL_ABSENT;
    cx_done(&cx);
    return state;
}

static PdfSignature first_signature(Cx *cx, Slice pdf)
{
    size_t position = 0;
    PdfSignature signature = {};
    bool found = false;
    EXPECT_OK(seal_pdf_scan_next(cx, pdf, &position, &signature, &found));
    EXPECT(found && signature.sound);
    return signature;
}

TEST("seal_pdf: intact, then a file that goes on, then one altered byte")
{
    AUTO_FIXTURE fixture = seal_fixture_open(cx);
    static const SealFixturePdf forms[] = {
        {.sub_filter = "adbe.pkcs7.detached"},
        {.sub_filter = "ETSI.CAdES.detached"},
        {.sub_filter = "adbe.x509.rsa_sha1"},
        {.sub_filter = "adbe.x509.rsa_sha1", .packed = true},
    };
    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
        Slice pdf = seal_fixture_pdf(cx, &fixture, &forms[i]);
        SealAnswer answer = check(cx, pdf);
        EXPECT(answer.seal.state == SEAL_VALID && answer.seal.electronic_signature);
        EXPECT(slice_equal(answer.seal.signer, SLICE("某销售公司")));

        SealFixturePdf longer = forms[i];
        longer.after = SLICE("5 0 obj 1 endobj\n");
        answer = check(cx, seal_fixture_pdf(cx, &fixture, &longer));
        EXPECT(answer.seal.state == SEAL_UNCHECKED && says(&answer, "追加了 17 字节"));

        PdfSignature signature = first_signature(cx, pdf);
        char *copy = arena_alloc(&cx->arena, pdf.size);
        size_t step = i == 0 ? 1 : 7;
        for (size_t at = 0; at < pdf.size; at += step) {
            if (at > signature.parts[0].size && at < pdf.size - signature.parts[1].size) continue;
            memcpy(copy, pdf.data, pdf.size);
            copy[at] = (char)(copy[at] ^ (1 << (at % 8)));
            EXPECT(state_of((Slice){copy, pdf.size}) == SEAL_BROKEN);
        }
    }
}

TEST("seal_pdf: an altered signature value is broken, digits in another case are not altered")
{
    AUTO_FIXTURE fixture = seal_fixture_open(cx);
    static const char *const types[] = {"adbe.pkcs7.detached", "adbe.x509.rsa_sha1"};
    for (size_t i = 0; i < 2; i++) {
        Slice pdf = seal_fixture_pdf(cx, &fixture, &(SealFixturePdf){.sub_filter = types[i]});
        PdfSignature signature = first_signature(cx, pdf);
        size_t used = signature.contents.size; // without the zero bytes behind it
        while (used > 0 && signature.contents.data[used - 1] == 0)
            used--;
        char *copy = arena_alloc(&cx->arena, pdf.size);
        size_t start = signature.parts[0].size + 1;
        for (size_t digit = 2 * used - 400; digit < 2 * used; digit += 3) {
            memcpy(copy, pdf.data, pdf.size);
            copy[start + digit] = copy[start + digit] == '7' ? '8' : '7';
            EXPECT(state_of((Slice){copy, pdf.size}) == SEAL_BROKEN);
        }
        memcpy(copy, pdf.data, pdf.size);
        for (size_t digit = 0; digit < 2 * used; digit++)
            if (copy[start + digit] >= 'a') copy[start + digit] -= 'a' - 'A';
        EXPECT(state_of((Slice){copy, pdf.size}) == SEAL_VALID);
    }
}

TEST("seal_pdf: types that can't be checked are said to be so, none is absent")
{
    AUTO_FIXTURE fixture = seal_fixture_open(cx);
    SealAnswer answer =
        check(cx, seal_fixture_pdf(cx, &fixture, &(SealFixturePdf){.sub_filter = "my.own.type"}));
    EXPECT(answer.seal.state == SEAL_UNCHECKED && says(&answer, "my.own.type"));
    // What looks like signed data of China's own kind, under a known type's name.
    Slice chinese = SLICE("%PDF-1.7 1 0 obj<</SubFilter/adbe.pkcs7.detached/ByteRange[0 81 117 8]"
                          " /Contents <3010060A2A811CCF550601040202A0023000>>>endobj ");
    EXPECT(chinese.size > 117);
    Slice gap = SLICE("<3010060A2A811CCF550601040202A0023000>");
    size_t from = slice_find(chinese, gap);
    Slice pdf = cx_printf(cx, "%.*s", SLICE_ARG(chinese));
    char range[32];
    (void)snprintf(range, sizeof range, "[0 %zu %zu %zu]", from, from + gap.size,
                   pdf.size - from - gap.size);
    memcpy((char *)(uintptr_t)pdf.data + slice_find(pdf, SLICE("[0 81")), range, strlen(range));
    answer = check(cx, pdf);
    EXPECT(answer.seal.state == SEAL_UNCHECKED && says(&answer, "SM2"));
    EXPECT(check(cx, SLICE("%PDF-1.4\n1 0 obj<</SV<</SubFilter[/adbe.pkcs7.detached]>>>>"))
               .seal.state == SEAL_ABSENT);
    EXPECT(check(cx, SLICE("%PDF-1.4\n1 0 obj<</SubFilter/adbe.pkcs7.detached>>")).seal.state ==
           SEAL_BROKEN);
    EXPECT(check(cx, SLICE("%PDF-1.4\n%%EOF")).seal.state == SEAL_ABSENT);
    // In an encrypted file the certificate's string is encrypted as well.
    char *encrypted = arena_alloc(&cx->arena, pdf.size);
    memcpy(encrypted, pdf.data, pdf.size);
    char *type = encrypted + slice_find(pdf, SLICE("adbe.pkcs7"));
    memcpy(type, "adbe.x509.rsa_sha1 ", 19);
    EXPECT(state_of((Slice){encrypted, pdf.size}) == SEAL_BROKEN);
    memcpy(encrypted + pdf.size - 9, "/Encrypt ", 9);
    EXPECT(state_of((Slice){encrypted, pdf.size}) == SEAL_UNCHECKED);
}

TEST("seal_pdf: more signatures than we look at are not believed")
{
    char *pdf = arena_alloc(&cx->arena, 4000);
    int size = snprintf(pdf, 4000, "%%PDF-1.4\n");
    for (int i = 0; i < 100; i++)
        size += snprintf(pdf + size, 4000 - (size_t)size, "/ByteRange[0 0 0 0]\n");
    EXPECT(check(cx, (Slice){pdf, (size_t)size}).seal.state == SEAL_BROKEN);
}

static Slice read_sample(Cx *cx, const char *folder, const char *name)
{
    char path[512];
    (void)snprintf(path, sizeof path, "%s/pdf/%s", folder, name);
    FILE *file = fopen(path, "rb");
    if (file == NULL) test_skip("a sample is not there");
    size_t room = (size_t)8 << 20;
    char *bytes = arena_alloc(&cx->arena, room);
    size_t size = fread(bytes, 1, room, file);
    (void)fclose(file);
    return (Slice){bytes, size};
}

static uint64_t next_random(uint64_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return *state;
}

#define FLIPS 500 // positions a file

static void flip_sample(Cx *cx, Slice pdf, uint64_t *random)
{
    PdfSignature signature = first_signature(cx, pdf);
    char *copy = arena_alloc(&cx->arena, pdf.size);
    memcpy(copy, pdf.data, pdf.size);
    size_t first = signature.parts[0].size, total = first + signature.parts[1].size;
    for (uint64_t i = 0; i < test_fewer(FLIPS); i++) {
        size_t at = next_random(random) % total;
        // A quarter of them in the dictionary around the string.
        if (i % 4 == 0) at = first - 1 - next_random(random) % (first < 300 ? first : 300);
        if (at >= first) at += pdf.size - signature.after - total;
        char kept = copy[at];
        copy[at] = (char)(copy[at] ^ (int)(1 + next_random(random) % 255));
        EXPECT(state_of((Slice){copy, pdf.size}) == SEAL_BROKEN);
        copy[at] = kept;
    }
}

TEST("seal_pdf: the real samples have their states, and a changed byte breaks them")
{
    static const struct {
        const char *name;
        SealState state;
        const char *text; // of the signer, or of a reason
    } cases[] = {
        {"xj_book1.pdf", SEAL_VALID, "京东"},
        {"xj_book2.pdf", SEAL_VALID, "京东"},
        {"xj_camera_sz.pdf", SEAL_VALID, "深圳市"},
        {"vmxmy_10_031002200711_01082943.pdf", SEAL_VALID, "（上海）有限公司"},
        {"vmxmy_10_031002200711_01146614.pdf", SEAL_UNCHECKED, "追加了 29040 字节"},
        {"xj_shudian_32_book.pdf", SEAL_ABSENT, ""},
    };
    const char *folder = test_samples();
    if (folder == NULL) test_skip("no sample files");
    const char *set = getenv("FAPIAO_SEED");
    uint64_t random = 0;
    if (set == NULL || !slice_u64(slice_of(set), &random)) cx_random(cx, &random, sizeof random);
    random |= 1;
    fprintf(stderr, "FAPIAO_SEED=%llu\n", (unsigned long long)random);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        Slice pdf = read_sample(cx, folder, cases[i].name);
        SealAnswer answer = check(cx, pdf);
        EXPECT(answer.seal.state == cases[i].state);
        EXPECT(slice_find(answer.seal.signer, slice_of(cases[i].text)) != SLICE_NONE ||
               says(&answer, cases[i].text));
        if (answer.seal.state != SEAL_ABSENT) flip_sample(cx, pdf, &random);
    }
}
