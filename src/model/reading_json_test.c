#include "model/reading_json.h"

#include "base/test.h"

static Draft sample(Cx *cx)
{
    static Slice reasons[] = {SLICE("甲的摘要不符")};
    Draft draft = {};
    EXPECT_OK(draft_set(cx, &draft, DRAFT_KIND, SLICE("32"), SOURCE_XML, 1000));
    EXPECT_OK(draft_set(cx, &draft, DRAFT_NUMBER, SLICE("24442000000052340515"), SOURCE_XML, 1000));
    EXPECT_OK(draft_set(cx, &draft, DRAFT_TOTAL, SLICE("2.12"), SOURCE_TEXT, 995));
    EXPECT_OK(draft_set(cx, &draft, DRAFT_SELLER_NAME, SLICE("某\"某"), SOURCE_OCR, 70));
    EXPECT_OK(draft_add_finding(cx, &draft, "total_sum", SEVERITY_ERROR, SLICE("total"), "不符。"));
    Line *line = NULL;
    EXPECT_OK(draft_add_line(cx, &draft, &line));
    *line = (Line){.name = SLICE("*劳务*维护"), .amount = SLICE("2.00"), .tax_rate = SLICE("6%")};
    draft.red.is_red = true;
    draft.qr = SLICE("01,32,,24442000000052340515,2.12,20240602,,B146");
    draft.seal = (Seal){SEAL_BROKEN, false, false, SLICE("国家税务总局"), reasons, 1};
    return draft;
}

TEST("reading_json: prints the contract's shape")
{
    Draft draft = sample(cx);
    Reading reading = {.media = MEDIA_XML, .drafts = &draft, .draft_count = 1};
    Slice json = {};
    EXPECT_OK(reading_json_print(cx, SLICE("a.xml"), SLICE("00ff"), &reading, &json));
    static const Slice parts[] = {
        SLICE("{\"file\":\"a.xml\",\"media\":\"xml\",\"sha256\":\"00ff\",\"documents\":[{"),
        SLICE("\"kind\":\"32\",\"kind_name\":\"电子发票(普通发票)\""),
        SLICE("\"area\":\"广东\""),
        SLICE("\"total\":{\"confidence\":0.995,\"source\":\"text\"}"),
        SLICE("\"number\":{\"confidence\":1,\"source\":\"xml\"}"),
        SLICE("\"name\":\"某\\\"某\""),
        SLICE("\"red\":{\"confirmation_number\":\"\",\"is_red\":true,\"original_code\":\"\","
              "\"original_number\":\"\"}"),
        SLICE("\"issuer\":\"unchecked\",\"reasons\":[\"甲的摘要不符\"],\"signer\":\"国家税务总局\","
              "\"state\":\"broken\"}"),
        SLICE("{\"field\":\"total\",\"rule\":\"total_sum\",\"severity\":\"error\",\"text\":"
              "\"不符。\"}"),
        SLICE("}],\"error\":null}"),
    };
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++)
        EXPECT(slice_find(json, parts[i]) != SLICE_NONE);
}

TEST("reading_json: without an invoice there is a reason in two languages")
{
    Reading reading = {.reason = REASON_ENCRYPTED};
    Slice json = {};
    EXPECT_OK(reading_json_print(cx, SLICE("x"), SLICE(""), &reading, &json));
    EXPECT(
        slice_find(json, SLICE("\"documents\":[],\"error\":{\"code\":\"encrypted\",\"text\":\"")) !=
        SLICE_NONE);
    EXPECT(slice_find(json, SLICE("密码")) != SLICE_NONE);
    EXPECT(slice_find(json, SLICE("password")) != SLICE_NONE);
}

TEST("reading_json: a container that is refused is none of the contract's media")
{
    Reading reading = {.media = MEDIA_ZIP, .reason = REASON_HOSTILE};
    Slice json = {};
    EXPECT_OK(reading_json_print(cx, SLICE("x.zip"), SLICE(""), &reading, &json));
    EXPECT(slice_find(json, SLICE("\"media\":\"unknown\"")) != SLICE_NONE);
    EXPECT(slice_find(json, SLICE("\"code\":\"hostile\"")) != SLICE_NONE);
}

// Keys of every object ascend.
static void expect_sorted(const JsonValue *value)
{
    Slice before = {};
    for (const JsonValue *at = json_in_first(value); at != NULL; at = json_in_next(at)) {
        if (json_in_is_object(value)) {
            EXPECT(slice_compare(before, json_in_key(at)) < 0);
            before = json_in_key(at);
        }
        expect_sorted(at);
    }
}

