#include "format/zip/zip.h"

#include "base/limits.h"
#include "base/test.h"
#include "format/zip/zip_fixture.h"

static Err open_fixture(Cx *cx, const ZipFixtureEntry *entries, size_t count, Zip **ret_zip,
                        ZipTrouble *trouble)
{
    return zip_open(cx, zip_fixture_make(cx, entries, count), ret_zip, trouble);
}

TEST("zip: stored and deflated entries come back, by index and by name without case")
{
    static const ZipFixtureEntry entries[] = {{.name = "OFD.xml", .bytes = SLICE("<OFD/>")},
                                              {.name = "Doc_0/", .bytes = SLICE("")},
                                              {.name = "Doc_0/TPLS/a.xml",
                                               .bytes = SLICE("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"),
                                               .deflate = true}};
    Zip *zip = NULL;
    EXPECT_OK(open_fixture(cx, entries, 3, &zip, NULL));
    EXPECT(zip_count(zip) == 3);
    EXPECT(zip_is_folder(zip, 1) && !zip_is_folder(zip, 0));
    size_t index = 77;
    EXPECT(zip_find(zip, SLICE("/Doc_0/Tpls/A.xml"), &index) && index == 2);
    EXPECT(!zip_find(zip, SLICE("Doc_0/none"), &index) && index == 2);
    Slice bytes = {}, again = {};
    EXPECT_OK(zip_read(cx, zip, 2, &bytes, NULL));
    EXPECT(slice_equal(bytes, entries[2].bytes) && zip_size(zip, 2) == bytes.size);
    EXPECT_OK(zip_read(cx, zip, 2, &again, NULL));
    EXPECT(again.data == bytes.data); // kept
    EXPECT_OK(zip_read(cx, zip, 0, &bytes, NULL));
    EXPECT(slice_equal(bytes, entries[0].bytes));
}

TEST("zip: a name that begins with ./ is the one without")
{
    static const ZipFixtureEntry entries[] = {{.name = "./", .bytes = SLICE("")},
                                              {.name = "./OFD.xml", .bytes = SLICE("<OFD/>")},
                                              {.name = "./Doc_0/", .bytes = SLICE("")}};
    Zip *zip = NULL;
    size_t index = 0;
    Slice names[] = {SLICE("OFD.xml"), SLICE("other")};
    unsigned found = 0;
    Slice bytes = zip_fixture_make(cx, entries, 3);
    EXPECT(zip_peek(bytes, names, 2, &found) && found == 1);
    EXPECT_OK(zip_open(cx, bytes, &zip, NULL));
    EXPECT(zip_find(zip, SLICE("OFD.xml"), &index) && index == 1);
    EXPECT(slice_equal(zip_name(zip, 1), SLICE("OFD.xml")));
    EXPECT(zip_is_folder(zip, 0) && zip_is_folder(zip, 2));
}

TEST("zip: an empty entry unpacks to nothing, packed or not")
{
    static const ZipFixtureEntry entries[] = {{.name = "a", .bytes = SLICE(""), .deflate = true},
                                              {.name = "b", .bytes = SLICE("")}};
    Zip *zip = NULL;
    EXPECT_OK(open_fixture(cx, entries, 2, &zip, NULL));
    for (size_t i = 0; i < 2; i++) {
        Slice bytes = SLICE("x");
        EXPECT_OK(zip_read(cx, zip, i, &bytes, NULL));
        EXPECT(slice_empty(bytes));
    }
}

