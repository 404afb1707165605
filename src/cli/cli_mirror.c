#include "cli/cli_mirror.h"

#include <stdio.h>
#include <string.h>

#include "base/limits.h"
#include "cli/cli_audited.h"
#include "cli/cli_flags.h"
#include "cli/cli_say.h"
#include "cli/cli_signal.h"
#include "cli/client.h"
#include "desk/running/mirror/mirror.h"
#include "format/json/json_in.h"
#include "format/json/json_out.h"
#include "http/http.h"
#include "http/server.h"
#include "store/disk.h"

#define SYNC_HOUR 4 // in China: an hour after the primary

// --- at the primary

static Err add_there(Cx *cx, Client *client, Slice name, Slice *ret_token)
{
    static const char *const headers[] = {"Content-Type: application/json", NULL};
    JsonOut out = json_out_open(cx, LIMIT_FIELD_BYTES);
    json_out_object(&out);
    json_out_pair(&out, "name", name);
    json_out_end_object(&out);
    Slice body;
    TRY(json_out_done(cx, &out, &body));
    ClientReply reply;
    TRY(client_ask(cx, client, "POST", "/api/v1/mirrors", headers, body, &reply));
    if (reply.status == 409)
        return err_set(cx, ERR_CONFLICT, "there is a watcher '" SLICE_FMT "' already",
                       SLICE_ARG(name));
    if (reply.status != 201)
        return err_set(cx, ERR_STORE, "the server answered %d: " SLICE_FMT, reply.status,
                       SLICE_ARG(reply.body));
    JsonIn *in = NULL;
    TRY(json_in_open(cx, reply.body, &in));
    *ret_token = json_in_string(json_in_get(json_in_root(in), "token"));
    json_in_close(in);
    return ERR_OK;
}

static Err add_mirror(Cx *cx, const char *data, const char *key_file, Slice name)
{
    const FlowOptions options = {.store = {.folder = data, .key_file = key_file, .write = true},
                                 .no_reading = true};
    Flow *flow = NULL;
    Client *client = NULL;
    Slice token = SLICE("");
    Err err = flow_open(cx, &options, &flow);
    AuditNote note = cli_audited_note("mirror.add", "mirror", name);
    if (err == ERR_OK)
        err = node_add(cx, flow_committer(flow), name, &token, &note);
    else if (err == ERR_CONFLICT) {
        err = client_open(cx, data, &client);
        if (err == ERR_OK) err = add_there(cx, client, name, &token);
    }
    client_close(client);
    flow_close(flow);
    TRY(err);
    (void)printf(SLICE_FMT "\n", SLICE_ARG(token));
    (void)fprintf(stderr,
                  "fapiao: 这是镜像 " SLICE_FMT " 的口令，只显示这一次；连同主密钥文件一起交给它。"
                  "The token of this mirror, shown this once: hand it over with the key file.\n",
                  SLICE_ARG(name));
    return ERR_OK;
}

// --- at the mirror

typedef struct Running {
    const char *data, *key_file, *listen, *name, *token_file, *ca_file, *pin;
    Slice url;
    bool trust; // whoever reads on this machine needs no account
} Running;

static Err read_token(Cx *cx, const char *path, Slice *ret_token)
{
    TRY(disk_read(cx, path, LIMIT_FIELD_BYTES, ret_token));
    *ret_token = slice_trim(*ret_token);
    if (ret_token->size == NODE_TOKEN_SIZE) return ERR_OK;
    return err_set(cx, ERR_INPUT, "'%s' holds no mirror's token", path);
}

// Without TLS anyone on the way could read the token.
static Err check_url(Cx *cx, Slice url)
{
    static const char *const near[] = {"https://", "http://127.", "http://[::1]",
                                       "http://localhost:"};
    for (size_t i = 0; i < sizeof near / sizeof near[0]; i++)
        if (slice_starts(url, slice_of(near[i]))) return ERR_OK;
    return err_set(cx, ERR_DENIED, "'" SLICE_FMT "' is neither https nor on this machine",
                   SLICE_ARG(url));
}

