#include "net/fetch_fixture.h"

#include <arpa/inet.h>
#include <errno.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/base64.h"
#include "base/limits.h"
#include "base/text.h"

#define PIN_SIZE 64

struct FetchFixture {
    FetchFixtureAnswer *answer;
    void *self;
    pthread_t thread;
    int listener, stop_fd;
    uint16_t port;
    SSL_CTX *tls; // NULL = plain
    char pin[PIN_SIZE];
    pthread_mutex_t lock; // over `heard`
    char *heard;
    size_t heard_size;
};

static void heard(FetchFixture *fixture, const char *bytes, size_t size)
{
    (void)pthread_mutex_lock(&fixture->lock);
    fixture->heard = realloc(fixture->heard, fixture->heard_size + size);
    if (fixture->heard == NULL) abort();
    memcpy(fixture->heard + fixture->heard_size, bytes, size);
    fixture->heard_size += size;
    (void)pthread_mutex_unlock(&fixture->lock);
}

// Whether a whole request stands there.
static bool whole(Slice request)
{
    size_t end = slice_find(request, SLICE("\r\n\r\n"));
    if (end == SLICE_NONE) return false;
    size_t at = slice_find(request, SLICE("Content-Length: "));
    uint64_t size = 0;
    if (at != SLICE_NONE && at < end) {
        Slice rest = slice_sub(request, at + 16, 20);
        (void)slice_u64(slice_sub(rest, 0, slice_find(rest, SLICE("\r\n"))), &size);
    }
    return request.size >= end + 4 + size;
}

static void serve(FetchFixture *fixture, int fd)
{
    SSL *ssl = NULL;
    if (fixture->tls != NULL) {
        ssl = SSL_new(fixture->tls);
        if (ssl == NULL || SSL_set_fd(ssl, fd) != 1 || SSL_accept(ssl) != 1) {
            SSL_free(ssl);
            return;
        }
    }
    Cx cx;
    cx_init(&cx, world_real(), LIMIT_REQUEST_ARENA);
    Text request = text_open(&cx, LIMIT_REQUEST_BYTES);
    char bytes[4096];
    while (!whole(text_so_far(&request))) {
        int n = ssl != NULL ? SSL_read(ssl, bytes, sizeof bytes)
                            : (int)recv(fd, bytes, sizeof bytes, 0);
        if (n <= 0) break;
        heard(fixture, bytes, (size_t)n);
        text_add(&request, (Slice){bytes, (size_t)n});
    }
    if (whole(text_so_far(&request))) {
        Slice answer = fixture->answer(fixture->self, text_so_far(&request));
        for (size_t done = 0; done < answer.size;) {
            const char *from = answer.data + done;
            int left = (int)(answer.size - done);
            int n = ssl != NULL ? SSL_write(ssl, from, left)
                                : (int)send(fd, from, (size_t)left, MSG_NOSIGNAL);
            if (n <= 0) break;
            done += (size_t)n;
        }
    }
    if (ssl != NULL) (void)SSL_shutdown(ssl);
    SSL_free(ssl);
    cx_done(&cx);
}

static void *thread_main(void *self)
{
    FetchFixture *fixture = self;
    for (;;) {
        struct pollfd fds[2] = {{.fd = fixture->listener, .events = POLLIN},
                                {.fd = fixture->stop_fd, .events = POLLIN}};
        if (poll(fds, 2, -1) < 0 && errno == EINTR) continue;
        if (fds[1].revents != 0) return NULL;
        int fd = accept4(fixture->listener, NULL, NULL, SOCK_CLOEXEC);
        if (fd < 0) continue;
        struct timeval patience = {.tv_sec = 10};
        (void)setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
        serve(fixture, fd);
        (void)close(fd);
    }
}

