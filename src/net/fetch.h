// Fetch: one request to another machine, and its answer. All outgoing calls go through here.
//
// http and https alone; no redirects, no proxies, no cookies; one deadline for the whole; an answer
// has a ceiling. What is sent is what the caller says, and a Host: no version, no name of ours.
#pragma once
#include <stdatomic.h>

#include "base/cx.h"

typedef struct FetchRequest {
    const char *method; // "GET", "POST"
    Slice url;
    const char *const *headers; // "A: b" lines, NULL at the end; may itself be NULL
    Slice body;                 // of a POST
    uint64_t timeout_ms;        // 0 = LIMIT_FETCH_MS
    uint64_t stall_ms;          // or when nothing moves for so long; 0 = that is no reason
    size_t answer_max;          // bytes of its body; 0 = LIMIT_FETCH_BYTES
    // https: who may answer. A pin takes the place of certificates and names.
    const char *ca_file;     // PEM; NULL = the system's
    const char *pin;         // "sha256//" base64 of the SHA-256 of the public key; NULL = none
    const atomic_bool *stop; // once true, it ends within a second; NULL = never
} FetchRequest;

typedef struct FetchReply {
    int status;
    Slice type, location; // headers Content-Type, Location; "" when not there
    Slice body;
} FetchReply;

// Any status is an answer. ERR_INPUT: no such address; ERR_STORE: no answer (refused, in time, cut
// off, stalled, stopped); ERR_DENIED: the other side's certificate is not to be trusted; ERR_LIMIT:
// its answer is too large.
Err fetch_ask(Cx *cx, const FetchRequest *request, FetchReply *ret_reply);
// "http://host[:port][/path]" or https, without user, query or fragment: what a person may set as
// an address. ERR_INPUT with why.
Err fetch_check_url(Cx *cx, Slice url);