static void say_what(Cx *cx, Mirror *mirror, const Running *running, uint16_t port)
{
    Slice vkey;
    (void)fprintf(stderr, "fapiao: 镜像 mirror of " SLICE_FMT " in %s\n", SLICE_ARG(running->url),
                  running->data);
    if (mirror_vkey(cx, mirror, &vkey) == ERR_OK)
        (void)fprintf(stderr, "fapiao: 见证公钥 verifier key: " SLICE_FMT "\n", SLICE_ARG(vkey));
    (void)fprintf(stderr, "fapiao: http://127.0.0.1:%u （只读 for reading）\n", port);
}

static Err serve_reads(Cx *cx, const Running *running, Flow *flow, const MirrorOptions *follow)
{
    HttpOptions http_options = {
        .flow = flow, .folder = running->data, .trust_loopback = running->trust};
    Mirror *mirror = NULL;
    Http *http = NULL;
    TRY(server_address(cx, slice_of(running->listen), &http_options.address, &http_options.port));
    TRY(mirror_open(cx, follow, &mirror));
    http_options.mirror = mirror;
    const SyncOptions sync = {.flow = flow,
                              .mirror = mirror,
                              .folder = running->data,
                              .key_file = running->key_file,
                              .hour = SYNC_HOUR};
    Err err = sync_open(cx, &sync, &http_options.sync);
    if (err == ERR_OK) err = http_open(cx, &http_options, &http);
    if (err == ERR_OK) {
        say_what(cx, mirror, running, http_port(http));
        cli_signal_wait();
        (void)fprintf(stderr, "fapiao: 正在停止 stopping\n");
        http_stop(http);
    }
    sync_stop(http_options.sync);
    mirror_stop(mirror);
    http_close(http);
    sync_close(http_options.sync);
    mirror_close(mirror);
    return err;
}

static Err run(Cx *cx, const Running *running)
{
    MirrorOptions follow = {
        .name = slice_of(running->name),
        .primary = {.url = running->url, .ca_file = running->ca_file, .pin = running->pin}};
    Slice origin;
    TRY(check_url(cx, running->url));
    TRY(read_token(cx, running->token_file, &follow.primary.token));
    TRY(mirror_prepare(cx, running->data, &follow.primary, &origin));
    const FlowOptions options = {.store = {.folder = running->data,
                                           .key_file = running->key_file,
                                           .create = true,
                                           .write = true},
                                 .no_reading = true,
                                 .follow = true,
                                 .origin = origin};
    TRY(flow_open(cx, &options, &follow.flow));
    Err err = serve_reads(cx, running, follow.flow, &follow);
    flow_close(follow.flow);
    return err;
}

int cli_mirror(int argc, char **argv)
{
    Running running = {.listen = "127.0.0.1:8082"};
    const CliFlag flags[] = {
        {"--data", &running.data, NULL},        {"--key-file", &running.key_file, NULL},
        {"--listen", &running.listen, NULL},    {"--name", &running.name, NULL},
        {"--token", &running.token_file, NULL}, {"--ca", &running.ca_file, NULL},
        {"--pin", &running.pin, NULL},          {"--trust-loopback", NULL, &running.trust}};
    bool good =
        cli_flags_take(&argc, argv, flags, sizeof flags / sizeof *flags) && running.data != NULL;
    bool adds = good && argc == 3 && strcmp(argv[1], "add") == 0;
    bool runs = good && argc == 2 && running.name != NULL && running.token_file != NULL;
    if (!adds && !runs)
        return cli_flags_usage(
            "fapiao mirror add --data DIR [--key-file FILE] NAME | fapiao mirror --data DIR "
            "--name NAME --token FILE [--listen ADDR:PORT] [--trust-loopback] [--key-file FILE] "
            "[--ca FILE] "
            "[--pin sha256//…] URL");
    Cx cx;
    cx_init(&cx, world_real(), LIMIT_JOB_ARENA);
    if (runs) cli_signal_catch();
    running.url = slice_of(argv[1]);
    Err err = adds ? add_mirror(&cx, running.data, running.key_file, slice_of(argv[2]))
                   : run(&cx, &running);
    if (err != ERR_OK) cli_say_error(&cx);
    cx_done(&cx);
    return err == ERR_OK ? CLI_EXIT_OK : CLI_EXIT_FAIL;
}
