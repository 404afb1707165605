#include "crypto/aead.h"

#include "base/base64.h"
#include "base/test.h"

TEST("aead: opens what it sealed, empty text too, and no two sealings are alike")
{
    AeadKey key = {{1, 2, 3}};
    static const Slice texts[] = {SLICE(""), SLICE("x"), SLICE("发票号码 24112000000048542163")};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        Slice sealed, again, plain;
        EXPECT_OK(aead_seal(cx, &key, SLICE("local/document/1"), texts[i], &sealed));
        EXPECT_OK(aead_seal(cx, &key, SLICE("local/document/1"), texts[i], &again));
        EXPECT(sealed.size == texts[i].size + AEAD_OVERHEAD && !slice_equal(sealed, again));
        EXPECT_OK(aead_open(cx, &key, SLICE("local/document/1"), sealed, &plain));
        EXPECT(slice_equal(plain, texts[i]));
    }
}

TEST("aead: another key, another place, or one altered bit is refused")
{
    AeadKey key = {{1, 2, 3}}, other = {{1, 2, 4}};
    Slice sealed, plain = SLICE("untouched");
    EXPECT_OK(aead_seal(cx, &key, SLICE("a"), SLICE("0123456789"), &sealed));
    EXPECT(aead_open(cx, &other, SLICE("a"), sealed, &plain) == ERR_CORRUPT);
    EXPECT(aead_open(cx, &key, SLICE("b"), sealed, &plain) == ERR_CORRUPT);
    EXPECT(aead_open(cx, &key, SLICE(""), sealed, &plain) == ERR_CORRUPT);
    char *bytes = arena_alloc(&cx->arena, sealed.size);
    for (size_t bit = 0; bit < sealed.size * 8; bit++) {
        memcpy(bytes, sealed.data, sealed.size);
        bytes[bit / 8] = (char)(bytes[bit / 8] ^ (1 << (bit % 8)));
        EXPECT(aead_open(cx, &key, SLICE("a"), (Slice){bytes, sealed.size}, &plain) == ERR_CORRUPT);
    }
    for (size_t size = 0; size < sealed.size; size++)
        EXPECT(aead_open(cx, &key, SLICE("a"), slice_sub(sealed, 0, size), &plain) == ERR_CORRUPT);
    EXPECT(slice_equal(plain, SLICE("untouched")));
}

// Source: the GCM specification's test case 16 (AES-256, 96-bit nonce), as in NIST SP 800-38D.
TEST("aead: the layout is nonce, ciphertext, tag of AES-256-GCM")
{
    static const char *const key_hex =
        "feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308";
    static const char *const sealed_hex =
        "cafebabefacedbaddecaf888"
        "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa"
        "8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662"
        "76fc6ece0f4e1768cddf8853bb2d551b";
    AeadKey key;
    EXPECT_OK(base64_unhex(cx, slice_of(key_hex), key.bytes, sizeof key.bytes));
    uint8_t sealed[88], about[20];
    EXPECT_OK(base64_unhex(cx, slice_of(sealed_hex), sealed, sizeof sealed));
    EXPECT_OK(
        base64_unhex(cx, SLICE("feedfacedeadbeeffeedfacedeadbeefabaddad2"), about, sizeof about));
    Slice plain;
    EXPECT_OK(aead_open(cx, &key, (Slice){(const char *)about, sizeof about},
                        (Slice){(const char *)sealed, sizeof sealed}, &plain));
    EXPECT(plain.size == 60 && slice_starts(base64_hex(cx, plain), SLICE("d9313225f88406e5a559")));
}

TEST("aead: what does not fit in memory is a limit")
{
    Cx small;
    cx_init(&small, world_real(), 100);
    AeadKey key = {};
    char big[128] = {};
    Slice sealed;
    EXPECT(aead_seal(&small, &key, SLICE(""), (Slice){big, sizeof big}, &sealed) == ERR_LIMIT);
    cx_done(&small);
}
