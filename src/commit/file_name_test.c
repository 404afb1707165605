#include "commit/file_name.h"

#include "base/limits.h"
#include "base/test.h"

TEST("file name: what is no text becomes a question mark, byte by byte")
{
    static const struct {
        Slice raw, clean;
    } cases[] = {
        {SLICE("a.pdf"), SLICE("a.pdf")},
        {SLICE("发票.pdf"), SLICE("发票.pdf")},
        {SLICE("发票\xC0\n.pdf\xE5\x8F"), SLICE("发票?\?.pdf?\?")},
        {SLICE("\x7F\xED\xA0\x80"), SLICE("?\?\?\?")}, // half of a surrogate pair
        {SLICE(""), SLICE("")},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        EXPECT(slice_equal(file_name_clean(cx, cases[i].raw), cases[i].clean));
}

TEST("file name: a long one is cut at a character's edge")
{
    char name[LIMIT_FILE_NAME_BYTES + 20];
    memset(name, 'x', sizeof name);
    memcpy(name + LIMIT_FILE_NAME_BYTES - 2, "票", 3);
    Slice clean = file_name_clean(cx, (Slice){name, sizeof name});
    EXPECT(clean.size == LIMIT_FILE_NAME_BYTES - 2);
    EXPECT(file_name_clean(cx, (Slice){name, 40}).size == 40);
}
