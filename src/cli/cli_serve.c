#include "cli/cli_serve.h"

#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "base/limits.h"
#include "cli/cli_flags.h"
#include "cli/cli_say.h"
#include "cli/cli_signal.h"
#include "desk/people/notify/notify_worker.h"
#include "desk/running/demo/demo.h"
#include "desk/running/demo/demo_people.h"
#include "desk/running/watch/watch_view.h"
#include "http/http.h"
#include "http/server.h"
#include "http/server_self.h"

#define SYNC_HOUR 3 // in China: when the nightly reconciliation is due

// Beside the folder, for whoever closes the terminal: the demo's own secrets alone.
static void say_people(Cx *cx, const char *folder, const DemoPerson *people, size_t count)
{
    size_t size = strlen(folder);
    while (size > 1 && folder[size - 1] == '/')
        size--;
    const char *file = cx_printf(cx, "%.*s.demo.txt", (int)size, folder).data;
    int fd = open(file, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    FILE *out = fd < 0 ? NULL : fdopen(fd, "w");
    if (out == NULL) return;
    (void)fprintf(out, "密码 password: %s\n", DEMO_PASSWORD);
    for (size_t i = 0; i < count; i++)
        (void)fprintf(out, "%-8s %s %s%s%s\n", people[i].login, people[i].zh, people[i].en,
                      people[i].secret[0] == '\0' ? ""
                                                  : "; 两步验证密钥 secret for an authenticator: ",
                      people[i].secret);
    (void)fclose(out);
    (void)fprintf(stderr,
                  "fapiao: 演示账号，每种角色一个，密码 %s；清单和两步验证密钥在 %s\n"
                  "fapiao: demo accounts, one a role; the list is in that file. Try: %s\n",
                  DEMO_PASSWORD, file, people[4].login);
}

static Err fill_people(Cx *cx, Flow *flow, const char *folder)
{
    DemoPerson people[DEMO_PEOPLE_MAX];
    size_t count = 0;
    TRY(demo_people_fill(cx, flow, people, &count));
    if (count > 0) say_people(cx, folder, people, count);
    return ERR_OK;
}

static Err fill_demo(Cx *cx, Flow *flow, const char *folder)
{
    size_t count = 0;
    TRY(demo_fill(cx, flow, &count));
    if (count > 0) (void)fprintf(stderr, "fapiao: 演示发票 demo invoices: %zu\n", count);
    return fill_people(cx, flow, folder);
}

static void say_where(const HttpOptions *options, uint16_t port)
{
    bool v6 = strchr(options->address, ':') != NULL;
    (void)fprintf(stderr, "fapiao: http://%s%s%s:%u\n", v6 ? "[" : "", options->address,
                  v6 ? "]" : "", port);
    if (options->trust_loopback)
        (void)fprintf(stderr, "fapiao: 这台电脑上的任何人不用登录就能读写。"
                              "Whoever is on this machine may read and hand in without an "
                              "account.\n");
}

static void say_secure(const HttpOptions *options, const Http *http, const ServerSelf *own)
{
    if (http_secure_port(http) == 0) return;
    bool v6 = strchr(options->secure_address, ':') != NULL;
    (void)fprintf(stderr, "fapiao: https://%s%s%s:%u\n", v6 ? "[" : "", options->secure_address,
                  v6 ? "]" : "", http_secure_port(http));
    if (own->fingerprint[0] != '\0')
        (void)fprintf(stderr,
                      "fapiao: 自签名证书，浏览器会提示；请核对指纹。A certificate of its own: "
                      "browsers warn; compare its SHA-256.\nfapiao: %s\n",
                      own->fingerprint);
}

typedef struct Serving {
    FlowOptions flow;
    HttpOptions http;
    WatchOptions watch;
    SyncOptions sync;
    ServerSelf own; // where no certificate was given
    bool demo;
} Serving;

// Whoever reads this makes the first administrator.
static void say_setup(Cx *cx, Http *http)
{
    Slice code;
    if (http_setup_code(cx, http, &code) != ERR_OK)
        cli_say_error(cx);
    else if (code.size > 0)
        (void)fprintf(stderr,
                      "fapiao: 还没有账号；启动码 no accounts yet; setup code: " SLICE_FMT "\n",
                      SLICE_ARG(code));
}

static void say_all(Cx *cx, const Serving *serving, Http *http)
{
    const HttpOptions *options = &serving->http;
    say_where(options, http_port(http));
    say_secure(options, http, &serving->own);
    if (http_node_port(http) != 0)
        (void)fprintf(stderr, "fapiao: 镜像入口 for mirrors: %s://%s:%u\n",
                      options->tls_cert == NULL ? "http" : "https", options->node_address,
                      http_node_port(http));
    const WatchBrief brief = watch_brief(options->watch);
    (void)fprintf(stderr, "fapiao: " SLICE_FMT "\n", SLICE_ARG(watch_view_line(cx, &brief)));
    Slice halted = commit_halted(cx, flow_committer(options->flow));
    if (halted.size > 0) (void)fprintf(stderr, "fapiao: " SLICE_FMT "\n", SLICE_ARG(halted));
    say_setup(cx, http);
}

// Sends what is in the outbox, from now on.
static Err start_notifying(Cx *cx, Flow *flow, NotifyWorker **ret_worker)
{
    const NotifyWorkerOptions options = {.store = flow_store(flow),
                                         .committer = flow_committer(flow)};
    return notify_worker_open(cx, &options, ret_worker);
}

// Until a signal comes.
static Err serve_flow(Cx *cx, Serving *serving, Flow *flow)
{
    Http *http = NULL;
    NotifyWorker *notify = NULL;
    HttpOptions *options = &serving->http;
    options->flow = serving->watch.flow = flow;
    Err err = ERR_OK;
    if (serving->demo && commit_halted(cx, flow_committer(flow)).size == 0)
        err = fill_demo(cx, flow, options->folder);
    if (err == ERR_OK && serving->watch.quorum > 0)
        err = watch_list_set_quorum(cx, flow_committer(flow), serving->watch.quorum);
    if (err == ERR_OK) err = watch_open(cx, &serving->watch, &options->watch);
    serving->sync.flow = flow;
    serving->sync.watch = options->watch;
    if (err == ERR_OK) err = sync_open(cx, &serving->sync, &options->sync);
    if (err == ERR_OK) err = start_notifying(cx, flow, &notify);
    if (err == ERR_OK) err = http_open(cx, options, &http);
    if (err == ERR_OK) {
        say_all(cx, serving, http);
        cli_signal_wait();
        (void)fprintf(stderr, "fapiao: 正在停止 stopping\n");
        http_stop(http);
        // Otherwise the last second would be witnessed only after the next start.
        if (watch_brief(options->watch).witnesses > 0)
            watch_settle(options->watch, WATCH_SETTLE_MS);
    }
    sync_stop(options->sync);
    notify_worker_stop(notify);
    watch_stop(options->watch);
    flow_close(flow);
    http_close(http); // runs what was still posted to it, which may ask the watch
    watch_close(options->watch);
    sync_close(options->sync);
    notify_worker_close(notify);
    return err;
}

// DIR.tls.crt and DIR.tls.key, beside the folder: a copy of the folder has no key in it.
static Err certify(Cx *cx, Serving *serving)
{
    HttpOptions *http = &serving->http;
    if (http->secure_address == NULL || http->secure_cert != NULL) return ERR_OK;
    size_t size = strlen(http->folder);
    while (size > 1 && http->folder[size - 1] == '/')
        size--;
    const char *stem = cx_printf(cx, "%.*s", (int)size, http->folder).data;
    TRY(server_self_open(cx, stem, http->secure_address, &serving->own));
    http->secure_cert = serving->own.cert_file;
    http->secure_key = serving->own.key_file;
    return ERR_OK;
}

static Err serve(Cx *cx, Serving *serving)
{
    Flow *flow = NULL;
    TRY(certify(cx, serving));
    serving->flow.promotes = true;
    serving->flow.opening = watch_opening;
    serving->flow.opening_self = &serving->watch.without;
    TRY(flow_open(cx, &serving->flow, &flow));
    return serve_flow(cx, serving, flow);
}

// The flags of cli_serve as they were written.
typedef struct Words {
    const char *data, *listen, *key_file, *trust, *threads, *node, *cert, *tls_key, *quorum, *hour;
    const char *secure, *names, *proxies;
    bool demo, without, unlimited, trusting;
} Words;

// False when they make no sense together; an address that is none is said.
static bool understand(Cx *cx, const Words *words, Serving *serving)
{
    uint64_t processors = (uint64_t)sysconf(_SC_NPROCESSORS_ONLN), threads = 0, quorum = 0;
    uint64_t hour = SYNC_HOUR;
    HttpOptions *http = &serving->http;
    if (words->data == NULL || (words->cert == NULL) != (words->tls_key == NULL) ||
        (words->cert != NULL && words->node == NULL && words->secure == NULL))
        return false;
    if (words->threads != NULL && (!slice_u64(slice_of(words->threads), &threads) || threads > 64))
        return false;
    if (words->quorum != NULL &&
        (!slice_u64(slice_of(words->quorum), &quorum) || quorum < 1 || quorum > LIMIT_WATCHERS))
        return false;
    if (words->hour != NULL && (!slice_u64(slice_of(words->hour), &hour) || hour > 23))
        return false;
    if (server_address(cx, slice_of(words->listen), &http->address, &http->port) != ERR_OK ||
        (words->node != NULL && server_address(cx, slice_of(words->node), &http->node_address,
                                               &http->node_port) != ERR_OK) ||
        (words->secure != NULL && server_address(cx, slice_of(words->secure), &http->secure_address,
                                                 &http->secure_port) != ERR_OK)) {
        cli_say_error(cx);
        return false;
    }
    http->folder = words->data;
    http->threads = (int)threads;
    http->tls_cert = http->secure_cert = words->cert;
    http->tls_key = http->secure_key = words->tls_key;
    http->names = words->names;
    http->proxies = words->proxies;
    http->no_limits = words->unlimited;
    http->trust_loopback = words->trusting;
    serving->flow = (FlowOptions){.store = {.folder = words->data,
                                            .key_file = words->key_file,
                                            .create = true,
                                            .write = true},
                                  .sandbox = {.trust_dir = words->trust},
                                  .workers = processors > 64 ? 64 : (int)processors};
    serving->watch.quorum = (size_t)quorum;
    serving->watch.without = words->without;
    serving->sync =
        (SyncOptions){.folder = words->data, .key_file = words->key_file, .hour = (int)hour};
    serving->demo = words->demo;
    return true;
}

int cli_serve(int argc, char **argv)
{
    Words words = {.listen = "127.0.0.1:8080"};
    const CliFlag flags[] = {{"--data", &words.data, NULL},
                             {"--listen", &words.listen, NULL},
                             {"--key-file", &words.key_file, NULL},
                             {"--trust", &words.trust, NULL},
                             {"--threads", &words.threads, NULL},
                             {"--demo", NULL, &words.demo},
                             {"--node-listen", &words.node, NULL},
                             {"--tls-cert", &words.cert, NULL},
                             {"--tls-key", &words.tls_key, NULL},
                             {"--witness-quorum", &words.quorum, NULL},
                             {"--sync-hour", &words.hour, NULL},
                             {"--without-witnesses", NULL, &words.without},
                             {"--listen-tls", &words.secure, NULL},
                             {"--host", &words.names, NULL},
                             {"--trusted-proxy", &words.proxies, NULL},
                             {"--no-rate-limits", NULL, &words.unlimited},
                             {"--trust-loopback", NULL, &words.trusting}};
    Cx cx;
    Serving serving = {};
    cx_init(&cx, world_real(), LIMIT_REQUEST_ARENA);
    bool good = cli_flags_take(&argc, argv, flags, sizeof flags / sizeof *flags) && argc == 1 &&
                understand(&cx, &words, &serving);
    int exit_code = CLI_EXIT_OK;
    if (!good) {
        exit_code =
            cli_flags_usage("fapiao serve --data DIR [--listen ADDR:PORT] "
                            "[--key-file FILE] [--trust DIR] [--threads N] [--demo] "
                            "[--listen-tls ADDR:PORT] [--tls-cert FILE --tls-key FILE] "
                            "[--host NAME,…] [--trusted-proxy BLOCK,…] [--node-listen ADDR:PORT] "
                            "[--trust-loopback] [--no-rate-limits] [--witness-quorum K] "
                            "[--without-witnesses] [--sync-hour 0-23]");
    } else {
        cli_signal_catch();
        if (serve(&cx, &serving) != ERR_OK) {
            cli_say_error(&cx);
            exit_code = CLI_EXIT_FAIL;
        }
    }
    cx_done(&cx);
    return exit_code;
}
