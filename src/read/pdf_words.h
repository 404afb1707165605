// Pdf_words: whether a text that goes on in the next row has a space where it was broken. poppler
// tells of no space at a row's end. Chinese has none; for Latin the room that was left tells: who
// breaks at characters fills the row, who breaks at words leaves the next one's place.
#pragma once
#include "read/pdf_layout.h"

// Whether the row that ends with `last` had room for `first`, which begins the next one, in a box
// whose right side is `right`: then its writer breaks at words.
bool pdf_words_had_room(const LayoutGlyph *last, const LayoutGlyph *first, float right);
// Whether a space may have stood between them: two words, or a word and a number.
bool pdf_words_may_part(const LayoutGlyph *last, const LayoutGlyph *first);
// Whether the word that ends before glyph `to` of the row begins behind glyph `from`: a longer one
// than the row is broken by everybody.
bool pdf_words_begins_within(const LayoutRow *row, size_t from, size_t to);
