#include "base/test.h"
#include "format/json/json_out.h"

TEST("json_out: commas and nesting are its business")
{
    JsonOut out = json_out_open(cx, 1000);
    json_out_object(&out);
    json_out_pair(&out, "a", SLICE("x"));
    json_out_key(&out, SLICE("b"));
    json_out_array(&out);
    json_out_number(&out, -12);
    json_out_bool(&out, true);
    json_out_null(&out);
    json_out_raw(&out, SLICE("{}"));
    json_out_end_array(&out);
    json_out_key(&out, SLICE("c"));
    json_out_object(&out);
    json_out_end_object(&out);
    json_out_end_object(&out);
    Slice json = {};
    EXPECT_OK(json_out_done(cx, &out, &json));
    EXPECT(slice_equal(json, SLICE("{\"a\":\"x\",\"b\":[-12,true,null,{}],\"c\":{}}")));
}

TEST("json_out: a time that has not been yet is null")
{
    JsonOut out = json_out_open(cx, 1000);
    json_out_object(&out);
    json_out_time(cx, &out, "at", 1'732'185'000'123);
    json_out_time(cx, &out, "ended_at", 0);
    json_out_end_object(&out);
    Slice json = {};
    EXPECT_OK(json_out_done(cx, &out, &json));
    EXPECT(slice_equal(json, SLICE("{\"at\":\"2024-11-21T10:30:00.123Z\",\"ended_at\":null}")));
}

TEST("json_out: keys are escaped as texts are, and are whole or not there")
{
    JsonOut out = json_out_open(cx, 1000);
    json_out_object(&out);
    json_out_pair(&out, "a\"b", SLICE(""));
    json_out_pair(&out, "", SLICE("发"));
    json_out_pair(&out, "发\n", SLICE(""));
    json_out_end_object(&out);
    Slice json = {};
    EXPECT_OK(json_out_done(cx, &out, &json));
    EXPECT(slice_equal(json, SLICE("{\"a\\\"b\":\"\",\"\":\"发\",\"发\\n\":\"\"}")));
    out = json_out_open(cx, 5);
    json_out_object(&out);
    json_out_key(&out, SLICE("a"));
    EXPECT(!out.text.full);
    json_out_null(&out);
    EXPECT(out.text.full);
    out = json_out_open(cx, 5);
    json_out_object(&out);
    json_out_key(&out, SLICE("ab"));
    EXPECT(out.text.full && slice_equal(text_so_far(&out.text), SLICE("{")));
}

TEST("json_out: escapes as RFC 8785 has them, and only where due")
{
    static const struct {
        Slice text, json;
    } cases[] = {
        {SLICE("发票/\x7F"), SLICE("\"发票/\x7F\"")},
        {SLICE("\"\\\b\f\n\r\t"), SLICE("\"\\\"\\\\\\b\\f\\n\\r\\t\"")},
        {SLICE("a\x01"
               "b\x1f"),
         SLICE("\"a\\u0001b\\u001f\"")},
        {SLICE("\0"), SLICE("\"\\u0000\"")},
        {SLICE("\xF0\x9F\x98\x80"), SLICE("\"\xF0\x9F\x98\x80\"")},
        {SLICE(""), SLICE("\"\"")},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        JsonOut out = json_out_open(cx, 1000);
        json_out_string(&out, cases[i].text);
        Slice json = {};
        EXPECT_OK(json_out_done(cx, &out, &json));
        EXPECT(slice_equal(json, cases[i].json));
    }
}

TEST("json_out: bytes that are no UTF-8 become U+FFFD, one each")
{
    static const struct {
        Slice text, json;
    } cases[] = {
        {SLICE("a\xFFz"), SLICE("\"a\xEF\xBF\xBDz\"")},
        {SLICE("\xE5\x8F"), SLICE("\"\xEF\xBF\xBD\xEF\xBF\xBD\"")},
        {SLICE("\xC0\x80"), SLICE("\"\xEF\xBF\xBD\xEF\xBF\xBD\"")},
        {SLICE("\xED\xA0\x80"), SLICE("\"\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\"")},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        JsonOut out = json_out_open(cx, 1000);
        json_out_string(&out, cases[i].text);
        Slice json = {};
        EXPECT_OK(json_out_done(cx, &out, &json));
        EXPECT(slice_equal(json, cases[i].json));
    }
}

TEST("json_out: over the ceiling is a limit, not half a text")
{
    JsonOut out = json_out_open(cx, 8);
    json_out_string(&out, SLICE("far too long"));
    Slice json = SLICE("untouched");
    EXPECT(json_out_done(cx, &out, &json) == ERR_LIMIT);
    EXPECT(slice_equal(json, SLICE("untouched")));
}

TEST("json_out: whole numbers, to both ends")
{
    static const int64_t numbers[] = {0, 7, 10, -1, 1234567890123, INT64_MAX, INT64_MIN};
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        JsonOut out = json_out_open(cx, 100);
        json_out_number(&out, numbers[i]);
        Slice json = {};
        EXPECT_OK(json_out_done(cx, &out, &json));
        EXPECT(slice_equal(json, cx_printf(cx, "%lld", (long long)numbers[i])));
    }
}
