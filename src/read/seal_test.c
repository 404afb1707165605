#include "read/seal.h"

#include "base/test.h"
#include "read/seal_fixture.h"

#define AUTO_FIXTURE __attribute__((cleanup(seal_fixture_close))) SealFixture

static bool says(const SealAnswer *answer, const char *text)
{
    for (size_t i = 0; i < answer->seal.reason_count; i++)
        if (slice_find(answer->seal.reasons[i], slice_of(text)) != SLICE_NONE) return true;
    return false;
}

TEST("seal: a sealed OFD is valid, its signer known, its entries held, its issuer trusted if told")
{
    AUTO_FIXTURE fixture = seal_fixture_open(cx);
    Slice ofd = seal_fixture_ofd(cx, &fixture, &(SealFixtureForm){});
    SealAnswer answer;
    seal_check(cx, ofd, SLICE(""), &answer);
    EXPECT(answer.seal.state == SEAL_VALID && !answer.seal.issuer_trusted);
    EXPECT(!answer.seal.electronic_signature && answer.seal.reason_count == 0);
    EXPECT(slice_equal(answer.seal.signer, SLICE("某税务局")));
    EXPECT(answer.trusted_count == 3 && answer.trusted[0] == 0 && answer.trusted[1] == 1 &&
           answer.trusted[2] == 2);
    seal_check(cx, ofd, fixture.root_pem, &answer);
    EXPECT(answer.seal.state == SEAL_VALID && answer.seal.issuer_trusted);
    // Its package is open, and what was compared is in it: who reads it unpacks nothing again.
    EXPECT(answer.zip != NULL && zip_count(answer.zip) == SEAL_FIXTURE_ENTRIES);
}

TEST("seal: what it holds is found in a package whose names have '\\' or lie in a folder")
{
    AUTO_FIXTURE fixture = seal_fixture_open(cx);
    static const struct {
        const char *folder;
        char separator;
    } cases[] = {{"", '\\'}, {"invoice/", '/'}, {"发票\\", '\\'}, {"./invoice/", '/'}};
    for (size_t i = 0; i < 2 * (sizeof cases / sizeof cases[0]); i++) {
        ZipFixtureEntry entries[SEAL_FIXTURE_ENTRIES + 1];
        seal_fixture_entries(cx, &fixture, &(SealFixtureForm){}, entries + 1);
        entries[0] = (ZipFixtureEntry){.name = i / 2 == 0 ? "Doc_0\\" : cases[i / 2].folder};
        for (size_t k = 1; k <= SEAL_FIXTURE_ENTRIES; k++) {
            Slice name = cx_printf(cx, "%s%s%c", cases[i / 2].folder, entries[k].name, 0);
            char *own = (char *)(uintptr_t)name.data;
            for (size_t at = 0; at < name.size; at++)
                if (own[at] == '/') own[at] = cases[i / 2].separator;
            entries[k].name = own;
        }
        // One of each is altered.
        if (i % 2 == 1) entries[2].bytes = SLICE("<ofd:Page>合计 92.30</ofd:Page>");
        SealAnswer answer;
        seal_check(cx, zip_fixture_make(cx, entries, SEAL_FIXTURE_ENTRIES + 1), SLICE(""), &answer);
        EXPECT(answer.seal.state == (i % 2 == 0 ? SEAL_VALID : SEAL_BROKEN));
        EXPECT(answer.trusted_count == (i % 2 == 0 ? 3 : 0));
        for (size_t k = 0; k < answer.trusted_count; k++)
            EXPECT(answer.trusted[k] == k + 1);
        EXPECT(i % 2 == 0 || says(&answer, "条目 Doc_0/Pages/Page_0/Content.xml 与签章不符"));
    }
}

TEST("seal: a signed PDF is valid, and an electronic signature")
{
    AUTO_FIXTURE fixture = seal_fixture_open(cx);
    Slice pdf =
        seal_fixture_pdf(cx, &fixture, &(SealFixturePdf){.sub_filter = "adbe.x509.rsa_sha1"});
    SealAnswer answer;
    seal_check(cx, pdf, fixture.root_pem, &answer);
    EXPECT(answer.seal.state == SEAL_VALID && answer.seal.issuer_trusted);
    EXPECT(answer.seal.electronic_signature && answer.trusted_count == 0);
    EXPECT(slice_equal(answer.seal.signer, SLICE("某销售公司")));
}

TEST("seal: what has none is absent")
{
    static const Slice cases[] = {SLICE(""), SLICE("x"), SLICE("<EInvoice/>"), SLICE("%PDF-1.4\n"),
                                  SLICE("\x89PNG\r\n\x1a\n")};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        SealAnswer answer;
        seal_check(cx, cases[i], SLICE(""), &answer);
        EXPECT(answer.seal.state == SEAL_ABSENT && answer.trusted_count == 0);
    }
    ZipFixtureEntry entry = {.name = "OFD.xml", .bytes = SLICE("<OFD><DocBody/></OFD>")};
    SealAnswer answer;
    seal_check(cx, zip_fixture_make(cx, &entry, 1), SLICE(""), &answer);
    EXPECT(answer.seal.state == SEAL_ABSENT);
}

TEST("seal: a truncated archive can't be checked, one with two names alike is not believed")
{
    AUTO_FIXTURE fixture = seal_fixture_open(cx);
    SealAnswer answer;
    Slice ofd = seal_fixture_ofd(cx, &fixture, &(SealFixtureForm){});
    seal_check(cx, slice_sub(ofd, 0, ofd.size - 30), SLICE(""), &answer);
    EXPECT(answer.seal.state == SEAL_UNCHECKED && says(&answer, "损坏") && answer.zip == NULL);

    ZipFixtureEntry entries[SEAL_FIXTURE_ENTRIES + 1];
    seal_fixture_entries(cx, &fixture, &(SealFixtureForm){}, entries);
    entries[SEAL_FIXTURE_ENTRIES] =
        (ZipFixtureEntry){.name = "doc_0/attachs/ORIGINAL_invoice.xml", .bytes = SLICE("<a/>")};
    seal_check(cx, zip_fixture_make(cx, entries, SEAL_FIXTURE_ENTRIES + 1), SLICE(""), &answer);
    EXPECT(answer.seal.state == SEAL_BROKEN && answer.trusted_count == 0);
}
