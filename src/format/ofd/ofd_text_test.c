#include "format/ofd/ofd_text.h"

#include "base/test.h"
#include "format/zip/zip_fixture.h"

TEST("ofd text: lengths are exact to the micrometre, and nonsense is nothing")
{
    static const struct {
        Slice number;
        int32_t um;
    } cases[] = {
        {SLICE("12.5"), 12'500},
        {SLICE("-3"), -3'000},
        {SLICE("+0.0014"), 1},
        {SLICE("1.2E1"), 12'000},
        {SLICE("15e-1"), 1'500},
        {SLICE(" 7 "), 7'000},
        {SLICE("NaN"), 0},
        {SLICE("1.2.3"), 0},
        {SLICE(""), 0},
        {SLICE("1e99"), 10'000'000},
        {SLICE("-99999999999999999999"), -10'000'000},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        EXPECT(ofd_text_micrometres(cases[i].number) == cases[i].um);
}

TEST("ofd text: pieces stand where box, matrix and steps put them")
{
    static const Slice page =
        SLICE("<Page><Content><Layer><PageBlock><TextObject ID='7' Boundary='10 20 30 5' Size='4'>"
              "<TextCode X='1' Y='2' DeltaX='g 2 4 -99'><![CDATA[一二三]]></TextCode>"
              "<TextCode Y='4'> ab </TextCode><TextCode/></TextObject></PageBlock>"
              "<TextObject ID='8' Boundary='5 5 4 17' CTM='0.5 0 0 2 1 -1'>"
              "<TextCode X='2' Y='3' DeltaY='g 2 4'>购买方</TextCode></TextObject>"
              "<TextObject ID='9' Boundary='50 5 -6 5'><TextCode X='-6' "
              "Y='3'>\n   9.91  \n</TextCode></TextObject>"
              "<TextObject ID='10' Boundary='0 0 210 297' Size='4' CTM='1 0 0 1 60 70'>"
              "<TextCode X='0' Y='0' DeltaX='2'>元</TextCode></TextObject>"
              "<ImageObject/></Layer></Content></Page>");
    const ZipFixtureEntry entries[] = {
        {.name = "OFD.xml",
         .bytes = SLICE("<OFD><DocBody><DocRoot>D.xml</DocRoot></DocBody></OFD>")},
        {.name = "D.xml",
         .bytes = SLICE("<Document><Pages><Page ID='1' BaseLoc='P.xml'/></Pages></Document>")},
        {.name = "P.xml", .bytes = page}};
    Ofd *ofd = NULL;
    OfdTexts texts = {};
    EXPECT_OK(ofd_open(cx, zip_fixture_make(cx, entries, 3), &ofd, NULL));
    EXPECT_OK(ofd_text_read(cx, ofd, &ofd->docs[0], &texts));
    EXPECT(texts.count == 5 && texts.images == 1);
    const OfdText *text = texts.items;
    EXPECT(text[0].id == 7 && text[0].x1 == 11'000 && text[0].y == 22'000);
    EXPECT(text[0].x2 == 11'000 + 2 * 4'000 + 2'000); // the third step is one too many
    EXPECT(text[0].left == 10'000 && text[0].right == 40'000 && !text[0].vertical);
    EXPECT(text[1].id == 7 && text[1].x1 == 11'000 && text[1].y == 24'000); // X goes on
    EXPECT(slice_equal(text[1].text, SLICE("ab")) && slice_equal(text[1].raw, SLICE(" ab ")));
    EXPECT(text[2].vertical && text[2].x1 == 5'000 + 1'000 + 1'000 && text[2].y == 10'000);
    // A box as large as the page is no column; one character has no step, whatever stands there.
    EXPECT(text[4].x1 == 60'000 && text[4].left == 60'000 && text[4].right == 64'000);
    EXPECT(slice_equal(text[3].raw, SLICE("9.91"))); // around it lies the file's own layout
    EXPECT(text[3].x1 == 44'000 && text[3].left == text[3].x1 && text[3].right == text[3].x2);
}
