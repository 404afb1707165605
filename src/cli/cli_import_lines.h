// Import lines: what `fapiao import` says of each file and of all, and with what it ends.
#pragma once
#include "commit/commit.h"
#include "desk/invoice/document/document_view.h"

// Zero = nothing said.
typedef struct ImportLines {
    int exit_code; // the highest of all
    uint64_t files, counts[DOC_ERASED + 1];
} ImportLines;

// The line of a document as it stands, flushed.
void cli_import_lines_print(Cx *cx, ImportLines *lines, const char *path, const DocumentView *view);
// On standard error: a file that is not kept, or its line can't be said.
void cli_import_lines_fail(ImportLines *lines, const char *path, const char *text);
// What can't be read is the caller's affair, as in `fapiao read`; the reason names the path.
void cli_import_lines_unreadable(ImportLines *lines, const char *text);
// On standard error: all files are one of these.
void cli_import_lines_sum(const ImportLines *lines);
