#include "desk/running/completeness/equation.h"

#include "base/test.h"

TEST("equation: what came and what became of it, by source in order of names, and in all")
{
    EquationCount sources[EQUATION_SOURCES_MAX];
    EquationDay day = {.sources = sources};
    EXPECT_OK(equation_came(cx, &day, SLICE("mail"), EQUATION_HANDED_IN, 3));
    EXPECT_OK(equation_came(cx, &day, SLICE("cli"), EQUATION_CARRIED, 1));
    EXPECT_OK(equation_came(cx, &day, SLICE("mail"), EQUATION_RELEASED, 1));
    EXPECT_OK(equation_came(cx, &day, SLICE("mail"), EQUATION_REJECTED, 2));
    EXPECT(day.source_count == 2 && sources[0].carried == 1 && sources[1].handed_in == 3);
    EXPECT(memcmp(sources[0].source, "cli", 3) == 0 && sources[0].source_size == 3);
    EXPECT(equation_received(&day.all) == 7 && equation_received(&sources[1]) == 6);
    EXPECT_OK(equation_became(cx, &day, SLICE("mail"), DOC_ACCEPTED, SLICE(""), 3));
    EXPECT_OK(equation_became(cx, &day, SLICE("mail"), DOC_UNPACKED, SLICE(""), 1));
    EXPECT_OK(equation_became(cx, &day, SLICE("mail"), DOC_ERASED, SLICE(""), 1));
    EXPECT_OK(equation_became(cx, &day, SLICE("mail"), DOC_ACCEPTED, SLICE(""), -1)); // taken back
    EXPECT(day.all.accepted == 2 && sources[1].accepted == 2 && day.all.rejected == 3);
    EXPECT(day.all.unpacked == 1 && equation_received(&day.all) == 7);
    EXPECT(day.open_since[0] == '\0');
    EXPECT_OK(equation_became(cx, &day, SLICE("cli"), DOC_RECEIVED, SLICE("2026-01-05"), 1));
    EXPECT_OK(equation_became(cx, &day, SLICE("cli"), DOC_RECEIVED, SLICE("2026-01-03"), 1));
    EXPECT_OK(equation_became(cx, &day, SLICE("cli"), DOC_RECEIVED, SLICE("2026-01-04"), 1));
    EXPECT(sources[0].in_progress == 3);
    EXPECT(slice_equal((Slice){day.open_since, 10}, SLICE("2026-01-03")));
}

TEST("equation: so many sources and no more")
{
    EquationCount sources[EQUATION_SOURCES_MAX];
    EquationDay day = {.sources = sources};
    for (int i = EQUATION_SOURCES_MAX; i > 0; i--)
        EXPECT_OK(equation_came(cx, &day, cx_printf(cx, "s%02d", i), EQUATION_HANDED_IN, 1));
    EXPECT(equation_came(cx, &day, SLICE("t"), EQUATION_HANDED_IN, 1) == ERR_LIMIT);
    EXPECT_OK(equation_came(cx, &day, SLICE("s07"), EQUATION_HANDED_IN, 1));
    EXPECT(sources[6].handed_in == 2 && day.all.handed_in == EQUATION_SOURCES_MAX + 1);
}
