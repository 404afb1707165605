#include "read/seal_ses.h"

#include "base/test.h"
#include "crypto/der.h"
#include "read/seal_fixture.h"

#define AUTO_FIXTURE __attribute__((cleanup(seal_fixture_close))) SealFixture

TEST("seal_ses: takes both versions apart, name, dates and certificates")
{
    AUTO_FIXTURE fixture = seal_fixture_open(cx);
    for (int version_1 = 0; version_1 < 2; version_1++) {
        ZipFixtureEntry entries[SEAL_FIXTURE_ENTRIES];
        seal_fixture_entries(cx, &fixture, &(SealFixtureForm){.version_1 = version_1 != 0},
                             entries);
        Slice value = entries[SEAL_FIXTURE_VALUE].bytes;
        Ses ses;
        EXPECT_OK(seal_ses_parse(cx, value, &ses));
        EXPECT(ses.version_1 == (version_1 != 0) && ses.algorithm_known && ses.has_time);
        EXPECT(slice_equal(ses.name, SLICE("某税务局")) && ses.data_hash.size == 32);
        EXPECT(ses.until_ms > ses.from_ms && ses.data_hash.data > value.data);
        EXPECT(slice_equal(ses.certificate, fixture.signer_certificate));
        EXPECT(slice_equal(ses.maker_certificate, fixture.maker_certificate));
        EXPECT(ses.to_sign.data[0] == DER_SEQUENCE && ses.seal_info.data[0] == DER_SEQUENCE);
    }
}

TEST("seal_ses: what is cut short, goes on, or is another thing is refused")
{
    AUTO_FIXTURE fixture = seal_fixture_open(cx);
    ZipFixtureEntry entries[SEAL_FIXTURE_ENTRIES];
    seal_fixture_entries(cx, &fixture, &(SealFixtureForm){}, entries);
    Slice value = entries[SEAL_FIXTURE_VALUE].bytes;
    Ses ses = {.from_ms = 7};
    for (size_t size = 0; size < value.size; size += 13)
        EXPECT(seal_ses_parse(cx, slice_sub(value, 0, size), &ses) == ERR_INPUT);
    char *longer = arena_alloc(&cx->arena, value.size + 1);
    memcpy(longer, value.data, value.size);
    EXPECT(seal_ses_parse(cx, (Slice){longer, value.size + 1}, &ses) == ERR_INPUT);
    EXPECT(seal_ses_parse(cx, SLICE("0\x02\x30\x00"), &ses) == ERR_INPUT && ses.from_ms == 7);
}

TEST("seal_ses: a seal holds over its own Signature.xml, not over another")
{
    AUTO_FIXTURE fixture = seal_fixture_open(cx);
    ZipFixtureEntry entries[SEAL_FIXTURE_ENTRIES];
    seal_fixture_entries(cx, &fixture, &(SealFixtureForm){}, entries);
    Ses ses;
    EXPECT_OK(seal_ses_parse(cx, entries[SEAL_FIXTURE_VALUE].bytes, &ses));
    SealVerdict verdict = {.state = SEAL_VALID};
    EXPECT_OK(seal_ses_check(cx, &ses, entries[SEAL_FIXTURE_XML].bytes, &verdict));
    EXPECT(verdict.state == SEAL_VALID && verdict.other_count == 1);
    EXPECT(slice_equal(verdict.certificate.common_name, SLICE("某税务局证书")));
    verdict = (SealVerdict){.state = SEAL_VALID};
    EXPECT_OK(seal_ses_check(cx, &ses, SLICE("<Signature/>"), &verdict));
    EXPECT(verdict.state == SEAL_BROKEN && verdict.reason_count == 1);
}

TEST("seal_ses: a key of another sort can't be checked, and no certificate is broken")
{
    AUTO_FIXTURE fixture = seal_fixture_open(cx);
    ZipFixtureEntry entries[SEAL_FIXTURE_ENTRIES];
    seal_fixture_entries(cx, &fixture, &(SealFixtureForm){}, entries);
    Ses ses;
    EXPECT_OK(seal_ses_parse(cx, entries[SEAL_FIXTURE_VALUE].bytes, &ses));
    Slice xml = entries[SEAL_FIXTURE_XML].bytes;
    SealVerdict verdict = {.state = SEAL_VALID};
    ses.certificate = fixture.pdf_certificate;
    EXPECT_OK(seal_ses_check(cx, &ses, xml, &verdict));
    EXPECT(verdict.state == SEAL_UNCHECKED);
    verdict = (SealVerdict){.state = SEAL_VALID};
    ses.certificate = SLICE("no certificate");
    EXPECT_OK(seal_ses_check(cx, &ses, xml, &verdict));
    EXPECT(verdict.state == SEAL_BROKEN);
}
