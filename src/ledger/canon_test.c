#include "ledger/canon.h"

#include "base/limits.h"
#include "base/test.h"

TEST("canon: strings of the outermost object come out as they were meant")
{
    Slice event = SLICE("{\"a\":\"\",\"b\":\"\\\"\\\\/\\b\\f\\n\\r\\t\\u0000\\u001f\x7F\",\"c\":{"
                        "\"d\":\"inner\"},\"e\":[\"x\",{},[],true,false],\"f\":\"发票€𠮷\"}");
    static const struct {
        Slice key, value;
        Err err;
    } cases[] = {
        {SLICE("a"), SLICE(""), ERR_OK},
        {SLICE("b"), SLICE("\"\\/\b\f\n\r\t\0\x1f\x7F"), ERR_OK},
        {SLICE("f"), SLICE("发票€𠮷"), ERR_OK},
        {SLICE("c"), SLICE("untouched"), ERR_MISSING}, // no string
        {SLICE("d"), SLICE("untouched"), ERR_MISSING}, // not of the outermost
        {SLICE("e"), SLICE("untouched"), ERR_MISSING},
        {SLICE(""), SLICE("untouched"), ERR_MISSING},
    };
    EXPECT_OK(canon_check(cx, event));
    EXPECT_OK(canon_check(cx, SLICE("{}")));
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        Slice value = SLICE("untouched");
        EXPECT(canon_string(cx, event, cases[i].key, &value) == cases[i].err);
        EXPECT(slice_equal(value, cases[i].value));
    }
}

TEST("canon: any other spelling is refused")
{
    static const Slice bad[] = {
        SLICE(""),
        SLICE("\"a\""),
        SLICE("[]"),
        SLICE("{"),
        SLICE("{}\n"),
        SLICE(" {}"),
        SLICE("{ }"),
        SLICE("{}{}"),
        SLICE("{\"a\" :\"b\"}"),
        SLICE("{\"a\":\"b\",}"),
        SLICE("{\"a\":\"b\" ,\"c\":\"d\"}"),
        SLICE("{\"b\":\"\",\"a\":\"\"}"),  // order
        SLICE("{\"a\":\"\",\"a\":\"\"}"),  // twice
        SLICE("{\"a\":1}"),                // a number
        SLICE("{\"a\":null}"),             // null
        SLICE("{\"a\":\"\\/\"}"),          // an escape that none is due for
        SLICE("{\"a\":\"\\u0041\"}"),      //
        SLICE("{\"a\":\"\\u001F\"}"),      // upper case
        SLICE("{\"a\":\"\\u000a\"}"),      // \n is shorter
        SLICE("{\"a\":\"\\u0022\"}"),      //
        SLICE("{\"a\":\"\\u00\"}"),        //
        SLICE("{\"a\":\"\n\"}"),           // a bare control
        SLICE("{\"a\":\"\xC0\xAF\"}"),     // overlong
        SLICE("{\"a\":\"\xED\xA0\x80\"}"), // a surrogate
        SLICE("{\"a\":\"b}"),
        SLICE("{\"\":\"b\"}"),
        SLICE("{\"\xC3\xA4\":\"b\"}"),
        SLICE("{\"a\\\"\":\"b\"}"),
        SLICE("{\"a\":[\"b\",]}"),
        SLICE("{\"a\":tru}"),
        SLICE("{\"a\":}"),
        SLICE("{\"a\":"),
        SLICE("{\"a\""),
        SLICE("{\"a\":[\"b\","),
        SLICE("{\"a\":\"\\"),
        SLICE("{\"a\":\"\\u00"),
    };
    Slice value = SLICE("untouched");
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        EXPECT(canon_check(cx, bad[i]) == ERR_INPUT);
        EXPECT(canon_string(cx, bad[i], SLICE("a"), &value) == ERR_INPUT);
    }
    EXPECT(slice_equal(value, SLICE("untouched")));
}

TEST("canon: depth and size have ends")
{
    char deep[64] = "{\"a\":";
    size_t at = 5;
    for (int depth = 1; depth < LIMIT_CANON_DEPTH; depth++)
        deep[at++] = '[';
    for (int depth = 1; depth < LIMIT_CANON_DEPTH; depth++)
        deep[at++] = ']';
    deep[at++] = '}';
    EXPECT_OK(canon_check(cx, (Slice){deep, at}));
    memmove(deep + 6, deep + 5, at - 5);
    deep[5] = '[';
    deep[at] = ']';
    deep[at + 1] = '}';
    EXPECT(canon_check(cx, (Slice){deep, at + 2}) == ERR_INPUT);

    char *large = arena_alloc(&cx->arena, LIMIT_CANON_BYTES + 1);
    memset(large, 'x', LIMIT_CANON_BYTES + 1);
    memcpy(large, "{\"a\":\"", 6);
    memcpy(large + LIMIT_CANON_BYTES - 2, "\"}", 2);
    EXPECT_OK(canon_check(cx, (Slice){large, LIMIT_CANON_BYTES}));
    memcpy(large + LIMIT_CANON_BYTES - 2, "x\"}", 3);
    EXPECT(canon_check(cx, (Slice){large, LIMIT_CANON_BYTES + 1}) == ERR_INPUT);
}
