#include "base/test.h"
#include "base/text.h"

TEST("text: grows, prints, and says when its ceiling was hit")
{
    Text text = text_open(cx, 1000);
    for (int i = 0; i < 100; i++)
        text_printf(&text, "%02d,", i);
    Slice all;
    EXPECT(text_done(cx, &text, &all) == ERR_OK && all.size == 300);
    EXPECT(slice_starts(all, SLICE("00,01,")) && slice_ends(all, SLICE("99,")));

    Text small = text_open(cx, 4);
    text_add(&small, SLICE("abc"));
    text_byte(&small, 'd');
    text_byte(&small, 'e');
    text_add(&small, SLICE(""));
    EXPECT(text_done(cx, &small, &all) == ERR_LIMIT);
    EXPECT(slice_equal(text_so_far(&small), SLICE("abcd")));
}

TEST("text: between two marks, all of it or nothing")
{
    Text text = text_open(cx, 6);
    text_between(&text, '"', SLICE("abc"), '"');
    EXPECT(slice_equal(text_so_far(&text), SLICE("\"abc\"")));
    text_between(&text, '(', SLICE(""), ')');
    EXPECT(text.full && slice_equal(text_so_far(&text), SLICE("\"abc\"")));
    Text empty = text_open(cx, 6);
    text_between(&empty, '(', SLICE(""), ')');
    EXPECT(slice_equal(text_so_far(&empty), SLICE("()")));
}
