#include "base/limits.h"
#include "base/test.h"
#include "base/text.h"
#include "format/json/json_in.h"

TEST("json_in: reads what it should")
{
    JsonIn *in = NULL;
    EXPECT_OK(json_in_open(
        cx,
        SLICE(
            " {\"name\":\"发\\u7968\",\"n\":-12,\"yes\":true,\"list\":[1,\"two\",{}],\"x\":null} "),
        &in));
    const JsonValue *root = json_in_root(in);
    EXPECT(json_in_is_object(root));
    EXPECT(slice_equal(json_in_string(json_in_get(root, "name")), SLICE("发票")));
    int64_t number = 0;
    EXPECT(json_in_int(json_in_get(root, "n"), &number) && number == -12);
    EXPECT(json_in_bool(json_in_get(root, "yes"), false));
    EXPECT(json_in_bool(json_in_get(root, "none"), true));
    EXPECT(json_in_get(root, "Name") == NULL);
    const JsonValue *list = json_in_get(root, "list");
    EXPECT(json_in_is_array(list));
    const JsonValue *second = json_in_next(json_in_first(list));
    EXPECT(json_in_is_string(second) && slice_equal(json_in_string(second), SLICE("two")));
    EXPECT(json_in_next(json_in_next(second)) == NULL);
    EXPECT(slice_equal(json_in_key(json_in_first(root)), SLICE("name")));
    EXPECT(slice_empty(json_in_string(json_in_get(root, "n"))));
    json_in_close(in);
    json_in_close(NULL);
}

TEST("json_in: what is escaped is unescaped, in keys too, and the text itself stays as it was")
{
    char text[] = "{\"a\\n\\\"b\":\"x\\\\\\/\\b\\f\\r\\t\\u00e9\\ud83d\\ude00y\",\"b\":\"\"}";
    char copy[sizeof text];
    memcpy(copy, text, sizeof text);
    JsonIn *in = NULL;
    EXPECT_OK(json_in_open(cx, slice_of(text), &in));
    EXPECT(memcmp(text, copy, sizeof text) == 0);
    memset(text, 'z', sizeof text - 1); // the tree does not need it any more
    const JsonValue *root = json_in_root(in);
    EXPECT(slice_equal(json_in_string(json_in_get(root, "a\n\"b")),
                       SLICE("x\\/\b\f\r\t\u00e9\U0001F600y")));
    EXPECT(json_in_is_string(json_in_find(root, SLICE("b"))));
    EXPECT(json_in_find(root, SLICE("")) == NULL);
    json_in_close(in);
}

TEST("json_in: refuses what is not strictly JSON")
{
    static const Slice cases[] = {
        SLICE(""),
        SLICE("{"),
        SLICE("[1,]"),
        SLICE("{\"a\":1,}"),
        SLICE("{\"a\" 1}"),
        SLICE("{a:1}"),
        SLICE("'a'"),
        SLICE("01"),
        SLICE("1."),
        SLICE(".5"),
        SLICE("+1"),
        SLICE("-"),
        SLICE("1e"),
        SLICE("NaN"),
        SLICE("True"),
        SLICE("nul"),
        SLICE("1 2"),
        SLICE("\"a\nb\""),
        SLICE("\"\\x\""),
        SLICE("\"\\u0000\""),
        SLICE("\"\\ud800\""),
        SLICE("\"\\ud800\\u0041\""),
        SLICE("\"\\udc00\""),
        SLICE("\"\xFF\""),
        SLICE("\"\xED\xA0\x80\""),
        SLICE("\"open"),
        SLICE("\xEF\xBB\xBF{}"),
        SLICE("{\"a\":1,\"a\":2}"),
        SLICE("[{\"b\":{\"a\":1,\"x\":0,\"\\u0061\":2}}]"),
        SLICE("{}\0"),
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        JsonIn *in = NULL;
        EXPECT(json_in_open(cx, cases[i], &in) == ERR_INPUT);
        EXPECT(in == NULL);
    }
}

TEST("json_in: a key that stands twice is found among few members and among many")
{
    for (size_t count = 2; count < 80; count += 11)
        for (size_t twin = 0; twin < 2; twin++) {
            Text text = text_open(cx, 4096);
            text_byte(&text, '{');
            for (size_t i = 0; i < count; i++)
                text_printf(&text, "\"k%zu\":0,", count - i);
            text_printf(&text, "\"k%zu\":0}", twin == 1 ? (size_t)1 : (size_t)0);
            JsonIn *in = NULL;
            EXPECT(json_in_open(cx, text_so_far(&text), &in) == (twin == 1 ? ERR_INPUT : ERR_OK));
            json_in_close(in);
            in = NULL;
        }
}

