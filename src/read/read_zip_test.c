#include "read/read_zip.h"

#include "base/limits.h"
#include "base/test.h"
#include "format/xml/xml.h"
#include "format/zip/zip_fixture.h"
#include "read/reader.h"

static Reading read_fixture(Cx *cx, const ZipFixtureEntry *entries, size_t count, Slice *ret_bytes)
{
    static ReaderFn *const readers[MEDIA_COUNT] = {[MEDIA_ZIP] = read_zip};
    static const SealAnswer no_seal = {};
    *ret_bytes = zip_fixture_make(cx, entries, count);
    const ReadJob job = {.bytes = *ret_bytes, .seal = &no_seal};
    Reading reading = {};
    reader_run(cx, readers, &job, &reading);
    return reading;
}

TEST("read zip: files are told with their folders, what a computer left behind is skipped by name")
{
    static const ZipFixtureEntry entries[] = {
        {.name = "a.xml", .bytes = SLICE("<a/>"), .deflate = true},
        {.name = "11\xe6\x9c\x88/", .bytes = SLICE("")},
        {.name = "11\xe6\x9c\x88/b.pdf", .bytes = SLICE("%PDF")},
        {.name = "\xb7\xa2\xc6\xb1.ofd", .bytes = SLICE("PK")}, // GBK
        {.name = ".DS_Store", .bytes = SLICE("x")},
        {.name = "__MACOSX/._a.xml", .bytes = SLICE("x")},
        {.name = "11\xe6\x9c\x88/thumbs.DB", .bytes = SLICE("x")},
        {.name = "empty.xml", .bytes = SLICE("")},
        {.name = "12\xe6\x9c\x88\\", .bytes = SLICE("")}, // old .NET
        {.name = "12\xe6\x9c\x88\\c.pdf", .bytes = SLICE("%PDF")},
        {.name = "\xb7\xa2\xc6\xb1\\\xd5\x5c.ofd", .bytes = SLICE("PK")},
        {.name = "12\xe6\x9c\x88\\desktop.ini", .bytes = SLICE("x")},
    };
    static const char *const names[] = {"a.xml", "11月/b.pdf", "发票.ofd", "12月/c.pdf",
                                        "发票/誠.ofd"};
    static const char *const left[] = {".DS_Store", "__MACOSX/._a.xml", "11月/thumbs.DB",
                                       "empty.xml", "12月/desktop.ini"};
    Slice bytes;
    xml_warm();
    Reading reading = read_fixture(cx, entries, 12, &bytes);
    EXPECT(reading.media == MEDIA_ZIP && reading.reason == REASON_NONE);
    EXPECT(reading.entry_count == 5 && reading.skipped_count == 5 && reading.draft_count == 0);
    for (size_t i = 0; i < 5; i++) {
        Slice entry = {};
        EXPECT(slice_equal(reading.entries[i].name, slice_of(names[i])));
        EXPECT_OK(read_zip_entry(cx, bytes, reading.entries[i].index, &entry));
        EXPECT(entry.size == reading.entries[i].size);
    }
    for (size_t i = 0; i < 5; i++)
        EXPECT(slice_equal(reading.skipped[i], slice_of(left[i])));
    Slice entry = {};
    EXPECT(read_zip_entry(cx, bytes, 12, &entry) == ERR_INPUT);
}

TEST("read zip: an archive that is damaged, hostile or locked anywhere gives no file at all")
{
    static const ZipFixtureEntry good = {.name = "a.xml", .bytes = SLICE("<a/>")};
    static const struct {
        ZipFixtureEntry entry;
        Reason reason;
    } cases[] = {
        {{.name = "b.xml", .bytes = SLICE("b"), .crc_change = 1}, REASON_DAMAGED},
        {{.name = "../b.xml", .bytes = SLICE("b")}, REASON_HOSTILE},
        {{.name = "..\\b.xml", .bytes = SLICE("b")}, REASON_HOSTILE},
        {{.name = "A.XML", .bytes = SLICE("b")}, REASON_HOSTILE},
        {{.name = "b.xml", .bytes = SLICE("b"), .local_name = "c.xml"}, REASON_HOSTILE},
        {{.name = "b.xml", .bytes = SLICE("b"), .flags = 1}, REASON_ENCRYPTED},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const ZipFixtureEntry entries[] = {good, cases[i].entry};
        Slice bytes;
        Reading reading = read_fixture(cx, entries, 2, &bytes);
        EXPECT(reading.media == MEDIA_ZIP && reading.reason == cases[i].reason);
        EXPECT(reading.entry_count == 0 && reading.skipped_count == 0);
    }
}

TEST("read zip: without a file there is nothing to unpack; office documents are no containers")
{
    static const ZipFixtureEntry folder = {.name = "a/", .bytes = SLICE("")};
    static const ZipFixtureEntry left = {.name = ".DS_Store", .bytes = SLICE("x")};
    static const ZipFixtureEntry office = {.name = "[Content_Types].xml", .bytes = SLICE("<a/>")};
    Slice bytes;
    EXPECT(read_fixture(cx, &folder, 0, &bytes).reason == REASON_NO_FILES);
    EXPECT(read_fixture(cx, &folder, 1, &bytes).reason == REASON_NO_FILES);
    EXPECT(read_fixture(cx, &left, 1, &bytes).reason == REASON_NO_FILES);
    EXPECT(read_fixture(cx, &office, 1, &bytes).reason == REASON_UNSUPPORTED);
}

TEST("read zip: a zip that holds a stored OFD is a zip")
{
    static const ZipFixtureEntry root = {.name = "OFD.xml", .bytes = SLICE("<OFD/>")};
    Slice inner = zip_fixture_make(cx, &root, 1), bytes;
    const ZipFixtureEntry outer = {.name = "a.ofd", .bytes = inner};
    EXPECT(reader_sniff(inner) == MEDIA_OFD);
    Reading reading = read_fixture(cx, &outer, 1, &bytes);
    EXPECT(reading.media == MEDIA_ZIP && reading.entry_count == 1);
}
