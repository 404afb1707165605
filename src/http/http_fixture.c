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
#include "base/text.h"

#define REPLY_MS 20'000

int http_fixture_connect(uint16_t port)
{
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port)};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (fd < 0 || connect(fd, (struct sockaddr *)&address, sizeof address) != 0) abort();
    return fd;
}

int http_fixture_connect_local(const char *path)
{
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    (void)snprintf(address.sun_path, sizeof address.sun_path, "%s", path);
    if (fd < 0 || connect(fd, (struct sockaddr *)&address, sizeof address) != 0) abort();
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
    if (poll(&wait, 1, ms) <= 0) return false;
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
