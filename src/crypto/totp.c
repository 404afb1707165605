#include "crypto/totp.h"

#include <liboath/oath.h>
#include <openssl/crypto.h>
#include <stdlib.h>

#include "base/text.h"

#define URI_MAX ((size_t)4096)

TotpSeed totp_seed_new(Cx *cx)
{
    TotpSeed seed;
    cx_random(cx, seed.bytes, sizeof seed.bytes);
    return seed;
}

Slice totp_base32(Cx *cx, const TotpSeed *seed)
{
    char *text = NULL;
    size_t size = 0;
    // 20 bytes are 32 characters: no padding.
    if (oath_base32_encode((const char *)seed->bytes, TOTP_SEED_SIZE, &text, &size) != OATH_OK)
        abort();
    Slice copy = cx_printf(cx, "%.*s", (int)size, text);
    OPENSSL_cleanse(text, size);
    free(text);
    return copy;
}

// RFC 3986 §2.1: all but what is unreserved.
static void add_percent(Text *text, Slice s)
{
    static const char unreserved[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                     "0123456789-._~";
    for (size_t i = 0; i < s.size; i++) {
        if (s.data[i] != '\0' && strchr(unreserved, s.data[i]) != NULL)
            text_byte(text, s.data[i]);
        else
            text_printf(text, "%%%02X", (unsigned int)(uint8_t)s.data[i]);
    }
}

Slice totp_uri(Cx *cx, const TotpSeed *seed, Slice issuer, Slice account)
{
    Text text = text_open(cx, URI_MAX);
    text_add(&text, SLICE("otpauth://totp/"));
    add_percent(&text, slice_sub(issuer, 0, URI_MAX / 16));
    text_byte(&text, ':');
    add_percent(&text, slice_sub(account, 0, URI_MAX / 16));
    text_add(&text, SLICE("?secret="));
    text_add(&text, totp_base32(cx, seed));
    text_add(&text, SLICE("&issuer="));
    add_percent(&text, slice_sub(issuer, 0, URI_MAX / 16));
    text_printf(&text, "&algorithm=SHA1&digits=%d&period=%d", TOTP_DIGITS, TOTP_STEP_S);
    return text_so_far(&text);
}

void totp_code(const TotpSeed *seed, uint64_t step, char ret_code[static TOTP_DIGITS + 1])
{
    if (oath_hotp_generate((const char *)seed->bytes, TOTP_SEED_SIZE, step, TOTP_DIGITS, false,
                           OATH_HOTP_DYNAMIC_TRUNCATION, ret_code) != OATH_OK)
        abort();
}

bool totp_match(Cx *cx, const TotpSeed *seed, Slice code, uint64_t used, uint64_t *ret_step)
{
    if (code.size != TOTP_DIGITS || !slice_digits(code)) return false;
    uint64_t now = cx_now_ms(cx) / 1000 / TOTP_STEP_S;
    uint64_t first = now > TOTP_WINDOW ? now - TOTP_WINDOW : 0;
    bool found = false;
    // All of them in any case: the time must not tell which one it was.
    for (uint64_t step = first; step <= now + TOTP_WINDOW; step++) {
        char right[TOTP_DIGITS + 1];
        totp_code(seed, step, right);
        bool same = CRYPTO_memcmp(right, code.data, TOTP_DIGITS) == 0;
        if (same && step > used && !found) {
            found = true;
            *ret_step = step;
        }
    }
    return found;
}
