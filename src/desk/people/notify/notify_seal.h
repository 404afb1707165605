// Seal: how recipients, texts and settings lie in the database. The one place that knows the key;
// docs/formats/store.md, "Messages".
#pragma once
#include "store/store.h"

// What a sealed value belongs to, so that it can't be moved to another row or column.
typedef struct NotifyPlace {
    Slice tenant, row;  // id in hexadecimal, or the name of a setting
    const char *column; // "to_sealed"
} NotifyPlace;

Err notify_seal_put(Cx *cx, const Store *store, const NotifyPlace *place, Slice plain,
                    Slice *ret_sealed);
// ERR_CORRUPT when it is not what was sealed there.
Err notify_seal_take(Cx *cx, const Store *store, const NotifyPlace *place, Slice sealed,
                     Slice *ret_plain);
