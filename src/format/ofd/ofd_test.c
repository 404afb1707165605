#include "format/ofd/ofd.h"

#include "base/limits.h"
#include "base/test.h"
#include "base/text.h"
#include "format/zip/zip_fixture.h"

static const Slice ofd_xml_bytes =
    SLICE("<OFD><DocBody><DocRoot>\n /Doc_0/Document.xml </DocRoot></DocBody></OFD>");
static const Slice document = SLICE(
    "<Document><CommonData><TemplatePage ID='2' BaseLoc='Tpls/Tpl_0/Content.xml'/></CommonData>"
    "<Pages><Page ID='1' BaseLoc='Content_0.xml'/><Page ID='3' BaseLoc='gone.xml'/></Pages>"
    "<Attachments>Attachs/Attachments.xml</Attachments></Document>");
static const Slice attachments = SLICE(
    "<Attachments><Attachment><FileLoc>../Attachs/./a.xml</FileLoc></Attachment><Attachment>"
    "<FileLoc>Attachs\\b.xml</FileLoc></Attachment><Attachment><FileLoc>../../../c.xml</FileLoc>"
    "</Attachment></Attachments>");
TEST("ofd: parts are found however their writers spell the way")
{
    const ZipFixtureEntry entries[] = {
        {.name = "OFD.xml", .bytes = ofd_xml_bytes},
        {.name = "Doc_0/Document.xml", .bytes = document},
        {.name = "Doc_0/Content_0.xml", .bytes = SLICE("<Page><Template TemplateID='2'/></Page>")},
        {.name = "Doc_0/TPLS/TPL_0/Content.xml", .bytes = SLICE("<Page/>")},
        {.name = "Doc_0/Attachs/Attachments.xml", .bytes = attachments},
        {.name = "Doc_0/Attachs/a.xml", .bytes = SLICE("<a/>")},
        {.name = "Doc_0/Attachs/b.xml", .bytes = SLICE("<b")},
    };
    Ofd *ofd = NULL;
    EXPECT_OK(ofd_open(cx, zip_fixture_make(cx, entries, 7), &ofd, NULL));
    EXPECT(ofd->doc_count == 1);
    const OfdDoc *doc = &ofd->docs[0];
    EXPECT(slice_equal(doc->folder, SLICE("Doc_0/")));
    EXPECT(doc->page_count == 1 && doc->pages[0].id == 1 && doc->pages[0].entry == 2);
    EXPECT(doc->pages[0].template_count == 1 && doc->pages[0].templates[0] == 3);
    EXPECT(doc->attachment_count == 2);
    EXPECT(doc->attachments[0] == 5 && doc->attachments[1] == 6);
    EXPECT(ofd->damaged == 2); // gone.xml and c.xml; ".." at the top leads nowhere
    const XmlNode *root = NULL;
    EXPECT(ofd_xml(cx, ofd, 6, &root) == ERR_INPUT && ofd_xml(cx, ofd, 6, &root) == ERR_INPUT);
    EXPECT(ofd->damaged == 3 && ofd->trouble == ZIP_TROUBLE_DAMAGED); // counted once
    size_t entry = 77;
    EXPECT(!ofd_resolve(cx, ofd, SLICE("Doc_0/Document.xml"), SLICE(" "), &entry) && entry == 77);
}

TEST("ofd: what is no OFD, broken or enciphered is told apart")
{
    static const struct {
        ZipFixtureEntry entry[2];
        size_t count;
        Err err;
        ZipTrouble trouble;
    } cases[] = {
        {{{.name = "word/document.xml"}}, 1, ERR_MISSING, ZIP_TROUBLE_NONE},
        {{{.name = "OFD.xml", .bytes = SLICE("<OFD>")}}, 1, ERR_INPUT, ZIP_TROUBLE_DAMAGED},
        {{{.name = "OFD.xml", .bytes = SLICE("<!DOCTYPE a><OFD/>")}},
         1,
         ERR_INPUT,
         ZIP_TROUBLE_HOSTILE},
        {{{.name = "Encryptions.xml"}}, 1, ERR_INPUT, ZIP_TROUBLE_ENCRYPTED},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        Ofd *ofd = NULL;
        ZipTrouble trouble = ZIP_TROUBLE_NONE;
        Slice bytes = zip_fixture_make(cx, cases[i].entry, cases[i].count);
        EXPECT(ofd_open(cx, bytes, &ofd, &trouble) == cases[i].err);
        EXPECT(trouble == cases[i].trouble);
    }
}

TEST("ofd: documents and pages past their limits are refused, not left out")
{
    Text list = text_open(cx, LIMIT_MIB), pages = text_open(cx, LIMIT_MIB);
    for (size_t i = 0; i <= LIMIT_OFD_DOCUMENTS; i++) {
        Ofd *ofd = NULL;
        text_add(&list, SLICE("<DocBody><DocRoot>D.xml</DocRoot></DocBody>"));
        const ZipFixtureEntry entries[] = {
            {.name = "OFD.xml",
             .bytes = cx_printf(cx, "<OFD>" SLICE_FMT "</OFD>", SLICE_ARG(text_so_far(&list)))},
            {.name = "D.xml", .bytes = SLICE("<Document/>")}};
        if (i + 1 < LIMIT_OFD_DOCUMENTS) continue;
        Err err = ofd_open(cx, zip_fixture_make(cx, entries, 2), &ofd, NULL);
        EXPECT(err == (i < LIMIT_OFD_DOCUMENTS ? ERR_OK : ERR_LIMIT));
    }
    for (size_t i = 0; i < LIMIT_OFD_PARTS; i++)
        text_add(&pages, SLICE("<Page ID='1' BaseLoc='P.xml'/>"));
    static const Slice bodies[] = {
        SLICE("<OFD><DocBody><DocRoot>D.xml</DocRoot></DocBody>"
              "<DocBody><DocRoot>D.xml</DocRoot></DocBody></OFD>"),
        SLICE("<OFD><DocBody><DocRoot>D.xml</DocRoot></DocBody><DocBody><DocRoot>D.xml</DocRoot>"
              "</DocBody><DocBody><DocRoot>D.xml</DocRoot></DocBody></OFD>")};
    for (size_t i = 0; i < 2; i++) {
        Ofd *ofd = NULL;
        const ZipFixtureEntry entries[] = {
            {.name = "OFD.xml", .bytes = bodies[i]},
            {.name = "D.xml",
             .bytes = cx_printf(cx, "<Document><Pages>" SLICE_FMT "</Pages></Document>",
                                SLICE_ARG(text_so_far(&pages)))},
            {.name = "P.xml", .bytes = SLICE("<Page/>")}};
        Err err = ofd_open(cx, zip_fixture_make(cx, entries, 3), &ofd, NULL);
        EXPECT(err == (i == 0 ? ERR_OK : ERR_LIMIT));
    }
}
