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

TEST("verify_words: what differs and what the record lacks are two things")
{
    static const struct {
        size_t count;
        unsigned unknown;
        const char *zh, *en;
    } cases[] = {
        {1, 0, "开票日期与记录不同；其余一致", "the issue date differs from the record; the rest"},
        {2, 0, "开票日期、价税合计与记录不同；其余一致",
         "the issue date and the total with tax differ from the record; the rest agrees"},
        {2, 2, "开票日期与记录不同；价税合计在记录里没有，无法核对；其余一致",
         "the issue date differs from the record; the total with tax is not in the record and "
         "can't be compared; the rest agrees"},
        {2, 3, "开票日期、价税合计在记录里没有，无法核对；其余一致",
         "the issue date and the total with tax are not in the record and can't be compared; the "
         "rest agrees"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        VerifyAnswer answer = {.result = VERIFY_MISMATCH,
                               .state = "normal",
                               .mismatch = {"issue_date", "total"},
                               .mismatch_count = cases[i].count};
        VerifyWords words = {.basis = BASIS_SEAL_VALID, .unknown = cases[i].unknown};
        verify_words_say(cx, &words, &answer);
        EXPECT(slice_starts(slice_of(answer.zh), slice_of(cases[i].zh)));
        EXPECT(slice_starts(slice_of(answer.en), slice_of(cases[i].en)));
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