// The certificate of localhost, self-signed, and how its key is pinned.
static void make_tls(FetchFixture *fixture, const char *folder)
{
    EVP_PKEY *key = EVP_EC_gen("P-256");
    X509 *certificate = X509_new();
    if (key == NULL || certificate == NULL) abort();
    (void)X509_set_version(certificate, 2);
    (void)ASN1_INTEGER_set(X509_get_serialNumber(certificate), 1);
    (void)X509_gmtime_adj(X509_getm_notBefore(certificate), -3600);
    (void)X509_gmtime_adj(X509_getm_notAfter(certificate), 86400);
    X509_NAME *name = X509_get_subject_name(certificate);
    (void)X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, (const uint8_t *)"localhost", -1, -1,
                                     0);
    (void)X509_set_issuer_name(certificate, name);
    (void)X509_set_pubkey(certificate, key);
    X509_EXTENSION *san = X509V3_EXT_conf_nid(NULL, NULL, NID_subject_alt_name, "DNS:localhost");
    if (san == NULL || X509_add_ext(certificate, san, -1) != 1) abort();
    X509_EXTENSION_free(san);
    if (X509_sign(certificate, key, EVP_sha256()) == 0) abort();
    char path[512];
    (void)snprintf(path, sizeof path, "%s/cert.pem", folder);
    FILE *file = fopen(path, "w");
    if (file == NULL || PEM_write_X509(file, certificate) != 1 || fclose(file) != 0) abort();
    (void)snprintf(path, sizeof path, "%s/key.pem", folder);
    file = fopen(path, "w");
    if (file == NULL || PEM_write_PrivateKey(file, key, NULL, NULL, 0, NULL, NULL) != 1 ||
        fclose(file) != 0)
        abort();
    uint8_t *spki = NULL, digest[32];
    unsigned int size = sizeof digest;
    int spki_size = i2d_PUBKEY(key, &spki);
    if (spki_size <= 0 ||
        EVP_Digest(spki, (size_t)spki_size, digest, &size, EVP_sha256(), NULL) != 1)
        abort();
    OPENSSL_free(spki);
    Cx cx;
    cx_init(&cx, world_real(), LIMIT_MIB);
    Slice text = base64_encode(&cx, (Slice){(char *)digest, sizeof digest});
    (void)snprintf(fixture->pin, sizeof fixture->pin, "sha256//" SLICE_FMT, SLICE_ARG(text));
    cx_done(&cx);
    fixture->tls = SSL_CTX_new(TLS_server_method());
    if (fixture->tls == NULL || SSL_CTX_use_certificate(fixture->tls, certificate) != 1 ||
        SSL_CTX_use_PrivateKey(fixture->tls, key) != 1)
        abort();
    X509_free(certificate);
    EVP_PKEY_free(key);
}

FetchFixture *fetch_fixture_open(FetchFixtureAnswer *answer, void *self, const char *folder)
{
    FetchFixture *fixture = calloc(1, sizeof *fixture);
    if (fixture == NULL) abort();
    // Who does not trust a certificate hangs up while it is being written to.
    (void)signal(SIGPIPE, SIG_IGN);
    (void)signal(SIGPIPE, SIG_IGN); // as the programs do: who hangs up is no reason to die
    fixture->answer = answer;
    fixture->self = self;
    (void)pthread_mutex_init(&fixture->lock, NULL);
    if (folder != NULL) make_tls(fixture, folder);
    fixture->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    fixture->stop_fd = eventfd(0, EFD_CLOEXEC);
    struct sockaddr_in address = {.sin_family = AF_INET};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    if (fixture->listener < 0 || fixture->stop_fd < 0 ||
        bind(fixture->listener, (struct sockaddr *)&address, size) != 0 ||
        listen(fixture->listener, 64) != 0 ||
        getsockname(fixture->listener, (struct sockaddr *)&address, &size) != 0 ||
        pthread_create(&fixture->thread, NULL, thread_main, fixture) != 0)
        abort();
    fixture->port = ntohs(address.sin_port);
    return fixture;
}

void fetch_fixture_close(FetchFixture *fixture)
{
    (void)eventfd_write(fixture->stop_fd, 1);
    (void)pthread_join(fixture->thread, NULL);
    (void)close(fixture->listener);
    (void)close(fixture->stop_fd);
    SSL_CTX_free(fixture->tls);
    (void)pthread_mutex_destroy(&fixture->lock);
    free(fixture->heard);
    free(fixture);
}

uint16_t fetch_fixture_port(const FetchFixture *fixture)
{
    return fixture->port;
}

Slice fetch_fixture_url(Cx *cx, const FetchFixture *fixture, const char *path)
{
    return cx_printf(cx, "%s:%u%s", fixture->tls != NULL ? "https://localhost" : "http://127.0.0.1",
                     fixture->port, path);
}

Slice fetch_fixture_heard(Cx *cx, FetchFixture *fixture)
{
    Slice copy = SLICE("");
    (void)pthread_mutex_lock(&fixture->lock);
    Err err = cx_copy(cx, (Slice){fixture->heard, fixture->heard_size}, &copy);
    (void)pthread_mutex_unlock(&fixture->lock);
    if (err != ERR_OK) abort();
    return copy;
}

const char *fetch_fixture_pin(const FetchFixture *fixture)
{
    return fixture->pin;
}

Slice fetch_fixture_reply(Cx *cx, int status, const char *headers, Slice body)
{
    Slice answer;
    Text text = text_open(cx, LIMIT_REQUEST_BYTES);
    text_printf(&text, "HTTP/1.1 %d x\r\nConnection: close\r\n%sContent-Length: %zu\r\n\r\n",
                status, headers, body.size);
    text_add(&text, body);
    if (text_done(cx, &text, &answer) != ERR_OK) abort();
    return answer;
}

Slice fetch_fixture_say(void *self, Slice request)
{
    FetchFixtureSaid *said = self;
    (void)request;
    return fetch_fixture_reply(&said->cx, said->status, "", said->body);
}
