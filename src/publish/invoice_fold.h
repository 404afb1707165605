// The projections of one invoice: invoice, line, party, carrier. A part of fold.c.
#pragma once
#include "commit/commit.h"

// ACCEPTED founds the invoice, CARRIER adds to it.
Err invoice_fold_reading(Cx *cx, Db *db, const Fact *fact);
