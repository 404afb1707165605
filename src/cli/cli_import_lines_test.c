#include "cli/cli_import_lines.h"

#include "base/test.h"
#include "cli/cli_flags.h"

static DocumentView view_of(DocState state, Reason reason)
{
    return (DocumentView){.state = state, .reason = reason, .sha256 = SLICE("ab")};
}

TEST("cli_import_lines: the highest exit code stays, and files are counted, not their zip")
{
    ImportLines lines = {};
    DocumentView accepted = view_of(DOC_ACCEPTED, REASON_NONE);
    const DocumentView no_invoice = view_of(DOC_QUARANTINED, REASON_NOT_INVOICE);
    const DocumentView rejected = view_of(DOC_REJECTED, REASON_TOO_LARGE);
    cli_import_lines_print(cx, &lines, "a.xml", &accepted);
    EXPECT(lines.exit_code == CLI_EXIT_OK && lines.files == 1);
    cli_import_lines_fail(&lines, "b.xml", "the folder failed");
    EXPECT(lines.exit_code == CLI_EXIT_FAIL && lines.files == 1);
    cli_import_lines_unreadable(&lines, "not there: 'c.xml'");
    EXPECT(lines.exit_code == CLI_EXIT_USAGE);
    cli_import_lines_print(cx, &lines, "d.pdf", &no_invoice);
    EXPECT(lines.exit_code == 3);
    DocumentView entries[] = {accepted, rejected, accepted};
    DocumentView zip = view_of(DOC_UNPACKED, REASON_NONE);
    zip.entries = entries;
    zip.entry_count = 3;
    cli_import_lines_print(cx, &lines, "e.zip", &zip);
    EXPECT(lines.exit_code == 4 && lines.files == 5);
    cli_import_lines_print(cx, &lines, "f.xml", &accepted);
    cli_import_lines_sum(&lines);
    EXPECT(lines.exit_code == 4 && lines.files == 6 && lines.counts[DOC_ACCEPTED] == 4);
    EXPECT(lines.counts[DOC_REJECTED] == 1 && lines.counts[DOC_QUARANTINED] == 1);
}
