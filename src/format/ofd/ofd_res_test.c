#include "format/ofd/ofd_res.h"

#include "base/test.h"
#include "format/zip/zip_fixture.h"

TEST("ofd res: pictures are found by number, wherever their list and its BaseLoc say")
{
    const ZipFixtureEntry entries[] = {
        {.name = "OFD.xml",
         .bytes = SLICE("<OFD><DocBody><DocRoot>Doc_0/D.xml</DocRoot></DocBody></OFD>")},
        {.name = "Doc_0/D.xml",
         .bytes = SLICE("<Document><CommonData><TemplatePage ID='2' BaseLoc='T.xml'/>"
                        "<PublicRes>R.xml</PublicRes><DocumentRes>/Doc_0/gone.xml</DocumentRes>"
                        "</CommonData><Pages><Page ID='1' BaseLoc='P.xml'/></Pages></Document>")},
        {.name = "Doc_0/R.xml",
         .bytes = SLICE("<Res BaseLoc='Res'><MultiMedias><MultiMedia ID='5'><MediaFile>a.png"
                        "</MediaFile></MultiMedia><MultiMedia ID='6'><MediaFile>/Doc_0/Res/b.png"
                        "</MediaFile></MultiMedia><MultiMedia ID='x'><MediaFile>a.png</MediaFile>"
                        "</MultiMedia><MultiMedia ID='7'><MediaFile>none.png</MediaFile>"
                        "</MultiMedia></MultiMedias></Res>")},
        {.name = "Doc_0/P.xml",
         .bytes = SLICE("<Page><PageRes>Q.xml</PageRes><Template TemplateID='2'/><Content><Layer>"
                        "<ImageObject ResourceID=' 8 '/><ImageObject ResourceID='99'/></Layer>"
                        "</Content></Page>")},
        {.name = "Doc_0/T.xml", .bytes = SLICE("<Page><ImageObject ResourceID='6'/></Page>")},
        {.name = "Doc_0/Q.xml",
         .bytes = SLICE("<Res><MultiMedias><MultiMedia ID='8'><MediaFile>Res/c.png</MediaFile>"
                        "</MultiMedia></MultiMedias></Res>")},
        {.name = "Doc_0/Res/a.png"},
        {.name = "Doc_0/Res/b.png"},
        {.name = "Doc_0/Res/c.png"}};
    Ofd *ofd = NULL;
    OfdRes res = {};
    size_t entry = 77;
    EXPECT_OK(ofd_open(cx, zip_fixture_make(cx, entries, 9), &ofd, NULL));
    EXPECT_OK(ofd_res_read(cx, ofd, &ofd->docs[0], &res));
    EXPECT(res.count == 3);
    EXPECT(!ofd_res_find(&res, SLICE("7"), &entry) && !ofd_res_find(&res, SLICE(""), &entry));
    EXPECT(entry == 77);
    EXPECT(ofd_res_find(&res, SLICE("5"), &entry) && entry == 6);
    const OfdPage *page = &ofd->docs[0].pages[0];
    EXPECT(!ofd_res_on_page(cx, ofd, &res, page, 6)); // listed, not drawn
    EXPECT(ofd_res_on_page(cx, ofd, &res, page, 7));  // by the template
    EXPECT(ofd_res_on_page(cx, ofd, &res, page, 8));
}

TEST("ofd res: what an object leaves out is its style's, and that of its layer; circles end")
{
    const ZipFixtureEntry entries[] = {
        {.name = "OFD.xml",
         .bytes = SLICE("<OFD><DocBody><DocRoot>D.xml</DocRoot></DocBody></OFD>")},
        {.name = "D.xml",
         .bytes =
             SLICE("<Document><CommonData><PublicRes>R.xml</PublicRes></CommonData></Document>")},
        {.name = "R.xml",
         .bytes = SLICE("<Res><DrawParams><DrawParam ID='5' LineWidth='5'/><DrawParam ID='1' "
                        "LineWidth='1'/><DrawParam ID='2' "
                        "Relative='1'><FillColor Value='2'/></DrawParam><DrawParam ID='x' "
                        "LineWidth='9'/></DrawParams><DrawParams><DrawParam ID='3' Relative='4'/>"
                        "<DrawParam ID='4' Relative='3'/></DrawParams></Res>")}};
    static const Slice page =
        SLICE("<Layer DrawParam='2'><P/><P DrawParam='1'/><P LineWidth='3'><FillColor Value='3'/>"
              "</P><P DrawParam='3'/><P DrawParam='5'/></Layer>");
    static const struct {
        const char *fill, *line;
    } want[] = {{"2", "1"}, {"2", "1"}, {"3", "3"}, {"2", "1"}, {"2", "5"}};
    Ofd *ofd = NULL;
    OfdRes res = {};
    const XmlNode *root = NULL;
    EXPECT_OK(ofd_open(cx, zip_fixture_make(cx, entries, 3), &ofd, NULL));
    EXPECT_OK(ofd_res_read(cx, ofd, &ofd->docs[0], &res));
    EXPECT(res.style_count == 5);
    EXPECT_OK(xml_parse(cx, page, &root, NULL));
    size_t i = 0;
    for (const XmlNode *at = xml_child(root, "P"); at != NULL; at = xml_next(at, "P"), i++) {
        const XmlNode *fill = ofd_res_style(&res, at, "FillColor", NULL);
        const XmlNode *line = ofd_res_style(&res, at, NULL, "LineWidth");
        EXPECT(slice_equal(xml_attr(fill, "Value"), slice_of(want[i].fill)));
        EXPECT(slice_equal(xml_attr(line, "LineWidth"), slice_of(want[i].line)));
        EXPECT(ofd_res_style(&res, at, "StrokeColor", NULL) == NULL);
    }
    EXPECT(i == 5);
}
