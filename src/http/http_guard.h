// Guards against other web sites in the same browser: DNS rebinding and cross-site requests.
#pragma once
#include "base/slice.h"

typedef struct HttpGuarded {
    Slice host, origin, fetch_site; // headers; "" when not there
    bool local;                     // through DIR/fapiao.sock
    bool secure;                    // over TLS: its own pages are https ones
    bool changes;                   // any method but GET, HEAD, OPTIONS
} HttpGuarded;

// localhost, 127.x.y.z or [::1], or one of `names` (with commas); with any port.
bool http_guard_host(Slice host, Slice names);
bool http_guard_origin(const HttpGuarded *request);
