#include "desk/running/watch/watch_line.h"

#include "base/test.h"

#define TEXT  SLICE("log.example/one\n1\nAAAA\n")
#define NOW_S UINT64_C(1'767'225'600)

// Signs as the key of that name.
static Slice line_of(Cx *cx, uint8_t seed_byte, Slice name, Slice text, uint64_t seconds,
                     NoteKey *ret_key)
{
    uint8_t seed[SIGNER_SEED_SIZE];
    memset(seed, seed_byte, sizeof seed);
    Signer *signer = NULL;
    Slice line;
    EXPECT_OK(signer_open(cx, SIGNER_ED25519, seed, &signer));
    const SignerPublic public_key = signer_public(signer);
    EXPECT_OK(note_key(cx, name, NOTE_KEY_COSIGNATURE, &public_key, ret_key));
    EXPECT_OK(note_sign(cx, ret_key, signer, text, seconds, &line));
    signer_close(signer);
    return line;
}

TEST("watch line: one line of that key under our text, whatever stands around it")
{
    WorldFake fake;
    world_fake_init(&fake, 1, NOW_S * 1000);
    cx->world = &fake.world;
    NoteKey key, other;
    Slice good = line_of(cx, 1, SLICE("w"), TEXT, NOW_S, &key);
    Slice late = line_of(cx, 1, SLICE("w"), TEXT, NOW_S + WATCH_LINE_AHEAD_S, &key);
    Slice ahead = line_of(cx, 1, SLICE("w"), TEXT, NOW_S + WATCH_LINE_AHEAD_S + 1, &key);
    Slice never = line_of(cx, 1, SLICE("w"), TEXT, UINT64_MAX, &key);
    Slice stranger = line_of(cx, 2, SLICE("x"), TEXT, NOW_S, &other);
    // A longer text, of which ours is the beginning: the empty line comes with the answer.
    Slice more = cx_printf(cx, SLICE_FMT "\n" SLICE_FMT "x\n", SLICE_ARG(TEXT), SLICE_ARG(good));
    Slice longer = line_of(cx, 1, SLICE("w"), more, NOW_S, &key);
    const struct {
        Slice lines, found; // "" = none
    } cases[] = {
        {good, good},
        {late, late},
        {cx_printf(cx, SLICE_FMT SLICE_FMT, SLICE_ARG(stranger), SLICE_ARG(good)), good},
        {cx_printf(cx, SLICE_FMT SLICE_FMT, SLICE_ARG(good), SLICE_ARG(stranger)), good},
        {cx_printf(cx, SLICE_FMT SLICE_FMT, SLICE_ARG(good), SLICE_ARG(good)), SLICE("")},
        {cx_printf(cx, SLICE_FMT "x\n\n" SLICE_FMT, SLICE_ARG(good), SLICE_ARG(longer)), SLICE("")},
        {cx_printf(cx, "\n" SLICE_FMT, SLICE_ARG(good)), SLICE("")},
        {cx_printf(cx, SLICE_FMT "\n", SLICE_ARG(good)), SLICE("")},
        {slice_sub(good, 0, good.size - 1), SLICE("")},
        {stranger, SLICE("")},
        {ahead, SLICE("")},
        {never, SLICE("")},
        {SLICE(""), SLICE("")},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        Slice line = SLICE("");
        uint64_t seconds = 0;
        Err err = watch_line_find(cx, TEXT, cases[i].lines, &key, &line, &seconds);
        bool right = slice_empty(cases[i].found)
                         ? err == ERR_DENIED
                         : err == ERR_OK && slice_equal(line, cases[i].found);
        if (!right) test_fail(__FILE__, __LINE__, cx_printf(cx, "case %zu", i).data);
    }
    cx->world = world_real();
}
