#include "desk/running/completeness/statement.h"

#include "base/test.h"

static EquationDay a_day(void)
{
    static EquationCount sources[2] = {
        {.source = "cli", .source_size = 3, .handed_in = 3, .accepted = 2, .in_progress = 1},
        {.source = "http", .source_size = 4, .handed_in = 1, .rejected = 2, .quarantined = 1}};
    return (EquationDay){
        .day = "2026-11-21",
        .all = {.handed_in = 4, .accepted = 2, .quarantined = 1, .rejected = 2, .in_progress = 1},
        .sources = sources,
        .source_count = 2,
        .open_since = "2026-11-20"};
}

TEST("statement: what is printed is what is parsed")
{
    EquationDay day = a_day(), back;
    Digest root = digest_of(DIGEST_SHA256, SLICE("a root"));
    Slice text;
    EXPECT_OK(
        statement_print(cx, SLICE("a.example/log"), SLICE("local"), &day, 7, &root, 99, &text));
    EXPECT(slice_starts(text, SLICE("a.example/log/statement\ntenant local\n"
                                    "day 2026-11-21\nlog 7 ")));
    EXPECT(slice_ends(text, SLICE("source http handed_in=1 carried=0 released=0 accepted=0 "
                                  "duplicate=0 conflict=0 quarantined=1 rejected=2 "
                                  "in_progress=0\n")));
    EXPECT_OK(statement_parse(cx, text, &back));
    EXPECT(strcmp(back.day, day.day) == 0 && strcmp(back.open_since, day.open_since) == 0);
    EXPECT(memcmp(&back.all, &day.all, sizeof back.all) == 0 && back.source_count == 2);
    EXPECT(memcmp(back.sources, day.sources, 2 * sizeof *day.sources) == 0);
    EXPECT(!back.has_refused); // as those that were signed before there was such a line
    day.has_refused = true;
    day.refused = digest_of(DIGEST_SHA256, SLICE("refused"));
    EXPECT_OK(
        statement_print(cx, SLICE("a.example/log"), SLICE("local"), &day, 7, &root, 99, &text));
    EXPECT(slice_ends(text, SLICE("=0\nrefused g8h00z6L/3PKqnYsec0e0QHXJ8fyD+SXLGfmeXgpLyM=\n")));
    EXPECT_OK(statement_parse(cx, text, &back));
    EXPECT(back.has_refused && digest_equal(&back.refused, &day.refused));
    // Behind it there is nothing more, and before it no source is missing.
    EXPECT(statement_parse(cx, cx_printf(cx, SLICE_FMT "more\n", SLICE_ARG(text)), &back) ==
           ERR_CORRUPT);
}

TEST("statement: what was unpacked stands at the end of its line, and only when something was")
{
    EquationDay day = a_day(), back;
    Digest root = digest_of(DIGEST_SHA256, SLICE("a root"));
    Slice text;
    day.all.unpacked = 3;
    EXPECT_OK(
        statement_print(cx, SLICE("a.example/log"), SLICE("local"), &day, 7, &root, 99, &text));
    EXPECT(slice_find(text, SLICE("rejected=2 in_progress=1 unpacked=3\nsource")) != SLICE_NONE);
    EXPECT(slice_ends(text, SLICE("in_progress=0\n")));
    EXPECT_OK(statement_parse(cx, text, &back));
    EXPECT(memcmp(&back.all, &day.all, sizeof back.all) == 0 && back.sources[0].unpacked == 0);
}

TEST("statement: what is not exactly of its form is refused")
{
    static const struct {
        const char *is, *becomes;
    } damages[] = {
        {"/statement\n", "\n"},
        {"tenant local\n", ""},
        {"day 2026-11-21\n", "day 2026-11\n"},
        {"day 2026-11-21\n", "day 2026/11/21\n"},
        {"day 2026-11-21\n", "day 2026-11-31\n"},
        {"open_since 2026-11-20", "open_since 2026-11-0x"},
        {"log 7", "lag 7"},
        {"time 99\n", ""},
        {"open_since 2026-11-20", "open_since yesterday"},
        {"all handed_in=4", "all handed=4"},
        {" released=0", ""},
        {"accepted=2", "accepted=-2"},
        {"in_progress=1\nsource", "in_progress=1 more=1\nsource"},
        {"in_progress=1\nsource", "in_progress=\nsource"},
        {"in_progress=1\nsource", "in_progress=1 unpacked=0\nsource"},
        {"in_progress=1\nsource", "in_progress=1 unpacked=1 unpacked=1\nsource"},
        {" rejected=2 in_progress=1\nsource", " rejected=2\nsource"},
        {"source cli ", "source "},
        {"source http", "sauce http"},
        {"refused ", "refuse "},
        {"refused ", "refused A"},
        {"refused ", "refused AAAA"},
        {"refused ", "refused "
                     "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\nrefused "},
    };
    EquationDay day = a_day(), back;
    day.has_refused = true;
    Digest root = digest_of(DIGEST_SHA256, SLICE("a root"));
    Slice text;
    EXPECT_OK(
        statement_print(cx, SLICE("a.example/log"), SLICE("local"), &day, 7, &root, 99, &text));
    for (size_t i = 0; i < sizeof damages / sizeof damages[0]; i++) {
        size_t at = slice_find(text, slice_of(damages[i].is));
        EXPECT(at != SLICE_NONE);
        Slice before = slice_sub(text, 0, at);
        Slice after = slice_sub(text, at + strlen(damages[i].is), text.size);
        Slice damaged = cx_printf(cx, SLICE_FMT "%s" SLICE_FMT, SLICE_ARG(before),
                                  damages[i].becomes, SLICE_ARG(after));
        if (statement_parse(cx, damaged, &back) == ERR_OK)
            test_fail(__FILE__, __LINE__, damages[i].becomes);
    }
}
