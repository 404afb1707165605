// Document print: a document as the API and `fapiao import` say it.
#pragma once
#include "desk/invoice/document/document_view.h"
#include "format/json/json_out.h"

// The object of the API (`Document`); whole: that alone, as a text.
void document_print(Cx *cx, JsonOut *out, const DocumentView *view);
Err document_print_whole(Cx *cx, const DocumentView *view, Slice *ret_json);
// The line that `fapiao import` prints. The state of a zip's line is the best among its entries
// (accepted, conflict, duplicate, quarantined), its invoices are theirs.
Err document_print_import(Cx *cx, Slice file, const DocumentView *view, Slice *ret_json);
