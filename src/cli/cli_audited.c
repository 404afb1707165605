#include "cli/cli_audited.h"

AuditNote cli_audited_note(const char *act, const char *kind, Slice object)
{
    return (AuditNote){.tenant = SLICE("local"),
                       .actor = SLICE("local"),
                       .source = SLICE("cli"),
                       .act = slice_of(act),
                       .object_kind = slice_of(kind),
                       .object = object};
}
