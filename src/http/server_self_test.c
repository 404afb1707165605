#include "http/server_self.h"

#include <sys/stat.h>
#include <unistd.h>

#include "base/test.h"
#include "http/exchange.h"
#include "net/fetch.h"

static void handle(void *self, Exchange *exchange)
{
    (void)self;
    exchange_answer(exchange, 200, SLICE("text/plain"), SLICE("here"));
}

static Slice problem(Cx *cx, int status)
{
    return cx_printf(cx, "%d\n", status);
}

TEST("server_self: a server speaks TLS with a certificate that it made, and keeps it")
{
    const char *stem = cx_printf(cx, "%s/data", test_folder()).data;
    ServerSelf first, second;
    struct stat is;
    EXPECT_OK(server_self_open(cx, stem, "127.0.0.1", &first));
    EXPECT(strlen(first.fingerprint) == 95);
    EXPECT(stat(first.key_file, &is) == 0 && (is.st_mode & 0777) == 0600);
    EXPECT_OK(server_self_open(cx, stem, "127.0.0.1", &second));
    EXPECT(strcmp(first.fingerprint, second.fingerprint) == 0);
    const ServerOptions options = {.address = "127.0.0.1",
                                   .tls_cert = first.cert_file,
                                   .tls_key = first.key_file,
                                   .threads = 1,
                                   .handler = handle,
                                   .problem = problem};
    Server *server = NULL;
    EXPECT_OK(server_open(cx, &options, &server));
    const char *const hosts[] = {"127.0.0.1", "localhost"};
    for (size_t i = 0; i < 2; i++) {
        FetchRequest request = {.method = "GET",
                                .url =
                                    cx_printf(cx, "https://%s:%u/", hosts[i], server_port(server)),
                                .ca_file = first.cert_file};
        FetchReply reply;
        EXPECT_OK(fetch_ask(cx, &request, &reply));
        EXPECT(reply.status == 200 && slice_equal(reply.body, SLICE("here")));
    }
    server_stop(server);
    server_close(server);
    // Without its key it is made anew, and so is what is no certificate.
    EXPECT(unlink(first.key_file) == 0);
    EXPECT_OK(server_self_open(cx, stem, "0.0.0.0", &second));
    EXPECT(strcmp(first.fingerprint, second.fingerprint) != 0);
    EXPECT(truncate(second.cert_file, 3) == 0);
    EXPECT_OK(server_self_open(cx, stem, "2001:db8::1", &first));
    EXPECT(strcmp(first.fingerprint, second.fingerprint) != 0);
    EXPECT(server_self_open(cx, "/nowhere/at/all", "::1", &first) == ERR_STORE);
}
