#include "crypto/hkdf.h"

#include <assert.h>
#include <openssl/crypto.h>

void hkdf_derive(DigestKind kind, Slice salt, Slice key, Slice info, uint8_t *ret_bytes,
                 size_t size)
{
    assert(size <= (size_t)255 * DIGEST_SIZE);
    // HMAC fills a key up with zeros, so an empty salt is one of zeros.
    Digest middle = digest_hmac_parts(kind, salt, &key, 1);
    Digest block = {};
    Slice before = {"", 0};
    uint8_t number = 1;
    for (size_t done = 0; done < size; number++) {
        Slice parts[] = {before, info, {(const char *)&number, 1}};
        block = digest_hmac_parts(kind, digest_slice(&middle), parts, 3);
        before = digest_slice(&block);
        size_t part = size - done < DIGEST_SIZE ? size - done : DIGEST_SIZE;
        memcpy(ret_bytes + done, block.bytes, part);
        done += part;
    }
    OPENSSL_cleanse(&middle, sizeof middle);
    OPENSSL_cleanse(&block, sizeof block);
}
