#include "crypto/provider.h"

#include "base/test.h"
#include "crypto/hkdf.h"

static const ProviderSuite suites[] = {PROVIDER_AES, PROVIDER_SM};

TEST("provider: what it seals it opens, under the same name, suite and about alone")
{
    AeadKey root = {"root"}, strange = {"strange"};
    Provider provider = provider_software(&root), other = provider_software(&strange);
    for (size_t i = 0; i < 2; i++) {
        ProviderKey key, second, foreign;
        EXPECT_OK(provider.derive(cx, provider.self, suites[i], SLICE("one"), &key));
        EXPECT_OK(provider.derive(cx, provider.self, suites[i], SLICE("two"), &second));
        EXPECT_OK(other.derive(cx, other.self, suites[i], SLICE("one"), &foreign));
        Slice sealed, plain;
        EXPECT_OK(
            provider.seal(cx, provider.self, suites[i], &key, SLICE("a"), SLICE("银行"), &sealed));
        EXPECT_OK(provider.open(cx, provider.self, suites[i], &key, SLICE("a"), sealed, &plain));
        EXPECT(slice_equal(plain, SLICE("银行")));
        const ProviderKey *const wrong[] = {&second, &foreign};
        for (size_t k = 0; k < 2; k++)
            EXPECT(provider.open(cx, provider.self, suites[i], wrong[k], SLICE("a"), sealed,
                                 &plain) == ERR_CORRUPT);
        EXPECT(provider.open(cx, provider.self, suites[i], &key, SLICE("b"), sealed, &plain) ==
               ERR_CORRUPT);
        EXPECT(provider.open(cx, provider.self, suites[1 - i], &key, SLICE("a"), sealed, &plain) ==
               ERR_CORRUPT);
    }
}

TEST("provider: a name's keys are HKDF's; the suites have nothing in common")
{
    AeadKey root = {"root"};
    Provider provider = provider_software(&root);
    Slice bytes = {(const char *)root.bytes, sizeof root.bytes};
    ProviderKey aes, sm;
    uint8_t right[PROVIDER_KEY_SIZE];
    EXPECT_OK(provider.derive(cx, provider.self, PROVIDER_AES, SLICE("name"), &aes));
    EXPECT_OK(provider.derive(cx, provider.self, PROVIDER_SM, SLICE("name"), &sm));
    hkdf_derive(DIGEST_SHA256, SLICE(""), bytes, SLICE("name"), right, sizeof right);
    EXPECT(memcmp(aes.bytes, right, sizeof right) == 0);
    hkdf_derive(DIGEST_SM3, SLICE(""), bytes, SLICE("name"), right, sizeof right);
    EXPECT(memcmp(sm.bytes, right, sizeof right) == 0 && memcmp(&aes, &sm, sizeof aes) != 0);
}

TEST("provider: macs and signatures are those of their suite")
{
    AeadKey root = {"root"};
    Provider provider = provider_software(&root);
    for (size_t i = 0; i < 2; i++) {
        ProviderKey key;
        EXPECT_OK(provider.derive(cx, provider.self, suites[i], SLICE("one"), &key));
        Digest mac, right;
        Slice message = SLICE("message");
        EXPECT_OK(provider.mac(cx, provider.self, suites[i], &key, message, &mac));
        right = digest_hmac_parts(i == 0 ? DIGEST_SHA256 : DIGEST_SM3,
                                  (Slice){(const char *)key.bytes, DIGEST_SIZE}, &message, 1);
        EXPECT(digest_equal(&mac, &right));

        uint8_t signature[SIGNER_SIGNATURE_MAX];
        size_t size = 0;
        EXPECT_OK(provider.sign(cx, provider.self, suites[i], &key, message, signature, &size));
        Signer *signer = NULL;
        EXPECT_OK(signer_open(cx, i == 0 ? SIGNER_ED25519 : SIGNER_SM2, key.bytes, &signer));
        SignerPublic public = signer_public(signer);
        signer_close(signer);
        Slice made = {(const char *)signature, size};
        EXPECT(signer_verify(&public, message, made));
        EXPECT(!signer_verify(&public, SLICE("massage"), made));
    }
}
