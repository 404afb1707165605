#include "desk/people/notify/notify_seal.h"

// A value says under which policy it was sealed: when the folder gets another one, what is older
// still opens.
Err notify_seal_put(Cx *cx, const Store *store, const FieldPlace *place, Slice plain,
                    Slice *ret_sealed)
{
    Provider provider;
    const FieldKeys keys = store_field_keys(store, store_field_policy(store), &provider);
    return field_seal(cx, &keys, place, plain, ret_sealed);
}

Err notify_seal_take(Cx *cx, const Store *store, const FieldPlace *place, Slice sealed,
                     Slice *ret_plain)
{
    Provider provider;
    const FieldKeys keys = store_field_keys(store, PROVIDER_AES, &provider);
    return field_open(cx, &keys, place, sealed, ret_plain);
}
