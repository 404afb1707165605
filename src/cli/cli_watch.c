#include "cli/cli_watch.h"

#include <stdio.h>

#include "base/limits.h"
#include "base/text.h"
#include "cli/cli_audited.h"
#include "cli/cli_flags.h"
#include "cli/cli_say.h"
#include "cli/client.h"
#include "desk/running/watch/watch_view.h"
#include "format/json/json_out.h"

#define ADDRESS "/api/v1/witnesses"

// What was asked for: words[0] and [1] as the verb wants them.
typedef struct Ask {
    const char *data, *key_file;
    Slice words[2];
} Ask;

static Err put(Cx *cx, Slice json)
{
    if (printf(SLICE_FMT "\n", SLICE_ARG(json)) >= 0 && fflush(stdout) == 0) return ERR_OK;
    return err_set(cx, ERR_STORE, "cannot write");
}

// --- without a server

static Err list_here(Cx *cx, Flow *flow, const Ask *ask)
{
    (void)ask;
    Db *db = NULL;
    Slice json, halted;
    LogHead head = {};
    const WatchBrief nobody = {};
    TRY(store_take(cx, flow_store(flow), &db));
    Err err = flow_log(flow) == NULL ? ERR_OK : log_head(cx, flow_log(flow), db, &head);
    if (err == ERR_OK) err = watch_view_alarm(cx, db, &halted);
    if (err == ERR_OK) err = watch_view_print(cx, db, &nobody, head.size, halted, &json);
    store_give(flow_store(flow), db);
    TRY(err);
    return put(cx, json);
}

static Err add_here(Cx *cx, Flow *flow, const Ask *ask)
{
    Slice vkey = ask->words[0], name = slice_sub(vkey, 0, slice_find(vkey, SLICE("+")));
    AuditNote note = cli_audited_note("witness.add", "witness", name);
    return watch_list_add(cx, flow_committer(flow), vkey, ask->words[1], &note);
}

static Err remove_here(Cx *cx, Flow *flow, const Ask *ask)
{
    AuditNote note = cli_audited_note("witness.remove", "witness", ask->words[0]);
    return watch_list_remove(cx, flow_committer(flow), ask->words[0], &note);
}

// --- through a running server

static Err answered(Cx *cx, const ClientReply *reply, int wanted)
{
    if (reply->status == wanted) return ERR_OK;
    Err kind = reply->status == 404   ? ERR_MISSING
               : reply->status == 409 ? ERR_CONFLICT
               : reply->status >= 500 ? ERR_STORE
                                      : ERR_INPUT;
    return err_set(cx, kind, "the server answered %d: " SLICE_FMT, reply->status,
                   SLICE_ARG(slice_sub(reply->body, 0, 400)));
}

static Err list_there(Cx *cx, Client *client, const Ask *ask)
{
    (void)ask;
    ClientReply reply;
    TRY(client_ask(cx, client, "GET", ADDRESS, NULL, SLICE(""), &reply));
    TRY(answered(cx, &reply, 200));
    return put(cx, reply.body);
}

static Err add_there(Cx *cx, Client *client, const Ask *ask)
{
    static const char *const headers[] = {"Content-Type: application/json", NULL};
    JsonOut out = json_out_open(cx, LIMIT_FIELD_BYTES * 4);
    Slice body;
    ClientReply reply;
    json_out_object(&out);
    json_out_pair(&out, "vkey", ask->words[0]);
    json_out_pair(&out, "url", ask->words[1]);
    json_out_end_object(&out);
    TRY(json_out_done(cx, &out, &body));
    TRY(client_ask(cx, client, "POST", ADDRESS, headers, body, &reply));
    return answered(cx, &reply, 201);
}

// Names have slashes: every byte but letters and digits is spelt out.
static Err remove_there(Cx *cx, Client *client, const Ask *ask)
{
    Text target = text_open(cx, LIMIT_FIELD_BYTES);
    Slice name = ask->words[0], path;
    const char *text = NULL;
    ClientReply reply;
    text_add(&target, SLICE(ADDRESS "/"));
    for (size_t i = 0; i < name.size; i++)
        text_printf(&target, "%%%02X", (unsigned int)(uint8_t)name.data[i]);
    TRY(text_done(cx, &target, &path));
    TRY(cx_cstr(cx, path, &text));
    TRY(client_ask(cx, client, "DELETE", text, NULL, SLICE(""), &reply));
    return answered(cx, &reply, 204);
}

static const struct {
    const char *verb;
    int words; // after it
    bool write;
    Err (*here)(Cx *cx, Flow *flow, const Ask *ask);
    Err (*there)(Cx *cx, Client *client, const Ask *ask);
} verbs[] = {{"list", 0, false, list_here, list_there},
             {"add", 2, true, add_here, add_there},
             {"remove", 1, true, remove_here, remove_there}};

static Err run(Cx *cx, size_t verb, const Ask *ask)
{
    Flow *flow = NULL;
    Client *client = NULL;
    // A server knows more than the rows: what it is asked now.
    Err err = client_open(cx, ask->data, &client);
    if (err == ERR_OK) {
        err = verbs[verb].there(cx, client, ask);
        client_close(client);
        return err;
    }
    // Not with watch_opening: that a folder may write at once is for who writes in it to find. One
    // that was a mirror must wait for the witnesses that it is given here.
    const FlowOptions options = {
        .store = {.folder = ask->data, .key_file = ask->key_file, .write = verbs[verb].write},
        .no_reading = true,
        .promotes = true};
    TRY(flow_open(cx, &options, &flow));
    err = verbs[verb].here(cx, flow, ask);
    flow_close(flow);
    return err;
}

int cli_watch(int argc, char **argv)
{
    Ask ask = {};
    const CliFlag flags[] = {{"--data", &ask.data, NULL}, {"--key-file", &ask.key_file, NULL}};
    bool good = cli_flags_take(&argc, argv, flags, sizeof flags / sizeof *flags) &&
                ask.data != NULL && argc >= 2;
    size_t verb = 0, count = sizeof verbs / sizeof *verbs;
    while (good && verb < count && strcmp(verbs[verb].verb, argv[1]) != 0)
        verb++;
    if (!good || verb == count || argc - 2 != verbs[verb].words)
        return cli_flags_usage("fapiao ledger witness list|add VKEY URL|remove NAME --data DIR "
                               "[--key-file FILE]");
    for (int i = 2; i < argc; i++)
        ask.words[i - 2] = slice_of(argv[i]);
    Cx cx;
    cx_init(&cx, world_real(), LIMIT_REQUEST_ARENA);
    Err err = run(&cx, verb, &ask);
    if (err != ERR_OK) cli_say_error(&cx);
    cx_done(&cx);
    return err == ERR_OK ? CLI_EXIT_OK : CLI_EXIT_FAIL;
}
