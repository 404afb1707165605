#include "read/read_ofd_attached.h"

#include "base/test.h"
#include "format/zip/zip_fixture.h"
#include "read/read_ofd_eyes.h"
#include "read/reader.h"

#define INVOICE(number)                                                                            \
    SLICE("<EInvoice><Header><EIid>" number                                                        \
          "</EIid></Header><EInvoiceData><BasicInformation><RequestTime>2025-03-07</RequestTime>"  \
          "</BasicInformation></EInvoiceData></EInvoice>")
#define ONE_DOCUMENT SLICE("<OFD><DocBody><DocRoot>Doc_0/D.xml</DocRoot></DocBody></OFD>")

static const Slice document =
    SLICE("<Document><Pages><Page ID='1' BaseLoc='P.xml'/></Pages><Attachments>A.xml</Attachments>"
          "</Document>");
static const Slice list =
    SLICE("<Attachments><Attachment><FileLoc>listed.xml</FileLoc></Attachment></Attachments>");

TEST("read ofd attached: an e-invoice that no list names is one of the attachments, other XML none")
{
    const ZipFixtureEntry entries[] = {
        {.name = "OFD.xml", .bytes = ONE_DOCUMENT},
        {.name = "Doc_0/D.xml", .bytes = document},
        {.name = "Doc_0/A.xml", .bytes = list},
        {.name = "Doc_0/listed.xml", .bytes = INVOICE("25442000000000000017")},
        {.name = "Doc_0/Res/e.XML", .bytes = INVOICE("25442000000000000025")},
        {.name = "Doc_0/P.xml", .bytes = INVOICE("25442000000000000033")},
        {.name = "Doc_0/Res/e.txt", .bytes = INVOICE("25442000000000000041")},
        {.name = "Doc_0/Res/s.xml", .bytes = SLICE("<a>EInvoiceData</a>")},
        {.name = "e.xml", .bytes = INVOICE("25442000000000000058")},
    };
    uint32_t held[] = {8};
    SealAnswer seal = {.trusted = held, .trusted_count = 1};
    for (size_t i = 0; i < 2; i++) {
        Ofd *ofd = NULL;
        EXPECT_OK(ofd_open(cx, zip_fixture_make(cx, entries, sizeof entries / sizeof entries[0]),
                           &ofd, NULL));
        OfdDoc *doc = &ofd->docs[0];
        EXPECT(doc->attachment_count == 1);
        EXPECT_OK(read_ofd_attached(cx, ofd, i == 0 ? NULL : &seal, doc));
        EXPECT(doc->attachment_count == 3 - i);
        EXPECT(doc->attachments[0] == 3 && doc->attachments[1] == (i == 0 ? 4 : 8));
        EXPECT(i == 1 || doc->attachments[2] == 8);
    }
}

TEST("read ofd attached: what the document names as a part of its own is none")
{
    const ZipFixtureEntry entries[] = {
        {.name = "OFD.xml", .bytes = ONE_DOCUMENT},
        {.name = "Doc_0/D.xml",
         .bytes = SLICE("<Document><EInvoice><EInvoiceData/></EInvoice><CommonData><TemplatePage "
                        "ID='2' BaseLoc='T.xml'/></CommonData><Pages><Page ID='1' BaseLoc='P.xml'/>"
                        "</Pages><CustomTags>C.xml</CustomTags></Document>")},
        {.name = "Doc_0/C.xml",
         .bytes = SLICE("<CustomTags><CustomTag><FileLoc>G.xml</FileLoc></CustomTag>"
                        "</CustomTags>")},
        {.name = "Doc_0/P.xml", .bytes = SLICE("<Page><Template TemplateID='2'/></Page>")},
        {.name = "Doc_0/G.xml", .bytes = INVOICE("25442000000000000017")},
        {.name = "Doc_0/T.xml", .bytes = INVOICE("25442000000000000025")},
    };
    Ofd *ofd = NULL;
    EXPECT_OK(ofd_open(cx, zip_fixture_make(cx, entries, sizeof entries / sizeof entries[0]), &ofd,
                       NULL));
    EXPECT(ofd->docs[0].tag_count == 1 && ofd->docs[0].pages[0].template_count == 1);
    EXPECT_OK(read_ofd_attached(cx, ofd, NULL, &ofd->docs[0]));
    EXPECT(ofd->docs[0].attachment_count == 0);
}

