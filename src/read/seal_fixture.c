#include "read/seal_fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <zlib.h>

#include "base/base64.h"
#include "base/text.h"
#include "crypto/der_fixture.h"
#include "crypto/digest.h"
#include "crypto/sm2_fixture.h"

#define Y2020 UINT64_C(1'577'836'800'000)
#define Y2025 UINT64_C(1'735'689'600'000)
// CMS takes its signing time from the clock of the machine.
#define Y2120 UINT64_C(4'733'510'400'000)

#define ROOM ((size_t)1 << 20)

#define OID_SM2_SM3 SLICE("\x2A\x81\x1C\xCF\x55\x01\x83\x75")

static void must(bool well)
{
    if (!well) abort();
}

SealFixture seal_fixture_open(Cx *cx)
{
    SealFixture fixture = {.root = certificate_fixture_key_open(KEY_SM2),
                           .maker = certificate_fixture_key_open(KEY_SM2),
                           .signer = certificate_fixture_key_open(KEY_SM2),
                           .pdf_signer = certificate_fixture_key_open(KEY_RSA)};
    FixtureName root = {fixture.root, "测试根"}, maker = {fixture.maker, "制章系统"};
    FixtureName signer = {fixture.signer, "某税务局证书"};
    FixtureName seller = {fixture.pdf_signer, "某销售公司"};
    fixture.root_pem =
        certificate_fixture_pem(cx, certificate_fixture_make(cx, root, root, true, Y2020, Y2025));
    fixture.maker_certificate = certificate_fixture_make(cx, maker, root, false, Y2020, Y2025);
    fixture.signer_certificate = certificate_fixture_make(cx, signer, root, false, Y2020, Y2025);
    fixture.pdf_certificate = certificate_fixture_make(cx, seller, root, false, Y2020, Y2120);
    return fixture;
}

void seal_fixture_close(SealFixture *fixture)
{
    certificate_fixture_key_close(fixture->root);
    certificate_fixture_key_close(fixture->maker);
    certificate_fixture_key_close(fixture->signer);
    certificate_fixture_key_close(fixture->pdf_signer);
}

static Slice number(Cx *cx, int value)
{
    char byte = (char)value;
    return DER_FIXTURE(cx, DER_INTEGER, (Slice){&byte, 1});
}

static Slice time_of(Cx *cx, const char *text)
{
    return DER_FIXTURE(cx, DER_GENERALIZED_TIME, slice_of(text));
}

static Slice ia5(Cx *cx, const char *text)
{
    return DER_FIXTURE(cx, DER_IA5_STRING, slice_of(text));
}

// r || s, as some makers write it.
static Slice raw_of(Cx *cx, Slice der)
{
    char *raw = arena_alloc(&cx->arena, 64);
    DerItem sequence, part;
    must(der_next(cx, &der, &sequence) == ERR_OK);
    for (size_t i = 0; i < 2; i++) {
        must(der_next(cx, &sequence.body, &part) == ERR_OK);
        Slice body = part.body.size > 32 ? slice_sub(part.body, 1, 32) : part.body;
        memcpy(raw + 32 * i + 32 - body.size, body.data, body.size);
    }
    return (Slice){raw, 64};
}

static Slice certificate_list(Cx *cx, const SealFixture *fixture, const SealFixtureForm *form)
{
    Slice listed = form->unlisted ? fixture->maker_certificate : fixture->signer_certificate;
    if (!form->list_digest)
        return DER_FIXTURE(cx, DER_SEQUENCE, DER_FIXTURE(cx, DER_OCTET_STRING, listed));
    Digest digest = digest_of(DIGEST_SM3, listed);
    return DER_FIXTURE(cx, DER_SEQUENCE,
                       DER_FIXTURE(cx, DER_SEQUENCE, DER_FIXTURE(cx, 0x13, SLICE("SM3")),
                                   DER_FIXTURE(cx, DER_OCTET_STRING, digest_slice(&digest))));
}

static Slice seal_of(Cx *cx, const SealFixture *fixture, const SealFixtureForm *form)
{
    Slice property = DER_FIXTURE(
        cx, DER_SEQUENCE, number(cx, 3), DER_FIXTURE(cx, DER_UTF8_STRING, SLICE("某税务局")),
        form->version_1 ? (Slice){} : number(cx, form->list_digest ? 2 : 1),
        certificate_list(cx, fixture, form), time_of(cx, "20200601000000Z"),
        time_of(cx, "20200601000000Z"), time_of(cx, "20230601000000Z"));
    Slice picture =
        DER_FIXTURE(cx, DER_SEQUENCE, ia5(cx, "png"), DER_FIXTURE(cx, DER_OCTET_STRING, SLICE("p")),
                    number(cx, 30), number(cx, 20));
    Slice header = DER_FIXTURE(cx, DER_SEQUENCE, ia5(cx, "ES"), number(cx, form->version_1 ? 1 : 4),
                               ia5(cx, "TEST"));
    Slice info =
        DER_FIXTURE(cx, DER_SEQUENCE, header, ia5(cx, "32010600000001"), property, picture);
    Slice certificate = DER_FIXTURE(cx, DER_OCTET_STRING, fixture->maker_certificate);
    Slice algorithm = DER_FIXTURE(cx, DER_OID, OID_SM2_SM3);
    Slice message =
        form->with_sequence ? DER_FIXTURE(cx, DER_SEQUENCE, info, certificate, algorithm) : info;
    Slice signature =
        der_fixture_bits(cx, certificate_fixture_sm2_sign(cx, fixture->maker, message));
    if (form->version_1)
        return DER_FIXTURE(cx, DER_SEQUENCE, info,
                           DER_FIXTURE(cx, DER_SEQUENCE, certificate, algorithm, signature));
    return DER_FIXTURE(cx, DER_SEQUENCE, info, certificate, algorithm, signature);
}

