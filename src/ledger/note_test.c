#include "ledger/note.h"

#include "base/base64.h"
#include "base/limits.h"
#include "base/test.h"
#include "base/text.h"
#include "ledger/note_fixture.h"

// Source: C2SP signed-note, the specification's own example.
#define EXAMPLE_VKEY SLICE("example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k")
#define EXAMPLE_NOTE                                                                               \
    SLICE("This is an example message.\n\n"                                                        \
          "\xE2\x80\x94 example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1"   \
          "ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n")

TEST("note: the specification's example holds under the specification's key")
{
    NoteKey key;
    Note note;
    uint64_t seconds = 7;
    EXPECT_OK(note_key_parse(cx, EXAMPLE_VKEY, &key));
    EXPECT_OK(note_parse(cx, EXAMPLE_NOTE, &note));
    EXPECT(key.type == NOTE_KEY_ED25519 && slice_equal(key.name, SLICE("example.com/foo")));
    EXPECT(slice_equal(note.text, SLICE("This is an example message.\n")) && note.line_count == 1);
    EXPECT(note_verify(&note, &key, &seconds) == NOTE_HOLDS && seconds == 0);
    EXPECT(note_line_is_of(&note.lines[0], &key));
    note.text = SLICE("This is an example messagf.\n");
    EXPECT(note_verify(&note, &key, NULL) == NOTE_FAILS);
    key.id[3] ^= 1;
    EXPECT(note_verify(&note, &key, NULL) == NOTE_ABSENT);
}