TEST("read ofd attached: sixteen at the most")
{
    ZipFixtureEntry entries[20] = {{.name = "OFD.xml", .bytes = ONE_DOCUMENT},
                                   {.name = "Doc_0/D.xml", .bytes = SLICE("<Document/>")}};
    for (size_t i = 2; i < 20; i++)
        entries[i] = (ZipFixtureEntry){.name = cx_printf(cx, "%zu.xml", i).data,
                                       .bytes = INVOICE("25442000000000000017")};
    Ofd *ofd = NULL;
    EXPECT_OK(ofd_open(cx, zip_fixture_make(cx, entries, 20), &ofd, NULL));
    EXPECT_OK(read_ofd_attached(cx, ofd, NULL, &ofd->docs[0]));
    EXPECT(ofd->docs[0].attachment_count == 16);
}

TEST("read ofd attached: of several documents each has what lies in its folder")
{
    const ZipFixtureEntry entries[] = {
        {.name = "OFD.xml",
         .bytes = SLICE("<OFD><DocBody><DocRoot>A/D.xml</DocRoot></DocBody><DocBody><DocRoot>"
                        "B/D.xml</DocRoot></DocBody></OFD>")},
        {.name = "A/D.xml", .bytes = SLICE("<Document/>")},
        {.name = "B/D.xml", .bytes = SLICE("<Document/>")},
        {.name = "B/e.xml", .bytes = INVOICE("25442000000000000017")},
        {.name = "e.xml", .bytes = INVOICE("25442000000000000025")},
    };
    Ofd *ofd = NULL;
    EXPECT_OK(ofd_open(cx, zip_fixture_make(cx, entries, 5), &ofd, NULL));
    EXPECT_OK(read_ofd_attached(cx, ofd, NULL, &ofd->docs[0]));
    EXPECT_OK(read_ofd_attached(cx, ofd, NULL, &ofd->docs[1]));
    EXPECT(ofd->docs[0].attachment_count == 0);
    EXPECT(ofd->docs[1].attachment_count == 1 && ofd->docs[1].attachments[0] == 3);
}

TEST("read ofd attached: the reader takes it, under a seal only what the seal holds")
{
    const ZipFixtureEntry entries[] = {
        {.name = "OFD.xml", .bytes = ONE_DOCUMENT},
        {.name = "Doc_0/D.xml", .bytes = SLICE("<Document/>")},
        {.name = "Doc_0/one.xml", .bytes = INVOICE("25442000000000000017")},
        {.name = "Doc_0/two.xml", .bytes = INVOICE("25442000000000000025")},
    };
    uint32_t held[] = {0, 1, 2};
    SealAnswer none = {};
    SealAnswer seal = {.seal = {.state = SEAL_VALID}, .trusted = held, .trusted_count = 3};
    for (size_t i = 0; i < 2; i++) {
        ReadJob job = {zip_fixture_make(cx, entries, 4), i == 0 ? &none : &seal, true};
        Reading reading = {.media = MEDIA_OFD};
        EXPECT_OK(read_ofd_eyes(cx, &job, &reading));
        EXPECT(reading.draft_count == 2 - i);
        EXPECT(slice_equal(reading.drafts[0].number, SLICE("25442000000000000017")));
        EXPECT(reading.drafts[0].seal.state == (i == 0 ? SEAL_ABSENT : SEAL_VALID));
    }
}
