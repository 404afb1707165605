// One invoice, whole: its row, its draft, the documents that carry it, what contradicts it, and
// what happened to it.
#pragma once
#include "desk/invoice/search/search.h"
#include "format/json/json_out.h"

// `id`: 32 hexadecimal digits. ERR_INPUT, ERR_MISSING, ERR_DENIED.
Err search_detail_print(Cx *cx, Db *db, const PermissionActor *actor, Slice id, JsonOut *out);
