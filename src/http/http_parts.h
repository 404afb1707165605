// What http.c and the http_<noun>.c share. Nobody else includes it.
#pragma once
#include "base/limits.h"
#include "base/peer.h"
#include "base/version.h"
#include "desk/invoice/search/search_sums.h"
#include "desk/invoice/upload/uploads.h"
#include "desk/invoice/verify/verify_index.h"
#include "desk/invoice/verify/verify_tries.h"
#include "desk/people/account/account.h"
#include "desk/people/audit_log/audit_log_refused.h"
#include "desk/people/gate/gate.h"
#include "http/challenges.h"
#include "http/http.h"
#include "http/http_limits.h"
#include "http/nodes.h"
#include "http/routes.h"
#include "http/server.h"

struct Http {
    HttpOptions options;
    Server *server, *secure; // plain on loopback and DIR/fapiao.sock; over TLS, or NULL
    Nodes *nodes;            // or NULL
    Flow *flow;
    VerifyTries *tries;
    VerifyIndex *index;
    Uploads *uploads;
    Accounts *accounts; // or NULL: of a mirror
    SearchSums *sums;
    AuditLogRefused *refused; // NULL where nothing can be written
    Cx cx;                    // lives as long as this: holds what is printed once
    Slice openapi, kinds, names;
    _Atomic uint64_t unwritable_said_ms; // when it was last told that the disk can't be written
    HttpLimits *limits;
    Challenges *challenges;
    Gate *gate;
    PeerBlock proxies[LIMIT_PROXIES];
    size_t proxy_count;
};
