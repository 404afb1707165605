// Http: the door for the web page and for other programs: server, routes, and what they share.
//
//   http_open(flow) … requests … http_stop ─▶ flow_close ─▶ http_close
//
// In that order: callbacks of the flow may still post to the server until the flow is closed, and
// http_close runs what they posted: watch, mirror and sync are closed behind it.
#pragma once
#include "desk/running/sync/sync.h"
#include "flow/flow.h"

typedef struct Http Http;

typedef struct HttpOptions {
    Flow *flow;
    const char *folder;  // the data folder: fapiao.sock and uploads/ lie in it
    const char *address; // loopback; NULL = the folder's socket alone
    uint16_t port;       // 0 = any
    int threads;         // 0 = one a processor
    // Whoever asks over plain TCP on this machine needs no account: for a machine with one user.
    bool trust_loopback;
    bool no_limits; // nobody's requests are counted: benchmarks
    bool no_socket; // tests that want no fapiao.sock
    // The same site over TLS, on any address; NULL = not.
    const char *secure_address;
    uint16_t secure_port;                 // 0 = any
    const char *secure_cert, *secure_key; // PEM files
    // By what names the site is called besides localhost, with commas; NULL = none.
    const char *names;
    // Proxies that may say whom they speak for (base/peer.h): blocks, with commas; NULL = none.
    const char *proxies;
    // A door for mirrors (http/nodes.h); without an address there is none.
    const char *node_address;
    uint16_t node_port;
    const char *tls_cert, *tls_key; // PEM files, of that door
    Mirror *mirror;                 // what this process is itself, or NULL
    Watch *watch;                   // of its witnesses, or NULL
    Sync *sync;                     // or NULL
} HttpOptions;

// ERR_DENIED for a plain address that is not loopback, ERR_CONFLICT when a port is taken, ERR_INPUT
// for a certificate or a block of proxies that is none.
Err http_open(Cx *cx, const HttpOptions *options, Http **ret_http);
uint16_t http_port(const Http *http);
uint16_t http_secure_port(const Http *http); // 0 when there is no such door
uint16_t http_node_port(const Http *http);   // 0 when there is no such door
// Makes the code by which the first administrator is made (desk/people/account/account_setup.h); ""
// when there are accounts already, or nothing may be written.
Err http_setup_code(Cx *cx, Http *http, Slice *ret_code);
void http_stop(Http *http);
void http_close(Http *http);
