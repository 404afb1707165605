// Months: what counts of invoices are kept by in memory, each for itself, so that one that changes
// makes no other old. The writer touches a month (store/changes.h), whoever keeps its counts asks.
#pragma once
#include "base/slice.h"

#define MONTH_COUNT      384 // from 2010-01 to 2041-12; no invoice that can be read is of another
#define MONTH_NONE       (-1)
#define MONTH_TEXT_SIZE  8  // "2024-05" and its NUL
#define MONTH_ABOUT_SIZE 24 // "invoice_day 2024-05" and its NUL

// Of "2024-05-06"; MONTH_NONE for another text, or one of another time.
int month_of(Slice date);
// "2024-05"; of MONTH_COUNT the one after the last.
Slice month_print(int month, char ret_text[static MONTH_TEXT_SIZE]);
// What changes in invoice_day are about, for changes_mark: a month, or all others.
Slice month_about(int month, char ret_text[static MONTH_ABOUT_SIZE]);
