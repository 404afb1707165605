// Property: as read_xml_fuzz, for an OFD whose page, tag file, attachment and second page are the
// input, cut at NUL; no invoice comes twice. With a first byte over 127 a seal holds the page
// alone: then no value may come from tags or attachment.
#include <assert.h>

#include "format/zip/zip_fixture.h"
#include "model/wire.h"
#include "read/read_ofd_eyes.h"
#include "read/reader.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const Slice ofd =
    SLICE("<OFD><DocBody><DocInfo/><DocRoot>Document.xml</DocRoot></DocBody></OFD>");
static const Slice document =
    SLICE("<Document><CommonData><TemplatePage ID='2' BaseLoc='T.xml'/></CommonData><Pages>"
          "<Page ID='1' BaseLoc='P.xml'/><Page ID='3' "
          "BaseLoc='Q.xml'/></Pages><CustomTags>C.xml</CustomTags></Document>");
static const Slice tags =
    SLICE("<CustomTags><CustomTag><FileLoc>G.xml</FileLoc></CustomTag></CustomTags>");

#define AT(place, words)                                                                           \
    "<TextObject Boundary='" place " 20 5'><TextCode X='0' Y='4'>" words "</TextCode></"           \
    "TextObject>"
static const Slice form = SLICE(
    "<Page><Content><Layer>" AT("60 8", "电子发票（普通发票）") AT("154 10", "发票号码：")
        AT("11 34", "名称：") AT("111 34", "名称：") AT("15 52", "项目名称") AT("143 52", "金额")
            AT("165 52", "税率") AT("194 52", "税额") AT("20 90", "合计") AT("143 96", "（小写）")
                AT("5 107", "备") AT("19 129", "开票人：") "</Layer></Content></Page>");

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0) return 0;
    Cx cx;
    cx_init(&cx, world_real(), (size_t)64 << 20);
    Slice rest = {(const char *)data + 1, size - 1}, parts[4] = {};
    bool done = false;
    for (int i = 0; i < 4; i++)
        (void)slice_cut(&rest, '\0', &done, &parts[i]);
    const ZipFixtureEntry entries[] = {{.name = "OFD.xml", .bytes = ofd},
                                       {.name = "Document.xml", .bytes = document},
                                       {.name = "C.xml", .bytes = tags},
                                       {.name = "P.xml", .bytes = parts[0]},
                                       {.name = "T.xml", .bytes = form},
                                       {.name = "G.xml", .bytes = parts[1]},
                                       {.name = "Attachs/a.xml", .bytes = parts[2]},
                                       {.name = "Q.xml", .bytes = parts[3]}};
    uint32_t trusted[] = {0, 1, 2, 3};
    SealAnswer seal = {.trusted = trusted, .trusted_count = 4};
    bool sealed = data[0] > 127;
    if (sealed) seal.seal.state = SEAL_VALID;
    ReadJob job = {zip_fixture_make(&cx, entries, 8), &seal, true};
    Reading reading = {.media = MEDIA_OFD}, back = {};
    Slice bytes = {};
    if (read_ofd_eyes(&cx, &job, &reading) == ERR_OK) {
        assert((reading.draft_count > 0) == (reading.reason == REASON_NONE));
        assert(wire_encode(&cx, &reading, &bytes) == ERR_OK);
        assert(wire_decode(&cx, bytes, &back) == ERR_OK);
        for (size_t i = 0; i < reading.draft_count; i++) {
            const Draft *draft = &reading.drafts[i];
            for (size_t k = 0; k < i; k++)
                assert(!slice_equal(reading.drafts[k].number, draft->number) ||
                       !slice_equal(reading.drafts[k].code, draft->code));
            for (int f = 0; f < DRAFT_FIELD_COUNT && draft->seal.state == SEAL_VALID; f++)
                assert(draft->origins[f].source != SOURCE_TAG &&
                       draft->origins[f].source != SOURCE_XBRL &&
                       draft->origins[f].source != SOURCE_ORIGINAL);
        }
    }
    cx_done(&cx);
    return 0;
}
