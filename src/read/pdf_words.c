#include "read/pdf_words.h"

#define LEAST 1.0f // points beyond the character's own width

static bool is_letter(uint32_t code)
{
    return (code >= 'a' && code <= 'z') || (code >= 'A' && code <= 'Z');
}

static bool is_digit(uint32_t code)
{
    return code >= '0' && code <= '9';
}

bool pdf_words_had_room(const LayoutGlyph *last, const LayoutGlyph *first, float right)
{
    // A Chinese character may have moved down with the mark after it.
    if (!is_letter(first->fold) && !is_digit(first->fold)) return false;
    return right - last->x2 > first->x2 - first->x1 + LEAST;
}

bool pdf_words_may_part(const LayoutGlyph *last, const LayoutGlyph *first)
{
    uint32_t code = last->fold;
    bool mark = code == ',' || code == '.' || code == '&' || code == ')';
    if (is_digit(first->fold)) return is_letter(code);
    return is_letter(first->fold) && (is_letter(code) || is_digit(code) || mark);
}

bool pdf_words_begins_within(const LayoutRow *row, size_t from, size_t to)
{
    for (size_t i = to; i > from; i--) {
        uint32_t code = row->glyphs[i - 1].fold;
        if (i < to && row->glyphs[i].space_before) return true;
        if (code > 0x7e || code == '*') return true;
    }
    return false;
}
