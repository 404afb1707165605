// Seal: how recipients, texts and settings lie in the database: as fields (crypto/field.h). The one
// place that says under which keys.
#pragma once
#include "store/store.h"

Err notify_seal_put(Cx *cx, const Store *store, const FieldPlace *place, Slice plain,
                    Slice *ret_sealed);
// ERR_CORRUPT when it is not what was sealed there.
Err notify_seal_take(Cx *cx, const Store *store, const FieldPlace *place, Slice sealed,
                     Slice *ret_plain);

// A message of the outbox: its recipient in one field, subject and text in another.
typedef struct NotifySealText {
    Slice to, subject, text;
} NotifySealText;
typedef struct NotifySealed {
    Slice to, body; // body "" = it was sent: subject and text are ""
} NotifySealed;
Err notify_seal_message(Cx *cx, const Store *store, Slice tenant, Slice id,
                        const NotifySealText *text, NotifySealed *ret_sealed);
Err notify_seal_open(Cx *cx, const Store *store, Slice tenant, Slice id, const NotifySealed *sealed,
                     NotifySealText *ret_text);
