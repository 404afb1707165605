// Statement: a day's equation, signed with the log's keys when the day is over. A signed note:
//
//   <origin>/statement LF
//   tenant <tenant> LF
//   day <YYYY-MM-DD> LF
//   log <leaves> <base64(root)> LF          the newest checkpoint when it was signed
//   time <ms> LF
//   open_since <YYYY-MM-DD | -> LF
//   all handed_in=… carried=… released=… accepted=… duplicate=… conflict=… quarantined=…
//       rejected=… in_progress=… [unpacked=…] LF      (one line; unpacked only when it is not 0)
//   { source <name> handed_in=… … LF }*     by name
//   refused <base64(digest)> LF             completeness_refused(); older ones have no such line
#pragma once
#include "crypto/digest.h"
#include "desk/running/completeness/equation.h"
#include "store/db.h"

typedef struct StatementRow {
    Slice day, note;
    int64_t size; // of the log
    uint64_t time_ms;
} StatementRow;

// The text that is signed.
Err statement_print(Cx *cx, Slice origin, Slice tenant, const EquationDay *day, uint64_t size,
                    const Digest *root, uint64_t time_ms, Slice *ret_text);
// Strict, the counts alone. ERR_CORRUPT.
Err statement_parse(Cx *cx, Slice note, EquationDay *ret_day);

// ERR_MISSING when that day is not signed.
Err statement_find(Cx *cx, Db *db, Slice tenant, Slice day, StatementRow *ret_row);
// Newest first, days before `before` ("" = from the newest), at most `limit`.
Err statement_list(Cx *cx, Db *db, Slice tenant, Slice before, int limit, StatementRow **ret_rows,
                   size_t *ret_count);
