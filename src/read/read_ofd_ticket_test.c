#include "read/read_ofd_ticket.h"

#include "base/test.h"

// A character of 3 mm, all others half as wide.
#define AT(left, base, count, words)                                                               \
    {                                                                                              \
        .x1 = (left)*1000, .x2 = (left)*1000 + (count)*1500, .y = (base)*1000,                     \
        .text = SLICE(words)                                                                       \
    }
#define FILL(items) fill(cx, items, sizeof items / sizeof items[0], &draft)

static bool fill(Cx *cx, OfdText *items, size_t count, Draft *draft)
{
    bool done = false;
    EXPECT_OK(
        read_ofd_ticket_fill(cx, &(OfdTexts){.items = items, .count = count}, 0, draft, &done));
    return done;
}

TEST("read ofd ticket: an itinerary's charges stand below their headings")
{
    OfdText items[] = {AT(57, 15, 34, "电子发票（航空运输电子客票行程单）"),
                       AT(140, 25, 10, "发票号码："),
                       AT(156, 25, 20, "26948731000000000012"),
                       AT(7, 40, 8, "旅客姓名"),
                       AT(7, 47, 4, "王一"),
                       AT(40, 111, 4, "票价"),
                       AT(63, 111, 10, "燃油附加费"),
                       AT(86, 111, 10, "增值税税率"),
                       AT(105, 111, 10, "增值税税额"),
                       AT(125, 111, 12, "民航发展基金"),
                       AT(172, 111, 4, "合计"),
                       AT(40, 116, 10, "CNY 477.06"),
                       AT(63, 116, 9, "CNY 45.87"),
                       AT(90, 116, 2, "9%"),
                       AT(105, 116, 9, "CNY 47.07"),
                       AT(125, 116, 9, "CNY 50.00"),
                       AT(172, 116, 10, "CNY 620.00"),
                       AT(7, 124, 14, "电子客票号码："),
                       AT(28, 124, 13, "7841234567890"),
                       AT(71, 131, 10, "填开单位："),
                       AT(87, 131, 16, "甲乙航空有限公司"),
                       AT(168, 131, 10, "填开日期："),
                       AT(184, 131, 10, "2026-07-28"),
                       AT(7, 139, 12, "购买方名称："),
                       AT(26, 139, 12, "北京丙丁公司")};
    Draft draft = {};
    EXPECT(FILL(items));
    EXPECT(slice_equal(draft.kind, SLICE("61")));
    EXPECT(slice_equal(draft.number, SLICE("26948731000000000012")));
    EXPECT(slice_equal(draft.issue_date, SLICE("2026-07-28")));
    EXPECT(slice_equal(draft.amount, SLICE("522.93")));
    EXPECT(slice_equal(draft.total, SLICE("620.00")));
    EXPECT(slice_equal(draft.buyer.name, SLICE("北京丙丁公司")));
    EXPECT(slice_equal(draft.seller.name, SLICE("甲乙航空有限公司")));
    EXPECT(draft.extra_count == 1);
    EXPECT(slice_equal(draft.extras[0].value, SLICE("7841234567890")));
}

TEST("read ofd ticket: a vehicle's cells; any other form is left to the reader of forms")
{
    OfdText vehicle[] = {AT(57, 15, 30, "电子发票（机动车销售统一发票）"),
                         AT(140, 25, 10, "发票号码："),
                         AT(156, 25, 20, "25442000000127444777"),
                         AT(7, 42, 10, "购买方名称"),
                         AT(42, 42, 6, "王小二"),
                         AT(7, 70, 8, "价税合计"),
                         AT(42, 70, 12, "壹佰壹拾圆整"),
                         AT(126, 70, 4, "小写"),
                         AT(140, 70, 8, "￥110.00")};
    OfdText other[] = {AT(57, 15, 20, "电子发票（普通发票）"), AT(140, 25, 10, "发票号码："),
                       AT(7, 42, 12, "销售统一发票")};
    Draft draft = {};
    EXPECT(FILL(vehicle));
    EXPECT(slice_equal(draft.kind, SLICE("83")));
    EXPECT(slice_equal(draft.buyer.name, SLICE("王小二")));
    EXPECT(slice_equal(draft.total, SLICE("110.00")));
    draft = (Draft){};
    EXPECT(!FILL(other));
    EXPECT(slice_empty(draft.number));
}
