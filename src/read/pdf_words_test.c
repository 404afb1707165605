#include "read/pdf_words.h"

#include "base/test.h"

static LayoutGlyph glyph(uint32_t code, float x1, float x2)
{
    return (LayoutGlyph){.code = code, .fold = code, .x1 = x1, .x2 = x2};
}

TEST("pdf_words: a row that had room for the next character was broken at a word's end")
{
    LayoutGlyph last = glyph('e', 90, 95), first = glyph('H', 10, 15), han = glyph(0x4e59, 10, 19);
    EXPECT(pdf_words_had_room(&last, &first, 110));
    EXPECT(!pdf_words_had_room(&last, &first, 100)); // filled to the edge
    EXPECT(!pdf_words_had_room(&last, &han, 110));
}

TEST("pdf_words: a space parts words, never Chinese, hyphens or figures")
{
    static const struct {
        uint32_t last, first;
        bool parts;
    } cases[] = {{'e', 'H', true},  {'e', '3', true},     {'5', 'G', true},  {',', 'L', true},
                 {'5', '6', false}, {'-', 'G', false},    {'e', '-', false}, {0x4e59, 'H', false},
                 {',', '5', false}, {'e', 0x4e59, false}, {'*', 'H', false}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        LayoutGlyph last = glyph(cases[i].last, 0, 5), first = glyph(cases[i].first, 0, 5);
        EXPECT(pdf_words_may_part(&last, &first) == cases[i].parts);
    }
}

TEST("pdf_words: a word that is all of its row may go on below")
{
    LayoutGlyph glyphs[] = {glyph('*', 0, 5), glyph('a', 5, 10), glyph('b', 10, 15),
                            glyph('c', 15, 20)};
    LayoutRow row = {.glyphs = glyphs, .count = 4};
    EXPECT(pdf_words_begins_within(&row, 0, 4));
    EXPECT(!pdf_words_begins_within(&row, 1, 4));
    glyphs[3].space_before = true;
    EXPECT(pdf_words_begins_within(&row, 1, 4));
}
