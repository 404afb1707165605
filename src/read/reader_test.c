#include "read/reader.h"

#include "base/test.h"
#include "model/wire.h"
#include "read/seal_fixture.h"

// What the child has said, by turns.
typedef struct Told {
    Err listens; // what saying it comes to
    Slice verdict;
    bool read;
} Told;
static Told told;

static Err say(Cx *cx, Slice answer)
{
    EXPECT(!told.read && slice_empty(told.verdict));
    if (told.listens != ERR_OK) return err_set(cx, told.listens, "nobody listens");
    told.verdict = answer;
    return ERR_OK;
}

static Err read_told(Cx *cx, const ReadJob *job, Reading *reading)
{
    (void)reading;
    told.read = true;
    EXPECT(!slice_empty(told.verdict));
    EXPECT(job->seal->seal.state == SEAL_VALID && job->seal->trusted_count > 0 && job->skip_qr);
    return err_set(cx, ERR_DENIED, "locked");
}

TEST("reader: the seal's verdict is said before anything reads, and unsaid nothing is read")
{
    static ReaderFn *const readers[MEDIA_COUNT] = {[MEDIA_OFD] = read_told};
    SealFixture fixture = seal_fixture_open(cx);
    const ReadJob job = {.bytes = seal_fixture_ofd(cx, &fixture, &(SealFixtureForm){}),
                         .skip_qr = true};
    Slice answer = {};
    Seal seal = {};
    Reading reading = {};
    told = (Told){};
    EXPECT_OK(reader_answer(cx, readers, &job, fixture.root_pem, say, &answer));
    EXPECT(told.read);
    EXPECT_OK(wire_decode_seal(cx, told.verdict, &seal));
    EXPECT(seal.state == SEAL_VALID && seal.issuer_trusted);
    EXPECT_OK(wire_decode(cx, answer, &reading));
    EXPECT(reading.media == MEDIA_OFD && reading.reason == REASON_ENCRYPTED);
    told = (Told){.listens = ERR_STORE};
    EXPECT(reader_answer(cx, readers, &job, fixture.root_pem, say, &answer) == ERR_STORE);
    EXPECT(!told.read);
    seal_fixture_close(&fixture);
}

TEST("reader: what a document is stands in its first bytes")
{
    static const struct {
        Slice bytes;
        Media media;
    } cases[] = {
        {SLICE(""), MEDIA_UNKNOWN},
        {SLICE("x"), MEDIA_UNKNOWN},
        {SLICE("<?xml version='1.0'?><a/>"), MEDIA_XML},
        {SLICE("\xef\xbb\xbf\r\n <EInvoice/>"), MEDIA_XML},
        {SLICE(" \xef\xbb\xbf\xef\xbb\xbf<EInvoice/>"), MEDIA_XML},
        {SLICE("a\xef\xbb\xbf<EInvoice/>"), MEDIA_UNKNOWN},
        {SLICE("\xff\xfe<\0?\0x\0m\0l\0"), MEDIA_XML},
        {SLICE("\xfe\xff\0<\0a\0>"), MEDIA_XML},
        {SLICE("\xff\xfe\0\0<\0\0\0a\0\0\0"), MEDIA_XML},
        {SLICE("\0\0\xfe\xff\0\0\0<\0\0\0a"), MEDIA_XML},
        {SLICE("\0\0\xfe\xff\0\0\0a\0\0\0<"), MEDIA_UNKNOWN},
        {SLICE("<!-- c --><a/>"), MEDIA_XML},
        {SLICE("<!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]><a>&b;</a>"), MEDIA_XML},
        {SLICE("<!DOCTYPE html><html></html>"), MEDIA_UNKNOWN},
        {SLICE("<HTML></HTML>"), MEDIA_UNKNOWN},
        {SLICE("< 5"), MEDIA_UNKNOWN},
        {SLICE("PK\3\4 … OFD.xml … PK\5\6"), MEDIA_OFD},
        {SLICE("PK\3\4 … word/document.xml … PK\5\6"), MEDIA_ZIP},
        {SLICE("PK\3\4 … Doc_0/Document.xml …"), MEDIA_OFD}, // half a download
        {SLICE("PK\3\4 … Doc_0/Document.xml … PK\5\6"), MEDIA_ZIP},
        {SLICE("PK\5\6"), MEDIA_ZIP},
        {SLICE("%PDF-1.7"), MEDIA_PDF},
        {SLICE("\n\n%PDF-1.4"), MEDIA_PDF},
        {SLICE("\x89PNG\r\n"), MEDIA_IMAGE},
        {SLICE("\xff\xd8\xff\xe0"), MEDIA_IMAGE},
        {SLICE("BM1234"), MEDIA_IMAGE},
        {SLICE("GIF89a"), MEDIA_IMAGE},
        {SLICE("II*\0"), MEDIA_IMAGE},
        {SLICE("MM\0*"), MEDIA_IMAGE},
        {SLICE("RIFF1234WEBP"), MEDIA_IMAGE},
        {SLICE("RIFF1234WAVE"), MEDIA_UNKNOWN},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        EXPECT(reader_sniff(cases[i].bytes) == cases[i].media);
}

TEST("reader: a package in a folder of its own is an OFD, a folder of documents a container")
{
    static const struct {
        const char *names[3];
        Media media;
    } cases[] = {
        {{"invoice/OFD.xml", "invoice/Doc_0/Document.xml"}, MEDIA_OFD},
        {{"OFD.xml", "Doc_0\\Document.xml"}, MEDIA_OFD},
        {{"invoice\\OFD.xml", "invoice\\Doc_0\\Document.xml"}, MEDIA_OFD},
        {{"invoice/OFD.xml", "invoice/Doc_0/Document.xml", "b.pdf"}, MEDIA_ZIP},
        {{"invoice/OFD.xml", "invoice/Doc_0/Document.xml", "invoice/b.pdf"}, MEDIA_ZIP},
        {{"invoices\\a.ofd", "invoices\\b.ofd"}, MEDIA_ZIP},
        {{"word\\document.xml", "b.xml"}, MEDIA_UNKNOWN},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        ZipFixtureEntry entries[3] = {};
        size_t count = 0;
        for (; count < 3 && cases[i].names[count] != NULL; count++)
            entries[count] = (ZipFixtureEntry){.name = cases[i].names[count]};
        EXPECT(reader_sniff(zip_fixture_make(cx, entries, count)) == cases[i].media);
    }
}
