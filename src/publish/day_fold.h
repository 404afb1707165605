// The projection invoice_day: how many invoices, and what sums, a day has of each kind and state. A
// part of the fold: whoever changes an invoice's row takes it out before and puts it in after.
#pragma once
#include "commit/tally.h"

// The invoice's row, as it stands, no longer counts. Nothing happens when there is no such row.
// `tally`: what is gathered is written first; NULL when nothing is.
Err day_fold_take(Cx *cx, Db *db, Tally *tally, Slice tenant, Slice invoice);
// It counts.
Err day_fold_put(Cx *cx, Db *db, Slice tenant, Slice invoice);
