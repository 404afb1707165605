#include "http/http_verifications.h"

#include <unistd.h>

#include "base/test.h"
#include "flow/flow_fixture.h"
#include "http/http_fixture.h"

#define QUESTION                                                                                   \
    "{\"number\":\"24112000000048542163\",\"issue_date\":\"2024-05-28\",\"total\":\"1.00\"}"

static void fill(Cx *cx, HttpSite *site)
{
    (void)flow_fixture_keep(cx, site->flow,
                            "fapiao\nkind 31\nnumber 24112000000048542163\n"
                            "issue_date 2024-05-28\ntotal 1.00\n");
}

TEST("http_verifications: five tries a number a day for strangers, however it is written")
{
    HttpSite site = http_fixture_open(cx, NULL);
    fill(cx, &site);
    HttpReply reply = {};
    for (int i = 0; i < 6; i++) {
        reply = http_fixture_post(cx, &site, "/api/v1/verifications",
                                  i % 2 == 0 ? QUESTION
                                             : "{\"number\":\"2411 2000 0000 4854 2163\","
                                               "\"code\":\"0000\",\"issue_date\":\"20240528\","
                                               "\"total\":\"1\",\"kind\":\"31\"}");
        EXPECT(reply.status == (i < 5 ? 200 : 429));
        if (i == 0) {
            EXPECT(slice_equal(http_fixture_json(cx, reply.body, "result"), SLICE("match")));
            EXPECT(slice_equal(http_fixture_json(cx, reply.body, "basis"), SLICE("unsigned_file")));
            EXPECT(slice_starts(http_fixture_json(cx, reply.body, "message.zh"),
                                SLICE("与一份未经验签的上传件一致")));
        }
    }
    EXPECT(slice_equal(http_fixture_json(cx, reply.body, "code"), SLICE("too_many_tries")));
    EXPECT(http_fixture_header(&reply, SLICE("Retry-After")).size > 0);
    // Who comes through the folder's socket is no stranger.
    int fd = http_fixture_connect_local(cx_printf(cx, "%s/fapiao.sock", site.folder).data);
    http_fixture_send(fd, cx_printf(cx,
                                    "POST /api/v1/verifications HTTP/1.1\r\n"
                                    "Content-Type: application/json\r\n"
                                    "Content-Length: %zu\r\n\r\n" QUESTION,
                                    sizeof QUESTION - 1));
    EXPECT(http_fixture_read(cx, fd, false, 5000).status == 200);
    (void)close(fd);
    http_fixture_close(&site);
}

TEST("http_verifications: a question that is not well-formed says which field, and costs no try")
{
    HttpSite site = http_fixture_open(cx, NULL);
    fill(cx, &site);
    static const struct {
        const char *json, *field;
    } cases[] = {
        {"{\"number\":\"24112000000048542163\",\"total\":\"1.00\"}", "issue_date"},
        {"{\"number\":\"24112000000048542163\",\"issue_date\":\"2024-05-28\"}", "total"},
        {"{\"number\":12,\"issue_date\":\"2024-05-28\"}", "number"},
        {"{\"nummer\":\"1\"}", "nummer"},
        {"{\"Num\":\"1\"}", ""},
        {"[]", ""},
        {"{", ""},
        {"", ""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        HttpReply reply = http_fixture_post(cx, &site, "/api/v1/verifications", cases[i].json);
        EXPECT(reply.status == 400);
        EXPECT(slice_equal(http_fixture_json(cx, reply.body, "errors.0.field"),
                           slice_of(cases[i].field)));
    }
    HttpReply needs =
        http_fixture_get(cx, &site, "/api/v1/verifications/needs?number=24112000000048542163");
    EXPECT(slice_equal(http_fixture_json(cx, needs.body, "fourth"), SLICE("total")));
    needs = http_fixture_get(cx, &site,
                             "/api/v1/verifications/needs?number=12345678&code=011001900511");
    EXPECT(slice_equal(http_fixture_json(cx, needs.body, "fourth"), SLICE("check_code")));
    EXPECT(slice_equal(http_fixture_json(cx, needs.body, "kind"), SLICE("10")));
    http_fixture_close(&site);
}
