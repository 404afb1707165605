// Finding: something about an invoice that a person should know. Data, never an error.
#pragma once
#include "base/slice.h"

typedef enum Severity {
    SEVERITY_INFO,
    SEVERITY_WARN,
    SEVERITY_ERROR, // the invoice contradicts itself or the law
} Severity;

typedef struct Finding {
    Slice rule; // "total_sum", "sources_disagree", …: the name of its file in docs/rules
    Severity severity;
    Slice field; // as in the JSON, e.g. "total", "seller.tax_id", "lines[3].tax"; "" = the whole
    Slice text;  // one sentence in Chinese, with the values in it
} Finding;

const char *finding_severity_name(Severity severity); // "info" "warn" "error"
bool finding_severity_of(Slice name, Severity *ret_severity);
