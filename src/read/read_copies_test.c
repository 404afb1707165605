#include "read/read_copies.h"

#include "base/test.h"

static Line line_of(const char *name, const char *amount)
{
    return (Line){.name = slice_of(name), .amount = slice_of(amount)};
}

TEST("read_copies: a list that stands there twice or thrice is there once, when once gives the sum")
{
    Line a = line_of("*餐饮服务*餐费", "60.00"), b = line_of("*餐饮服务*餐费", "40.00");
    Line discount = line_of("*餐饮服务*餐费", "-10.00");
    Line list = line_of("(详见销货清单)", "100.00");
    const struct {
        const char *amount;
        Line lines[6];
        size_t count, kept;
    } cases[] = {
        {"100.00", {a, b, a, b}, 4, 2},       // printed twice
        {"100.00", {a, b, a, b, a, b}, 6, 2}, // three times
        {"60.00", {a, a}, 2, 1},              // of one line
        {"120.00", {a, a, a, a}, 4, 2},       // two alike, printed twice
        {"120.00", {a, a}, 2, 2},             // two alike, and that is the sum
        {"90.00", {a, b, discount, a, b, discount}, 6, 3},
        {"200.00", {a, b, a, b}, 4, 4}, // a list whose pages are alike
        {"100.00", {a, b, a, a}, 4, 4}, // another list
        {"100.00", {a, b, a}, 3, 3},    // not whole
        {"99.00", {a, b, a, b}, 4, 4},  // neither gives the sum
        {"", {a, b, a, b}, 4, 4},       // nobody knows
        {"***", {a, b, a, b}, 4, 4},
        {"100.00", {list, a, b, list, a, b}, 6, 2}, // faces with a list each
        {"100.00", {list, list, a, b}, 4, 2},       // two faces and one list
        {"100.00", {list, list}, 2, 1},             // no list
        {"200.00", {list, a, b}, 3, 3},             // an item of that name
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        Line lines[6];
        memcpy(lines, cases[i].lines, sizeof lines);
        Draft draft = {
            .amount = slice_of(cases[i].amount), .lines = lines, .line_count = cases[i].count};
        read_copies_drop(cx, &draft);
        EXPECT(draft.line_count == cases[i].kept);
        if (draft.line_count == 2 && i > 11)
            EXPECT(slice_equal(draft.lines[0].amount, a.amount) &&
                   slice_equal(draft.lines[1].amount, b.amount));
    }
}