TEST("note: each type of key signs, is printed, parsed and verified")
{
    static const struct {
        NoteKeyType type;
        uint64_t seconds;
    } cases[] = {{NOTE_KEY_ED25519, 0}, {NOTE_KEY_COSIGNATURE, 1'767'225'600}, {NOTE_KEY_SM2, 0}};
    Slice text = SLICE("log.test/a\n1\n\xE5\x8F\x91\xE7\xA5\xA8\n");
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        NoteFixtureKey made = note_fixture_open(cx, "log.test/a", cases[i].type, 0x42);
        NoteKey key;
        Note note;
        Slice bytes = note_fixture_make(cx, text, &made, 1), again;
        EXPECT_OK(note_key_parse(cx, note_fixture_vkey(cx, &made), &key));
        EXPECT(key.type == cases[i].type && memcmp(key.id, made.key.id, NOTE_ID_SIZE) == 0);
        EXPECT_OK(note_parse(cx, bytes, &note));
        uint64_t seconds = 7;
        EXPECT(note_verify(&note, &key, &seconds) == NOTE_HOLDS && seconds == cases[i].seconds);
        EXPECT_OK(note_print(cx, note.text, &note.lines[0].line, 1, &again));
        EXPECT(slice_equal(again, bytes));
        note_fixture_close(&made);
    }
}

TEST("note: three signatures of three kinds stand under one text, each for itself")
{
    NoteFixtureKey keys[] = {note_fixture_open(cx, "log.test/a", NOTE_KEY_ED25519, 1),
                             note_fixture_open(cx, "log.test/a", NOTE_KEY_SM2, 1),
                             note_fixture_open(cx, "witness.test", NOTE_KEY_COSIGNATURE, 1)};
    Slice bytes = note_fixture_make(cx, SLICE("log.test/a\n\nb\n"), keys, 3);
    Note note;
    EXPECT_OK(note_parse(cx, bytes, &note));
    // The last empty line ends the text, not the first.
    EXPECT(note.line_count == 3 && slice_equal(note.text, SLICE("log.test/a\n\nb\n")));
    for (size_t i = 0; i < 3; i++)
        EXPECT(note_verify(&note, &keys[i].key, NULL) == NOTE_HOLDS);
    // An Ed25519 key is not a cosigner of the same bytes: the type goes into the id.
    NoteKey other;
    EXPECT_OK(
        note_key(cx, keys[0].key.name, NOTE_KEY_COSIGNATURE, &keys[0].key.public_key, &other));
    EXPECT(note_verify(&note, &other, NULL) == NOTE_ABSENT);
    for (size_t i = 0; i < 3; i++)
        note_fixture_close(&keys[i]);
}

TEST("note: any flipped bit of a note is refused, or the signature fails or is gone")
{
    NoteFixtureKey keys[] = {note_fixture_open(cx, "log.test/a", NOTE_KEY_ED25519, 1),
                             note_fixture_open(cx, "w.test", NOTE_KEY_COSIGNATURE, 2),
                             note_fixture_open(cx, "log.test/a", NOTE_KEY_SM2, 3)};
    for (size_t k = 0; k < 3; k++) {
        Slice bytes = note_fixture_make(cx, SLICE("log.test/a\n3\nx\n"), &keys[k], 1);
        char *changed = (char *)(uintptr_t)bytes.data;
        for (size_t bit = 0; bit < bytes.size * 8; bit++) {
            Note note;
            changed[bit / 8] = (char)(changed[bit / 8] ^ 1 << bit % 8);
            EXPECT(note_parse(cx, bytes, &note) != ERR_OK ||
                   note_verify(&note, &keys[k].key, NULL) != NOTE_HOLDS);
            changed[bit / 8] = (char)(changed[bit / 8] ^ 1 << bit % 8);
        }
        note_fixture_close(&keys[k]);
    }
}

TEST("note: what is not spelt in the one way is refused")
{
#define LINE(payload) "\xE2\x80\x94 a.test " payload "\n"
    static const Slice bad[] = {
        SLICE(""),
        SLICE("\n"),
        SLICE("a\n"),
        SLICE("a\n\n"),
        SLICE("a\n\n" LINE("AAAAAAA=") "\n"),
        SLICE("a\n" LINE("AAAAAAA=")),
        SLICE("a\r\n\n" LINE("AAAAAAA=")),
        SLICE("a\tb\n\n" LINE("AAAAAAA=")),
        SLICE("a\x7F\n\n" LINE("AAAAAAA=")),
        SLICE("a\xFF\n\n" LINE("AAAAAAA=")),
        SLICE("a\n\n" LINE("AAAAAAB=")),  // idle bits
        SLICE("a\n\n" LINE("AAAAAAA")),   // no padding
        SLICE("a\n\n" LINE("AAAAAA==")),  // an id and nothing behind it
        SLICE("a\n\n" LINE("AAAAAAA= ")), // white space
        SLICE("a\n\n" LINE("AAAAAAA=") LINE("AAAAAAA=")),
        SLICE("a\n\n" LINE("AAAAAAA=") LINE("AAAAAAE=")), // another signature of the same key
        SLICE("a\n\n- a.test AAAAAAA=\n"),
        SLICE("a\n\n\xE2\x80\x94 AAAAAAA=\n"),
        SLICE("a\n\n\xE2\x80\x94  AAAAAAA=\n"),
        SLICE("a\n\n\xE2\x80\x94 a+b AAAAAAA=\n"),
        SLICE("a\n\n\xE2\x80\x94 a\xE3\x80\x80 AAAAAAA=\n"),
        SLICE("a\n\n" LINE("AAAAAAA=") "\xE2\x80\x94 b.test AAAAAAA="),
    };
#undef LINE
    Note note = {.line_count = 77};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        EXPECT(note_parse(cx, bad[i], &note) == ERR_INPUT);
    EXPECT(note.line_count == 77);
    EXPECT_OK(note_parse(cx, SLICE("a\n\n\xE2\x80\x94 a.test AAAAAAA=\n"), &note));
}

TEST("note: 64 signatures are read, one more is refused; so is a long text")
{
    Text bytes = text_open(cx, LIMIT_NOTE_BYTES);
    text_add(&bytes, SLICE("a\n\n"));
    Note note;
    for (int i = 0; i < NOTE_SIGNATURES_MAX; i++)
        text_printf(&bytes, "\xE2\x80\x94 w%d.test AAAAAAA=\n", i);
    EXPECT_OK(note_parse(cx, text_so_far(&bytes), &note));
    EXPECT(note.line_count == NOTE_SIGNATURES_MAX);
    text_add(&bytes, SLICE("\xE2\x80\x94 w.test AAAAAAA=\n"));
    EXPECT(note_parse(cx, text_so_far(&bytes), &note) == ERR_INPUT);

    char *text = arena_alloc(&cx->arena, NOTE_TEXT_MAX + 1);
    memset(text, 'a', NOTE_TEXT_MAX + 1);
    text[NOTE_TEXT_MAX - 1] = text[NOTE_TEXT_MAX] = '\n';
    NoteFixtureKey key = note_fixture_open(cx, "w.test", NOTE_KEY_COSIGNATURE, 9);
    EXPECT_OK(note_parse(cx, note_fixture_make(cx, (Slice){text, NOTE_TEXT_MAX}, &key, 1), &note));
    EXPECT(note_verify(&note, &key.key, NULL) == NOTE_HOLDS);
    Slice line;
    EXPECT(note_sign(cx, &key.key, key.signer, (Slice){text, NOTE_TEXT_MAX + 1}, 1, &line) ==
           ERR_INPUT);
    note_fixture_close(&key);
}

TEST("note: a key's name has no space, control or plus, and its id is its own")
{
    SignerPublic public_key = {.kind = SIGNER_ED25519, .size = 32};
    static const Slice names[] = {SLICE(""),         SLICE("a b"),          SLICE("a+b"),
                                  SLICE("a\nb"),     SLICE("a\xC2\xA0"),    SLICE("\x7F"),
                                  SLICE("\xC0\xAF"), SLICE("\xE2\x80\xA8"), SLICE("a\tb")};
    char long_name[NOTE_NAME_MAX + 1];
    memset(long_name, 'n', sizeof long_name);
    NoteKey key = {.type = NOTE_KEY_SM2};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        EXPECT(note_key(cx, names[i], NOTE_KEY_ED25519, &public_key, &key) == ERR_INPUT);
    EXPECT(note_key(cx, (Slice){long_name, sizeof long_name}, NOTE_KEY_ED25519, &public_key,
                    &key) == ERR_INPUT);
    EXPECT(note_key(cx, SLICE("a"), NOTE_KEY_SM2, &public_key, &key) == ERR_INPUT);
    SignerPublic hybrid = {.kind = SIGNER_SM2, .size = 65, .bytes = {0x06}};
    EXPECT(note_key(cx, SLICE("a"), NOTE_KEY_SM2, &hybrid, &key) == ERR_INPUT);
    EXPECT(key.type == NOTE_KEY_SM2);
    EXPECT_OK(note_key(cx, (Slice){long_name, NOTE_NAME_MAX}, NOTE_KEY_ED25519, &public_key, &key));

    static const Slice bad[] = {
        SLICE(""),
        SLICE("example.com/foo"),
        SLICE("example.com/foo+530d903a"),
        SLICE("example.com/foo+530D903A+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"),
        SLICE("example.com/foo+530d903b+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"),
        SLICE("example.com/fop+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"),
        SLICE("example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k\n"),
        SLICE("example.com/foo+530d903a+BekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"),
        SLICE("example.com/foo+530d903a+AukyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"),
        SLICE("example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U0="),
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        EXPECT(note_key_parse(cx, bad[i], &key) == ERR_INPUT);
    EXPECT_OK(note_key_parse(cx, EXAMPLE_VKEY, &key));
}

TEST("note: a key signs only with the signer that it is of")
{
    NoteFixtureKey one = note_fixture_open(cx, "a.test", NOTE_KEY_ED25519, 1),
                   two = note_fixture_open(cx, "a.test", NOTE_KEY_ED25519, 2);
    Slice line;
    EXPECT(note_sign(cx, &one.key, two.signer, SLICE("a\n"), 0, &line) == ERR_INPUT);
    EXPECT(note_sign(cx, &one.key, one.signer, SLICE("a"), 0, &line) == ERR_INPUT);
    note_fixture_close(&one);
    note_fixture_close(&two);
}