TEST("zip: hostile and encrypted archives are told apart from damaged ones")
{
    static const struct {
        ZipFixtureEntry second;
        ZipTrouble trouble;
    } cases[] = {
        {{.name = "b.xml", .bytes = SLICE("b")}, ZIP_TROUBLE_NONE},
        {{.name = "../b.xml", .bytes = SLICE("b")}, ZIP_TROUBLE_HOSTILE},
        {{.name = "x/../../b.xml", .bytes = SLICE("b")}, ZIP_TROUBLE_HOSTILE},
        {{.name = "/b.xml", .bytes = SLICE("b")}, ZIP_TROUBLE_HOSTILE},
        {{.name = ".//b.xml", .bytes = SLICE("b")}, ZIP_TROUBLE_HOSTILE},
        {{.name = "./../b.xml", .bytes = SLICE("b")}, ZIP_TROUBLE_HOSTILE},
        {{.name = "./C:b.xml", .bytes = SLICE("b")}, ZIP_TROUBLE_HOSTILE},
        {{.name = "./a.xml", .bytes = SLICE("b")}, ZIP_TROUBLE_HOSTILE},
        {{.name = "x\\b.xml", .bytes = SLICE("b")}, ZIP_TROUBLE_NONE},
        {{.name = "..\\b.xml", .bytes = SLICE("b")}, ZIP_TROUBLE_HOSTILE},
        {{.name = "x\\..\\..\\b.xml", .bytes = SLICE("b")}, ZIP_TROUBLE_HOSTILE},
        {{.name = "x/..\\b.xml", .bytes = SLICE("b")}, ZIP_TROUBLE_HOSTILE},
        {{.name = "x\\..", .bytes = SLICE("b")}, ZIP_TROUBLE_HOSTILE},
        {{.name = "\\b.xml", .bytes = SLICE("b")}, ZIP_TROUBLE_HOSTILE},
        {{.name = "\\\\server\\b.xml", .bytes = SLICE("b")}, ZIP_TROUBLE_HOSTILE},
        {{.name = ".\\..\\b.xml", .bytes = SLICE("b")}, ZIP_TROUBLE_HOSTILE},
        {{.name = "C:\\b.xml", .bytes = SLICE("b")}, ZIP_TROUBLE_HOSTILE},
        {{.name = ".\\A.xml", .bytes = SLICE("b")}, ZIP_TROUBLE_HOSTILE},
        {{.name = "x\\b.xml", .bytes = SLICE("b"), .local_name = "x/b.xml"}, ZIP_TROUBLE_HOSTILE},
        {{.name = "C:b.xml", .bytes = SLICE("b")}, ZIP_TROUBLE_HOSTILE},
        {{.name = "A.XML", .bytes = SLICE("b")}, ZIP_TROUBLE_HOSTILE},
        {{.name = "b.xml", .bytes = SLICE("b"), .local_name = "c.xml"}, ZIP_TROUBLE_HOSTILE},
        {{.name = "b.xml", .bytes = SLICE("b"), .local_method = 8}, ZIP_TROUBLE_HOSTILE},
        {{.name = "b.xml", .bytes = SLICE("bbbb"), .deflate = true, .local_size_more = 1},
         ZIP_TROUBLE_HOSTILE},
        {{.name = "a.xml", .bytes = SLICE("a"), .overlap = true}, ZIP_TROUBLE_HOSTILE},
        {{.name = "b.xml", .bytes = SLICE("b"), .flags = 1}, ZIP_TROUBLE_ENCRYPTED},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        ZipFixtureEntry entries[2] = {{.name = "a.xml", .bytes = SLICE("a")}, cases[i].second};
        Zip *zip = NULL;
        ZipTrouble trouble = ZIP_TROUBLE_NONE;
        Err err = open_fixture(cx, entries, 2, &zip, &trouble);
        EXPECT((err == ERR_OK) == (cases[i].trouble == ZIP_TROUBLE_NONE));
        EXPECT(trouble == cases[i].trouble);
    }
}

TEST("zip: an entry whose CRC or size is wrong is not given out")
{
    static const struct {
        ZipFixtureEntry entry;
        ZipTrouble trouble;
    } cases[] = {
        {{.name = "a", .bytes = SLICE("abcabcabc"), .crc_change = 1}, ZIP_TROUBLE_DAMAGED},
        {{.name = "a", .bytes = SLICE("abcabcabc"), .crc_change = 1, .deflate = true},
         ZIP_TROUBLE_DAMAGED},
        {{.name = "a", .bytes = SLICE("abcabcabc"), .size_change = 1, .deflate = true},
         ZIP_TROUBLE_DAMAGED},
        {{.name = "a", .bytes = SLICE("abcdefgh"), .size_change = UINT32_MAX - 6, .deflate = true},
         ZIP_TROUBLE_HOSTILE}, // says one byte, holds eight
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        Zip *zip = NULL;
        EXPECT_OK(open_fixture(cx, &cases[i].entry, 1, &zip, NULL));
        Slice bytes = SLICE("untouched");
        ZipTrouble trouble = ZIP_TROUBLE_NONE;
        EXPECT(zip_read(cx, zip, 0, &bytes, &trouble) == ERR_INPUT);
        EXPECT(trouble == cases[i].trouble);
        EXPECT(slice_equal(bytes, SLICE("untouched")));
    }
}

