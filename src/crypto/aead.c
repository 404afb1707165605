#include "crypto/aead.h"

#include <limits.h>
#include <openssl/evp.h>
#include <pthread.h>
#include <stdlib.h>

#define NONCE_SIZE 12
#define TAG_SIZE   16

static const EVP_CIPHER *cipher;
static pthread_once_t once = PTHREAD_ONCE_INIT;
static pthread_key_t context_key;

static void context_free(void *context)
{
    EVP_CIPHER_CTX_free(context);
}

static void start(void)
{
    cipher = EVP_CIPHER_fetch(NULL, "AES-256-GCM", NULL);
    if (cipher == NULL || pthread_key_create(&context_key, context_free) != 0) abort();
}

// Each thread keeps one: making it costs as much as sealing a key.
static EVP_CIPHER_CTX *context_of_thread(void)
{
    if (pthread_once(&once, start) != 0) abort();
    EVP_CIPHER_CTX *context = pthread_getspecific(context_key);
    if (context != NULL) return context;
    context = EVP_CIPHER_CTX_new(); // owned: by the thread, freed when it ends
    if (context == NULL || pthread_setspecific(context_key, context) != 0) abort();
    return context;
}

// With key and nonce set and `about` taken in.
static EVP_CIPHER_CTX *begin(const AeadKey *key, const char *nonce, Slice about, int encrypt)
{
    EVP_CIPHER_CTX *context = context_of_thread();
    const EVP_CIPHER *other = EVP_CIPHER_CTX_get0_cipher(context) == NULL ? cipher : NULL;
    if (EVP_CipherInit_ex2(context, other, key->bytes, (const unsigned char *)nonce, encrypt,
                           NULL) != 1)
        abort();
    int size = 0;
    if (about.size > 0 && EVP_CipherUpdate(context, NULL, &size, (const unsigned char *)about.data,
                                           (int)about.size) != 1)
        abort();
    return context;
}

// GCM's own ceiling is far above; the library counts in int.
static Err check_sizes(Cx *cx, Slice about, Slice bytes)
{
    if (about.size > INT_MAX || bytes.size > INT_MAX - AEAD_OVERHEAD)
        return err_set(cx, ERR_LIMIT, "%zu bytes are too many to encrypt at once", bytes.size);
    return ERR_OK;
}

Err aead_seal(Cx *cx, const AeadKey *key, Slice about, Slice plain, Slice *ret_sealed)
{
    TRY(check_sizes(cx, about, plain));
    char *sealed = arena_try_alloc(&cx->arena, plain.size + AEAD_OVERHEAD);
    if (sealed == NULL) return err_set(cx, ERR_LIMIT, "%zu bytes do not fit", plain.size);
    cx_random(cx, sealed, NONCE_SIZE);

    EVP_CIPHER_CTX *context = begin(key, sealed, about, 1);
    unsigned char *out = (unsigned char *)sealed + NONCE_SIZE;
    int size = 0;
    if (plain.size > 0 && EVP_CipherUpdate(context, out, &size, (const unsigned char *)plain.data,
                                           (int)plain.size) != 1)
        abort();
    if (EVP_CipherFinal_ex(context, out + plain.size, &size) != 1 || size != 0 ||
        EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_GET_TAG, TAG_SIZE, out + plain.size) != 1)
        abort();
    *ret_sealed = (Slice){sealed, plain.size + AEAD_OVERHEAD};
    return ERR_OK;
}

Err aead_open(Cx *cx, const AeadKey *key, Slice about, Slice sealed, Slice *ret_plain)
{
    TRY(check_sizes(cx, about, sealed));
    if (sealed.size < AEAD_OVERHEAD)
        return err_set(cx, ERR_CORRUPT, "%zu bytes are too few to be sealed", sealed.size);
    size_t size = sealed.size - AEAD_OVERHEAD;
    char *plain = arena_try_alloc(&cx->arena, size);
    if (plain == NULL) return err_set(cx, ERR_LIMIT, "%zu bytes do not fit", size);

    EVP_CIPHER_CTX *context = begin(key, sealed.data, about, 0);
    uint8_t tag[TAG_SIZE];
    memcpy(tag, sealed.data + NONCE_SIZE + size, TAG_SIZE);
    int done = 0;
    if (size > 0 &&
        EVP_CipherUpdate(context, (unsigned char *)plain, &done,
                         (const unsigned char *)sealed.data + NONCE_SIZE, (int)size) != 1)
        abort();
    unsigned char none[TAG_SIZE];
    if (EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_TAG, TAG_SIZE, tag) != 1 ||
        EVP_CipherFinal_ex(context, none, &done) != 1) {
        // What was not authenticated must not be read by anybody.
        memset(plain, 0, size);
        return err_set(cx, ERR_CORRUPT, "sealed bytes were altered, moved, or have another key");
    }
    *ret_plain = (Slice){plain, size};
    return ERR_OK;
}
