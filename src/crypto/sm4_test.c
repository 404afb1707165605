#include "crypto/sm4.h"

#include "base/base64.h"
#include "base/test.h"

static void numbered(void *self, void *bytes, size_t size)
{
    (void)self;
    for (size_t i = 0; i < size; i++)
        ((uint8_t *)bytes)[i] = (uint8_t)(0x40 + i);
}

static Sm4Key key_numbered(void)
{
    Sm4Key key;
    for (size_t i = 0; i < sizeof key.bytes; i++)
        key.bytes[i] = (uint8_t)i;
    return key;
}

TEST("sm4: bytes as Python's cryptography and hmac make them")
{
    World world = *world_real();
    world.random = numbered;
    Cx mine;
    cx_init(&mine, &world, (size_t)1 << 16);
    Sm4Key key = key_numbered();
    Slice sealed;
    EXPECT_OK(sm4_seal(&mine, &key, SLICE("about"), SLICE("13800138000"), &sealed));
    EXPECT(slice_equal(base64_hex(cx, sealed),
                       SLICE("404142434445464748494a4b4c4d4e4f435f92e97412fa2a28949aae4a052d40"
                             "6f41e63a0df091a6fa90b58d7eb7aca98b26de81d4780766ab966c")));
    cx_done(&mine);
}

static const uint8_t example[16] = {0x01, 0x23, 0x45, 0x67, 0x89, 0xab, 0xcd, 0xef,
                                    0xfe, 0xdc, 0xba, 0x98, 0x76, 0x54, 0x32, 0x10};

static void the_example(void *self, void *bytes, size_t size)
{
    (void)self;
    memcpy(bytes, example, size < sizeof example ? size : sizeof example);
}

TEST("sm4: the example of GB/T 32907-2016, A.1: a counter of these bytes over zeros")
{
    World world = *world_real();
    world.random = the_example;
    Cx mine;
    cx_init(&mine, &world, (size_t)1 << 16);
    Sm4Key key = {};
    memcpy(key.bytes, example, sizeof example);
    static const char zeros[16];
    Slice sealed;
    EXPECT_OK(sm4_seal(&mine, &key, SLICE(""), (Slice){zeros, sizeof zeros}, &sealed));
    EXPECT(slice_equal(base64_hex(cx, slice_sub(sealed, 16, 16)),
                       SLICE("681edf34d206965e86b3e94f536e4246")));
    cx_done(&mine);
}

TEST("sm4: one bit anywhere, another key, another about, a byte less: nothing opens")
{
    Sm4Key key = key_numbered(), other = key;
    Slice sealed, plain = SLICE("untouched");
    EXPECT_OK(sm4_seal(cx, &key, SLICE("about"), SLICE("13800138000"), &sealed));
    for (size_t bit = 0; bit < sealed.size * 8; bit++) {
        Slice copy;
        EXPECT_OK(cx_copy(cx, sealed, &copy));
        ((char *)(uintptr_t)copy.data)[bit / 8] ^= (char)(1 << bit % 8);
        EXPECT(sm4_open(cx, &key, SLICE("about"), copy, &plain) == ERR_CORRUPT);
    }
    for (size_t size = 0; size < sealed.size; size++)
        EXPECT(sm4_open(cx, &key, SLICE("about"), slice_sub(sealed, 0, size), &plain) ==
               ERR_CORRUPT);
    other.bytes[47] ^= 1;
    EXPECT(sm4_open(cx, &other, SLICE("about"), sealed, &plain) == ERR_CORRUPT);
    EXPECT(sm4_open(cx, &key, SLICE("abou"), sealed, &plain) == ERR_CORRUPT);
    EXPECT(slice_equal(plain, SLICE("untouched")));
    EXPECT_OK(sm4_open(cx, &key, SLICE("about"), sealed, &plain));
    EXPECT(slice_equal(plain, SLICE("13800138000")));
    EXPECT_OK(sm4_seal(cx, &key, SLICE(""), SLICE(""), &sealed));
    EXPECT_OK(sm4_open(cx, &key, SLICE(""), sealed, &plain));
    EXPECT(plain.size == 0);
}
