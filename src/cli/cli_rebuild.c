#include "cli/cli_rebuild.h"

#include <stdio.h>

#include "base/limits.h"
#include "cli/cli_audited.h"
#include "cli/cli_flags.h"
#include "cli/cli_say.h"
#include "flow/flow.h"

static void show(void *self, uint64_t done, uint64_t all)
{
    (void)self;
    (void)fprintf(stderr, "fapiao: 重建 rebuilding %llu / %llu\n", (unsigned long long)done,
                  (unsigned long long)all);
}

int cli_rebuild(int argc, char **argv)
{
    const char *data = NULL, *key_file = NULL;
    const CliFlag flags[] = {{"--data", &data, NULL}, {"--key-file", &key_file, NULL}};
    if (!cli_flags_take(&argc, argv, flags, sizeof flags / sizeof *flags) || data == NULL ||
        argc != 1)
        return cli_flags_usage("fapiao rebuild --data DIR [--key-file FILE]");
    const FlowOptions options = {.store = {.folder = data, .key_file = key_file, .write = true},
                                 .no_reading = true};
    Cx cx;
    cx_init(&cx, world_real(), LIMIT_REQUEST_ARENA);
    Flow *flow = NULL;
    Err err = flow_open(&cx, &options, &flow);
    if (err == ERR_OK) {
        AuditNote note = cli_audited_note("folder.rebuild", "folder", SLICE(""));
        err = flow_rebuild(&cx, flow, &note, show, NULL);
        flow_close(flow);
    }
    if (err != ERR_OK) cli_say_error(&cx);
    cx_done(&cx);
    return err == ERR_OK ? CLI_EXIT_OK : CLI_EXIT_FAIL;
}
