// Export: the log as a folder that any web server can serve, and any C2SP client read.
//
//   entries and hashes of what is new ─▶ OUT/tile/…  (each file whole, under its name once durable)
//   ─▶ OUT/checkpoint, last: whoever reads it finds the tiles under it
//
// Asked again it goes on where it was: full tiles that are there are compared and left alone, the
// partial ones of this checkpoint are added. Nothing is ever rewritten but `checkpoint`.
#pragma once
#include "flow/flow.h"

typedef struct LedgerExport {
    const char *out; // folder; made when it is not there
    // After each tile; may be NULL. `done` and `all` in leaves.
    void (*progress)(void *self, uint64_t done, uint64_t all);
    void *self;
} LedgerExport;

typedef struct LedgerExported {
    uint64_t size;    // leaves under the checkpoint
    uint64_t written; // files
} LedgerExported;

// ERR_MISSING before the first checkpoint; ERR_CONFLICT when OUT holds the checkpoint of another
// log, a larger one than ours or a tile with other bytes, or is a data folder; ERR_STORE when a
// file can't be written.
Err ledger_export_run(Cx *cx, Log *log, Db *db, const LedgerExport *options,
                      LedgerExported *ret_exported);
