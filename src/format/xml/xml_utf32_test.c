#include "format/xml/xml_utf32.h"

#include "base/test.h"

TEST("xml utf32: known by its mark or its first tag, either end first, and never taken for UTF-16")
{
    static const struct {
        Slice bytes;
        bool is;
        Err err;
        Slice text;
    } cases[] = {
        {SLICE("\xff\xfe\0\0<\0\0\0\xd1\x53\0\0"), true, ERR_OK, SLICE("\xef\xbb\xbf<发")},
        {SLICE("\0\0\xfe\xff\0\0\0<\0\0\x53\xd1"), true, ERR_OK, SLICE("\xef\xbb\xbf<发")},
        {SLICE("<\0\0\0\xb7\x0f\x02\0"), true, ERR_OK, SLICE("<\xf0\xa0\xbe\xb7")},
        {SLICE("\0\0\0<\0\x02\x0f\xb7"), true, ERR_OK, SLICE("<\xf0\xa0\xbe\xb7")},
        {SLICE("\0\0\0<\0\x10\xff\xff"), true, ERR_OK, SLICE("<\xf4\x8f\xbf\xbf")},
        {SLICE("\0\0\0<\0\x11\0\0"), true, ERR_INPUT, SLICE("")},
        {SLICE("\0\0\0<\0\0\xd8\0"), true, ERR_INPUT, SLICE("")}, // half of a pair
        {SLICE("\0\0\0<\0\0\0"), true, ERR_INPUT, SLICE("")},
        {SLICE("\xff\xfe<\0a\0"), false, ERR_OK, SLICE("")},
        {SLICE("\xfe\xff\0<\0a"), false, ERR_OK, SLICE("")},
        {SLICE("<\0a\0"), false, ERR_OK, SLICE("")},
        {SLICE("\0<\0a"), false, ERR_OK, SLICE("")},
        {SLICE("<a/>"), false, ERR_OK, SLICE("")},
        {SLICE(""), false, ERR_OK, SLICE("")},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        Slice text = SLICE("");
        EXPECT(xml_utf32_is(cases[i].bytes) == cases[i].is);
        if (!cases[i].is) continue;
        EXPECT(xml_utf32_text(cx, cases[i].bytes, &text) == cases[i].err);
        EXPECT(slice_equal(text, cases[i].text));
    }
}