TEST("json_in: whole numbers below 2^53, and no others")
{
    static const struct {
        Slice json;
        bool ok;
        int64_t number;
    } cases[] = {
        {SLICE("0"), true, 0},
        {SLICE("9007199254740991"), true, INT64_C(9007199254740991)},
        {SLICE("-9007199254740991"), true, -INT64_C(9007199254740991)},
        {SLICE("1e3"), true, 1000},
        {SLICE("9007199254740992"), false, 0},
        {SLICE("9007199254740993"), false, 0},
        {SLICE("1.5"), false, 0},
        {SLICE("1e400"), false, 0},
        {SLICE("0e99999999999"), true, 0},
        {SLICE("-12e-1"), false, 0},
        {SLICE("-120.0e-1"), true, -12},
        {SLICE("1e-99999999999"), false, 0},
        {SLICE("123456789012345678901234567890"), false, 0},
        {SLICE("1.00000000000000000000000000001"), false, 0},
        {SLICE("10000000000000000000000000000000e-30"), true, 10},
        {SLICE("\"1\""), false, 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        JsonIn *in = NULL;
        EXPECT_OK(json_in_open(cx, cases[i].json, &in));
        int64_t number = 77;
        EXPECT(json_in_int(json_in_root(in), &number) == cases[i].ok);
        EXPECT(number == (cases[i].ok ? cases[i].number : 77));
        json_in_close(in);
    }
}

TEST("json_in: fractions are read at a scale")
{
    static const struct {
        Slice json;
        bool ok;
        int64_t number;
    } cases[] = {
        {SLICE("0.995"), true, 995},   {SLICE("1"), true, 1000},
        {SLICE("0.9999"), true, 1000}, {SLICE("-0.1"), true, -100},
        {SLICE("1e300"), false, 0},    {SLICE("null"), false, 0},
        {SLICE("0.0005"), true, 1},    {SLICE("0.00049999999999999999999"), true, 0},
        {SLICE("1e-9"), true, 0},      {SLICE("0.00050000000000000000001"), true, 1},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        JsonIn *in = NULL;
        EXPECT_OK(json_in_open(cx, cases[i].json, &in));
        int64_t number = 0;
        EXPECT(json_in_scaled(json_in_root(in), 1000, &number) == cases[i].ok);
        EXPECT(number == cases[i].number);
        json_in_close(in);
    }
}

static Err open_nested(Cx *cx, size_t depth)
{
    Text text = text_open(cx, 3 * depth);
    for (size_t i = 0; i < depth; i++)
        text_byte(&text, '[');
    for (size_t i = 0; i < depth; i++)
        text_byte(&text, ']');
    JsonIn *in = NULL;
    Err err = json_in_open(cx, text_so_far(&text), &in);
    json_in_close(in);
    return err;
}

TEST("json_in: nesting, size and number of values are limited")
{
    EXPECT_OK(open_nested(cx, LIMIT_JSON_DEPTH));
    EXPECT(open_nested(cx, LIMIT_JSON_DEPTH + 1) == ERR_LIMIT);
    EXPECT(open_nested(cx, 100'000) == ERR_LIMIT);

    JsonIn *in = NULL;
    static char big[LIMIT_JSON_BYTES + 1];
    EXPECT(json_in_open(cx, (Slice){big, sizeof big}, &in) == ERR_LIMIT);

    Text text = text_open(cx, LIMIT_JSON_BYTES);
    text_byte(&text, '[');
    for (size_t i = 0; i < LIMIT_JSON_VALUES; i++)
        text_add(&text, SLICE("0,"));
    text_add(&text, SLICE("0]"));
    EXPECT(json_in_open(cx, text_so_far(&text), &in) == ERR_LIMIT);
    EXPECT(in == NULL);
}

TEST("json_in: members are found in whatever order they stand and are asked for")
{
    static const Slice texts[] = {SLICE("{\"a\":\"1\",\"b\":\"2\",\"ba\":\"3\",\"d\":\"4\"}"),
                                  SLICE("{\"d\":\"4\",\"ba\":\"3\",\"b\":\"2\",\"a\":\"1\"}"),
                                  SLICE("{\"b\":\"2\",\"a\":\"1\",\"d\":\"4\",\"ba\":\"3\"}")};
    static const struct {
        const char *key, *text;
    } asked[] = {{"a", "1"},  {"b", "2"}, {"d", "4"},  {"ba", "3"}, {"c", NULL}, {"a", "1"},
                 {"z", NULL}, {"d", "4"}, {"z", NULL}, {"", NULL},  {"a", "1"},  {"b", "2"}};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        JsonIn *in = NULL;
        EXPECT_OK(json_in_open(cx, texts[i], &in));
        for (size_t k = 0; k < sizeof asked / sizeof asked[0]; k++) {
            const JsonValue *found = json_in_get(json_in_root(in), asked[k].key);
            EXPECT((found != NULL) == (asked[k].text != NULL));
            if (found != NULL) EXPECT(slice_equal(json_in_string(found), slice_of(asked[k].text)));
        }
        json_in_close(in);
    }
    JsonIn *in = NULL;
    EXPECT(json_in_open(cx, SLICE("{\"a\":1,\"b\":2,\"b\":3}"), &in) == ERR_INPUT);
    EXPECT_OK(json_in_open(cx, SLICE("{}"), &in));
    EXPECT(json_in_get(json_in_root(in), "a") == NULL);
    json_in_close(in);
}

TEST("json_in: an escape in the middle, at the end and alone leaves the text around it whole")
{
    JsonIn *in = NULL;
    EXPECT_OK(json_in_open(cx, SLICE("[\"发\\n票x\",\"x\\\"\",\"\\u53d1\",\"\"]"), &in));
    static const Slice texts[] = {SLICE("发\n票x"), SLICE("x\""), SLICE("发"), SLICE("")};
    const JsonValue *at = json_in_first(json_in_root(in));
    for (size_t i = 0; i < 4; i++, at = json_in_next(at))
        EXPECT(slice_equal(json_in_string(at), texts[i]));
    json_in_close(in);
}