TEST("reading_json: canonical bytes are sorted and without numbers, and come back")
{
    Draft draft = sample(cx), back = {};
    Slice json = {}, again = {};
    EXPECT_OK(reading_json_canonical(cx, &draft, &json));
    EXPECT(slice_find(json, SLICE("\"confidence\":\"0.995\"")) != SLICE_NONE);
    EXPECT(slice_find(json, SLICE("kind_name")) == SLICE_NONE);
    JsonIn *in = NULL;
    EXPECT_OK(json_in_open(cx, json, &in));
    expect_sorted(json_in_root(in));
    json_in_close(in);
    EXPECT_OK(reading_json_parse(cx, json, &back));
    EXPECT(back.origins[DRAFT_TOTAL].source == SOURCE_TEXT);
    EXPECT(back.origins[DRAFT_TOTAL].confidence == 995);
    EXPECT(back.seal.state == SEAL_BROKEN && back.red.is_red && back.line_count == 1);
    EXPECT_OK(reading_json_canonical(cx, &back, &again));
    EXPECT(slice_equal(json, again));
}

TEST("reading_json: takes the printed shape, and refuses another")
{
    Draft draft = sample(cx), back = {};
    JsonOut out = json_out_open(cx, 100'000);
    reading_json_draft(&out, &draft, false);
    Slice json = {}, canonical = {}, again = {};
    EXPECT_OK(json_out_done(cx, &out, &json));
    EXPECT_OK(reading_json_parse(cx, json, &back));
    EXPECT_OK(reading_json_canonical(cx, &draft, &canonical));
    EXPECT_OK(reading_json_canonical(cx, &back, &again));
    EXPECT(slice_equal(canonical, again));

    static const Slice bad[] = {
        SLICE("[]"),
        SLICE("{\"total\":12.30}"),
        SLICE("{\"seal\":{\"state\":\"golden\"}}"),
        SLICE("{\"findings\":[{\"severity\":\"fatal\"}]}"),
        SLICE("{\"fields\":{\"total\":{\"source\":\"gossip\"}}}"),
        SLICE("{\"fields\":{\"total\":{\"source\":\"xml\",\"confidence\":2}}}"),
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        EXPECT(reading_json_parse(cx, bad[i], &back) == ERR_INPUT);
    EXPECT_OK(reading_json_parse(cx, SLICE("{\"new\":1,\"total\":\"¥1,2\"}"), &back));
    EXPECT(slice_empty(back.total) && back.finding_count == 1);
}

TEST("reading_json: values of a special business come back; without any the bytes are as ever")
{
    Draft draft = sample(cx), again = {};
    Slice plain = {}, full = {}, back = {};
    EXPECT_OK(reading_json_canonical(cx, &draft, &plain));
    EXPECT(slice_find(plain, SLICE("extra")) == SLICE_NONE);
    EXPECT_OK(draft_add_extra(cx, &draft, "traveller", SLICE("王一"), SOURCE_XBRL));
    EXPECT_OK(draft_add_extra(cx, &draft, "traveller", SLICE("李二"), SOURCE_XBRL));
    EXPECT_OK(reading_json_canonical(cx, &draft, &full));
    EXPECT(slice_find(full, SLICE("\"code\":\"\",\"extra\":[{\"name\":\"traveller\",\"source\":"
                                  "\"xbrl\",\"value\":\"王一\"},{\"name\":\"traveller\",\"source\":"
                                  "\"xbrl\",\"value\":\"李二\"}],\"fields\":")) != SLICE_NONE);
    EXPECT_OK(reading_json_parse(cx, full, &again));
    EXPECT(again.extra_count == 2 && again.extras[1].source == SOURCE_XBRL);
    EXPECT_OK(reading_json_canonical(cx, &again, &back));
    EXPECT(slice_equal(full, back));
    JsonOut out = json_out_open(cx, 100'000);
    reading_json_draft(&out, &draft, false);
    EXPECT_OK(json_out_done(cx, &out, &back));
    EXPECT(slice_find(back, SLICE("{\"label\":\"出行人\",\"name\":\"traveller\"")) != SLICE_NONE);
}

TEST("reading_json: a second number comes back; without one the bytes are as ever")
{
    Draft draft = sample(cx), again = {};
    Slice plain = {}, full = {}, back = {};
    EXPECT_OK(reading_json_canonical(cx, &draft, &plain));
    EXPECT(slice_find(plain, SLICE("digital_number")) == SLICE_NONE);
    Slice number = SLICE("24442000000000000018");
    EXPECT_OK(draft_set(cx, &draft, DRAFT_DIGITAL_NUMBER, number, SOURCE_TEXT, 950));
    EXPECT_OK(reading_json_canonical(cx, &draft, &full));
    EXPECT(slice_find(full, SLICE("\"code\":\"\",\"digital_number\":\"24442000000000000018\",")) !=
           SLICE_NONE);
    EXPECT_OK(reading_json_parse(cx, full, &again));
    EXPECT(slice_equal(again.digital_number, number));
    EXPECT(again.origins[DRAFT_DIGITAL_NUMBER].source == SOURCE_TEXT);
    EXPECT_OK(reading_json_canonical(cx, &again, &back));
    EXPECT(slice_equal(full, back));
}
