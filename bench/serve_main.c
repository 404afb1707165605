// bench_serve DIR PORT [no-leaves]: `fapiao serve`, with a switch that the program itself must not
// have: events without salts, commitments, leaves, promises and checkpoints, to see what they cost.
// What is taken in is not read: that costs the same in both. Ends on SIGTERM.
#include <signal.h>
#include <stdio.h>

#include "base/limits.h"
#include "http/http.h"

static int fail(const Cx *cx)
{
    (void)fprintf(stderr, "bench_serve: %s\n", cx->err_text);
    return 1;
}

static int serve(Cx *cx, const FlowOptions *options, HttpOptions *http_options)
{
    sigset_t ends;
    (void)sigemptyset(&ends);
    (void)sigaddset(&ends, SIGTERM);
    (void)sigprocmask(SIG_BLOCK, &ends, NULL);
    Http *http = NULL;
    if (flow_open(cx, options, &http_options->flow) != ERR_OK) return fail(cx);
    if (http_open(cx, http_options, &http) != ERR_OK) return fail(cx);
    int signal = 0;
    (void)sigwait(&ends, &signal);
    http_stop(http);
    flow_close(http_options->flow);
    http_close(http);
    return 0;
}

int main(int argc, char **argv)
{
    uint64_t port = 0;
    bool bare = argc == 4 && slice_equal(slice_of(argv[3]), SLICE("no-leaves"));
    if (argc < 3 || (argc == 4 && !bare) || argc > 4 || !slice_u64(slice_of(argv[2]), &port) ||
        port > UINT16_MAX) {
        (void)fprintf(stderr, "usage: bench_serve DIR PORT [no-leaves]\n");
        return 2;
    }
    Cx cx;
    cx_init(&cx, world_real(), LIMIT_REQUEST_ARENA);
    const FlowOptions options = {.store = {.folder = argv[1], .create = true, .write = true},
                                 .no_reading = true,
                                 .no_leaves = bare};
    HttpOptions http_options = {.folder = argv[1],
                                .address = "127.0.0.1",
                                .port = (uint16_t)port,
                                .no_socket = true,
                                .trust_loopback = true,
                                .no_limits = true};
    int code = serve(&cx, &options, &http_options);
    cx_done(&cx);
    return code;
}