TEST("zip: bombs are refused by their directory, before a byte is unpacked")
{
    size_t size = 20 * LIMIT_MIB;
    Slice zeros = {arena_alloc(&cx->arena, size), size};
    ZipFixtureEntry bomb = {.name = "zeros", .bytes = zeros, .deflate = true};
    Zip *zip = NULL;
    ZipTrouble trouble = ZIP_TROUBLE_NONE;
    EXPECT(open_fixture(cx, &bomb, 1, &zip, &trouble) == ERR_LIMIT);
    EXPECT(trouble == ZIP_TROUBLE_HOSTILE);

    size_t count = LIMIT_ZIP_ENTRIES + 1;
    ZipFixtureEntry *many = arena_alloc(&cx->arena, count * sizeof *many);
    for (size_t i = 0; i < count; i++)
        many[i] = (ZipFixtureEntry){.name = cx_printf(cx, "%zu%c", i, 0).data};
    trouble = ZIP_TROUBLE_NONE;
    EXPECT(open_fixture(cx, many, count, &zip, &trouble) == ERR_LIMIT);
    EXPECT(trouble == ZIP_TROUBLE_HOSTILE);
}

TEST("zip: every truncation is damaged, and two directories are hostile")
{
    static const ZipFixtureEntry entries[] = {{.name = "a", .bytes = SLICE("abc")}};
    Slice whole = zip_fixture_make(cx, entries, 1);
    Zip *zip = NULL;
    for (size_t size = 0; size < whole.size; size++) {
        ZipTrouble trouble = ZIP_TROUBLE_NONE;
        EXPECT(zip_open(cx, slice_sub(whole, 0, size), &zip, &trouble) == ERR_INPUT);
        EXPECT(trouble == ZIP_TROUBLE_DAMAGED);
    }
    // An empty second directory right behind the first: valid by itself.
    char twice[256] = {};
    memcpy(twice, whole.data, whole.size);
    char *end = twice + whole.size;
    memcpy(end, "PK\5\6", 4);
    end[16] = (char)whole.size;
    ZipTrouble trouble = ZIP_TROUBLE_NONE;
    EXPECT(zip_open(cx, (Slice){twice, whole.size + 22}, &zip, &trouble) == ERR_INPUT);
    EXPECT(trouble == ZIP_TROUBLE_HOSTILE);
}

TEST("zip: a name with '\\' is the one with '/', and two that are the same so are hostile")
{
    static const ZipFixtureEntry entries[] = {
        {.name = ".\\OFD.xml", .bytes = SLICE("<OFD/>")},
        {.name = "Doc_0\\", .bytes = SLICE("")},
        {.name = "Doc_0\\Pages/Page_0\\a.xml", .bytes = SLICE("a")},
        {.name = "Doc_0\\Pages\\b.xml", .bytes = SLICE("b")},
    };
    static const Slice wanted[] = {SLICE("doc_0/pages/B.xml"), SLICE("OFD.xml"), SLICE("b.xml")};
    Zip *zip = NULL;
    size_t index = 0;
    unsigned found = 0;
    Slice bytes = zip_fixture_make(cx, entries, 4), text = {};
    EXPECT(zip_peek(bytes, wanted, 3, &found) && found == 3);
    EXPECT_OK(zip_open(cx, bytes, &zip, NULL));
    EXPECT(zip_is_folder(zip, 1) && slice_equal(zip_name(zip, 1), SLICE("Doc_0/")));
    EXPECT(slice_equal(zip_name(zip, 2), SLICE("Doc_0/Pages/Page_0/a.xml")));
    EXPECT(zip_find(zip, SLICE("/Doc_0/Pages/b.xml"), &index) && index == 3);
    EXPECT_OK(zip_read(cx, zip, 3, &text, NULL));
    EXPECT(slice_equal(text, SLICE("b")));

    static const ZipFixtureEntry twice[] = {{.name = "X/b.xml", .bytes = SLICE("a")},
                                            {.name = "c.xml", .bytes = SLICE("c")},
                                            {.name = "x\\B.xml", .bytes = SLICE("b")}};
    ZipTrouble trouble = ZIP_TROUBLE_NONE;
    EXPECT(open_fixture(cx, twice, 3, &zip, &trouble) == ERR_INPUT);
    EXPECT(trouble == ZIP_TROUBLE_HOSTILE);
}

