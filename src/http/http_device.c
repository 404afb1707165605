#include "http/http_device.h"

#include "base/base64.h"
#include "http/http_access.h"
#include "http/http_parts.h"

#define FLAGS        "; Path=/; Secure; HttpOnly; SameSite=Strict; Max-Age=31536000"
#define NONCE_SIZE   16
#define NONCE_DIGITS ((size_t)NONCE_SIZE * 2)
#define COOKIE_SIZE  (NONCE_DIGITS + DIGEST_SIZE * 2)

// The same name, however it is typed.
static Digest tag_of(Call *call, Slice nonce, Slice login)
{
    char folded[64];
    Slice name = slice_sub(slice_trim(login), 0, sizeof folded);
    for (size_t i = 0; i < name.size; i++)
        folded[i] =
            name.data[i] >= 'A' && name.data[i] <= 'Z' ? (char)(name.data[i] | 0x20) : name.data[i];
    Slice message =
        cx_printf(call->cx, SLICE_FMT "\n%.*s", SLICE_ARG(nonce), (int)name.size, folded);
    return store_tag(flow_store(call->http->flow), SLICE("people/device/v1"), message);
}

bool http_device_known(Call *call, Slice login)
{
    Digest shown;
    Slice cookie =
        http_access_cookie(exchange_get(call->exchange, "Cookie"), SLICE(HTTP_DEVICE_COOKIE));
    if (cookie.size != COOKIE_SIZE ||
        base64_unhex(call->cx, slice_sub(cookie, NONCE_DIGITS, cookie.size), shown.bytes,
                     DIGEST_SIZE) != ERR_OK)
        return false;
    Digest wanted = tag_of(call, slice_sub(cookie, 0, NONCE_DIGITS), login);
    return digest_equal(&shown, &wanted);
}

void http_device_remember(Call *call, Slice login)
{
    uint8_t bytes[NONCE_SIZE];
    cx_random(call->cx, bytes, sizeof bytes);
    Slice nonce = base64_hex(call->cx, (Slice){(const char *)bytes, sizeof bytes});
    Digest tag = tag_of(call, nonce, login);
    exchange_set(call->exchange, "Set-Cookie",
                 cx_printf(call->cx, HTTP_DEVICE_COOKIE "=" SLICE_FMT SLICE_FMT FLAGS,
                           SLICE_ARG(nonce), SLICE_ARG(base64_hex(call->cx, digest_slice(&tag)))));
}
