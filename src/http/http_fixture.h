// A client for tests: raw sockets, so that a request can be as wrong as a test wants it.
#pragma once
#include "base/cx.h"

typedef struct HttpReply {
    int status;    // 0 = the connection closed without an answer
    Slice headers; // with the status line
    Slice body;
} HttpReply;

// A connected socket; aborts when there is none.
int http_fixture_connect(uint16_t port);
int http_fixture_connect_local(const char *path);
void http_fixture_send(int fd, Slice bytes);
// One answer, framed by its Content-Length; `head` = it has no body. Gives up after `ms`.
HttpReply http_fixture_read(Cx *cx, int fd, bool head, int ms);
// A connection of its own: "METHOD target", extra headers ("A: b\r\n"), body.
HttpReply http_fixture_ask(Cx *cx, uint16_t port, const char *method_and_target,
                           const char *headers, Slice body);
// "" when there is none.
Slice http_fixture_header(const HttpReply *reply, Slice name);
