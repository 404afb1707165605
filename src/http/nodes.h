// Nodes: the door for mirrors, on an address of its own. Every question carries a node's token
// (Authorization: Bearer, desk/running/mirror/node.h); without one the answer is 401, whatever was
// asked.
//
//   GET  /node/v1/hello                 who the log is, and its wrapped keys
//   GET  /node/v1/checkpoint?over=N     the newest checkpoint over N leaves, at most
//                                       LIMIT_NODE_LEAVES more; waits for one up to
//                                       NODES_WAIT_MS, then 204
//   GET  /node/v1/leaves?from=S&to=S    leaf hashes of those sequences, 32 bytes each
//   GET  /node/v1/facts?from=S&to=S     the facts behind them (publish/replica_pack.h), until about
//                                       NODES_FACTS_BYTES
//   GET  /node/v1/side?refused=MS&id=HEX&day=D
//                                       what no event binds (publish/replica_side.h), after that
//   POST /node/v1/cosignature           what the mirror says of a checkpoint
//   POST /node/v1/trouble               one line: why it can't follow
#pragma once
#include "flow/flow.h"

#define NODES_WAIT_MS     UINT64_C(20'000)
#define NODES_FACTS_BYTES (8 * (size_t)1024 * 1024)

typedef struct Nodes Nodes;

typedef struct NodesOptions {
    Flow *flow;
    const char *address;
    uint16_t port;                  // 0 = any
    const char *tls_cert, *tls_key; // PEM files; NULL: plain, on a loopback address alone
} NodesOptions;

// ERR_DENIED for an address that is not loopback without TLS.
Err nodes_open(Cx *cx, const NodesOptions *options, Nodes **ret_nodes);
uint16_t nodes_port(const Nodes *nodes);
void nodes_stop(Nodes *nodes);  // before flow_close
void nodes_close(Nodes *nodes); // after flow_close; takes NULL
