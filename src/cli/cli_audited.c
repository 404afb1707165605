#include "cli/cli_audited.h"

#include "commit/audited.h"

AuditNote cli_audited_note(const char *act, const char *kind, Slice object)
{
    return (AuditNote){.tenant = SLICE("local"),
                       .actor = SLICE("local"),
                       .source = SLICE("cli"),
                       .act = slice_of(act),
                       .object_kind = slice_of(kind),
                       .object = object};
}

Err cli_audited(Cx *cx, Flow *flow, const char *act, const char *kind, Slice object, Err err)
{
    char text[sizeof cx->err_text];
    memcpy(text, cx->err_text, sizeof text);
    AuditNote note = cli_audited_note(act, kind, object);
    note.result = audited_result(err);
    Err written = commit_audit(cx, flow_committer(flow), &note);
    (void)written;
    memcpy(cx->err_text, text, sizeof text);
    return err;
}
