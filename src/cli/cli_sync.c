#include "cli/cli_sync.h"

#include <stdio.h>
#include <unistd.h>

#include "base/limits.h"
#include "cli/cli_flags.h"
#include "cli/cli_say.h"
#include "cli/client.h"
#include "desk/running/sync/sync.h"
#include "format/json/json_in.h"

#define WAIT_MS UINT64_C(600'000)
#define LOOK_US 200'000

// Without a server: this process does it.
static Err run_here(Cx *cx, Flow *flow, const char *data, const char *key_file, Slice *ret_json)
{
    Watch *watch = NULL;
    Sync *sync = NULL;
    const WatchOptions watching = {.flow = flow};
    TRY(watch_open(cx, &watching, &watch));
    const SyncOptions options = {
        .flow = flow, .watch = watch, .folder = data, .key_file = key_file, .hour = -1};
    Err err = sync_open(cx, &options, &sync);
    if (err == ERR_OK) err = sync_run(cx, sync, SLICE("now"), ret_json);
    sync_stop(sync);
    watch_stop(watch);
    sync_close(sync);
    watch_close(watch);
    return err;
}

static Err get(Cx *cx, Client *client, const char *target, Slice *ret_body)
{
    ClientReply reply;
    TRY(client_ask(cx, client, "GET", target, NULL, SLICE(""), &reply));
    if (reply.status != 200) return err_set(cx, ERR_STORE, "the server answered %d", reply.status);
    *ret_body = reply.body;
    return ERR_OK;
}

static Err is_running(Cx *cx, Client *client, bool *ret_running)
{
    Slice body;
    JsonIn *in = NULL;
    TRY(get(cx, client, "/api/v1/sync", &body));
    TRY(json_in_open(cx, body, &in));
    *ret_running = json_in_bool(json_in_get(json_in_root(in), "running"), false);
    json_in_close(in);
    return ERR_OK;
}

// The server does it; the newest run is the one.
static Err run_there(Cx *cx, Client *client, Slice *ret_json)
{
    ClientReply reply;
    TRY(client_ask(cx, client, "POST", "/api/v1/sync", NULL, SLICE(""), &reply));
    if (reply.status != 202) return err_set(cx, ERR_STORE, "the server answered %d", reply.status);
    bool running = true;
    for (uint64_t waited = 0; running && waited < WAIT_MS; waited += LOOK_US / 1000) {
        Cx own;
        cx_init(&own, cx->world, LIMIT_REQUEST_ARENA);
        (void)usleep(LOOK_US);
        Err err = is_running(&own, client, &running);
        if (err != ERR_OK) err = err_set(cx, err, "%s", own.err_text);
        cx_done(&own);
        TRY(err);
    }
    Slice body;
    JsonIn *in = NULL;
    TRY(get(cx, client, "/api/v1/sync/runs?limit=1", &body));
    TRY(json_in_open(cx, body, &in));
    const JsonValue *item = json_in_first(json_in_get(json_in_root(in), "items"));
    bool done = json_in_is_object(json_in_get(item, "result"));
    json_in_close(in);
    if (running || !done) return err_set(cx, ERR_STORE, "the run has not ended yet");
    // {"items":[{…,"result":{…}}],"next_cursor":…}: the object behind "result":
    size_t at = slice_find(body, SLICE("\"result\":")) + 9;
    Slice rest = slice_sub(body, at, body.size);
    *ret_json = slice_sub(rest, 0, slice_find(rest, SLICE("}],\"next_cursor\"")));
    return ERR_OK;
}

static bool print_result(Cx *cx, Slice json, bool as_json)
{
    JsonIn *in = NULL;
    if (json_in_open(cx, json, &in) != ERR_OK) return false;
    const JsonValue *root = json_in_root(in);
    bool good = json_in_bool(json_in_get(root, "ok"), false);
    if (as_json) (void)printf(SLICE_FMT "\n", SLICE_ARG(json));
    const JsonValue *part = as_json ? NULL : json_in_first(json_in_get(root, "parts"));
    for (; part != NULL; part = json_in_next(part)) {
        Slice zh = json_in_string(json_in_get(part, "zh"));
        Slice en = json_in_string(json_in_get(part, "en"));
        (void)printf("%s " SLICE_FMT "\n  " SLICE_FMT "\n",
                     json_in_bool(json_in_get(part, "ok"), false) ? "✓" : "✕", SLICE_ARG(zh),
                     SLICE_ARG(en));
    }
    json_in_close(in);
    return good;
}

int cli_sync(int argc, char **argv)
{
    const char *data = NULL, *key_file = NULL;
    bool as_json = false;
    const CliFlag flags[] = {
        {"--data", &data, NULL}, {"--key-file", &key_file, NULL}, {"--json", NULL, &as_json}};
    if (!cli_flags_take(&argc, argv, flags, sizeof flags / sizeof *flags) || data == NULL ||
        argc != 1)
        return cli_flags_usage("fapiao sync --data DIR [--key-file FILE] [--json]");
    Cx cx;
    cx_init(&cx, world_real(), LIMIT_JOB_ARENA);
    const FlowOptions options = {.store = {.folder = data, .key_file = key_file, .write = true},
                                 .workers = 2};
    Flow *flow = NULL;
    Client *client = NULL;
    Slice json = SLICE("");
    Err err = flow_open(&cx, &options, &flow);
    if (err == ERR_OK)
        err = run_here(&cx, flow, data, key_file, &json);
    else if (err == ERR_CONFLICT) {
        err = client_open(&cx, data, &client);
        if (err == ERR_OK) err = run_there(&cx, client, &json);
    }
    if (err != ERR_OK) cli_say_error(&cx);
    int exit_code = CLI_EXIT_FAIL;
    if (err == ERR_OK && print_result(&cx, json, as_json)) exit_code = CLI_EXIT_OK;
    client_close(client);
    flow_close(flow);
    cx_done(&cx);
    return exit_code;
}
