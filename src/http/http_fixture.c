#include "http/http_fixture.h"

#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/limits.h"
#include "base/test.h"
#include "base/text.h"
#include "flow/flow_fixture.h"
#include "format/json/json_in.h"
#include "http/http.h"
#include "http/http_access.h"

#define REPLY_MS 20'000

bool http_fixture_reach(int fd, const struct sockaddr *to, socklen_t size)
{
    int done = -1;
    do // a fuzzer's clock interrupts; asked again, Linux waits on for the connection under way
        done = connect(fd, to, size);
    while (done != 0 && errno == EINTR);
    return done == 0;
}

int http_fixture_connect(uint16_t port)
{
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port)};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (fd < 0 || !http_fixture_reach(fd, (struct sockaddr *)&address, sizeof address)) abort();
    return fd;
}

int http_fixture_connect_local(const char *path)
{
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    (void)snprintf(address.sun_path, sizeof address.sun_path, "%s", path);
    if (fd < 0 || !http_fixture_reach(fd, (struct sockaddr *)&address, sizeof address)) abort();
    return fd;
}

void http_fixture_send(int fd, Slice bytes)
{
    for (size_t done = 0; done < bytes.size;) {
        ssize_t n = send(fd, bytes.data + done, bytes.size - done, MSG_NOSIGNAL);
        if (n < 0 && errno == EINTR) continue;
        if (n <= 0) return; // the server hung up: its answer says why
        done += (size_t)n;
    }
}

static bool more(int fd, Text *text, int ms)
{
    char bytes[16384];
    struct pollfd wait = {.fd = fd, .events = POLLIN};
    int ready = 0;
    do // a fuzzer's clock interrupts
        ready = poll(&wait, 1, ms);
    while (ready < 0 && errno == EINTR);
    if (ready <= 0) return false;
    ssize_t n = recv(fd, bytes, sizeof bytes, 0);
    if (n <= 0) return false;
    text_add(text, (Slice){bytes, (size_t)n});
    return true;
}

HttpReply http_fixture_read(Cx *cx, int fd, bool head, int ms)
{
    Text text = text_open(cx, 128 * LIMIT_MIB);
    HttpReply reply = {};
    size_t end = SLICE_NONE;
    while (end == SLICE_NONE) {
        if (!more(fd, &text, ms)) return reply;
        end = slice_find(text_so_far(&text), SLICE("\r\n\r\n"));
        if (end != SLICE_NONE && slice_starts(text_so_far(&text), SLICE("HTTP/1.1 100"))) {
            Slice rest = slice_sub(text_so_far(&text), end + 4, SIZE_MAX);
            text = text_open(cx, 128 * LIMIT_MIB);
            text_add(&text, rest);
            end = slice_find(text_so_far(&text), SLICE("\r\n\r\n"));
        }
    }
    uint64_t size = 0, status = 0;
    reply.headers = slice_sub(text_so_far(&text), 0, end);
    (void)slice_u64(slice_sub(reply.headers, 9, 3), &status);
    (void)slice_u64(http_fixture_header(&reply, SLICE("Content-Length")), &size);
    if (head || status == 204 || status == 304) size = 0;
    while (text_so_far(&text).size < end + 4 + size)
        if (!more(fd, &text, ms)) return (HttpReply){};
    reply.headers = slice_sub(text_so_far(&text), 0, end);
    reply.body = slice_sub(text_so_far(&text), end + 4, size);
    reply.status = (int)status;
    return reply;
}

HttpReply http_fixture_ask(Cx *cx, uint16_t port, const char *method_and_target,
                           const char *headers, Slice body)
{
    int fd = http_fixture_connect(port);
    bool sized = body.size > 0 || method_and_target[0] == 'P';
    char head[2048], length[64];
    (void)snprintf(length, sizeof length, "Content-Length: %zu\r\n", body.size);
    int size = snprintf(head, sizeof head, "%s HTTP/1.1\r\nHost: localhost:%u\r\n%s%s\r\n",
                        method_and_target, port, sized ? length : "", headers);
    http_fixture_send(fd, (Slice){head, (size_t)size});
    http_fixture_send(fd, body);
    HttpReply reply = http_fixture_read(
        cx, fd, slice_starts(slice_of(method_and_target), SLICE("HEAD")), REPLY_MS);
    (void)close(fd);
    return reply;
}

Slice http_fixture_header(const HttpReply *reply, Slice name)
{
    Slice rest = reply->headers, line;
    bool done = false;
    while (slice_cut(&rest, '\n', &done, &line)) {
        Slice value = line, key;
        bool end = false;
        (void)slice_cut(&value, ':', &end, &key);
        if (slice_equal_nocase(key, name)) return slice_trim(value);
    }
    return SLICE("");
}

