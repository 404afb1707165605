#include "format/pdf/pdf_fold.h"

#include "base/test.h"

TEST("pdf_fold: radicals become the characters that they look like")
{
    static const uint32_t cases[][2] = {
        {0x2f08, 0x4eba}, // ⼈ 人
        {0x2f26, 0x5b50}, // ⼦ 子
        {0x2fa6, 0x91d1}, // ⾦ 金
        {0x2ed3, 0x957f}, // ⻓ 长
        {0x2ecb, 0x8f66}, // ⻋ 车
        {0xf9d1, 0x516d}, // compatibility 六
        {0x4eba, 0x4eba}, {'A', 'A'}, {0x2e80, 0x2e80}, {0x10ffff, 0x10ffff},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        EXPECT(pdf_fold_radical(cases[i][0]) == cases[i][1]);
}

TEST("pdf_fold: full-width forms compare as half-width ones")
{
    EXPECT(pdf_fold_width(0xff1a) == ':');
    EXPECT(pdf_fold_width(0xff08) == '(');
    EXPECT(pdf_fold_width(0xff11) == '1');
    EXPECT(pdf_fold_width(0xffe5) == 0xa5);
    EXPECT(pdf_fold_width(0x2212) == '-');
    EXPECT(pdf_fold_width(0x3001) == 0x3001);
}
