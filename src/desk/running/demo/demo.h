// Demo: a folder that shows something at once. Hands in e-invoice XML files that this program made
// up, by the same way every file takes, so what a visitor sees is what the program does.
//
// The parties do not exist, every remark says 演示数据，不是真实发票, and no file bears a
// signature.
#pragma once
#include "flow/flow.h"

// Number of files that demo_fill hands in.
#define DEMO_FILES 64

// Does nothing when the folder holds a document already. Returns when all are durable; reading them
// goes on behind. *ret_count (may be NULL) = files handed in.
Err demo_fill(Cx *cx, Flow *flow, size_t *ret_count);

// File number `index` (0 .. DEMO_FILES - 1) as of `today`: 数电票 XML, the same for the same
// arguments. The last few are a red invoice, a duplicate, a contradiction and a file that is no
// invoice.
Err demo_file(Cx *cx, size_t index, uint64_t today_ms, Slice *ret_name, Slice *ret_bytes);
