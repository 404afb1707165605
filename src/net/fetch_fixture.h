// For tests: a server of one thread that answers what a test tells it to, and keeps every byte that
// it was sent.
#pragma once
#include "base/cx.h"

typedef struct FetchFixture FetchFixture;

// The whole answer to one request, with its status line and headers; "" = hang up without one. On
// the server's thread; the text must stay until the next call.
typedef Slice FetchFixtureAnswer(void *self, Slice request);

// `folder` not NULL = TLS, with a fresh self-signed certificate for localhost in FOLDER/cert.pem,
// its key in FOLDER/key.pem.
FetchFixture *fetch_fixture_open(FetchFixtureAnswer *answer, void *self, const char *folder);
void fetch_fixture_close(FetchFixture *fixture);
uint16_t fetch_fixture_port(const FetchFixture *fixture);
// "http://127.0.0.1:PORT" or "https://localhost:PORT", in the arena.
Slice fetch_fixture_url(Cx *cx, const FetchFixture *fixture, const char *path);
// Everything that it was sent, in order, so far.
Slice fetch_fixture_heard(Cx *cx, FetchFixture *fixture);
// How its key is pinned: "sha256//…".
const char *fetch_fixture_pin(const FetchFixture *fixture);
// "HTTP/1.1 <status>\r\n…": a whole answer, in the arena.
Slice fetch_fixture_reply(Cx *cx, int status, const char *headers, Slice body);

// An answer that is always the same.
typedef struct FetchFixtureSaid {
    Cx cx; // of the server's thread: cx_init before, cx_done after it
    int status;
    Slice body;
} FetchFixtureSaid;
FetchFixtureAnswer fetch_fixture_say; // `self` is a FetchFixtureSaid
