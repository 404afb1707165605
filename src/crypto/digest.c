#include "crypto/digest.h"

#include <assert.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <pthread.h>
#include <stdlib.h>

#define DIGEST_KIND_COUNT 2
#define HMAC_BLOCK_SIZE   64 // bytes, of both

// Fetching an algorithm costs more than hashing a small event, so each is fetched once, and each
// thread keeps a context of each kind.
static const EVP_MD *algorithms[DIGEST_KIND_COUNT];
static pthread_once_t once = PTHREAD_ONCE_INIT;
static pthread_key_t contexts_key;

typedef struct Contexts {
    EVP_MD_CTX *of[DIGEST_KIND_COUNT];
} Contexts;

static void contexts_free(void *self)
{
    Contexts *contexts = self;
    for (size_t i = 0; i < DIGEST_KIND_COUNT; i++)
        EVP_MD_CTX_free(contexts->of[i]);
    free(contexts);
}

static void start(void)
{
    algorithms[DIGEST_SHA256] = EVP_MD_fetch(NULL, "SHA256", NULL);
    algorithms[DIGEST_SM3] = EVP_MD_fetch(NULL, "SM3", NULL);
    if (algorithms[DIGEST_SHA256] == NULL || algorithms[DIGEST_SM3] == NULL) abort();
    if (pthread_key_create(&contexts_key, contexts_free) != 0) abort();
}

static EVP_MD_CTX *context_new(DigestKind kind)
{
    if (pthread_once(&once, start) != 0) abort();
    EVP_MD_CTX *context = EVP_MD_CTX_new(); // owned: by the thread or the stream
    if (context == NULL || EVP_DigestInit_ex2(context, algorithms[kind], NULL) != 1) abort();
    return context;
}

static EVP_MD_CTX *context_of_thread(DigestKind kind)
{
    if (pthread_once(&once, start) != 0) abort();
    Contexts *contexts = pthread_getspecific(contexts_key);
    if (contexts == NULL) {
        contexts = calloc(1, sizeof *contexts); // owned: by the thread, freed when it ends
        if (contexts == NULL || pthread_setspecific(contexts_key, contexts) != 0) abort();
    }
    if (contexts->of[kind] == NULL) {
        contexts->of[kind] = context_new(kind);
        return contexts->of[kind];
    }
    if (EVP_DigestInit_ex2(contexts->of[kind], NULL, NULL) != 1) abort();
    return contexts->of[kind];
}

static void add(EVP_MD_CTX *context, Slice bytes)
{
    if (bytes.size > 0 && EVP_DigestUpdate(context, bytes.data, bytes.size) != 1) abort();
}

static Digest finish(EVP_MD_CTX *context)
{
    Digest digest;
    unsigned int size = 0;
    if (EVP_DigestFinal_ex(context, digest.bytes, &size) != 1 || size != DIGEST_SIZE) abort();
    return digest;
}

Digest digest_of(DigestKind kind, Slice bytes)
{
    return digest_of_parts(kind, &bytes, 1);
}

Digest digest_of_parts(DigestKind kind, const Slice *parts, size_t count)
{
    EVP_MD_CTX *context = context_of_thread(kind);
    for (size_t i = 0; i < count; i++)
        add(context, parts[i]);
    return finish(context);
}

// RFC 2104 by hand: the library's own costs three fetches a call.
Digest digest_hmac_parts(DigestKind kind, Slice key, const Slice *parts, size_t count)
{
    uint8_t inner[HMAC_BLOCK_SIZE] = {}, outer[HMAC_BLOCK_SIZE];
    if (key.size > HMAC_BLOCK_SIZE) {
        Digest shorter = digest_of(kind, key);
        memcpy(inner, shorter.bytes, DIGEST_SIZE);
        OPENSSL_cleanse(&shorter, sizeof shorter);
    } else if (key.size > 0) {
        memcpy(inner, key.data, key.size);
    }
    for (size_t i = 0; i < HMAC_BLOCK_SIZE; i++) {
        outer[i] = inner[i] ^ 0x5C;
        inner[i] ^= 0x36;
    }
    EVP_MD_CTX *context = context_of_thread(kind);
    add(context, (Slice){(const char *)inner, HMAC_BLOCK_SIZE});
    for (size_t i = 0; i < count; i++)
        add(context, parts[i]);
    Digest below = finish(context);
    Digest digest = digest_of_parts(
        kind, (Slice[]){{(const char *)outer, HMAC_BLOCK_SIZE}, digest_slice(&below)}, 2);
    OPENSSL_cleanse(inner, sizeof inner);
    OPENSSL_cleanse(outer, sizeof outer);
    return digest;
}

Digest digest_hmac_sha256_parts(Slice key, const Slice *parts, size_t count)
{
    return digest_hmac_parts(DIGEST_SHA256, key, parts, count);
}

Digest digest_hmac_sha256(Slice key, Slice message)
{
    return digest_hmac_sha256_parts(key, &message, 1);
}

bool digest_equal(const Digest *a, const Digest *b)
{
    return CRYPTO_memcmp(a->bytes, b->bytes, DIGEST_SIZE) == 0;
}

struct DigestStream {
    EVP_MD_CTX *context;
};

DigestStream *digest_stream_open(DigestKind kind)
{
    DigestStream *stream = calloc(1, sizeof *stream); // owned: digest_stream_close
    if (stream == NULL) abort();
    stream->context = context_new(kind);
    return stream;
}

void digest_stream_add(DigestStream *stream, Slice bytes)
{
    add(stream->context, bytes);
}

Digest digest_stream_close(DigestStream *stream)
{
    Digest digest = finish(stream->context);
    EVP_MD_CTX_free(stream->context);
    free(stream);
    return digest;
}

void digest_sha1(Slice bytes, uint8_t ret_digest[static DIGEST_SHA1_SIZE])
{
    if (EVP_Digest(bytes.data, bytes.size, ret_digest, NULL, EVP_sha1(), NULL) != 1) abort();
}
