#include "base/utf8.h"

#include "base/test.h"

TEST("utf8: takes what is well-formed and nothing else")
{
    static const struct {
        Slice text;
        size_t size;
        uint32_t point;
    } cases[] = {
        {SLICE("a"), 1, 'a'},
        {SLICE("\x7F"), 1, 0x7F},
        {SLICE("\xC2\x80"), 2, 0x80},
        {SLICE("\xC2\xA5"), 2, 0xA5},
        {SLICE("\xDF\xBF"), 2, 0x7FF},
        {SLICE("\xE0\xA0\x80"), 3, 0x800},
        {SLICE("\xED\x9F\xBF"), 3, 0xD7FF},
        {SLICE("\xEE\x80\x80"), 3, 0xE000},
        {SLICE("\xEF\xBF\xBF"), 3, 0xFFFF},
        {SLICE("\xF0\x90\x80\x80"), 4, 0x10000},
        {SLICE("票x"), 3, 0x7968},
        {SLICE("\xF0\x9F\x98\x80"), 4, 0x1F600},
        {SLICE("\xF4\x8F\xBF\xBF"), 4, 0x10FFFF},
        {SLICE(""), 0, 0},
        {SLICE("\x80"), 0, 0},
        {SLICE("\xC1\xBF"), 0, 0},
        {SLICE("\xE0\x9F\xBF"), 0, 0},
        {SLICE("\xED\xA0\x80"), 0, 0},
        {SLICE("\xED\xBF\xBF"), 0, 0},
        {SLICE("\xF0\x8F\xBF\xBF"), 0, 0},
        {SLICE("\xF4\x90\x80\x80"), 0, 0},
        {SLICE("\xF8\x88\x80\x80\x80"), 0, 0},
        {SLICE("\xFB\x89\x82\x89"), 0, 0},
        {SLICE("\xFF\xBF\xBF\xBF"), 0, 0},
        {SLICE("\xE7\xA5"), 0, 0},
        {SLICE("\xE7z\xA8"), 0, 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        uint32_t point = 0;
        EXPECT(utf8_head(cases[i].text, &point) == cases[i].size);
        EXPECT(point == cases[i].point);
        char bytes[4];
        if (cases[i].size == 0) continue;
        EXPECT(utf8_put(point, bytes) == cases[i].size);
        EXPECT(memcmp(bytes, cases[i].text.data, cases[i].size) == 0);
    }
}

TEST("utf8: nothing begins with no character, and who wants its size alone gets that")
{
    EXPECT(utf8_head((Slice){}, NULL) == 0);
    EXPECT(utf8_head(SLICE("票"), NULL) == 3);
    EXPECT(utf8_head((Slice){"票", 2}, NULL) == 0); // what lies behind the end is no part of it
}

TEST("utf8: text is well-formed to its end, or none")
{
    EXPECT(utf8_is(SLICE("")) && utf8_is(SLICE("a\r票")));
    EXPECT(!utf8_is(SLICE("a\xB7\xA2")) && !utf8_is((Slice){"票", 2}));
}

TEST("utf8: clean text has no control characters but TAB and LF")
{
    EXPECT(utf8_is_clean(SLICE("")));
    EXPECT(utf8_is_clean(SLICE("发票\t号码\n")));
    EXPECT(utf8_is_clean(SLICE(" ~\xC2\xA0")));
    EXPECT(!utf8_is_clean(SLICE("a\r")));
    EXPECT(!utf8_is_clean(SLICE("\x1F")));
    EXPECT(!utf8_is_clean(SLICE("a\0b")));
    EXPECT(!utf8_is_clean(SLICE("\x7F")));
    EXPECT(!utf8_is_clean(SLICE("\xC2\x80")));
    EXPECT(!utf8_is_clean(SLICE("\xC2\x85")));
    EXPECT(!utf8_is_clean(SLICE("\xC2\x9F")));
    EXPECT(!utf8_is_clean(SLICE("\xFF")));
}

TEST("utf8: ASCII ends at the first byte beyond it, wherever that lies")
{
    char bytes[40];
    memset(bytes, 'a', sizeof bytes);
    for (size_t from = 0; from < 9; from++)
        for (size_t end = from; end < sizeof bytes; end++) {
            bytes[end] = (char)0x80;
            EXPECT(utf8_ascii_head((Slice){bytes + from, sizeof bytes - from}) == end - from);
            EXPECT(utf8_ascii_head((Slice){bytes + from, end - from}) == end - from);
            bytes[end] = 'a';
        }
    EXPECT(utf8_ascii_head(SLICE("")) == 0 && utf8_ascii_head(SLICE("\x7F")) == 1);
}
