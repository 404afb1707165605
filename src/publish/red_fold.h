// Red-letter state (红冲): a red invoice reduces the blue one that it names, whichever came first,
// and only when what the red one rests on is at least as strong as what the blue one does.
#pragma once
#include "model/verdict.h"
#include "store/db.h"

typedef struct RedParty {
    Slice tenant, id;
    const Draft *draft; // as merged
    Basis basis;
    struct Tally *tally; // of the fact; NULL: nothing is gathered
} RedParty;

// After an invoice came (`before` NULL) or changed: its own state, and that of the blue it names.
Err red_fold_invoice(Cx *cx, Db *db, const RedParty *now, const RedParty *before);
// After an invoice was dropped: the blue one it named is as if it had never come.
Err red_fold_drop(Cx *cx, Db *db, const RedParty *gone);
