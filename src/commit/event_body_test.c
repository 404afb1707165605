#include "commit/event_body.h"

#include "base/test.h"

TEST("event body: canonical bytes have sorted keys and only what is there")
{
    EventBody body = {.tenant = SLICE("local"), .v = EVENT_BODY_VERSION, .actor = SLICE("a\"b\n")};
    Slice canonical;
    EXPECT_OK(event_body_print(cx, &body, &canonical));
    EXPECT(slice_equal(canonical,
                       SLICE("{\"actor\":\"a\\\"b\\n\",\"tenant\":\"local\",\"v\":\"1\"}")));
    EventBody back;
    EXPECT_OK(event_body_parse(cx, canonical, &back));
    EXPECT(slice_equal(back.actor, body.actor) && slice_equal(back.tenant, body.tenant));
    EXPECT(slice_empty(back.time) && slice_equal(back.v, body.v));
}

#define ADD_NAME(name) SLICE(#name),
TEST("event body: the table of keys is sorted")
{
    static const Slice names[] = {EVENT_BODY_FIELDS(ADD_NAME)};
    for (size_t i = 1; i < sizeof names / sizeof names[0]; i++)
        EXPECT(slice_compare(names[i - 1], names[i]) < 0);
}

TEST("event body: what is not canonical is damage")
{
    static const Slice cases[] = {
        SLICE(""),
        SLICE("[]"),
        SLICE("{\"actor\":1}"),
        SLICE("{\"actor\":\"\"}"),
        SLICE("{\"v\":\"1\",\"actor\":\"a\"}"),
        SLICE("{ \"actor\":\"a\"}"),
        SLICE("{\"unknown\":\"a\"}"),
        SLICE("{\"actor\":\"\\u0061\"}"),
        SLICE("{\"actor\":\"a\"}x"),
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        EventBody body;
        EXPECT(event_body_parse(cx, cases[i], &body) == ERR_CORRUPT);
    }
}
