#include "desk/invoice/verify/verify_words.h"

#include "base/test.h"

TEST("verify_words: every basis has its sentence; weak ones say that they prove nothing")
{
    for (int basis = 0; basis < BASIS_COUNT; basis++) {
        VerifyAnswer answer = {.result = VERIFY_MATCH, .state = "normal"};
        VerifyWords words = {.basis = (Basis)basis};
        verify_words_say(cx, &words, &answer);
        bool weak = basis >= BASIS_UNSIGNED_FILE;
        EXPECT((strstr(answer.zh, "不等于真票") != NULL) == weak);
        EXPECT((strstr(answer.en, "genuine") != NULL) == weak);
        EXPECT(slice_ends(slice_of(answer.zh), SLICE("。")));
    }
}

TEST("verify_words: states that matter are said")
{
    static const struct {
        const char *state, *zh;
    } cases[] = {{"voided", "已作废"},
                 {"red_partial", "已部分红冲"},
                 {"red_full", "已全额红冲"},
                 {"red", "红字发票"}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        VerifyAnswer answer = {.result = VERIFY_MATCH, .state = cases[i].state};
        VerifyWords words = {.basis = BASIS_SEAL_VALID};
        verify_words_say(cx, &words, &answer);
        EXPECT(strstr(answer.zh, cases[i].zh) != NULL);
    }
    EXPECT(strcmp(verify_words_field_zh(SLICE("total")), "价税合计") == 0);
    EXPECT(strcmp(verify_words_field_en(SLICE("nothing")), "") == 0);
}