static Slice ses_of(Cx *cx, const SealFixture *fixture, const SealFixtureForm *form, Slice xml)
{
    Digest digest = digest_of(DIGEST_SM3, xml);
    const char *text = form->time == NULL ? "20210601000000Z" : form->time;
    Slice time = form->version_1 ? der_fixture_bits(cx, slice_of(text)) : time_of(cx, text);
    Slice certificate = DER_FIXTURE(cx, DER_OCTET_STRING, fixture->signer_certificate);
    Slice algorithm = DER_FIXTURE(cx, DER_OID, OID_SM2_SM3);
    Slice none = {};
    Slice to_sign = DER_FIXTURE(
        cx, DER_SEQUENCE, number(cx, form->version_1 ? 1 : 4), seal_of(cx, fixture, form), time,
        der_fixture_bits(cx, digest_slice(&digest)), ia5(cx, "/Doc_0/Signs/Sign_0/Signature.xml"),
        form->version_1 ? certificate : none, form->version_1 ? algorithm : none);
    Slice signature = certificate_fixture_sm2_sign(cx, fixture->signer, to_sign);
    if (form->raw_signature) signature = raw_of(cx, signature);
    Slice bits = der_fixture_bits(cx, signature);
    return form->version_1 ? DER_FIXTURE(cx, DER_SEQUENCE, to_sign, bits)
                           : DER_FIXTURE(cx, DER_SEQUENCE, to_sign, certificate, algorithm, bits);
}

// One by an absolute path, one relative, one in another case: as real ones are.
static Slice signature_xml(Cx *cx, const ZipFixtureEntry *entries, const SealFixtureForm *form)
{
    static const char *const paths[] = {"/OFD.xml", "../../pages/Page_0/Content.xml",
                                        "/Doc_0/Attachs/original_invoice.xml"};
    const char *method = form->method == NULL ? "1.2.156.10197.1.401" : form->method;
    DigestKind kind = strcmp(method, "SHA256") == 0 ? DIGEST_SHA256 : DIGEST_SM3;
    Text text = text_open(cx, ROOM);
    text_printf(&text,
                "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<ofd:Signature "
                "xmlns:ofd=\"http://www.ofdspec.org/2016\"><ofd:SignedInfo>"
                "<ofd:SignatureDateTime>20210601080000</ofd:SignatureDateTime>"
                "<ofd:References CheckMethod=\"%s\">",
                method);
    for (size_t i = 0; i < 3; i++) {
        Digest digest = digest_of(kind, entries[i].bytes);
        text_printf(&text,
                    "<ofd:Reference FileRef=\"%s\"><ofd:CheckValue>" SLICE_FMT
                    "</ofd:CheckValue></ofd:Reference>",
                    paths[i], SLICE_ARG(base64_encode(cx, digest_slice(&digest))));
    }
    text_add(&text, SLICE("</ofd:References></ofd:SignedInfo><ofd:SignedValue>SignedValue.dat"
                          "</ofd:SignedValue></ofd:Signature>"));
    return text_so_far(&text);
}

void seal_fixture_entries(Cx *cx, const SealFixture *fixture, const SealFixtureForm *form,
                          ZipFixtureEntry entries[static SEAL_FIXTURE_ENTRIES])
{
    const ZipFixtureEntry made[SEAL_FIXTURE_ENTRIES] = {
        {.name = "OFD.xml",
         .bytes = SLICE("<ofd:OFD><ofd:DocBody><ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot>"
                        "<ofd:Signatures>/Doc_0/Signs/Signatures.xml</ofd:Signatures>"
                        "</ofd:DocBody></ofd:OFD>")},
        {.name = "Doc_0/Pages/Page_0/Content.xml",
         .bytes = SLICE("<ofd:Page>合计 12.30</ofd:Page>")},
        {.name = "Doc_0/Attachs/original_invoice.xml", .bytes = SLICE("<eInvoice/>")},
        {.name = "Doc_0/Res/logo.png", .bytes = SLICE("a picture that nobody signed")},
        {.name = "Doc_0/Signs/Signatures.xml",
         .bytes = SLICE("<ofd:Signatures><ofd:Signature ID=\"1\" BaseLoc=\"Sign_0/Signature.xml\"/>"
                        "</ofd:Signatures>")},
        {.name = "Doc_0/Signs/Sign_0/Signature.xml"},
        {.name = "Doc_0/Signs/Sign_0/SignedValue.dat"},
    };
    memcpy(entries, made, sizeof made);
    Slice xml = signature_xml(cx, entries, form);
    entries[SEAL_FIXTURE_XML].bytes = xml;
    entries[SEAL_FIXTURE_VALUE].bytes =
        form->signed_data
            ? sm2_fixture_signed_data(cx, fixture->signer, fixture->signer_certificate, xml, true)
            : ses_of(cx, fixture, form, xml);
}

