#include "cli/cli_serve.h"

#include <stdio.h>
#include <unistd.h>

#include "base/limits.h"
#include "cli/cli_flags.h"
#include "cli/cli_signal.h"
#include "desk/running/demo/demo.h"
#include "http/http.h"
#include "http/server.h"

static Err fill_demo(Cx *cx, Flow *flow)
{
    size_t count = 0;
    TRY(demo_fill(cx, flow, &count));
    if (count > 0) (void)fprintf(stderr, "fapiao: 演示发票 demo invoices: %zu\n", count);
    return ERR_OK;
}

static void say_where(const char *address, uint16_t port)
{
    bool v6 = strchr(address, ':') != NULL;
    (void)fprintf(stderr, "fapiao: http://%s%s%s:%u\n", v6 ? "[" : "", address, v6 ? "]" : "",
                  port);
    (void)fprintf(stderr, "fapiao: 在有账号之前，只在本机回环地址上应答。"
                          "Until there are accounts it listens on loopback alone.\n");
}

static Err serve(Cx *cx, const FlowOptions *options, HttpOptions *http_options, bool demo)
{
    Flow *flow = NULL;
    Http *http = NULL;
    TRY(flow_open(cx, options, &flow));
    Err err = demo ? fill_demo(cx, flow) : ERR_OK;
    http_options->flow = flow;
    if (err == ERR_OK) err = http_open(cx, http_options, &http);
    if (err == ERR_OK) {
        say_where(http_options->address, http_port(http));
        if (http_node_port(http) != 0)
            (void)fprintf(stderr, "fapiao: 镜像入口 for mirrors: %s://%s:%u\n",
                          http_options->tls_cert == NULL ? "http" : "https",
                          http_options->node_address, http_node_port(http));
        cli_signal_wait();
        (void)fprintf(stderr, "fapiao: 正在停止 stopping\n");
        http_stop(http);
    }
    flow_close(flow);
    http_close(http);
    return err;
}

int cli_serve(int argc, char **argv)
{
    const char *data = NULL, *listen = "127.0.0.1:8080", *key_file = NULL, *trust = NULL;
    const char *threads = NULL, *node = NULL, *cert = NULL, *tls_key = NULL;
    bool demo = false;
    const CliFlag flags[] = {{"--data", &data, NULL},         {"--listen", &listen, NULL},
                             {"--key-file", &key_file, NULL}, {"--trust", &trust, NULL},
                             {"--threads", &threads, NULL},   {"--demo", NULL, &demo},
                             {"--node-listen", &node, NULL},  {"--tls-cert", &cert, NULL},
                             {"--tls-key", &tls_key, NULL}};
    uint64_t processors = (uint64_t)sysconf(_SC_NPROCESSORS_ONLN), count = 0;
    Cx cx;
    cx_init(&cx, world_real(), LIMIT_REQUEST_ARENA);
    HttpOptions http_options = {};
    bool good = cli_flags_take(&argc, argv, flags, sizeof flags / sizeof *flags) && data != NULL &&
                argc == 1 &&
                (threads == NULL || (slice_u64(slice_of(threads), &count) && count <= 64));
    if (good && server_address(&cx, slice_of(listen), &http_options.address, &http_options.port) !=
                    ERR_OK) {
        (void)fprintf(stderr, "fapiao: %s\n", cx.err_text);
        good = false;
    }
    good = good && (cert == NULL) == (tls_key == NULL) && (cert == NULL || node != NULL) &&
           (node == NULL || server_address(&cx, slice_of(node), &http_options.node_address,
                                           &http_options.node_port) == ERR_OK);
    http_options.tls_cert = cert;
    http_options.tls_key = tls_key;
    int exit_code = CLI_EXIT_OK;
    if (!good) {
        exit_code = cli_flags_usage("fapiao serve --data DIR [--listen ADDR:PORT] "
                                    "[--key-file FILE] [--trust DIR] [--threads N] [--demo] "
                                    "[--node-listen ADDR:PORT [--tls-cert FILE --tls-key FILE]]");
    } else {
        const FlowOptions options = {
            .store = {.folder = data, .key_file = key_file, .create = true, .write = true},
            .sandbox = {.trust_dir = trust},
            .workers = processors > 64 ? 64 : (int)processors};
        http_options.folder = data;
        http_options.threads = (int)count;
        cli_signal_catch();
        if (serve(&cx, &options, &http_options, demo) != ERR_OK) {
            (void)fprintf(stderr, "fapiao: %s\n", cx.err_text);
            exit_code = CLI_EXIT_FAIL;
        }
    }
    cx_done(&cx);
    return exit_code;
}
