#include "crypto/sm4.h"

#include <limits.h>
#include <openssl/evp.h>
#include <pthread.h>
#include <stdlib.h>

#include "crypto/digest.h"

#define CIPHER_KEY_SIZE 16
#define NONCE_SIZE      16
#define TAG_SIZE        DIGEST_SIZE

static EVP_CIPHER *cipher;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void start(void)
{
    cipher = EVP_CIPHER_fetch(NULL, "SM4-CTR", NULL);
    if (cipher == NULL) abort();
}

// Both ways: a counter mode is its own inverse.
static void crypt(const Sm4Key *key, const char *nonce, Slice from, char *to)
{
    if (pthread_once(&once, start) != 0) abort();
    EVP_CIPHER_CTX *context = EVP_CIPHER_CTX_new(); // owned: freed below
    int size = 0;
    if (context == NULL ||
        EVP_EncryptInit_ex2(context, cipher, key->bytes, (const unsigned char *)nonce, NULL) != 1)
        abort();
    if (from.size > 0 && EVP_EncryptUpdate(context, (unsigned char *)to, &size,
                                           (const unsigned char *)from.data, (int)from.size) != 1)
        abort();
    EVP_CIPHER_CTX_free(context);
}

static Digest tag_of(const Sm4Key *key, Slice about, Slice sealed)
{
    uint8_t size[8];
    for (size_t i = 0; i < sizeof size; i++)
        size[i] = (uint8_t)((uint64_t)about.size >> (56 - 8 * i));
    Slice tag_key = {(const char *)key->bytes + CIPHER_KEY_SIZE, SM4_KEY_SIZE - CIPHER_KEY_SIZE};
    Slice parts[] = {{(const char *)size, sizeof size}, about, sealed};
    return digest_hmac_parts(DIGEST_SM3, tag_key, parts, 3);
}

Err sm4_seal(Cx *cx, const Sm4Key *key, Slice about, Slice plain, Slice *ret_sealed)
{
    if (plain.size > INT_MAX - SM4_OVERHEAD)
        return err_set(cx, ERR_LIMIT, "%zu bytes are too many to encrypt at once", plain.size);
    char *sealed = arena_try_alloc(&cx->arena, plain.size + SM4_OVERHEAD);
    if (sealed == NULL) return err_set(cx, ERR_LIMIT, "%zu bytes do not fit", plain.size);
    cx_random(cx, sealed, NONCE_SIZE);
    crypt(key, sealed, plain, sealed + NONCE_SIZE);
    size_t size = NONCE_SIZE + plain.size;
    Digest tag = tag_of(key, about, (Slice){sealed, size});
    memcpy(sealed + size, tag.bytes, TAG_SIZE);
    *ret_sealed = (Slice){sealed, size + TAG_SIZE};
    return ERR_OK;
}

Err sm4_open(Cx *cx, const Sm4Key *key, Slice about, Slice sealed, Slice *ret_plain)
{
    if (sealed.size < SM4_OVERHEAD)
        return err_set(cx, ERR_CORRUPT, "%zu bytes are too few to be sealed", sealed.size);
    if (sealed.size > INT_MAX)
        return err_set(cx, ERR_LIMIT, "%zu bytes are too many to decrypt at once", sealed.size);
    size_t size = sealed.size - SM4_OVERHEAD;
    Digest kept, right = tag_of(key, about, slice_sub(sealed, 0, sealed.size - TAG_SIZE));
    memcpy(kept.bytes, sealed.data + sealed.size - TAG_SIZE, TAG_SIZE);
    if (!digest_equal(&kept, &right))
        return err_set(cx, ERR_CORRUPT, "sealed bytes were altered, moved, or have another key");
    char *plain = arena_try_alloc(&cx->arena, size);
    if (plain == NULL) return err_set(cx, ERR_LIMIT, "%zu bytes do not fit", size);
    crypt(key, sealed.data, (Slice){sealed.data + NONCE_SIZE, size}, plain);
    *ret_plain = (Slice){plain, size};
    return ERR_OK;
}
