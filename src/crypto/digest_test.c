#include "crypto/digest.h"

#include <pthread.h>

#include "base/base64.h"
#include "base/test.h"

static bool is(Cx *cx, Digest digest, const char *hex)
{
    return slice_equal(base64_hex(cx, digest_slice(&digest)), slice_of(hex));
}

// Sources: FIPS 180-4 examples; GB/T 32905-2016 appendix A.
TEST("digest: SHA-256 and SM3 give the standards' own values")
{
    static const struct {
        DigestKind kind;
        Slice text;
        const char *hex;
    } cases[] = {
        {DIGEST_SHA256, SLICE(""),
         "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
        {DIGEST_SHA256, SLICE("abc"),
         "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
        {DIGEST_SM3, SLICE("abc"),
         "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"},
        {DIGEST_SM3, SLICE("abcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcd"),
         "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        EXPECT(is(cx, digest_of(cases[i].kind, cases[i].text), cases[i].hex));
        DigestStream *stream = digest_stream_open(cases[i].kind);
        for (size_t at = 0; at < cases[i].text.size; at++)
            digest_stream_add(stream, slice_sub(cases[i].text, at, 1));
        EXPECT(is(cx, digest_stream_close(stream), cases[i].hex));
    }
}

TEST("digest: several parts are one message, and a context leaves nothing behind")
{
    Slice parts[] = {SLICE("a"), SLICE(""), SLICE("bc")};
    for (int kind = DIGEST_SHA256; kind <= DIGEST_SM3; kind++) {
        Digest whole = digest_of((DigestKind)kind, SLICE("abc"));
        for (int again = 0; again < 3; again++) {
            Digest digest = digest_of_parts((DigestKind)kind, parts, 3);
            EXPECT(digest_equal(&digest, &whole));
        }
        whole.bytes[31] ^= 1;
        Digest digest = digest_of((DigestKind)kind, SLICE("abc"));
        EXPECT(!digest_equal(&digest, &whole));
    }
}

// Source: RFC 4231 §4.2, §4.3 and §4.7 (a key longer than a block).
TEST("digest: HMAC-SHA-256 gives the RFC's own values")
{
    char long_key[131];
    memset(long_key, 0xAA, sizeof long_key);
    EXPECT(is(cx, digest_hmac_sha256(SLICE("Jefe"), SLICE("what do ya want for nothing?")),
              "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"));
    EXPECT(is(cx,
              digest_hmac_sha256(
                  SLICE("\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b"
                        "\x0b\x0b"),
                  SLICE("Hi There")),
              "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"));
    EXPECT(is(cx,
              digest_hmac_sha256((Slice){long_key, sizeof long_key},
                                 SLICE("Test Using Larger Than Block-Size Key - Hash Key First")),
              "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"));
}

TEST("digest: HMAC-SM3 gives what Python's hmac gives over OpenSSL's SM3")
{
    char key[20];
    memset(key, 0x0b, sizeof key);
    Slice message = SLICE("Hi There");
    EXPECT(is(cx, digest_hmac_parts(DIGEST_SM3, (Slice){key, sizeof key}, &message, 1),
              "51b00d1fb49832bfb01c3ce27848e59f871d9ba938dc563b338ca964755cce70"));
}

static void *hash_much(void *self)
{
    bool *well = self;
    Digest first = digest_of(DIGEST_SM3, SLICE("x"));
    *well = true;
    for (int i = 0; i < 2000; i++) {
        Digest other = digest_of(DIGEST_SHA256, SLICE("y"));
        Digest again = digest_of(DIGEST_SM3, SLICE("x"));
        *well = *well && digest_equal(&first, &again) && !digest_equal(&other, &again);
    }
    return NULL;
}

TEST("digest: threads do not disturb each other")
{
    pthread_t threads[4];
    bool well[4] = {};
    for (size_t i = 0; i < 4; i++)
        EXPECT(pthread_create(&threads[i], NULL, hash_much, &well[i]) == 0);
    for (size_t i = 0; i < 4; i++)
        EXPECT(pthread_join(threads[i], NULL) == 0);
    EXPECT(well[0] && well[1] && well[2] && well[3]);
}
