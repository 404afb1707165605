#include "http/http_limits.h"

#include "base/test.h"
#include "http/http.h"
#include "http/http_fixture.h"
#include "http/routes.h"
#include "http/server_self.h"
#include "net/fetch.h"

TEST("http_limits: what is tried and what is sent costs more than a look")
{
    size_t count = 0;
    const Route *all = routes_all(&count);
    int kinds[HTTP_RATE_COUNT] = {0};
    for (size_t i = 0; i < count; i++) {
        kinds[http_limits_rate(&all[i])]++;
        // Whoever reads or hands in is signed in, and counted as such.
        if (!all[i].open && all[i].act == PERMISSION_READ_INVOICES)
            EXPECT(http_limits_rate(&all[i]) == HTTP_RATE_ASK);
    }
    EXPECT(kinds[HTTP_RATE_VERIFY] == 2);
    EXPECT(http_limits_rate(NULL) == HTTP_RATE_ASK);
}

// So that no token comes back while the test runs.
static uint64_t stands_still(void *self)
{
    (void)self;
    return 1'000'000;
}

TEST("http_limits: a stranger who asks too much is told when to come back; a neighbour is answered")
{
    HttpSite site = http_fixture_open(cx, cx_printf(cx, "%s/limits", test_folder()).data);
    http_stop(site.http);
    http_close(site.http);
    ServerSelf own;
    EXPECT_OK(server_self_open(cx, site.folder, "127.0.0.1", &own));
    const HttpOptions options = {.flow = site.flow,
                                 .folder = site.folder,
                                 .threads = 1,
                                 .no_socket = true,
                                 .secure_address = "127.0.0.1",
                                 .secure_cert = own.cert_file,
                                 .secure_key = own.key_file,
                                 .proxies = "127.0.0.1"};
    World world = *cx->world;
    const World *real = cx->world;
    world.steady_ms = stands_still;
    cx->world = &world;
    EXPECT_OK(http_open(cx, &options, &site.http));
    cx->world = real;
    FetchReply reply = {0};
    FetchRequest request = {
        .method = "GET",
        .url = cx_printf(cx, "https://localhost:%u/api/v1/verifications/needs?number=1",
                         http_secure_port(site.http)),
        .headers = (const char *const[]){"X-Forwarded-For: 198.51.100.7", NULL},
        .ca_file = own.cert_file};
    int answered = 0;
    for (int i = 0; i < 700; i++) {
        EXPECT_OK(fetch_ask(cx, &request, &reply));
        if (reply.status == 429) break;
        answered++;
    }
    EXPECT(answered == 600 && reply.status == 429);
    EXPECT(slice_find(reply.body, SLICE("too_many_requests")) != SLICE_NONE);
    request.headers = (const char *const[]){"X-Forwarded-For: 198.51.101.7", NULL};
    EXPECT_OK(fetch_ask(cx, &request, &reply));
    EXPECT(reply.status == 200);
    http_fixture_close(&site);
}
