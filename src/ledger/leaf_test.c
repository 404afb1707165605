#include "ledger/leaf.h"

#include "base/base64.h"
#include "base/test.h"

// The design's own vectors: two events of one invoice, made by another implementation.
static const char event1[] =
    "{\"amount\":\"1000.00\",\"buyer\":{\"name\":\"北京測試—有限公司\",\"tax_id\":"
    "\"91110000MA00000000\"},\"currency\":\"CNY\",\"event\":\"issued\",\"fi"
    "le_sha256\":\"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b"
    "7852b855\",\"id\":\"0192f7a0-7c3e-7b1a-9f00-000000000001\",\"issue_dat"
    "e\":\"2026-03-01\",\"lines\":[{\"amount\":\"1000.00\",\"name\":\"*信息技术"
    "服务*软件开发\",\"price\":\"1000.00\",\"qty\":\"1\",\"rate\":\"0.06\",\"tax"
    "\":\"60.00\"}],\"number\":\"26312000000123456789\",\"quote\":\"\\\"\\"
    "\\/\\b\\u001f€𠮷\",\"seller\":{\"name\":\"上海示例科技有限公司\",\"tax_id\":\"913"
    "10000MA1K000000\"},\"tax\":\"60.00\",\"total\":\"1060.00\",\"v\":\"1\""
    "}";
static const char event2[] =
    "{\"amount\":\"-1000.00\",\"event\":\"red_letter\",\"id\":\"0192f7a0-7c"
    "3e-7b1a-9f00-000000000001\",\"reason\":\"01\",\"red_number\":\"2631200"
    "0000987654321\",\"tax\":\"-60.00\",\"v\":\"1\"}";
static const char leaf1_hex[] =
    "010155ff97d1375c1ee1f85cea45ce211e852858d04b175480b350e80461dc6a3596b96b7a91e263"
    "03a5435e846f2a2ec0a6000000000000000000000000000000000000000000000000000000000000"
    "00000000019ca6b1dc00b1b44bc0823513d6b9a881c2e5ca3d08a79551def56337178b6c516462ee"
    "403ac3941b85fdfcf6dea33993a652215c4afd760e156bf1e9af325e41839dbd7628";
static const char leaf2_hex[] =
    "010355ff97d1375c1ee1f85cea45ce211e852858d04b175480b350e80461dc6a3596b96b7a91e263"
    "03a5435e846f2a2ec0a6eabb02bedb2560b80538fba73820e27106b48bd572b23734499eb44036f0"
    "a7e60000019cabd83800fabada4f3c036b148c3aef8a5be32d7c135d0eed781c987a4220ab8a61bf"
    "61ee89ad10d5c2a8d30d93ed942a28243fbe5b79e78f38f163385f147c11cab56983";

static bool is(Cx *cx, Digest digest, const char *hex)
{
    return slice_equal(base64_hex(cx, digest_slice(&digest)), slice_of(hex));
}

static Leaf leaf1_made(void)
{
    uint8_t log_key[32], salt[LEAF_SALT_SIZE];
    memset(log_key, 0x11, sizeof log_key);
    for (size_t i = 0; i < sizeof salt; i++)
        salt[i] = (uint8_t)(0xA0 + i);
    Slice key = {(const char *)log_key, sizeof log_key};
    Leaf leaf = {.type = LEAF_ISSUED,
                 .subject = leaf_subject(key, SLICE("0192f7a0-7c3e-7b1a-9f00-000000000001")),
                 .time_ms = 1'772'323'200'000,
                 .commitment = leaf_commit(salt, slice_of(event1))};
    leaf_tenant_tag(key, SLICE("tenant-0001"), leaf.tenant_tag);
    return leaf;
}

TEST("leaf: an event's commitments and leaf are byte for byte those of the vectors")
{
    Leaf leaf = leaf1_made();
    EXPECT(is(cx, leaf.commitment.sha256,
              "b1b44bc0823513d6b9a881c2e5ca3d08a79551def56337178b6c516462ee403a"));
    EXPECT(is(cx, leaf.commitment.sm3,
              "c3941b85fdfcf6dea33993a652215c4afd760e156bf1e9af325e41839dbd7628"));
    LeafBytes bytes = leaf_pack(&leaf);
    EXPECT(slice_equal(base64_hex(cx, leaf_slice(&bytes)), slice_of(leaf1_hex)));
    EXPECT(is(cx, leaf_hash(&bytes),
              "eabb02bedb2560b80538fba73820e27106b48bd572b23734499eb44036f0a7e6"));
}

