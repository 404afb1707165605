// One invoice, whole: its row, its draft, the documents that carry it, what contradicts it, and
// what happened to it.
#pragma once
#include "desk/invoice/search/search.h"
#include "format/json/json_out.h"

// One that an invoice had before it was joined to another (commit/join.h) gives that other one.
// `id`: 32 hexadecimal digits. ERR_INPUT, ERR_MISSING, ERR_DENIED.
Err search_detail_print(Cx *cx, Db *db, const PermissionActor *actor, Slice id, JsonOut *out);
