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

static FieldPlace place_of(Slice tenant, Slice id)
{
    return (FieldPlace){
        .table = "notify_outbox", .column = "to_sealed", .tenant = tenant, .row = id};
}

Err notify_seal_message(Cx *cx, const Store *store, Slice tenant, Slice id,
                        const NotifySealText *text, NotifySealed *ret_sealed)
{
    FieldPlace place = place_of(tenant, id);
    Slice body =
        cx_printf(cx, SLICE_FMT "\n" SLICE_FMT, SLICE_ARG(text->subject), SLICE_ARG(text->text));
    TRY(notify_seal_put(cx, store, &place, text->to, &ret_sealed->to));
    place.column = "body_sealed";
    return notify_seal_put(cx, store, &place, body, &ret_sealed->body);
}

Err notify_seal_open(Cx *cx, const Store *store, Slice tenant, Slice id, const NotifySealed *sealed,
                     NotifySealText *ret_text)
{
    FieldPlace place = place_of(tenant, id);
    Slice body = SLICE("");
    bool done = false;
    TRY(notify_seal_take(cx, store, &place, sealed->to, &ret_text->to));
    place.column = "body_sealed";
    if (sealed->body.size > 0) TRY(notify_seal_take(cx, store, &place, sealed->body, &body));
    ret_text->text = body;
    (void)slice_cut(&ret_text->text, '\n', &done, &ret_text->subject);
    return ERR_OK;
}
