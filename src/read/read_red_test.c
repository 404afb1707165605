#include "read/read_red.h"

#include "base/test.h"

TEST("read red: remarks of red invoices name the blue one; a blue one's remark names nothing")
{
    static const struct {
        Slice remark, total, code, number, form;
        bool red;
    } cases[] = {
        {SLICE("被红冲蓝字数电票号码：24112000000000000016 "
               "红字发票信息确认单编号：11010824091000000001"),
         SLICE("-1.00"), SLICE(""), SLICE("24112000000000000016"), SLICE("11010824091000000001"),
         true},
        {SLICE("被红冲蓝字数电发票号码: 24112000000000000016"), SLICE("-1.00"), SLICE(""),
         SLICE("24112000000000000016"), SLICE(""), true},
        {SLICE("对应正数发票代码:044001900111号码:00000016"), SLICE("-1.00"), SLICE("044001900111"),
         SLICE("00000016"), SLICE(""), true},
        {SLICE("开具红字增值税专用发票信息表编号4401012012345678"), SLICE("-1.00"), SLICE(""),
         SLICE(""), SLICE("4401012012345678"), true},
        {SLICE("对应正数发票代码:044001900111号码:00000016"), SLICE("1.00"), SLICE(""), SLICE(""),
         SLICE(""), false},
        {SLICE("备注"), SLICE("-1.00"), SLICE(""), SLICE(""), SLICE(""), true},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        Draft draft = {.remark = cases[i].remark, .total = cases[i].total};
        EXPECT_OK(read_red_of_remark(cx, &draft, SOURCE_XML));
        EXPECT(draft.red.is_red == cases[i].red);
        EXPECT(slice_equal(draft.red.original_code, cases[i].code));
        EXPECT(slice_equal(draft.red.original_number, cases[i].number));
        EXPECT(slice_equal(draft.red.confirmation_number, cases[i].form));
    }
}
