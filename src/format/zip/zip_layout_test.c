#include "format/zip/zip_layout.h"

#include "base/test.h"
#include "format/zip/zip_fixture.h"

TEST("zip layout: a single changed byte of either header never shows another name or size")
{
    static const ZipFixtureEntry made[] = {
        {.name = "a.xml", .bytes = SLICE("abcabcabcabcabc"), .deflate = true},
        {.name = "b.xml", .bytes = SLICE("b")}};
    Slice whole = zip_fixture_make(cx, made, 2);
    char *bytes = arena_alloc(&cx->arena, whole.size);
    memcpy(bytes, whole.data, whole.size);
    for (size_t at = 0; at < whole.size; at++) {
        for (int bit = 0; bit < 8; bit++) {
            bytes[at] = (char)(bytes[at] ^ 1 << bit);
            ZipEntry *entries = NULL;
            size_t count = 0;
            ZipTrouble trouble = ZIP_TROUBLE_NONE;
            Err err = zip_layout_read(cx, (Slice){bytes, whole.size}, &entries, &count, &trouble);
            EXPECT((err != ERR_OK) == (trouble != ZIP_TROUBLE_NONE));
            if (err == ERR_OK) {
                EXPECT(count == 2);
                EXPECT(slice_equal(entries[0].name, SLICE("a.xml")) && entries[0].size == 15);
                EXPECT(slice_equal(entries[1].name, SLICE("b.xml")) && entries[1].size == 1);
            }
            bytes[at] = (char)(bytes[at] ^ 1 << bit);
        }
    }
}

TEST("zip layout: sizes may stand in a zip64 extra field, and must be the same there")
{
    // One stored entry "a" of three bytes; its local header leaves the sizes to the extra field.
    static const char local[] = "PK\3\4\x2d\0\0\0\0\0\0\0\0\0\xc2\x41\x24\x35"
                                "\xff\xff\xff\xff\xff\xff\xff\xff\1\0\x14\0"
                                "a\1\0\x10\0\3\0\0\0\0\0\0\0\3\0\0\0\0\0\0\0"
                                "abc";
    static const char central[] = "PK\1\2\x33\0\x2d\0\0\0\0\0\0\0\0\0\xc2\x41\x24\x35"
                                  "\3\0\0\0\3\0\0\0\1\0\0\0\0\0\0\0\0\0\0\0\0\0"
                                  "\0\0\0\0a";
    static const char end[] = "PK\5\6\0\0\0\0\1\0\1\0\x2f\0\0\0\x36\0\0\0\0\0";
    char bytes[256];
    size_t size = 0;
    memcpy(bytes, local, sizeof local - 1);
    size += sizeof local - 1;
    memcpy(bytes + size, central, sizeof central - 1);
    size += sizeof central - 1;
    memcpy(bytes + size, end, sizeof end - 1);
    size += sizeof end - 1;
    ZipEntry *entries = NULL;
    size_t count = 0;
    ZipTrouble trouble = ZIP_TROUBLE_NONE;
    EXPECT_OK(zip_layout_read(cx, (Slice){bytes, size}, &entries, &count, &trouble));
    EXPECT(count == 1 && entries[0].size == 3 && entries[0].packed == 3);
    bytes[30 + 1 + 4] = 4; // the extra field now tells another size
    EXPECT(zip_layout_read(cx, (Slice){bytes, size}, &entries, &count, &trouble) == ERR_INPUT);
    EXPECT(trouble == ZIP_TROUBLE_HOSTILE);
}