Slice seal_fixture_ofd(Cx *cx, const SealFixture *fixture, const SealFixtureForm *form)
{
    ZipFixtureEntry entries[SEAL_FIXTURE_ENTRIES];
    seal_fixture_entries(cx, fixture, form, entries);
    for (size_t i = 0; i < SEAL_FIXTURE_ENTRIES; i++)
        entries[i].deflate = i % 2 == 0;
    return zip_fixture_make(cx, entries, SEAL_FIXTURE_ENTRIES);
}

static void add_hex(Text *text, Slice bytes)
{
    for (size_t i = 0; i < bytes.size; i++)
        text_printf(text, "%02x", (uint8_t)bytes.data[i]);
}

// "9 0 obj" as it stands in an object stream.
static void add_object_stream(Cx *cx, Text *text, Slice certificate)
{
    Text inner = text_open(cx, ROOM);
    text_add(&inner, SLICE("8 0 9 5 <00> <"));
    add_hex(&inner, certificate);
    text_add(&inner, SLICE(">"));
    uLongf size = compressBound(inner.size);
    char *packed = arena_alloc(&cx->arena, size);
    must(compress((Bytef *)packed, &size, (const Bytef *)inner.data, inner.size) == Z_OK);
    text_printf(text,
                "7 0 obj\n<</Type/ObjStm/N 2/First 8/Length %lu/Filter/FlateDecode>>\nstream\r\n",
                size);
    text_add(text, (Slice){packed, size});
    text_add(text, SLICE("\r\nendstream\nendobj\n"));
}

#define CONTENTS_DIGITS ((size_t)8192)
#define RANGE_ROOM      64

static Slice sign_pdf(Cx *cx, const SealFixture *fixture, const char *sub_filter, Slice content)
{
    if (strcmp(sub_filter, "adbe.x509.rsa_sha1") == 0)
        return DER_FIXTURE(cx, DER_OCTET_STRING,
                           certificate_fixture_pkcs1_sign(cx, fixture->pdf_signer, content, false));
    return certificate_fixture_cms(cx, fixture->pdf_signer, fixture->pdf_certificate, content,
                                   false);
}

Slice seal_fixture_pdf(Cx *cx, const SealFixture *fixture, const SealFixturePdf *form)
{
    Text text = text_open(cx, ROOM);
    text_add(&text, SLICE("%PDF-1.7\n1 0 obj\n<</Type/Catalog/MediaBox[0 0 1 1]>>\nendobj\n"));
    if (form->packed) add_object_stream(cx, &text, fixture->pdf_certificate);
    if (!form->packed) {
        text_add(&text, SLICE("9 0 obj\n<"));
        add_hex(&text, fixture->pdf_certificate);
        text_add(&text, SLICE(">\nendobj\n"));
    }
    text_printf(&text,
                "3 0 obj\n<</Type/Sig/Filter/Adobe.PPKLite/SubFilter/%s/Cert[ 9 0 R]"
                "/M(D:20210601080000+08'00')/ByteRange",
                form->sub_filter);
    size_t range_at = text.size;
    text_printf(&text, "%*s/Contents ", RANGE_ROOM, "");
    size_t gap = text.size;
    text_add(&text, SLICE("<"));
    for (size_t i = 0; i < CONTENTS_DIGITS; i++)
        text_byte(&text, '0');
    text_add(&text, SLICE(">>>\nendobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"));

    size_t after_gap = gap + CONTENTS_DIGITS + 2;
    char range[RANGE_ROOM];
    int size =
        snprintf(range, sizeof range, "[0 %zu %zu %zu]", gap, after_gap, text.size - after_gap);
    memcpy(text.data + range_at, range, (size_t)size);
    Text content = text_open(cx, ROOM);
    text_add(&content, (Slice){text.data, gap});
    text_add(&content, (Slice){text.data + after_gap, text.size - after_gap});
    Text hex = text_open(cx, ROOM);
    add_hex(&hex, sign_pdf(cx, fixture, form->sub_filter, text_so_far(&content)));
    must(hex.size <= CONTENTS_DIGITS);
    memcpy(text.data + gap + 1, hex.data, hex.size);
    text_add(&text, form->after);
    return text_so_far(&text);
}
