#include "http/server_tls.h"

#include "base/test.h"
#include "http/exchange.h"
#include "net/fetch.h"
#include "net/fetch_fixture.h"

static void handle(void *self, Exchange *exchange)
{
    (void)self;
    static char large[200'000];
    memset(large, 'x', sizeof large);
    bool whole = slice_equal(exchange_path(exchange), SLICE("/large"));
    exchange_answer(exchange, 200, SLICE("text/plain"),
                    whole ? (Slice){large, sizeof large} : exchange_body(exchange));
}

static Slice problem(Cx *cx, int status)
{
    return cx_printf(cx, "%d\n", status);
}

// The fixture makes a certificate and a key.
static const char *certificate(Cx *cx, const char **ret_key)
{
    const char *folder = test_folder();
    FetchFixture *fixture = fetch_fixture_open(NULL, NULL, folder);
    fetch_fixture_close(fixture);
    *ret_key = cx_printf(cx, "%s/key.pem", folder).data;
    return cx_printf(cx, "%s/cert.pem", folder).data;
}

TEST("server_tls: requests and answers, small and large, over TLS")
{
    const char *key = NULL, *cert = certificate(cx, &key);
    const ServerOptions options = {.address = "127.0.0.1",
                                   .tls_cert = cert,
                                   .tls_key = key,
                                   .threads = 1,
                                   .handler = handle,
                                   .problem = problem};
    Server *server = NULL;
    EXPECT_OK(server_open(cx, &options, &server));
    FetchRequest request = {.method = "POST",
                            .url = cx_printf(cx, "https://localhost:%u/echo", server_port(server)),
                            .body = SLICE("hello"),
                            .ca_file = cert};
    FetchReply reply;
    EXPECT_OK(fetch_ask(cx, &request, &reply));
    EXPECT(reply.status == 200 && slice_equal(reply.body, SLICE("hello")));
    request.url = cx_printf(cx, "https://localhost:%u/large", server_port(server));
    EXPECT_OK(fetch_ask(cx, &request, &reply));
    EXPECT(reply.body.size == 200'000);
    request.ca_file = NULL; // nobody vouches for it
    EXPECT(fetch_ask(cx, &request, &reply) == ERR_DENIED);
    request.url = cx_printf(cx, "http://localhost:%u/", server_port(server));
    EXPECT(fetch_ask(cx, &request, &reply) != ERR_OK || reply.status != 200);
    server_stop(server);
    server_close(server);
}

TEST("server_tls: files that are no certificate or key are named")
{
    const char *key = NULL, *cert = certificate(cx, &key);
    SSL_CTX *tls = NULL;
    EXPECT(server_tls_open(cx, "/nowhere.pem", "/nowhere.pem", &tls) == ERR_INPUT);
    EXPECT(slice_find(slice_of(cx->err_text), SLICE("/nowhere.pem")) != SLICE_NONE);
    EXPECT(server_tls_open(cx, cert, cert, &tls) == ERR_INPUT);
    EXPECT(server_tls_open(cx, key, key, &tls) == ERR_INPUT);
}