TEST("zip: what lies in one folder is entered, if the wanted file alone lies right in it")
{
    static const struct {
        const char *names[5]; // the wanted one is the third
        bool wrapped;
    } cases[] = {
        {{"x/", "x/Doc_0/a.xml", "x/ofd.xml"}, true},
        {{"x\\", "x/Doc_0\\a.xml", "x\\OFD.xml", "x\\.DS_Store"}, true},
        {{"./", "./x/Doc_0/a.xml", "./x/OFD.xml", "./x/"}, true},
        {{"__MACOSX/x/._OFD.xml", "x/Doc_0/a.xml", "x/OFD.xml", "__MACOSX/._x"}, true},
        {{"\xd5\x5c/", "\xd5\x5c/Doc_0/a.xml", "\xd5\x5c/OFD.xml"}, true}, // GBK
        {{"y/", "x/Doc_0/a.xml", "x/OFD.xml"}, false},
        {{"X/", "x/Doc_0/a.xml", "x/OFD.xml"}, false},
        {{"a.pdf", "x/Doc_0/a.xml", "x/OFD.xml"}, false},
        {{"x/a.pdf", "x/Doc_0/a.xml", "x/OFD.xml"}, false}, // would be lost
        {{"__MACOSX", "x/Doc_0/a.xml", "x/OFD.xml"}, false},
        {{"x//b", "x/Doc_0/a.xml", "x/OFD.xml"}, false},
        {{"x/y/", "x/y/Doc_0/a.xml", "x/y/OFD.xml"}, false},
        {{"x/", "x/Doc_0/a.xml", "x/not-OFD.xml"}, false},
        {{"x/", "Doc_0/a.xml", "OFD.xml"}, false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        ZipFixtureEntry entries[5] = {};
        size_t count = 0, index = 77;
        for (; count < 5 && cases[i].names[count] != NULL; count++)
            entries[count] = (ZipFixtureEntry){.name = cases[i].names[count]};
        Slice bytes = zip_fixture_make(cx, entries, count);
        Zip *zip = NULL;
        EXPECT(zip_peek_wrapped(bytes, SLICE("OFD.xml")) == cases[i].wrapped);
        EXPECT_OK(zip_open(cx, bytes, &zip, NULL));
        bool found = zip_find(zip, SLICE("OFD.xml"), &index);
        Slice before = zip_name(zip, 1);
        for (int again = 0; again < 2; again++) {
            zip_enter(zip, SLICE("OFD.xml"));
            EXPECT(zip_find(zip, SLICE("OFD.xml"), &index) == (found || cases[i].wrapped));
            EXPECT(index == (found || cases[i].wrapped ? 2 : 77));
            EXPECT(slice_equal(zip_name(zip, 1), cases[i].wrapped ? SLICE("Doc_0/a.xml") : before));
            EXPECT(!cases[i].wrapped || (zip_is_folder(zip, 0) && zip_count(zip) == count));
        }
    }
    EXPECT(!zip_peek_wrapped(SLICE("PK\5\6"), SLICE("OFD.xml")));
}

TEST("zip: a GBK name may hold what looks like '\\' or a letter; a real one is a separator")
{
    // U+8AA0 is D5 5C, U+4E02 is 81 40, U+4E44 is 81 61, U+4E12 is 81 41.
    static const ZipFixtureEntry fine[] = {{.name = "\xd5\x5c.xml", .bytes = SLICE("a")},
                                           {.name = "\x81\x41.xml", .bytes = SLICE("b")},
                                           {.name = "\x81\x61.xml", .bytes = SLICE("c")}};
    Zip *zip = NULL;
    EXPECT_OK(open_fixture(cx, fine, 3, &zip, NULL));
    size_t index = 77;
    EXPECT(zip_find(zip, SLICE("\x81\x61.xml"), &index) && index == 2);
    EXPECT(slice_equal(zip_name(zip, 0), SLICE("\xd5\x5c.xml")));
    static const ZipFixtureEntry bad[][2] = {
        {{.name = "\xd5\x5c\\a.xml", .bytes = SLICE("a")},
         {.name = "\xd5\x5c/A.xml", .bytes = SLICE("b")}},
        {{.name = "\x81\x41.XML", .bytes = SLICE("a")},
         {.name = "\x81\x41.xml", .bytes = SLICE("b")}},
    };
    for (size_t i = 0; i < 2; i++) {
        ZipTrouble trouble = ZIP_TROUBLE_NONE;
        EXPECT(open_fixture(cx, bad[i], 2, &zip, &trouble) == ERR_INPUT);
        EXPECT(trouble == ZIP_TROUBLE_HOSTILE);
    }
}

TEST("zip: a peek sees the names of the directory, and not what merely stands in the bytes")
{
    static const Slice names[] = {SLICE("OFD.xml"), SLICE("mimetype")};
    static const ZipFixtureEntry entries[] = {{.name = "ofd.XML", .bytes = SLICE("mimetype")},
                                              {.name = "a/mimetype", .bytes = SLICE("")}};
    unsigned found = 77;
    Slice bytes = zip_fixture_make(cx, entries, 2);
    EXPECT(zip_peek(bytes, names, 2, &found) && found == 1);
    EXPECT(zip_peek(zip_fixture_make(cx, entries + 1, 1), names, 2, &found) && found == 0);
    for (size_t size = 0; size < bytes.size; size++)
        EXPECT(!zip_peek(slice_sub(bytes, 0, size), names, 2, &found));
    EXPECT(zip_peek(SLICE("PK\5\6\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"), names, 2, &found));
}
