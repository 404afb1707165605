// Peer: the address that a request came from, blocks of addresses, and who may speak for others.
//
// Limits count by block: a /24 of IPv4, a /64 of IPv6, which is what one customer has.
#pragma once
#include "base/cx.h"

typedef struct Peer {
    uint8_t bytes[16]; // IPv4 as ::ffff:a.b.c.d
} Peer;

typedef struct PeerBlock {
    Peer base;
    int bits; // 0 .. 128, counted in the 16 bytes
} PeerBlock;

// "192.0.2.1", "2001:db8::1", "::ffff:192.0.2.1"; no port, no zone.
bool peer_parse(Slice text, Peer *ret_peer);
Slice peer_print(Cx *cx, const Peer *peer); // IPv4 with dots
// "192.0.2.0/24", "2001:db8::/32", or one address. Bits behind the prefix must be zero.
bool peer_block_parse(Slice text, PeerBlock *ret_block);
Slice peer_block_print(Cx *cx, const PeerBlock *block);
bool peer_block_has(const PeerBlock *block, const Peer *peer);
// The block that limits count.
PeerBlock peer_block(const Peer *peer);

// Who asks, behind proxies: `forwarded` is X-Forwarded-For ("client, proxy, proxy"), believed from
// its end for as long as the one that says so is trusted (RFC 7239 §8.1: the rest is anyone's).
Peer peer_client(Peer socket, Slice forwarded, const PeerBlock *trusted, size_t count);
