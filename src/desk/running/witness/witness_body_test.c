#include "desk/running/witness/witness_body.h"

#include "base/limits.h"
#include "base/test.h"
#include "base/text.h"

#define HASH "PlRNCrwHpqhGrupue0L7gxbjbMiKA9temvuZZDDpkaw=\n"

TEST("witness body: what is printed is parsed, and printed the same")
{
    static const Slice cases[] = {
        SLICE("old 0\n\nnote\n"),
        SLICE("old 20852014\n" HASH HASH "\norigin\n3\n\n\xE2\x80\x94 a b\n"),
        SLICE("old 9223372036854775807\n" HASH "\n"),
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        WitnessBody body;
        Slice again;
        EXPECT_OK(witness_body_parse(cx, cases[i], &body));
        EXPECT(body.proof.count == i % 3 + (i == 1) - (i == 2));
        EXPECT_OK(witness_body_print(cx, &body, &again));
        EXPECT(slice_equal(again, cases[i]));
    }
}

TEST("witness body: anything else is refused")
{
    static const Slice cases[] = {
        SLICE(""),
        SLICE("old 1"),
        SLICE("old 1\n"),
        SLICE("old 1\n" HASH),
        SLICE("old \n\nx\n"),
        SLICE("old 01\n\nx\n"),
        SLICE("old 00\n\nx\n"),
        SLICE("old -1\n\nx\n"),
        SLICE("old +1\n\nx\n"),
        SLICE("old 1 \n\nx\n"),
        SLICE("old  1\n\nx\n"),
        SLICE("old 1\r\n\nx\n"),
        SLICE("Old 1\n\nx\n"),
        SLICE("old 9223372036854775808\n\nx\n"),
        SLICE("old 1\n \n\nx\n"),
        SLICE("old 1\nAAAA\n\nx\n"),
        // Another spelling of the same hash: its last bits are not zero.
        SLICE("old 1\nPlRNCrwHpqhGrupue0L7gxbjbMiKA9temvuZZDDpkax=\n\nx\n"),
        SLICE("old 1\nPlRNCrwHpqhGrupue0L7gxbjbMiKA9temvuZZDDpkaw\n\nx\n"),
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        WitnessBody body;
        EXPECT(witness_body_parse(cx, cases[i], &body) == ERR_INPUT);
    }
}

TEST("witness body: a proof has 63 lines at most, and a body its ceiling")
{
    for (size_t lines = 63; lines <= 64; lines++) {
        Text text = text_open(cx, LIMIT_WITNESS_BODY + 2);
        WitnessBody body;
        text_add(&text, SLICE("old 5\n"));
        for (size_t i = 0; i < lines; i++)
            text_add(&text, SLICE(HASH));
        text_byte(&text, '\n');
        EXPECT((witness_body_parse(cx, text_so_far(&text), &body) == ERR_OK) == (lines == 63));
        while (text.size <= LIMIT_WITNESS_BODY)
            text_byte(&text, 'x');
        EXPECT(witness_body_parse(cx, text_so_far(&text), &body) == ERR_INPUT);
    }
}
