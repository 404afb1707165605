#include "model/finding.h"

#include "base/test.h"

TEST("finding: severities have names, and names severities")
{
    for (unsigned i = SEVERITY_INFO; i <= SEVERITY_ERROR; i++) {
        Severity back = SEVERITY_INFO;
        EXPECT(finding_severity_of(slice_of(finding_severity_name((Severity)i)), &back));
        EXPECT((unsigned)back == i);
    }
    Severity back = SEVERITY_WARN;
    EXPECT(!finding_severity_of(SLICE("fatal"), &back) && back == SEVERITY_WARN);
}
