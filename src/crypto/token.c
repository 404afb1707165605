#include "crypto/token.h"

#include <openssl/crypto.h>

#define TOKEN_BYTES 32
#define CODE_COUNT  1'000'000U
#define GROUP_SIZE  4
#define KEYED_MAX   64 // characters of a code that are looked at

static const char alphabet64[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
// Crockford's: nothing in it is taken for something else in it.
static const char alphabet32[] = "0123456789abcdefghjkmnpqrstvwxyz";

// RFC 4648 §5, without padding: 32 bytes are 42 characters of six bits and one of four.
static void spell(const uint8_t bytes[static TOKEN_BYTES],
                  char ret_text[static TOKEN_TEXT_SIZE + 1])
{
    uint32_t bits = 0;
    unsigned int count = 0;
    size_t out = 0;
    for (size_t i = 0; i < TOKEN_BYTES; i++) {
        bits = bits << 8 | bytes[i];
        for (count += 8; count >= 6; count -= 6)
            ret_text[out++] = alphabet64[bits >> (count - 6) & 63];
    }
    ret_text[out++] = alphabet64[bits << (6 - count) & 63];
    ret_text[out] = '\0';
}

Token token_new(Cx *cx)
{
    uint8_t bytes[TOKEN_BYTES];
    Token token;
    cx_random(cx, bytes, sizeof bytes);
    spell(bytes, token.text);
    OPENSSL_cleanse(bytes, sizeof bytes);
    token.digest = digest_of(DIGEST_SHA256, (Slice){token.text, TOKEN_TEXT_SIZE});
    return token;
}

bool token_digest(Slice text, Digest *ret_digest)
{
    if (text.size != TOKEN_TEXT_SIZE) return false;
    for (size_t i = 0; i < text.size; i++)
        if (text.data[i] == '\0' || strchr(alphabet64, text.data[i]) == NULL) return false;
    *ret_digest = digest_of(DIGEST_SHA256, text);
    return true;
}

bool token_fits(const Digest *kept, Slice text)
{
    Digest digest;
    return token_digest(text, &digest) && digest_equal(kept, &digest);
}

TokenCode token_code_new(Cx *cx)
{
    // What lies above the last whole million would make small codes likelier.
    const uint32_t end = UINT32_MAX - UINT32_MAX % CODE_COUNT;
    uint32_t number = end;
    while (number >= end)
        cx_random(cx, &number, sizeof number);
    TokenCode code;
    (void)snprintf(code.text, sizeof code.text, "%06u", number % CODE_COUNT);
    return code;
}

void token_recovery_new(Cx *cx, TokenRecovery ret_codes[static TOKEN_RECOVERY_COUNT])
{
    for (size_t i = 0; i < TOKEN_RECOVERY_COUNT; i++) {
        uint8_t bytes[TOKEN_RECOVERY_SIZE];
        cx_random(cx, bytes, sizeof bytes);
        char *text = ret_codes[i].text;
        for (size_t j = 0; j < TOKEN_RECOVERY_SIZE; j++)
            text[j] = j % (GROUP_SIZE + 1) == GROUP_SIZE ? '-' : alphabet32[bytes[j] & 31];
        text[TOKEN_RECOVERY_SIZE] = '\0';
        OPENSSL_cleanse(bytes, sizeof bytes);
    }
}

// As it was meant. What is longer than any code stays different from every code.
static size_t normalise(Slice code, char ret_plain[static KEYED_MAX])
{
    size_t size = 0;
    for (size_t i = 0; i < code.size && size < KEYED_MAX; i++) {
        char c = code.data[i];
        if (c == ' ' || c == '-') continue;
        if (c >= 'A' && c <= 'Z') c = (char)(c - 'A' + 'a');
        if (c == 'o') c = '0';
        if (c == 'i' || c == 'l') c = '1';
        ret_plain[size++] = c;
    }
    return size;
}

Digest token_keyed(Slice key, Slice about, Slice code)
{
    char plain[KEYED_MAX];
    size_t size = normalise(code, plain);
    // `about` has no zero byte, so the two can't run into each other.
    Digest digest = digest_hmac_sha256_parts(key, (Slice[]){about, {"", 1}, {plain, size}}, 3);
    OPENSSL_cleanse(plain, sizeof plain);
    return digest;
}
