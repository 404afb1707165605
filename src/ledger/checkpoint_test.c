#include "ledger/checkpoint.h"

#include "base/test.h"

#define ROOT "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n"

TEST("checkpoint: parsed and printed again, with and without further lines")
{
    static const struct {
        Slice text, origin, extension;
        uint64_t size;
    } cases[] = {
        {SLICE("log.test\n0\n" ROOT), SLICE("log.test"), SLICE(""), 0},
        {SLICE("a b\n9223372036854775807\n" ROOT "x\ny z\n"), SLICE("a b"), SLICE("x\ny z\n"),
         INT64_MAX},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        Checkpoint checkpoint;
        Digest root = tree_empty();
        Slice again;
        EXPECT_OK(checkpoint_parse(cx, cases[i].text, &checkpoint));
        EXPECT(slice_equal(checkpoint.origin, cases[i].origin));
        EXPECT(slice_equal(checkpoint.extension, cases[i].extension));
        EXPECT(checkpoint.size == cases[i].size && digest_equal(&checkpoint.root, &root));
        EXPECT_OK(checkpoint_print(cx, &checkpoint, &again));
        EXPECT(slice_equal(again, cases[i].text));
    }
}

TEST("checkpoint: what is not spelt in the one way is refused")
{
    static const Slice bad[] = {
        SLICE(""),
        SLICE("log.test\n"),
        SLICE("log.test\n1\n"),
        SLICE("\n1\n" ROOT),
        SLICE("log.test\n01\n" ROOT),
        SLICE("log.test\n+1\n" ROOT),
        SLICE("log.test\n-1\n" ROOT),
        SLICE("log.test\n1 \n" ROOT),
        SLICE("log.test\n0x1\n" ROOT),
        SLICE("log.test\n\n" ROOT),
        SLICE("log.test\n9223372036854775808\n" ROOT),
        SLICE("log.test\n18446744073709551616\n" ROOT),
        SLICE("log.test\r\n1\n" ROOT),
        SLICE("log\ttest\n1\n" ROOT),
        SLICE("log\xFFtest\n1\n" ROOT),
        SLICE("log.test\n1\n" ROOT "\n"),
        SLICE("log.test\n1\n" ROOT "x"),
        SLICE("log.test\n1\n" ROOT "x\n\ny\n"),
        SLICE("log.test\n1\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="),
        SLICE("log.test\n1\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFV=\n"),
        SLICE("log.test\n1\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU\n"),
        SLICE("log.test\n1\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuA==\n"),
        SLICE("log.test\n1\n\n"),
    };
    Checkpoint checkpoint = {.size = 77};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        EXPECT(checkpoint_parse(cx, bad[i], &checkpoint) == ERR_INPUT);
    EXPECT(checkpoint.size == 77);
}

TEST("checkpoint: an origin or extension that is no line is not printed")
{
    Slice text = SLICE("untouched");
    const Checkpoint bad[] = {
        {.origin = SLICE("")},
        {.origin = SLICE("a\nb")},
        {.origin = SLICE("a"), .extension = SLICE("b")},
        {.origin = SLICE("a"), .extension = SLICE("\n")},
        {.origin = SLICE("a"), .size = (uint64_t)INT64_MAX + 1},
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        EXPECT(checkpoint_print(cx, &bad[i], &text) == ERR_INPUT);
    EXPECT(slice_equal(text, SLICE("untouched")));
}
