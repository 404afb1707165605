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

TEST("text: two that grow by turns keep their own, and a long print is whole")
{
    Text a = text_open(cx, 200'000), b = text_open(cx, 200'000);
    for (int i = 0; i < 3000; i++) {
        text_byte(&a, (char)('a' + i % 26));
        if (i % 7 == 0) text_printf(&b, "%d %0300d,", i, i);
    }
    EXPECT(a.size == 3000 && b.size < 429 * 310);
    for (size_t i = 0; i < a.size; i++)
        EXPECT(a.data[i] == (char)('a' + i % 26));
    Slice rest = text_so_far(&b), one;
    bool done = false;
    for (int i = 0; i < 3000; i += 7) {
        EXPECT(!b.full && slice_cut(&rest, ',', &done, &one));
        EXPECT(slice_equal(one, cx_printf(cx, "%d %0300d", i, i)));
    }
}

TEST("text: a print of any length is whole, and one that grows alone grows where it lies")
{
    for (int width = 250; width < 260; width++) {
        Text print = text_open(cx, 1000);
        text_printf(&print, "%*d", width, 7);
        EXPECT(print.size == (size_t)width && print.data[width - 1] == '7');
    }
    Text text = text_open(cx, 4096);
    size_t before = cx->arena.used;
    for (int i = 0; i < 4000; i++)
        text_byte(&text, 'a');
    // Under the address sanitizer each object has a block of its own.
    EXPECT(cx->arena.next == NULL || cx->arena.used - before == text.room);
}

TEST("text: room that is taken is written by who took it, or there is none")
{
    Text text = text_open(cx, 5);
    char *at = text_take(&text, 3);
    EXPECT(at != NULL && text_take(&text, 3) == NULL && text.full);
    memcpy(at, "abc", 3);
    EXPECT(slice_equal(text_so_far(&text), SLICE("abc")));
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
