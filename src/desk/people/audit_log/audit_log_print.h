// How the audit log is printed: a page as JSON, and entries as lines of NDJSON or CSV for export.
#pragma once
#include "base/text.h"
#include "desk/people/audit_log/audit_log.h"

typedef enum AuditLogForm { AUDIT_LOG_JSON, AUDIT_LOG_NDJSON, AUDIT_LOG_CSV } AuditLogForm;

// {"entries":[…],"erased":n,"scanned":n,"next":"…"}
Err audit_log_print_page(Cx *cx, const AuditLogPage *page, Slice *ret_json);
// What stands before the first line: of CSV a byte order mark and the titles of its columns.
Slice audit_log_print_head(AuditLogForm form);
// One line. In CSV a cell that a spreadsheet would take for a formula begins with an apostrophe.
Err audit_log_print_line(Cx *cx, AuditLogForm form, const AuditLogEntry *entry, Slice *ret_line);
// Head (of the first page) and lines of a page.
Err audit_log_print_lines(Cx *cx, AuditLogForm form, const AuditLogPage *page, bool first,
                          Slice *ret_lines);
