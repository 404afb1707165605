// The log as the files of C2SP's static layout (ledger/tile.h), made from the hashes and the events
// when someone asks: `checkpoint`, `tile/<L>/<N>[.p/<W>]`, `tile/entries/<N>[.p/<W>]`.
#pragma once
#include "flow/flow.h"
#include "ledger/tile.h"

// The bytes of a tile within a log of `size` leaves. ERR_MISSING when it is not within.
Err ledger_tiles_get(Cx *cx, Log *log, Db *db, const Tile *tile, uint64_t size, Slice *ret_bytes);
// The same by name ("tile/entries/000.p/7"), within what the newest checkpoint covers. ERR_MISSING
// for a name that is none.
Err ledger_tiles_find(Cx *cx, Log *log, Db *db, Slice path, Slice *ret_bytes);
