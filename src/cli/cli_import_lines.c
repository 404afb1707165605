#include "cli/cli_import_lines.h"

#include <stdio.h>

#include "cli/cli_flags.h"
#include "cli/cli_say.h"
#include "desk/invoice/document/document_print.h"

#define PROGRESS_EVERY UINT64_C(1000)

static void worse(ImportLines *lines, int exit_code)
{
    if (exit_code > lines->exit_code) lines->exit_code = exit_code;
}

static void count(ImportLines *lines, const DocumentView *view)
{
    lines->counts[view->state]++;
    if (view->state == DOC_QUARANTINED || view->state == DOC_REJECTED)
        worse(lines, reason_row(view->reason)->exit_code);
    if (++lines->files % PROGRESS_EVERY == 0)
        (void)fprintf(stderr, "fapiao: %llu files 个文件\n", (unsigned long long)lines->files);
}

void cli_import_lines_print(Cx *cx, ImportLines *lines, const char *path, const DocumentView *view)
{
    Slice json;
    if (document_print_import(cx, slice_of(path), view, &json) != ERR_OK) {
        cli_say("%s: %s", path, cx->err_text);
        worse(lines, CLI_EXIT_FAIL);
        return;
    }
    (void)printf(SLICE_FMT "\n", SLICE_ARG(json));
    (void)fflush(stdout);
    // A zip does not count, its files do.
    bool zip = view->state == DOC_UNPACKED;
    for (size_t i = 0; zip && i < view->entry_count; i++)
        count(lines, &view->entries[i]);
    if (!zip) count(lines, view);
}

void cli_import_lines_fail(ImportLines *lines, const char *path, const char *text)
{
    cli_say("%s: %s", path, text);
    worse(lines, CLI_EXIT_FAIL);
}

void cli_import_lines_unreadable(ImportLines *lines, const char *text)
{
    cli_say("%s", text);
    worse(lines, CLI_EXIT_USAGE);
}

void cli_import_lines_sum(const ImportLines *lines)
{
    const uint64_t *counts = lines->counts;
    (void)fprintf(
        stderr,
        "fapiao: 收到 received %llu = 入库 accepted %llu + 重复 duplicate %llu + "
        "冲突 conflict %llu + 待处理 quarantined %llu + 拒收 rejected %llu + "
        "处理中 in progress %llu\n",
        (unsigned long long)lines->files, (unsigned long long)counts[DOC_ACCEPTED],
        (unsigned long long)counts[DOC_DUPLICATE], (unsigned long long)counts[DOC_CONFLICT],
        (unsigned long long)counts[DOC_QUARANTINED], (unsigned long long)counts[DOC_REJECTED],
        (unsigned long long)counts[DOC_RECEIVED]);
}
