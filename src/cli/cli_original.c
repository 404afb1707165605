#include "cli/cli_original.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/limits.h"
#include "cli/cli_flags.h"
#include "cli/cli_say.h"
#include "cli/cli_tenant.h"
#include "desk/invoice/document/document.h"

static Err write_all(Cx *cx, int fd, Slice bytes)
{
    for (size_t done = 0; done < bytes.size;) {
        ssize_t n = write(fd, bytes.data + done, bytes.size - done);
        if (n < 0 && errno == EINTR) continue;
        if (n <= 0) return err_set(cx, ERR_STORE, "cannot write: %s", strerror(errno));
        done += (size_t)n;
    }
    return ERR_OK;
}

static Err write_out(Cx *cx, const char *out, Slice bytes)
{
    if (out == NULL) return write_all(cx, STDOUT_FILENO, bytes);
    AUTO_CLOSE int fd = open(out, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0) return err_set(cx, ERR_CONFLICT, "cannot make '%s': %s", out, strerror(errno));
    return write_all(cx, fd, bytes);
}

static Err run(Cx *cx, const FlowOptions *options, const char *organisation, const char *reference,
               const char *out)
{
    Flow *flow = NULL;
    TRY(flow_open(cx, options, &flow));
    Slice bytes, tenant;
    Err err = cli_tenant(cx, flow_store(flow), &options->store, organisation, &tenant);
    if (err == ERR_OK) err = document_original(cx, flow, tenant, slice_of(reference), &bytes, NULL);
    flow_close(flow);
    TRY(err);
    return write_out(cx, out, bytes);
}

int cli_original(int argc, char **argv)
{
    const char *data = NULL, *key_file = NULL, *out = NULL, *organisation = NULL;
    const CliFlag flags[] = {{"--data", &data, NULL},
                             {"--key-file", &key_file, NULL},
                             {"--organisation", &organisation, NULL},
                             {"--out", &out, NULL}};
    if (!cli_flags_take(&argc, argv, flags, sizeof flags / sizeof *flags) || data == NULL ||
        argc != 2)
        return cli_flags_usage("fapiao original --data DIR [--key-file FILE] [--organisation ID] "
                               "[--out FILE] REFERENCE");
    const FlowOptions options = {.store = {.folder = data, .key_file = key_file}};
    Cx cx;
    cx_init(&cx, world_real(), LIMIT_JOB_ARENA);
    Err err = run(&cx, &options, organisation, argv[1], out);
    if (err != ERR_OK) cli_say_error(&cx);
    cx_done(&cx);
    return err == ERR_OK ? CLI_EXIT_OK : CLI_EXIT_FAIL;
}
