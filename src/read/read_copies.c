#include "read/read_copies.h"

#include "base/money.h"

#define COPIES_MAX 8 // the most 联 that an invoice on paper had were six

static bool same_line(const Line *a, const Line *b)
{
#define SAME(field, name) slice_equal(a->field, b->field) &&
    return DRAFT_LINE_FIELDS(SAME) true;
#undef SAME
}

static bool repeats(const Draft *draft, size_t count)
{
    for (size_t i = count; i < draft->line_count; i++)
        if (!same_line(&draft->lines[i], &draft->lines[i - count])) return false;
    return true;
}

// Whether the first `count` lines give the invoice's amount.
static bool is_whole(Cx *cx, const Draft *draft, size_t count)
{
    Money amount, sum = {};
    if (money_parse(cx, draft->amount, &amount) != ERR_OK) return false;
    for (size_t i = 0; i < count; i++) {
        Money of_line;
        if (money_parse(cx, draft->lines[i].amount, &of_line) != ERR_OK ||
            money_add(cx, sum, of_line, &sum) != ERR_OK)
            return false;
    }
    return sum.fen == amount.fen;
}

void read_copies_drop(Cx *cx, Draft *draft)
{
    if (draft->line_count < 2 || is_whole(cx, draft, draft->line_count)) return;
    for (size_t copies = 2; copies <= COPIES_MAX; copies++) {
        size_t count = draft->line_count / copies;
        if (count == 0 || draft->line_count % copies != 0) continue;
        if (!repeats(draft, count) || !is_whole(cx, draft, count)) continue;
        draft->line_count = count;
        return;
    }
}
