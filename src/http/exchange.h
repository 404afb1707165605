// Exchange: one request and its answer.
//
//   handler(exchange) ──┬─ exchange_answer                                   at once
//                       ├─ exchange_work(on_worker, after) ─▶ exchange_answer  after a disk
//                       └─ exchange_wait(until, timed_out) … server_post … ─▶ exchange_answer
#pragma once
#include "http/server.h"

typedef enum ExchangeMethod {
    METHOD_GET,
    METHOD_HEAD,
    METHOD_POST,
    METHOD_PATCH,
    METHOD_DELETE,
    METHOD_OPTIONS,
    METHOD_OTHER,
} ExchangeMethod;

// All slices live until the answer.
Cx *exchange_cx(Exchange *exchange);
ServerThread *exchange_thread(const Exchange *exchange);
ExchangeMethod exchange_method(const Exchange *exchange);
Slice exchange_path(const Exchange *exchange);  // as sent, still percent-encoded
Slice exchange_query(const Exchange *exchange); // without "?"
Slice exchange_body(const Exchange *exchange);
// "" when there is none; the first one when there are several.
Slice exchange_get(const Exchange *exchange, const char *header);
// It came through DIR/fapiao.sock.
bool exchange_local(const Exchange *exchange);
// The address at the other end of the connection, without its port: "192.0.2.1"; "" on
// DIR/fapiao.sock.
Slice exchange_peer(const Exchange *exchange);
bool exchange_secure(const Exchange *exchange); // it came over TLS
// Why its framing can't be trusted ("two Content-Length headers"), or NULL. Answer 400.
const char *exchange_malformed(const Exchange *exchange);
// Whatever the handler wants to find again.
void exchange_keep(Exchange *exchange, void *user);
void *exchange_kept(const Exchange *exchange);

// A header of the answer. CR, LF and other controls in the value are left out.
void exchange_set(Exchange *exchange, const char *header, Slice value);
// Whole lines of ours ("Name: value\r\n"), which need no look.
void exchange_set_lines(Exchange *exchange, Slice lines);
// Close the connection after the answer.
void exchange_hang_up(Exchange *exchange);
// Ends the exchange: it and its arena are gone afterwards. `type` "" = no body. `body` may lie in
// the exchange's arena or be constant.
void exchange_answer(Exchange *exchange, int status, Slice type, Slice body);

typedef void ExchangeFn(Exchange *exchange);
// `on_worker` on a worker's thread, then `after` on the loop's. False (and nothing happens) when
// too many wait already.
bool exchange_work(Exchange *exchange, ExchangeFn *on_worker, ExchangeFn *after);
// `timed_out` is called on the loop's thread once `ms` have passed without an answer, or when the
// server stops.
void exchange_wait(Exchange *exchange, uint64_t ms, ExchangeFn *timed_out);
// A moment more, from `timed_out`: for an answer that is on its way. A server that stops waits,
// too.
void exchange_linger(Exchange *exchange, uint64_t ms);
// It will be answered at once after all.
void exchange_wait_not(Exchange *exchange);
