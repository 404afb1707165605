#include "crypto/signer.h"

#include "base/base64.h"
#include "base/test.h"

static Signer *open_hex(Cx *cx, SignerKind kind, const char *seed_hex)
{
    uint8_t seed[SIGNER_SEED_SIZE];
    Signer *signer = NULL;
    EXPECT_OK(base64_unhex(cx, slice_of(seed_hex), seed, sizeof seed));
    EXPECT_OK(signer_open(cx, kind, seed, &signer));
    return signer;
}

static Slice unhex(Cx *cx, const char *hex)
{
    size_t size = strlen(hex) / 2;
    uint8_t *bytes = arena_alloc(&cx->arena, size);
    EXPECT_OK(base64_unhex(cx, slice_of(hex), bytes, size));
    return (Slice){(char *)bytes, size};
}

static bool public_is(Cx *cx, const Signer *signer, const char *hex)
{
    SignerPublic key = signer_public(signer);
    return slice_equal(base64_hex(cx, (Slice){(char *)key.bytes, key.size}), slice_of(hex));
}

// Source: RFC 8032 §7.1, tests 1 and 3.
TEST("signer: Ed25519 gives the RFC's own public keys and signatures")
{
    static const struct {
        const char *seed, *key, *message, *signature;
    } cases[] = {
        {"9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
         "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
         "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701"
         "c"
         "f9b46bd25bf5f0595bbe24655141438e7a100b"},
        {"c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
         "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
         "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f7609"
         "8"
         "4dc6594a7c15e9716ed28dc027beceea1ec40a"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        Signer *signer = open_hex(cx, SIGNER_ED25519, cases[i].seed);
        EXPECT(public_is(cx, signer, cases[i].key));
        uint8_t signature[SIGNER_SIGNATURE_MAX];
        size_t size = 0;
        Slice message = unhex(cx, cases[i].message);
        EXPECT_OK(signer_sign(cx, signer, message, signature, &size));
        Slice made = {(char *)signature, size};
        EXPECT(slice_equal(base64_hex(cx, made), slice_of(cases[i].signature)));
        SignerPublic key = signer_public(signer);
        EXPECT(signer_verify(&key, message, made));
        signer_close(signer);
    }
}

// Source: GB/T 32918.5-2017 annex A.2: the private key is one more than the seed here.
TEST("signer: SM2 gives the standard's public key and takes the standard's signature")
{
    Signer *signer = open_hex(cx, SIGNER_SM2,
                              "3945208f7b2144b13f36e38ac6d39f95889393692860b51a42fb81ef4df7c5b7");
    EXPECT(public_is(cx, signer,
                     "0409f9df311e5421a150dd7d161e4bc5c672179fad1833fc076bb08ff356f35020"
                     "ccea490ce26775a52dc6ea718cc1aa600aed05fbf35e084a6632f6072da9ad13"));
    SignerPublic key = signer_public(signer);
    Slice signature =
        unhex(cx, "3046022100f5a03b0648d2c4630eeac513e1bb81a15944da3827d5b74143ac7eaceee720b3022100"
                  "b1b6aa29df212fd8763182bc0d421ca1bb9038fd1f7f42d4840b69c485bbc1aa");
    EXPECT(signer_verify(&key, SLICE("message digest"), signature));
    EXPECT(!signer_verify(&key, SLICE("message digesu"), signature));
    signer_close(signer);
}

TEST("signer: an SM2 seed past the order comes down to a private key of 1 to n - 2")
{
    // n - 2 gives 1, whose public key is the generator (GB/T 32918.5-2017 §2).
    Signer *signer = open_hex(cx, SIGNER_SM2,
                              "fffffffeffffffffffffffffffffffff7203df6b21c6052b53bbf40939d54121");
    EXPECT(public_is(cx, signer,
                     "0432c4ae2c1f1981195f9904466a39c9948fe30bbff2660be1715a4589334c74c7"
                     "bc3736a2f4f6779c59bdcee36b692153d0a9877cc62a474002df32e52139f0a0"));
    signer_close(signer);
}

TEST("signer: a flipped bit of key, message or signature is refused, for both kinds")
{
    // Several SM2 keys: with y even and with y odd, which the hybrid form of a point would tell
    // apart.
    for (int round = 0; round < 5; round++) {
        uint8_t seed[SIGNER_SEED_SIZE], signature[SIGNER_SIGNATURE_MAX];
        memset(seed, round, sizeof seed);
        Signer *signer = NULL;
        EXPECT_OK(signer_open(cx, round == 0 ? SIGNER_ED25519 : SIGNER_SM2, seed, &signer));
        char message[] = "what was said";
        Slice said = {message, sizeof message - 1};
        size_t size = 0;
        EXPECT_OK(signer_sign(cx, signer, said, signature, &size));
        EXPECT(size <= SIGNER_SIGNATURE_MAX);
        SignerPublic key = signer_public(signer);
        Slice made = {(char *)signature, size};
        EXPECT(signer_verify(&key, said, made));
        EXPECT(!signer_verify(&key, said, slice_sub(made, 0, size - 1)));
        EXPECT(!signer_verify(&key, said, (Slice){"", 0}));
        for (size_t bit = 0; bit < size * 8; bit++) {
            signature[bit / 8] ^= (uint8_t)(1 << bit % 8);
            EXPECT(!signer_verify(&key, said, made));
            signature[bit / 8] ^= (uint8_t)(1 << bit % 8);
        }
        for (size_t bit = 0; bit < key.size * 8; bit++) {
            key.bytes[bit / 8] ^= (uint8_t)(1 << bit % 8);
            EXPECT(!signer_verify(&key, said, made));
            key.bytes[bit / 8] ^= (uint8_t)(1 << bit % 8);
        }
        message[0] ^= 1;
        EXPECT(!signer_verify(&key, said, made));
        key.size--;
        EXPECT(!signer_verify(&key, said, made));
        signer_close(signer);
    }
    signer_close(NULL);
}

TEST("signer: an SM2 key has one spelling: its point uncompressed, not hybrid")
{
    for (int round = 1; round < 9; round++) {
        uint8_t seed[SIGNER_SEED_SIZE], signature[SIGNER_SIGNATURE_MAX];
        memset(seed, round, sizeof seed);
        Signer *signer = NULL;
        size_t size = 0;
        EXPECT_OK(signer_open(cx, SIGNER_SM2, seed, &signer));
        EXPECT_OK(signer_sign(cx, signer, SLICE("x"), signature, &size));
        SignerPublic key = signer_public(signer);
        EXPECT(signer_verify(&key, SLICE("x"), (Slice){(char *)signature, size}));
        key.bytes[0] = (uint8_t)(6 + (key.bytes[64] & 1));
        EXPECT(!signer_verify(&key, SLICE("x"), (Slice){(char *)signature, size}));
        signer_close(signer);
    }
}

TEST("signer: an SM2 signature has one spelling")
{
    Signer *signer = open_hex(cx, SIGNER_SM2,
                              "3945208f7b2144b13f36e38ac6d39f95889393692860b51a42fb81ef4df7c5b7");
    SignerPublic key = signer_public(signer);
    static const char *const spellings[] = {
        // a zero too many before r; the one before s missing; a byte behind; a long length
        "304702220000f5a03b0648d2c4630eeac513e1bb81a15944da3827d5b74143ac7eaceee720b3022100"
        "b1b6aa29df212fd8763182bc0d421ca1bb9038fd1f7f42d4840b69c485bbc1aa",
        "3045022100f5a03b0648d2c4630eeac513e1bb81a15944da3827d5b74143ac7eaceee720b30220"
        "b1b6aa29df212fd8763182bc0d421ca1bb9038fd1f7f42d4840b69c485bbc1aa",
        "3046022100f5a03b0648d2c4630eeac513e1bb81a15944da3827d5b74143ac7eaceee720b3022100"
        "b1b6aa29df212fd8763182bc0d421ca1bb9038fd1f7f42d4840b69c485bbc1aa00",
        "308146022100f5a03b0648d2c4630eeac513e1bb81a15944da3827d5b74143ac7eaceee720b3022100"
        "b1b6aa29df212fd8763182bc0d421ca1bb9038fd1f7f42d4840b69c485bbc1aa",
        // s = 0
        "3026022100f5a03b0648d2c4630eeac513e1bb81a15944da3827d5b74143ac7eaceee720b3020100",
    };
    for (size_t i = 0; i < sizeof spellings / sizeof spellings[0]; i++)
        EXPECT(!signer_verify(&key, SLICE("message digest"), unhex(cx, spellings[i])));
    signer_close(signer);
}
