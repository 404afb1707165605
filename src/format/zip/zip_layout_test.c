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
