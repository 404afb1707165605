#include "http/http_challenge.h"

#include "base/test.h"
#include "http/http_fixture.h"

TEST("http_challenge: each asking is a new text")
{
    HttpSite site = http_fixture_open(cx, NULL);
    HttpReply first = http_fixture_get(cx, &site, "/api/v1/challenge");
    HttpReply second = http_fixture_get(cx, &site, "/api/v1/challenge");
    Slice text = http_fixture_json(cx, first.body, "text");
    EXPECT(first.status == 200 && text.size == 64);
    EXPECT(slice_equal(http_fixture_json(cx, first.body, "bits"), SLICE("18")));
    EXPECT(!slice_equal(text, http_fixture_json(cx, second.body, "text")));
    http_fixture_close(&site);
}
