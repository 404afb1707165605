// Note_fixture: keys and signed notes for tests.
#pragma once
#include "ledger/note.h"

typedef struct NoteFixtureKey {
    NoteKey key;
    Signer *signer;
} NoteFixtureKey;

// A key whose seed is `seed` 32 times; note_fixture_close after use.
NoteFixtureKey note_fixture_open(Cx *cx, const char *name, NoteKeyType type, uint8_t seed);
void note_fixture_close(NoteFixtureKey *key);
// `text` signed by each, cosignatures at 1,767,225,600 s.
Slice note_fixture_make(Cx *cx, Slice text, const NoteFixtureKey *keys, size_t count);
Slice note_fixture_vkey(Cx *cx, const NoteFixtureKey *key);
