#include "http/call.h"

#include "base/test.h"

TEST("call: percent signs are decoded, broken ones stay")
{
    static const struct {
        Slice coded, plain;
        bool plus;
    } cases[] = {{SLICE("a%20b+c"), SLICE("a b c"), true}, {SLICE("a+b"), SLICE("a+b"), false},
                 {SLICE("%E5%8f%91"), SLICE("发"), true},  {SLICE("%"), SLICE("%"), true},
                 {SLICE("%zz%4"), SLICE("%zz%4"), true},   {SLICE(""), SLICE(""), true},
                 {SLICE("%00"), {"\0", 1}, true},          {SLICE("%25%32"), SLICE("%2"), true}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        EXPECT(slice_equal(call_decode(cx, cases[i].coded, cases[i].plus), cases[i].plain));
}

TEST("call: an Err becomes its problem, with the field that it names")
{
    Call call = {.cx = cx};
    call_fail(&call, err_set(cx, ERR_INPUT, "limit: is no number"));
    EXPECT(call.status == 400 && call.is_problem);
    EXPECT(slice_find(call.body, SLICE("\"field\":\"limit\"")) != SLICE_NONE);
    call_json(&call, 200, SLICE("{}"));
    EXPECT(call.status == 200 && !call.is_problem);
    call_empty(&call, 204);
    EXPECT(call.type.size == 0);
}
