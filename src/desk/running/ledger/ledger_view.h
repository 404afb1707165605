// Ledger desk: the log as its reader sees it: its name, its keys, its newest checkpoint.
#pragma once
#include "flow/flow.h"
#include "format/json/json_out.h"

// Verifier keys, one a line (C2SP signed-note), Ed25519 first.
Err ledger_view_keys(Cx *cx, const Log *log, Slice *ret_lines);
// {"origin","vkeys":[…],"size","root","time","age_seconds","witnesses":{"asked","need","signed",
// "size"},"checkpoint"}: root in base64, time RFC 3339 or null before the first checkpoint, age
// since then. The witnesses are those of the newest checkpoint that enough have signed, its size
// beside; size 0 when there is none.
Err ledger_view_print(Cx *cx, Log *log, Db *db, Slice *ret_json);
// The newest checkpoint as it is served: the signed note. ERR_MISSING before the first one.
Err ledger_view_checkpoint(Cx *cx, Log *log, Db *db, Slice *ret_note);
