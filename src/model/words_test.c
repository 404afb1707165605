#include "model/words.h"

#include "base/test.h"

TEST("words: prints as tax-control software does, and reads it back")
{
    static const struct {
        int64_t fen;
        Slice words;
    } cases[] = {
        {444900, SLICE("肆仟肆佰肆拾玖圆整")},
        {701883, SLICE("柒仟零壹拾捌圆捌角叁分")},
        {13086419, SLICE("壹拾叁万零捌佰陆拾肆圆壹角玖分")},
        {811068, SLICE("捌仟壹佰壹拾圆零陆角捌分")},
        {1070, SLICE("壹拾圆零柒角整")},
        {5620, SLICE("伍拾陆圆贰角整")},
        {0, SLICE("零圆整")},
        {5, SLICE("伍分")},
        {50, SLICE("伍角整")},
        {105, SLICE("壹圆零伍分")},
        {-212, SLICE("（负数）贰圆壹角贰分")},
        {1000000, SLICE("壹万圆整")},
        {100000100, SLICE("壹佰万零壹圆整")},
        {1000000000000, SLICE("壹佰亿圆整")},
        {1000100, SLICE("壹万零壹圆整")},
        {1001000000100, SLICE("")}, // out of range
        {10000000001, SLICE("壹亿圆零壹分")},
        {10100000000, SLICE("壹亿零壹佰万圆整")},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        if (slice_empty(cases[i].words)) continue;
        Slice printed = words_print(cx, (Money){cases[i].fen});
        EXPECT(slice_equal(printed, cases[i].words));
        Money money = {};
        EXPECT_OK(words_parse(cx, printed, &money));
        EXPECT(money.fen == cases[i].fen);
    }
}

TEST("words: reads what others print")
{
    static const struct {
        Slice words;
        int64_t fen;
    } cases[] = {
        {SLICE("伍拾贰圆柒角"), 5270},
        {SLICE("壹仟零柒拾陆元玖角整"), 107690},
        {SLICE("壹仟零柒拾陆园玖角正"), 107690},
        {SLICE(" ⊗ 壹佰 圆 整 "), 10000},
        {SLICE("ⓧ壹佰圆整"), 10000},
        {SLICE("(负数)贰圆壹角贰分"), -212},
        {SLICE("负贰圆整"), -200},
        {SLICE("拾圆整"), 1000},
        {SLICE("壹佰圆"), 10000},
        {SLICE("壹拾圆柒角整"), 1070},
        {SLICE("零圆零角伍分"), 5},
        {SLICE("壹佰圆零角整"), 10000},
        {SLICE("一百二十三元四角五分"), 12345},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        Money money = {77};
        EXPECT_OK(words_parse(cx, cases[i].words, &money));
        EXPECT(money.fen == cases[i].fen);
    }
}

TEST("words: refuses what is no amount")
{
    static const Slice cases[] = {
        SLICE(""),         SLICE("整"),         SLICE("壹佰"),       SLICE("壹贰圆整"),
        SLICE("佰圆整"),   SLICE("拾佰圆整"),   SLICE("壹拾壹佰圆"), SLICE("壹圆整整"),
        SLICE("壹圆贰"),   SLICE("圆"),         SLICE("角"),         SLICE("壹分贰角"),
        SLICE("壹万万圆"), SLICE("万圆"),       SLICE("壹佰伍角"),   SLICE("12.30"),
        SLICE("壹圆abc"),  SLICE("壹圆贰圆整"), SLICE("壹万亿圆"),   SLICE("负"),
        SLICE("玖仟亿圆"), SLICE("\xFF\xFE"),
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        Money money = {77};
        EXPECT(words_parse(cx, cases[i], &money) == ERR_INPUT);
        EXPECT(money.fen == 77);
    }
}

TEST("words: every amount comes back, over four million and at all sizes")
{
    for (int64_t fen = 0; fen < 400'000'000; fen += 997) {
        Money money = {};
        arena_done(&cx->arena);
        EXPECT_OK(words_parse(cx, words_print(cx, (Money){fen}), &money));
        EXPECT(money.fen == fen);
    }
    for (int64_t fen = 1; fen <= MONEY_FEN_MAX; fen = fen * 3 + 7) {
        Money money = {};
        EXPECT_OK(words_parse(cx, words_print(cx, (Money){-fen}), &money));
        EXPECT(money.fen == -fen);
    }
}
