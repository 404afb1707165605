#include "read/read_extra.h"

#include "base/test.h"

static Slice value_of(const Draft *draft, Slice name)
{
    for (size_t i = 0; i < draft->extra_count; i++)
        if (slice_equal(draft->extras[i].name, name)) return draft->extras[i].value;
    return SLICE("");
}

TEST("read_extra: labels in a remark, up to the next label or a semicolon")
{
    Draft draft = {};
    EXPECT_OK(draft_set(cx, &draft, DRAFT_REMARK,
                        SLICE("合同号1；土地增值税项目编号：440001 跨地（市）标志：否 "
                              "不动产地址：甲市乙路3号;租赁期起止:2025-01-01 2025-12-31 类型：无"),
                        SOURCE_TEXT, 1000));
    EXPECT_OK(read_extra_of_remark(cx, &draft));
    EXPECT(draft.extra_count == 4);
    EXPECT(slice_equal(value_of(&draft, SLICE("land_tax_project")), SLICE("440001")));
    EXPECT(slice_equal(value_of(&draft, SLICE("cross_region")), SLICE("否")));
    EXPECT(slice_equal(value_of(&draft, SLICE("estate_address")), SLICE("甲市乙路3号")));
    EXPECT(slice_equal(value_of(&draft, SLICE("lease_term")), SLICE("2025-01-01 2025-12-31")));
    EXPECT(draft.extras[0].source == SOURCE_TEXT);
}

TEST("read_extra: moments of 17 digits become readable, other texts stay")
{
    static const struct {
        Slice raw, value;
    } cases[] = {
        {SLICE("20240131120102000"), SLICE("2024-01-31 12:01:02")},
        {SLICE("20240131"), SLICE("2024-01-31")},
        {SLICE("20240131000000000"), SLICE("2024-01-31")},
        {SLICE(" 2024-01-31 "), SLICE("2024-01-31")},
        {SLICE("99999999"), SLICE("99999999")},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        Draft draft = {};
        EXPECT_OK(read_extra_put(cx, &draft, "passage_from", cases[i].raw, SOURCE_XML));
        EXPECT(slice_equal(value_of(&draft, SLICE("passage_from")), cases[i].value));
    }
}

TEST("read_extra: a name keeps the values of the source that gave it first")
{
    Draft draft = {};
    EXPECT_OK(read_extra_put(cx, &draft, "traveller", SLICE("王一"), SOURCE_XBRL));
    EXPECT_OK(read_extra_put(cx, &draft, "traveller", SLICE("李二"), SOURCE_XBRL));
    EXPECT_OK(read_extra_put(cx, &draft, "traveller", SLICE("王 一"), SOURCE_XBRL));
    EXPECT_OK(read_extra_put(cx, &draft, "traveller", SLICE("张三"), SOURCE_TEXT));
    EXPECT_OK(read_extra_put(cx, &draft, "seat", SLICE(" "), SOURCE_XBRL));
    EXPECT_OK(read_extra_put(cx, &draft, "seat", SLICE("-"), SOURCE_XBRL));
    EXPECT(draft.extra_count == 2);
}
