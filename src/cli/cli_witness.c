#include "cli/cli_witness.h"

#include <stdio.h>

#include "base/limits.h"
#include "cli/cli_flags.h"
#include "cli/cli_say.h"
#include "cli/cli_signal.h"
#include "desk/running/witness/witness.h"
#include "http/exchange.h"

#define IN_FLIGHT_BYTES (8 * LIMIT_MIB)
#define CONNECTIONS     256
#define TEXT_TYPE       SLICE("text/plain; charset=utf-8")

typedef struct Asked {
    Witness *witness;
    Slice origin; // hexadecimal; "" = a post
    WitnessReply reply;
} Asked;

static void on_worker(Exchange *exchange)
{
    Asked *asked = exchange_kept(exchange);
    Cx *cx = exchange_cx(exchange);
    if (asked->origin.size > 0)
        witness_checkpoint(cx, asked->witness, asked->origin, &asked->reply);
    else
        witness_add_checkpoint(cx, asked->witness, exchange_body(exchange), &asked->reply);
    if (asked->reply.status < 500) return;
    // Its keeper is told; whoever asked need not know our paths.
    (void)fprintf(stderr, "fapiao: " SLICE_FMT, SLICE_ARG(asked->reply.body));
    asked->reply.body = SLICE("the witness can't read or write its own folder\n");
}

static void after_worker(Exchange *exchange)
{
    const Asked *asked = exchange_kept(exchange);
    exchange_answer(exchange, asked->reply.status, asked->reply.type, asked->reply.body);
}

static void refuse(Exchange *exchange, int status, Slice why)
{
    exchange_answer(exchange, status, TEXT_TYPE, why);
}

// POST /add-checkpoint, GET /<64 hex>/checkpoint
static void handle(void *self, Exchange *exchange)
{
    Asked *asked = arena_alloc(&exchange_cx(exchange)->arena, sizeof *asked);
    *asked = (Asked){.witness = self, .origin = SLICE("")};
    ExchangeMethod method = exchange_method(exchange);
    Slice path = exchange_path(exchange), tail = SLICE("/checkpoint");
    bool post = slice_equal(path, SLICE("/add-checkpoint"));
    bool get = !post && path.size > 1 + tail.size && slice_ends(path, tail);
    if (get) asked->origin = slice_sub(path, 1, path.size - 1 - tail.size);
    if (exchange_malformed(exchange) != NULL) {
        refuse(exchange, 400, slice_of(exchange_malformed(exchange)));
    } else if (!post && !get) {
        refuse(exchange, 404, SLICE("no such address\n"));
    } else if (post ? method != METHOD_POST : method != METHOD_GET && method != METHOD_HEAD) {
        exchange_set(exchange, "Allow", post ? SLICE("POST") : SLICE("GET, HEAD"));
        refuse(exchange, 405, SLICE("no such method\n"));
    } else {
        exchange_keep(exchange, asked);
        if (!exchange_work(exchange, on_worker, after_worker))
            refuse(exchange, 503, SLICE("too much is going on\n"));
    }
}

static Slice problem(Cx *cx, int status)
{
    return cx_printf(cx, "%d\n", status);
}

static Err serve(Cx *cx, const WitnessOptions *options, ServerOptions *server_options)
{
    Witness *witness = NULL;
    Server *server = NULL;
    TRY(witness_open(cx, options, &witness));
    server_options->self = witness;
    Err err = server_open(cx, server_options, &server);
    if (err == ERR_OK) {
        const char *address = server_options->address;
        bool v6 = strchr(address, ':') != NULL;
        (void)fprintf(stderr, "fapiao: 见证公钥 verifier key: " SLICE_FMT "\n",
                      SLICE_ARG(witness_vkey(witness)));
        if (witness_log_count(witness) == 0)
            (void)fprintf(stderr,
                          "fapiao: 还没有要见证的账本，请把它的公钥写进 %s/logs 后重启。"
                          "No log is watched: write its verifier key into %s/logs, then restart.\n",
                          options->folder, options->folder);
        (void)fprintf(stderr, "fapiao: %s://%s%s%s:%u\n",
                      server_options->tls_cert == NULL ? "http" : "https", v6 ? "[" : "", address,
                      v6 ? "]" : "", server_port(server));
        cli_signal_wait();
        server_stop(server);
        server_close(server);
    }
    witness_close(witness);
    return err;
}

static Err print_vkey(Cx *cx, const char *folder)
{
    Slice vkey;
    TRY(witness_vkey_of(cx, folder, &vkey));
    (void)printf(SLICE_FMT "\n", SLICE_ARG(vkey));
    return ERR_OK;
}

// Every --log out of argv, which may be there more than once. False when one has no value.
static bool take_logs(int *argc, char **argv, Slice *logs, size_t *ret_count)
{
    int kept = 0;
    *ret_count = 0;
    for (int i = 0; i < *argc; i++) {
        Slice argument = slice_of(argv[i]);
        bool alone = slice_equal(argument, SLICE("--log"));
        if (!alone && !slice_starts(argument, SLICE("--log="))) {
            argv[kept++] = argv[i];
            continue;
        }
        if (*ret_count == LIMIT_WITNESS_LOGS || (alone && i + 1 == *argc)) return false;
        logs[(*ret_count)++] = alone ? slice_of(argv[++i]) : slice_sub(argument, 6, SIZE_MAX);
    }
    argv[kept] = NULL;
    *argc = kept;
    return true;
}

int cli_witness(int argc, char **argv)
{
    static Slice logs[LIMIT_WITNESS_LOGS];
    const char *dir = NULL, *listen = "127.0.0.1:8081", *name = "";
    WitnessOptions options = {.logs = logs};
    ServerOptions server = {.open_to_all = true,
                            .threads = 1,
                            .handler = handle,
                            .problem = problem,
                            .in_flight_bytes = IN_FLIGHT_BYTES,
                            .connections = CONNECTIONS};
    const CliFlag flags[] = {{"--dir", &dir, NULL},
                             {"--listen", &listen, NULL},
                             {"--name", &name, NULL},
                             {"--tls-cert", &server.tls_cert, NULL},
                             {"--tls-key", &server.tls_key, NULL}};
    bool good = take_logs(&argc, argv, logs, &options.log_count) &&
                cli_flags_take(&argc, argv, flags, sizeof flags / sizeof *flags) && dir != NULL &&
                argc <= 2 && (server.tls_cert == NULL) == (server.tls_key == NULL);
    bool show = good && argc == 2 && strcmp(argv[1], "vkey") == 0;
    if (!good || (argc == 2 && !show))
        return cli_flags_usage(
            "fapiao witness --dir DIR [--listen ADDR:PORT] [--name NAME] "
            "[--log VKEY]… [--tls-cert FILE --tls-key FILE] | fapiao witness vkey --dir DIR");
    options.folder = dir;
    options.name = slice_of(name);
    Cx cx;
    cx_init(&cx, world_real(), LIMIT_REQUEST_ARENA);
    Err err = ERR_OK;
    if (show) {
        err = print_vkey(&cx, dir);
    } else {
        cli_signal_catch();
        err = server_address(&cx, slice_of(listen), &server.address, &server.port);
        if (err == ERR_OK) err = serve(&cx, &options, &server);
    }
    if (err != ERR_OK) cli_say_error(&cx);
    cx_done(&cx);
    return err == ERR_OK ? CLI_EXIT_OK : CLI_EXIT_FAIL;
}
