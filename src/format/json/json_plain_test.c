#include "format/json/json_plain.h"

#include "base/test.h"

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
