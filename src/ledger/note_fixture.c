#include "ledger/note_fixture.h"

#include <stdlib.h>

#define LINES_MAX 16

static void must(Err err)
{
    if (err != ERR_OK) abort();
}

NoteFixtureKey note_fixture_open(Cx *cx, const char *name, NoteKeyType type, uint8_t seed)
{
    uint8_t bytes[SIGNER_SEED_SIZE];
    memset(bytes, seed, sizeof bytes);
    NoteFixtureKey key = {};
    must(signer_open(cx, type == NOTE_KEY_SM2 ? SIGNER_SM2 : SIGNER_ED25519, bytes, &key.signer));
    SignerPublic public_key = signer_public(key.signer);
    must(note_key(cx, slice_of(name), type, &public_key, &key.key));
    return key;
}

void note_fixture_close(NoteFixtureKey *key)
{
    signer_close(key->signer);
    key->signer = NULL;
}

Slice note_fixture_make(Cx *cx, Slice text, const NoteFixtureKey *keys, size_t count)
{
    Slice lines[LINES_MAX] = {}, note = {};
    if (count > LINES_MAX) abort();
    for (size_t i = 0; i < count; i++)
        must(note_sign(cx, &keys[i].key, keys[i].signer, text, 1'767'225'600, &lines[i]));
    must(note_print(cx, text, lines, count, &note));
    return note;
}

Slice note_fixture_vkey(Cx *cx, const NoteFixtureKey *key)
{
    Slice vkey = {};
    must(note_key_vkey(cx, &key->key, &vkey));
    return vkey;
}
