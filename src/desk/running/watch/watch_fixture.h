// For tests: a real witness behind a socket, which can be told to be away or to lie.
#pragma once
#include "desk/running/witness/witness.h"
#include "net/fetch_fixture.h"

typedef enum WatchMood {
    WATCH_MOOD_HONEST,
    WATCH_MOOD_AWAY,    // hangs up
    WATCH_MOOD_FORGED,  // 200 with a line that is not its own
    WATCH_MOOD_CLAIMS,  // 409 with a huge size, and nothing to show for it
    WATCH_MOOD_REFUSES, // 422, and nothing to show for it
    WATCH_MOOD_CRASHED  // 500
} WatchMood;

typedef struct WatchFixture {
    Cx cx; // of its server's thread
    Witness *witness;
    FetchFixture *server;
    _Atomic int mood; // WatchMood
    _Atomic int posts;
    Slice url, vkey; // in the caller's arena
} WatchFixture;

// A witness in `folder` that watches the logs of these keys.
void watch_fixture_open(Cx *cx, WatchFixture *fixture, const char *folder, Slice name,
                        const Slice *logs, size_t log_count);
// From now on it speaks TLS; its certificate is FOLDER/cert.pem.
void watch_fixture_tls(Cx *cx, WatchFixture *fixture, const char *folder);
void watch_fixture_close(WatchFixture *fixture);
