#include "model/finding.h"

static const char *const names[] = {
    [SEVERITY_INFO] = "info",
    [SEVERITY_WARN] = "warn",
    [SEVERITY_ERROR] = "error",
};

const char *finding_severity_name(Severity severity)
{
    unsigned index = (unsigned)severity;
    return names[index <= SEVERITY_ERROR ? index : SEVERITY_ERROR];
}

bool finding_severity_of(Slice name, Severity *ret_severity)
{
    for (unsigned i = 0; i <= SEVERITY_ERROR; i++) {
        if (!slice_equal(name, slice_of(names[i]))) continue;
        *ret_severity = (Severity)i;
        return true;
    }
    return false;
}
