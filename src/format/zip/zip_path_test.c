#include "format/zip/zip_path.h"

#include "base/test.h"

TEST("zip path: a name is settled once, and is equal to what it is settled to")
{
    static const struct {
        const char *raw, *name;
        bool harmless;
    } cases[] = {
        {"a.xml", "a.xml", true},
        {"Doc_0\\a.xml", "Doc_0/a.xml", true},
        {".\\a\\", "a/", true},
        {"./.\\a", "./a", true},
        {"./", "./", true},
        {"发\\票", "发/票", true},
        {"\xd5\x5c\\\x81\x5c", "\xd5\x5c/\x81\x5c", true}, // GBK
        {"\x81\\..\\a", "\x81\\../a", true},               // the first is half a character
        {"..\\a", "../a", false},
        {"a\\..", "a/..", false},
        {"\\a", "/a", false},
        {"C:\\a", "C:/a", false},
        {"", "", false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        Slice name = {}, raw = slice_of(cases[i].raw);
        EXPECT_OK(zip_path_settle(cx, raw, &name));
        EXPECT(slice_equal(name, slice_of(cases[i].name)));
        EXPECT(zip_path_equal(raw, name) && zip_path_is_harmless(name) == cases[i].harmless);
    }
    EXPECT(!zip_path_is_harmless(SLICE("a\0b")));
    EXPECT(zip_path_compare(SLICE("A/b"), SLICE("a/B")) == 0);
    EXPECT(zip_path_compare(SLICE("a/b"), SLICE("a/c")) < 0);
    EXPECT(zip_path_compare(SLICE("\x81\x41"), SLICE("\x81\x61")) < 0);
    EXPECT(!zip_path_equal(SLICE("a/b"), SLICE("a/bc")));
}

TEST("zip path: names that need more memory than there is are not settled")
{
    Cx small;
    cx_init(&small, world_real(), 1);
    size_t size = 60'000;
    char *name = arena_alloc(&cx->arena, size);
    memset(name, '\\', size);
    Slice settled = {};
    Err err = ERR_OK;
    for (int i = 0; i < 100 && err == ERR_OK; i++)
        err = zip_path_settle(&small, (Slice){name, size}, &settled);
    EXPECT(err == ERR_LIMIT);
    cx_done(&small);
}
