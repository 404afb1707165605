#include "base/peer.h"

#include "base/test.h"

static Peer peer(Cx *cx, const char *text)
{
    Peer peer;
    if (!peer_parse(slice_of(text), &peer)) test_fail(__FILE__, __LINE__, text);
    EXPECT(cx != NULL);
    return peer;
}

TEST("peer: addresses in, addresses out")
{
    const char *const same[] = {"192.0.2.1",       "::1",       "2001:db8::5",   "0.0.0.0",   "::",
                                "255.255.255.255", "127.0.0.1", "10.99.100.109", "9.10.19.90"};
    for (size_t i = 0; i < sizeof same / sizeof same[0]; i++) {
        Peer one = peer(cx, same[i]);
        EXPECT(slice_equal(peer_print(cx, &one), slice_of(same[i])));
    }
    Peer mapped = peer(cx, "::ffff:192.0.2.1");
    EXPECT(slice_equal(peer_print(cx, &mapped), SLICE("192.0.2.1")));
    const char *const wrong[] = {"",  "192.0.2",    "192.0.2.256", "fe80::1%eth0",
                                 "a", "1.2.3.4:80", "[::1]",       "192.0.2.1 "};
    Peer none;
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        EXPECT(!peer_parse(slice_of(wrong[i]), &none));
    EXPECT(!peer_parse((Slice){"127.0.0.1\0x", 11}, &none));
}

TEST("peer: a block has what is in it and nothing else")
{
    PeerBlock block;
    EXPECT(peer_block_parse(SLICE("192.0.2.0/24"), &block));
    Peer in = peer(cx, "192.0.2.255"), out = peer(cx, "192.0.3.0"), v6 = peer(cx, "2001:db8::1");
    EXPECT(peer_block_has(&block, &in) && !peer_block_has(&block, &out));
    EXPECT(!peer_block_has(&block, &v6));
    EXPECT(slice_equal(peer_block_print(cx, &block), SLICE("192.0.2.0/24")));
    EXPECT(peer_block_parse(SLICE("2001:db8::/33"), &block));
    EXPECT(peer_block_has(&block, &v6));
    Peer far = peer(cx, "2001:db8:8000::1");
    EXPECT(!peer_block_has(&block, &far));
    EXPECT(slice_equal(peer_block_print(cx, &block), SLICE("2001:db8::/33")));
    EXPECT(peer_block_parse(SLICE("0.0.0.0/0"), &block));
    EXPECT(peer_block_has(&block, &in) && !peer_block_has(&block, &v6));
    EXPECT(peer_block_parse(SLICE("::/0"), &block));
    EXPECT(peer_block_has(&block, &in) && peer_block_has(&block, &v6));
    EXPECT(peer_block_parse(SLICE("192.0.2.7"), &block));
    EXPECT(!peer_block_has(&block, &in));
    const char *const wrong[] = {"192.0.2.1/24", "192.0.2.0/33",   "192.0.2.0/",  "192.0.2.0/x",
                                 "/8",           "2001:db8::1/64", "192.0.2.0/-1"};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        EXPECT(!peer_block_parse(slice_of(wrong[i]), &block));
}

TEST("peer: limits count a /24 of IPv4 and a /64 of IPv6")
{
    Peer v4 = peer(cx, "198.51.100.77"), v6 = peer(cx, "2001:db8:1:2:3:4:5:6");
    PeerBlock a = peer_block(&v4), b = peer_block(&v6);
    EXPECT(slice_equal(peer_block_print(cx, &a), SLICE("198.51.100.0/24")));
    EXPECT(slice_equal(peer_block_print(cx, &b), SLICE("2001:db8:1:2::/64")));
}

TEST("peer: a header names the client only behind a proxy that is trusted")
{
    PeerBlock trusted[2];
    EXPECT(peer_block_parse(SLICE("10.0.0.0/8"), &trusted[0]));
    EXPECT(peer_block_parse(SLICE("::1"), &trusted[1]));
    const struct {
        const char *socket, *forwarded, *client;
    } cases[] = {
        {"203.0.113.9", "198.51.100.1", "203.0.113.9"}, // a stranger's own word
        {"10.1.1.1", "198.51.100.1", "198.51.100.1"},
        {"10.1.1.1", "1.2.3.4, 198.51.100.1", "198.51.100.1"}, // the front is anyone's
        {"10.1.1.1", "198.51.100.1, 10.2.2.2", "198.51.100.1"},
        {"10.1.1.1", "198.51.100.1,10.2.2.2 , ::1", "198.51.100.1"},
        {"10.1.1.1", "", "10.1.1.1"},
        {"10.1.1.1", "unknown", "10.1.1.1"},
        {"10.1.1.1", "198.51.100.1, nonsense", "10.1.1.1"},
        {"10.1.1.1", ",,", "10.1.1.1"},
        {"::1", "2001:db8::7", "2001:db8::7"},
        {"10.1.1.1", "10.3.3.3", "10.3.3.3"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        Peer client =
            peer_client(peer(cx, cases[i].socket), slice_of(cases[i].forwarded), trusted, 2);
        EXPECT(slice_equal(peer_print(cx, &client), slice_of(cases[i].client)));
    }
}
