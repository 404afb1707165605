#include "crypto/hkdf.h"

#include "base/base64.h"
#include "base/test.h"

static bool is(Cx *cx, const uint8_t *bytes, size_t size, const char *hex)
{
    return slice_equal(base64_hex(cx, (Slice){(const char *)bytes, size}), slice_of(hex));
}

TEST("hkdf: test case 1 of RFC 5869, and Python's answers for SM3 and for several blocks")
{
    char key[22], salt[13], info[10];
    memset(key, 0x0b, sizeof key);
    for (size_t i = 0; i < sizeof salt; i++)
        salt[i] = (char)i;
    for (size_t i = 0; i < sizeof info; i++)
        info[i] = (char)(0xf0 + i);
    uint8_t bytes[48];
    hkdf_derive(DIGEST_SHA256, (Slice){salt, sizeof salt}, (Slice){key, sizeof key},
                (Slice){info, sizeof info}, bytes, 42);
    EXPECT(
        is(cx, bytes, 42,
           "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865"));
    // hmac and hashlib of Python with sm3, put together as the RFC says.
    hkdf_derive(DIGEST_SM3, SLICE(""), (Slice){key, sizeof key}, SLICE("name"), bytes, 48);
    EXPECT(is(cx, bytes, 48,
              "8ef9ce62acb15370c3c87161514ef173132c1574290c0391b315a5d574e73c15"
              "bd65f250e3e4bb3839d1e60e69f30fc9"));
}
