// Seal: how recipients, texts and settings lie in the database: as fields (crypto/field.h). The one
// place that says under which keys.
#pragma once
#include "store/store.h"

Err notify_seal_put(Cx *cx, const Store *store, const FieldPlace *place, Slice plain,
                    Slice *ret_sealed);
// ERR_CORRUPT when it is not what was sealed there.
Err notify_seal_take(Cx *cx, const Store *store, const FieldPlace *place, Slice sealed,
                     Slice *ret_plain);
