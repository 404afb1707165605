#include "desk/people/notify/notify_web.h"

#include "base/test.h"
#include "net/fetch_fixture.h"

typedef struct Answer {
    Cx *cx;
    int status;
} Answer;

static Slice answer(void *self, Slice request)
{
    const Answer *how = self;
    (void)request;
    if (how->status == 0) return SLICE("");
    return how->status == 200   ? SLICE("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
           : how->status == 422 ? SLICE("HTTP/1.1 422 No\r\nContent-Length: 0\r\n\r\n")
                                : SLICE("HTTP/1.1 503 No\r\nContent-Length: 0\r\n\r\n");
}

TEST("notify_web: what an answer means, and no secret of the address in what is told")
{
    static const struct {
        int status;
        Err err;
    } cases[] = {{200, ERR_OK}, {422, ERR_INPUT}, {503, ERR_STORE}, {0, ERR_STORE}};
    Answer how = {.cx = cx};
    FetchFixture *server = fetch_fixture_open(answer, &how, NULL);
    const FetchRequest request = {.method = "POST",
                                  .url = fetch_fixture_url(cx, server, "/send?key=hunter2"),
                                  .body = SLICE("x")};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        Slice body;
        how.status = cases[i].status;
        EXPECT(notify_web_ask(cx, &request, &body) == cases[i].err);
        if (cases[i].err == ERR_OK) EXPECT(slice_equal(body, SLICE("ok")));
        if (cases[i].err != ERR_OK)
            EXPECT(strstr(cx->err_text, "hunter2") == NULL &&
                   strstr(cx->err_text, "http://127.0.0.1") != NULL);
    }
    fetch_fixture_close(server);
}

TEST("notify_web: percent-encoding leaves what RFC 3986 leaves")
{
    Text out = text_open(cx, 256);
    notify_web_percent(&out, SLICE("aZ9-._~ +/=&中\n"));
    EXPECT(slice_equal(text_so_far(&out), SLICE("aZ9-._~%20%2B%2F%3D%26%E4%B8%AD%0A")));
}
