#include "desk/people/notify/notify_seal.h"

#include <assert.h>

static AeadKey key_of(const Store *store)
{
    Digest digest = store_tag(store, SLICE("notify"), SLICE("fapiao/notify/v1"));
    AeadKey key;
    static_assert(sizeof key.bytes == sizeof digest.bytes, "the tag is the key");
    memcpy(key.bytes, digest.bytes, sizeof key.bytes);
    explicit_bzero(&digest, sizeof digest);
    return key;
}

static Slice about(Cx *cx, const NotifyPlace *place)
{
    return cx_printf(cx, "fapiao/notify/v1\n" SLICE_FMT "\n" SLICE_FMT "\n%s",
                     SLICE_ARG(place->tenant), SLICE_ARG(place->row), place->column);
}

Err notify_seal_put(Cx *cx, const Store *store, const NotifyPlace *place, Slice plain,
                    Slice *ret_sealed)
{
    AeadKey key = key_of(store);
    Err err = aead_seal(cx, &key, about(cx, place), plain, ret_sealed);
    explicit_bzero(&key, sizeof key);
    return err;
}

Err notify_seal_take(Cx *cx, const Store *store, const NotifyPlace *place, Slice sealed,
                     Slice *ret_plain)
{
    AeadKey key = key_of(store);
    Err err = aead_open(cx, &key, about(cx, place), sealed, ret_plain);
    explicit_bzero(&key, sizeof key);
    return err;
}
