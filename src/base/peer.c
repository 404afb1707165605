#include "base/peer.h"

#include <arpa/inet.h>

#include "base/text.h"

#define V4_BITS 96 // in front of an IPv4 address in its 16 bytes

static const uint8_t v4_prefix[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};

static bool is_v4(const Peer *peer)
{
    return memcmp(peer->bytes, v4_prefix, sizeof v4_prefix) == 0;
}

bool peer_parse(Slice text, Peer *ret_peer)
{
    char name[INET6_ADDRSTRLEN];
    if (text.size == 0 || text.size >= sizeof name) return false;
    memcpy(name, text.data, text.size);
    name[text.size] = '\0';
    if (memchr(name, '\0', text.size) != NULL) return false;
    memcpy(ret_peer->bytes, v4_prefix, sizeof v4_prefix);
    if (inet_pton(AF_INET, name, ret_peer->bytes + sizeof v4_prefix) == 1) return true;
    return inet_pton(AF_INET6, name, ret_peer->bytes) == 1;
}

// By hand: the address of each request is printed, and the library's way is printf.
static Slice print_v4(Cx *cx, const uint8_t bytes[static 4])
{
    char *text = arena_alloc(&cx->arena, INET_ADDRSTRLEN);
    size_t size = 0;
    for (int i = 0; i < 4; i++) {
        unsigned part = bytes[i];
        if (i > 0) text[size++] = '.';
        if (part >= 100) text[size++] = (char)('0' + part / 100);
        if (part >= 10) text[size++] = (char)('0' + part / 10 % 10);
        text[size++] = (char)('0' + part % 10);
    }
    return (Slice){text, size};
}

Slice peer_print(Cx *cx, const Peer *peer)
{
    if (is_v4(peer)) return print_v4(cx, peer->bytes + sizeof v4_prefix);
    char name[INET6_ADDRSTRLEN] = "";
    (void)inet_ntop(AF_INET6, peer->bytes, name, sizeof name);
    return cx_printf(cx, "%s", name);
}

static Peer cut(const Peer *peer, int bits)
{
    Peer base = *peer;
    for (int i = 0; i < 16; i++) {
        int kept = bits - i * 8;
        if (kept < 8) base.bytes[i] &= kept <= 0 ? 0 : (uint8_t)(0xff00 >> kept);
    }
    return base;
}

bool peer_block_parse(Slice text, PeerBlock *ret_block)
{
    size_t slash = slice_find(text, SLICE("/"));
    Slice address = slash == SLICE_NONE ? text : slice_sub(text, 0, slash);
    if (!peer_parse(address, &ret_block->base)) return false;
    bool v4 = is_v4(&ret_block->base) && slice_find(address, SLICE(":")) == SLICE_NONE;
    uint64_t bits = v4 ? 32 : 128;
    if (slash != SLICE_NONE) {
        Slice tail = slice_sub(text, slash + 1, text.size);
        uint64_t most = bits;
        if (!slice_digits(tail) || !slice_u64(tail, &bits) || bits > most) return false;
    }
    ret_block->bits = (int)bits + (v4 ? V4_BITS : 0);
    Peer base = cut(&ret_block->base, ret_block->bits);
    return memcmp(base.bytes, ret_block->base.bytes, sizeof base.bytes) == 0;
}

Slice peer_block_print(Cx *cx, const PeerBlock *block)
{
    bool v4 = is_v4(&block->base) && block->bits >= V4_BITS;
    return cx_printf(cx, SLICE_FMT "/%d", SLICE_ARG(peer_print(cx, &block->base)),
                     block->bits - (v4 ? V4_BITS : 0));
}

bool peer_block_has(const PeerBlock *block, const Peer *peer)
{
    Peer base = cut(peer, block->bits);
    return memcmp(base.bytes, block->base.bytes, sizeof base.bytes) == 0;
}

PeerBlock peer_block(const Peer *peer)
{
    int bits = is_v4(peer) ? V4_BITS + 24 : 64;
    return (PeerBlock){.base = cut(peer, bits), .bits = bits};
}

static bool is_trusted(const Peer *peer, const PeerBlock *trusted, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (peer_block_has(&trusted[i], peer)) return true;
    return false;
}

Peer peer_client(Peer socket, Slice forwarded, const PeerBlock *trusted, size_t count)
{
    Peer client = socket;
    while (forwarded.size > 0 && is_trusted(&client, trusted, count)) {
        size_t end = forwarded.size, start = end;
        while (start > 0 && forwarded.data[start - 1] != ',')
            start--;
        Peer said;
        if (!peer_parse(slice_trim(slice_sub(forwarded, start, end - start)), &said)) break;
        client = said;
        forwarded = slice_sub(forwarded, 0, start == 0 ? 0 : start - 1);
    }
    return client;
}
