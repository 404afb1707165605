#include "read/read_copies.h"

#include "base/money.h"

#define COPIES_MAX   8  // the most 联 that an invoice on paper had were six
#define POINTER_SIZE 60 // bytes: a name that is nothing else

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

// How many of the lines are the list once, or 0.
static size_t once(Cx *cx, const Draft *draft)
{
    for (size_t copies = 1; copies <= COPIES_MAX; copies++) {
        size_t count = draft->line_count / copies;
        if (count == 0 || draft->line_count % copies != 0) continue;
        if (repeats(draft, count) && is_whole(cx, draft, count)) return count;
    }
    return 0;
}

static bool is_pointer(const Line *line)
{
    return line->name.size < POINTER_SIZE && slice_find(line->name, SLICE("详见")) != SLICE_NONE &&
           slice_find(line->name, SLICE("清单")) != SLICE_NONE;
}

// "(详见销货清单)" stands on the face of each copy.
static void without_pointers(Cx *cx, const Draft *draft, Draft *ret)
{
    *ret = *draft;
    ret->lines = arena_alloc(&cx->arena, draft->line_count * sizeof *ret->lines);
    ret->line_count = 0;
    for (size_t i = 0; i < draft->line_count; i++)
        if (!is_pointer(&draft->lines[i])) ret->lines[ret->line_count++] = draft->lines[i];
}

void read_copies_drop(Cx *cx, Draft *draft)
{
    if (draft->line_count < 2) return;
    size_t count = once(cx, draft);
    if (count == 0) {
        Draft listed = {};
        without_pointers(cx, draft, &listed);
        count = once(cx, &listed);
        if (count == 0) return;
        draft->lines = listed.lines;
        draft->line_room = draft->line_count;
    }
    draft->line_count = count;
}
