#include "format/json/json_plain.h"

#include "base/test.h"
#include "base/utf8.h"

TEST("json_plain: every byte, at every place of a text, stops it or not as it does alone")
{
    for (int c = 0; c < 256; c++)
        for (size_t at = 0; at < 20; at++) {
            char text[20];
            memset(text, c == 'x' ? 'y' : 'x', sizeof text);
            text[at] = (char)c;
            bool stops = c < 0x20 || c == '"' || c == '\\' || c >= 0x80;
            EXPECT(json_plain_head((Slice){text, sizeof text}) == (stops ? at : sizeof text));
        }
}

TEST("json_plain: characters of several bytes, whole ones only")
{
    EXPECT(json_plain_head(SLICE("")) == 0);
    EXPECT(json_plain_head(SLICE("与入库记录完全一致 and so on")) == 37);
    EXPECT(json_plain_head(SLICE("abcdefgh\xE5\x8F")) == 8);
    EXPECT(json_plain_head(SLICE("abcdefg\xC0\x80")) == 7);
    EXPECT(json_plain_head(SLICE("发票\"")) == 6);
}

TEST("json_plain: of every three bytes it takes what UTF-8 takes, and nothing else")
{
    for (uint32_t bytes = 0x800000; bytes < 0x1000000; bytes += 7) {
        const char text[] = {(char)(bytes >> 16), (char)(bytes >> 8), (char)bytes};
        size_t at = 0, size = 0;
        for (; at < sizeof text; at += size) {
            size = utf8_head((Slice){text + at, sizeof text - at}, NULL);
            char c = text[at];
            if (size == 0 || (unsigned char)c < 0x20 || c == '"' || c == '\\') break;
        }
        EXPECT(json_plain_head((Slice){text, sizeof text}) == at);
    }
}
