// The projections of one invoice: invoice, line, party, carrier. A part of fold.c.
#pragma once
#include "commit/commit.h"

// ACCEPTED founds the invoice, CARRIER adds to it. received_ms: when its document came.
Err invoice_fold_reading(Cx *cx, Db *db, const Fact *fact, int64_t received_ms);
// MERGED: the subject is the same invoice as the one that it names; what was folded of it is that
// one's from now on, and its id leads there (invoice_joined).
Err invoice_fold_join(Cx *cx, Db *db, const Fact *fact);
// Whoever keeps copies by an invoice's numbers takes these anew (db_touch), of both identities.
void invoice_fold_touch(Db *db, const Draft *draft);
// Takes back all that was folded of an invoice; those that it reddened, or that reddened it,
// follow. Nothing may be gathered in a tally then, as in an erasure, which is a work of its own.
Err invoice_fold_drop(Cx *cx, Db *db, Slice tenant, Slice invoice);
