#include "desk/running/mirror/primary.h"

#include "base/test.h"
#include "net/fetch_fixture.h"

TEST("primary: what is asked, with which token, and what no answer is")
{
    FetchFixtureSaid said = {.status = 200, .body = SLICE("something")};
    cx_init(&said.cx, world_real(), cx->arena.limit);
    FetchFixture *server = fetch_fixture_open(fetch_fixture_say, &said, NULL);
    const Primary primary = {
        .url = fetch_fixture_url(cx, server, ""), .token = SLICE("t"), .timeout_ms = 5000};
    Slice bytes;
    int status = 0;
    const ReplicaSide side = {.refused_ms = 7, .signed_ms = 8};
    EXPECT_OK(primary_facts(cx, &primary, 3, 9, &bytes));
    EXPECT(slice_equal(bytes, said.body));
    EXPECT(slice_find(fetch_fixture_heard(cx, server),
                      SLICE("GET /node/v1/facts?from=3&to=9 HTTP/1.1\r\n")) != SLICE_NONE);
    EXPECT(slice_find(fetch_fixture_heard(cx, server), SLICE("Authorization: Bearer t\r\n")) !=
           SLICE_NONE);
    EXPECT_OK(primary_leaves(cx, &primary, 1, 2, &bytes));
    EXPECT(slice_find(fetch_fixture_heard(cx, server), SLICE("/node/v1/leaves?from=1&to=2 ")) !=
           SLICE_NONE);
    EXPECT_OK(primary_side(cx, &primary, &side, &bytes));
    EXPECT(slice_find(
               fetch_fixture_heard(cx, server),
               SLICE("/node/v1/side?refused=7&id=00000000000000000000000000000000&signed=8 ")) !=
           SLICE_NONE);
    EXPECT_OK(primary_checkpoint(cx, &primary, 5, &bytes));
    EXPECT(slice_equal(bytes, said.body));
    said.body = SLICE("");
    EXPECT(primary_checkpoint(cx, &primary, 5, &bytes) == ERR_STORE);
    said.status = 204;
    EXPECT_OK(primary_checkpoint(cx, &primary, 5, &bytes));
    EXPECT(bytes.size == 0);
    said.status = 404;
    said.body = SLICE("never signed");
    EXPECT(primary_cosign(cx, &primary, SLICE("x"), &status) == ERR_STORE && status == 404);
    EXPECT(slice_equal(slice_of(cx->err_text), SLICE("the primary answered 404: never signed")));
    said.status = 401;
    EXPECT(primary_trouble(cx, &primary, SLICE("x")) == ERR_DENIED);
    fetch_fixture_close(server);
    EXPECT(primary_cosign(cx, &primary, SLICE("x"), &status) == ERR_STORE && status == 0);
    cx_done(&said.cx);
}
