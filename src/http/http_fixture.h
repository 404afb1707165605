// A client for tests: raw sockets, so that a request can be as wrong as a test wants it.
#pragma once
#include <sys/socket.h>

#include "base/cx.h"

typedef struct HttpReply {
    int status;    // 0 = the connection closed without an answer
    Slice headers; // with the status line
    Slice body;
} HttpReply;

// connect(), whatever signals come meanwhile. False: errno says why.
bool http_fixture_reach(int fd, const struct sockaddr *to, socklen_t size);

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

// A whole site over a fresh folder, with the reader of flow/flow_fixture.h.
typedef struct HttpSite {
    struct Flow *flow;
    struct Http *http;
    const char *folder;
    uint16_t port;
} HttpSite;
HttpSite http_fixture_open(Cx *cx, const char *folder);
void http_fixture_close(HttpSite *site);
// POST /api/v1/documents: `text` as one file; `target` may have a query.
HttpReply http_fixture_hand_in(Cx *cx, const HttpSite *site, const char *target,
                               const char *headers, Slice text);
HttpReply http_fixture_get(Cx *cx, const HttpSite *site, const char *target);
HttpReply http_fixture_post(Cx *cx, const HttpSite *site, const char *target, const char *json);
// JSON, through DIR/fapiao.sock: as the local administrator. `what`: "METHOD target".
HttpReply http_fixture_local(Cx *cx, const HttpSite *site, const char *what, const char *json);
// JSON, as whom the session of this cookie is of; "" = a stranger.
HttpReply http_fixture_as(Cx *cx, const HttpSite *site, const char *what, Slice cookie,
                          const char *json);
// The cookie of a new session; "" when it was refused.
Slice http_fixture_sign_in(Cx *cx, const HttpSite *site, const char *login, const char *password);
// The text at a path of keys ("total.count", "items.0.number"); numbers and literals as written,
// "" when it is not there.
Slice http_fixture_json(Cx *cx, Slice json, const char *path);
