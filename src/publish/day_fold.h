// The projection invoice_day: how many invoices, and what sums, a day has of each kind and state. A
// part of the fold: whoever changes an invoice's row takes it out before and puts it in after.
// Its month is touched (model/month.h, store/changes.h): counts of it that are kept are old.
#pragma once
#include "commit/tally.h"

// The invoice's row, as it stands, no longer counts. Nothing happens when there is no such row.
// `tally`: what is gathered is written first; NULL when nothing is.
Err day_fold_take(Cx *cx, Db *db, Tally *tally, Slice tenant, Slice invoice);
// It counts: on the day on which it was taken out, in the same transaction.
Err day_fold_put(Cx *cx, Db *db, Slice tenant, Slice invoice);
// It counts, on a day of its own: that of its row, which the caller knows.
Err day_fold_put_on(Cx *cx, Db *db, Slice tenant, Slice invoice, Slice date);
// An invoice of that day comes to count otherwise (commit/tally.h).
void day_fold_touch(Db *db, Slice tenant, Slice date);