HttpSite http_fixture_open(Cx *cx, const char *folder)
{
    HttpSite site = {.folder = folder};
    if (folder == NULL) site.folder = cx_printf(cx, "%s/data", test_folder()).data;
    site.flow = flow_fixture_open(cx, site.folder);
    HttpOptions options = {.flow = site.flow,
                           .folder = site.folder,
                           .address = "127.0.0.1",
                           .threads = 2,
                           .trust_loopback = true};
    EXPECT_OK(http_open(cx, &options, &site.http));
    site.port = http_port(site.http);
    return site;
}

void http_fixture_close(HttpSite *site)
{
    http_stop(site->http);
    flow_close(site->flow);
    http_close(site->http);
}

HttpReply http_fixture_hand_in(Cx *cx, const HttpSite *site, const char *target,
                               const char *headers, Slice text)
{
    Slice body = cx_printf(cx,
                           "--B\r\nContent-Disposition: form-data; name=\"file\"; "
                           "filename=\"发票.xml\"\r\n\r\n" SLICE_FMT "\r\n--B--\r\n",
                           SLICE_ARG(text));
    Slice all = cx_printf(cx, "Content-Type: multipart/form-data; boundary=B\r\n%s", headers);
    Slice line = cx_printf(cx, "POST %s", target);
    return http_fixture_ask(cx, site->port, line.data, all.data, body);
}

HttpReply http_fixture_get(Cx *cx, const HttpSite *site, const char *target)
{
    return http_fixture_ask(cx, site->port, cx_printf(cx, "GET %s", target).data, "", SLICE(""));
}

HttpReply http_fixture_post(Cx *cx, const HttpSite *site, const char *target, const char *json)
{
    return http_fixture_ask(cx, site->port, cx_printf(cx, "POST %s", target).data,
                            "Content-Type: application/json\r\n", slice_of(json));
}

static const JsonValue *step(const JsonValue *value, Slice key)
{
    uint64_t index = 0;
    if (json_in_is_array(value) && slice_u64(key, &index)) {
        value = json_in_first(value);
        for (; value != NULL && index > 0; index--)
            value = json_in_next(value);
        return value;
    }
    for (value = json_in_first(value); value != NULL; value = json_in_next(value))
        if (slice_equal(json_in_key(value), key)) return value;
    return NULL;
}

Slice http_fixture_json(Cx *cx, Slice json, const char *path)
{
    JsonIn *in = NULL;
    EXPECT_OK(json_in_open(cx, json, &in));
    const JsonValue *value = json_in_root(in);
    Slice rest = slice_of(path), key, text = SLICE("");
    bool done = false;
    int64_t number = 0;
    while (value != NULL && slice_cut(&rest, '.', &done, &key))
        value = step(value, key);
    if (value == NULL)
        text = SLICE("");
    else if (json_in_is_string(value))
        EXPECT_OK(cx_copy(cx, json_in_string(value), &text));
    else if (json_in_int(value, &number))
        text = cx_printf(cx, "%lld", (long long)number);
    else if (json_in_bool(value, false) == json_in_bool(value, true))
        text = json_in_bool(value, false) ? SLICE("true") : SLICE("false");
    else
        text = json_in_is_array(value)    ? SLICE("[]")
               : json_in_is_object(value) ? SLICE("{}")
                                          : SLICE("null");
    json_in_close(in);
    return text;
}

HttpReply http_fixture_local(Cx *cx, const HttpSite *site, const char *what, const char *json)
{
    int fd = http_fixture_connect_local(cx_printf(cx, "%s/fapiao.sock", site->folder).data);
    http_fixture_send(fd, cx_printf(cx,
                                    "%s HTTP/1.1\r\nHost: localhost\r\nContent-Type: "
                                    "application/json\r\nContent-Length: %zu\r\n\r\n%s",
                                    what, strlen(json), json));
    HttpReply reply = http_fixture_read(cx, fd, false, 20'000);
    (void)close(fd);
    return reply;
}

HttpReply http_fixture_as(Cx *cx, const HttpSite *site, const char *what, Slice cookie,
                          const char *json)
{
    Slice headers = cx_printf(cx, "Content-Type: application/json\r\n%s" SLICE_FMT "%s",
                              cookie.size > 0 ? "Cookie: __Host-fapiao=" : "", SLICE_ARG(cookie),
                              cookie.size > 0 ? "\r\n" : "");
    return http_fixture_ask(cx, site->port, what, headers.data, slice_of(json));
}

Slice http_fixture_sign_in(Cx *cx, const HttpSite *site, const char *login, const char *password)
{
    Slice body = cx_printf(cx, "{\"login\":\"%s\",\"password\":\"%s\"}", login, password);
    HttpReply reply = http_fixture_as(cx, site, "POST /api/v1/session", SLICE(""), body.data);
    return http_access_cookie(http_fixture_header(&reply, SLICE("Set-Cookie")),
                              SLICE(HTTP_ACCESS_COOKIE));
}