TEST("leaf: the next event of the same invoice names the hash of the one before")
{
    Leaf leaf = leaf1_made();
    LeafBytes first = leaf_pack(&leaf);
    uint8_t salt[LEAF_SALT_SIZE];
    memset(salt, 0x5A, sizeof salt);
    leaf.type = LEAF_REDDENED;
    leaf.previous = leaf_hash(&first);
    leaf.time_ms = 1'772'409'600'000;
    leaf.commitment = leaf_commit(salt, slice_of(event2));
    LeafBytes bytes = leaf_pack(&leaf);
    EXPECT(slice_equal(base64_hex(cx, leaf_slice(&bytes)), slice_of(leaf2_hex)));
    EXPECT(is(cx, leaf_hash(&bytes),
              "fb80ba6af13278f65d4d28b3a27164e04befb766e470a36d157d332d8a1f000c"));
}

TEST("leaf: unpacking gives back what was packed, and refuses what is no leaf")
{
    Leaf leaf = leaf1_made(), again = {}, untouched = {.time_ms = 7};
    LeafBytes bytes = leaf_pack(&leaf);
    EXPECT(leaf_unpack(leaf_slice(&bytes), &again));
    LeafBytes repacked = leaf_pack(&again);
    EXPECT(slice_equal(leaf_slice(&bytes), leaf_slice(&repacked)) && again.type == LEAF_ISSUED);

    EXPECT(!leaf_unpack(slice_sub(leaf_slice(&bytes), 0, LEAF_SIZE - 1), &untouched));
    EXPECT(!leaf_unpack((Slice){"", 0}, &untouched));
    bytes.bytes[0] = 2;
    EXPECT(!leaf_unpack(leaf_slice(&bytes), &untouched));
    bytes.bytes[0] = 1;
    bytes.bytes[1] = LEAF_TYPE_COUNT;
    EXPECT(!leaf_unpack(leaf_slice(&bytes), &untouched));
    EXPECT(untouched.time_ms == 7);
}

TEST("leaf: commitments made together are those made one by one")
{
    enum { COUNT = 150 };
    Slice messages[COUNT];
    Commitment together[COUNT], one[COUNT];
    for (size_t i = 0; i < COUNT; i++) {
        uint8_t salt[LEAF_SALT_SIZE] = {(uint8_t)i, 7};
        Slice canonical = cx_printf(cx, "{%0*zu}", (int)(i * 7 % 300), i);
        one[i] = leaf_commit(salt, canonical);
        EXPECT_OK(leaf_message(cx, salt, canonical, &messages[i]));
        EXPECT(slice_ends(messages[i], canonical));
    }
    leaf_commit_all(messages, COUNT, together);
    for (size_t i = 0; i < COUNT; i++)
        EXPECT(digest_equal(&together[i].sha256, &one[i].sha256) &&
               digest_equal(&together[i].sm3, &one[i].sm3));
}

TEST("leaf: another salt, tenant, subject or key gives another value")
{
    uint8_t salt[LEAF_SALT_SIZE] = {}, other[LEAF_SALT_SIZE] = {1};
    Commitment a = leaf_commit(salt, SLICE("{}")), b = leaf_commit(other, SLICE("{}"));
    EXPECT(!digest_equal(&a.sha256, &b.sha256) && !digest_equal(&a.sm3, &b.sm3));
    Digest first = leaf_subject(SLICE("k1"), SLICE("i")),
           second = leaf_subject(SLICE("k2"), SLICE("i"));
    EXPECT(!digest_equal(&first, &second));
    uint8_t local[LEAF_TENANT_TAG_SIZE], elsewhere[LEAF_TENANT_TAG_SIZE];
    leaf_tenant_tag(SLICE("k1"), SLICE("local"), local);
    leaf_tenant_tag(SLICE("k1"), SLICE("loca1"), elsewhere);
    EXPECT(memcmp(local, elsewhere, sizeof local) != 0);
}
