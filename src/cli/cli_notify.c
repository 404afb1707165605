#include "cli/cli_notify.h"

#include <stdio.h>

#include "base/base64.h"
#include "base/limits.h"
#include "cli/cli_audited.h"
#include "cli/cli_flags.h"
#include "cli/cli_say.h"
#include "cli/client.h"
#include "desk/people/notify/notify_view.h"
#include "flow/flow.h"
#include "format/json/json_in.h"
#include "format/json/json_out.h"

#define ADDRESS   "/api/v1/notifications"
#define WORDS_MAX (2 * NOTIFY_SETTING_COUNT)

// What was asked for: the words after the verb.
typedef struct Ask {
    const char *data, *key_file;
    Slice words[WORDS_MAX];
    size_t count;
} Ask;

static Err put(Cx *cx, Slice text)
{
    if (printf(SLICE_FMT, SLICE_ARG(text)) >= 0 && fflush(stdout) == 0) return ERR_OK;
    return err_set(cx, ERR_STORE, "cannot write");
}

// ---- looking: in the folder itself, beside a server as well

static Err list(Cx *cx, Store *store, Db *db, const Ask *ask)
{
    NotifyRow *rows = NULL;
    size_t count = 0;
    TRY(notify_list(cx, store, db, NULL, ask->count > 0 ? ask->words[0] : SLICE(""), SLICE(""),
                    LIMIT_NOTIFY_PAGE, &rows, &count));
    for (size_t i = 0; i < count; i++) {
        Slice json;
        TRY(notify_view_print(cx, &rows[i], true, &json));
        TRY(put(cx, cx_printf(cx, SLICE_FMT "\n", SLICE_ARG(json))));
    }
    return ERR_OK;
}

static Err show(Cx *cx, Store *store, Db *db, const Ask *ask)
{
    NotifyRow row;
    Slice text;
    TRY(notify_find(cx, store, db, ask->words[0], &row));
    TRY(notify_view_text(cx, &row, &text));
    return put(cx, text);
}

static Err settings(Cx *cx, Store *store, Db *db, const Ask *ask)
{
    NotifySettings set;
    (void)ask;
    TRY(notify_setting_read(cx, store, db, &set));
    for (int i = 0; i < NOTIFY_SETTING_COUNT; i++) {
        NotifySettingId id = (NotifySettingId)i;
        if (set.values[i].size == 0) continue;
        Slice value = notify_setting_secret(id) ? SLICE("(设了 set)") : set.values[i];
        TRY(put(cx,
                cx_printf(cx, "%s " SLICE_FMT "\n", notify_setting_name(id), SLICE_ARG(value))));
    }
    return ERR_OK;
}

typedef Err Look(Cx *cx, Store *store, Db *db, const Ask *ask);

static Err look_at(Cx *cx, const Ask *ask, Look *look)
{
    Store *store = NULL;
    Db *db = NULL;
    const StoreOptions options = {.folder = ask->data, .key_file = ask->key_file};
    TRY(store_open(cx, &options, &store));
    Err err = store_take(cx, store, &db);
    if (err == ERR_OK) {
        err = look(cx, store, db, ask);
        store_give(store, db);
    }
    store_close(store);
    return err;
}

// ---- changing: without a server

static Err retry_here(Cx *cx, Flow *flow, const Ask *ask)
{
    return notify_retry(cx, flow_committer(flow), ask->words[0]);
}

static Err say_id(Cx *cx, Slice id)
{
    return put(cx, cx_printf(cx, SLICE_FMT "\n", SLICE_ARG(id)));
}

static Err test_here(Cx *cx, Flow *flow, const Ask *ask)
{
    uint8_t id[COMMIT_ID_SIZE];
    TRY(notify_test_message(cx, flow_store(flow), flow_committer(flow), SLICE("local"),
                            ask->words[0], ask->words[1], SLICE("zh"), id));
    (void)fprintf(stderr, "fapiao: 服务器没有运行，消息等到下次启动再发。"
                          "No server runs: it is sent when one does.\n");
    return say_id(cx, base64_hex(cx, (Slice){(const char *)id, sizeof id}));
}

static Err set_here(Cx *cx, Flow *flow, const Ask *ask)
{
    NotifySet sets[NOTIFY_SETTING_COUNT];
    for (size_t i = 0; i < ask->count / 2; i++)
        sets[i] = (NotifySet){ask->words[2 * i], ask->words[2 * i + 1]};
    // The first name alone: among the values there are secrets.
    AuditNote note = cli_audited_note("setting.change", "setting", ask->words[0]);
    return notify_setting_set(cx, flow_store(flow), flow_committer(flow), sets, ask->count / 2,
                              &note);
}

// ---- changing: through a running server

static Err ask_server(Cx *cx, Client *client, const char *target, Slice body, Slice *ret_answer)
{
    static const char *const headers[] = {"Content-Type: application/json", NULL};
    ClientReply reply;
    TRY(client_ask(cx, client, "POST", target, headers, body, &reply));
    *ret_answer = reply.body;
    if (reply.status >= 200 && reply.status < 300) return ERR_OK;
    Err kind = reply.status == 404   ? ERR_MISSING
               : reply.status == 409 ? ERR_CONFLICT
               : reply.status >= 500 ? ERR_STORE
                                     : ERR_INPUT;
    return err_set(cx, kind, "the server answered %d: " SLICE_FMT, reply.status,
                   SLICE_ARG(slice_sub(reply.body, 0, 400)));
}

static Err retry_there(Cx *cx, Client *client, const Ask *ask)
{
    uint8_t id[COMMIT_ID_SIZE];
    Slice answer;
    TRY(base64_unhex(cx, ask->words[0], id, sizeof id)); // so that nothing else is in the address
    const char *target =
        cx_printf(cx, ADDRESS "/" SLICE_FMT "/retry", SLICE_ARG(ask->words[0])).data;
    return ask_server(cx, client, target, SLICE(""), &answer);
}

static Err test_there(Cx *cx, Client *client, const Ask *ask)
{
    JsonOut out = json_out_open(cx, LIMIT_FIELD_BYTES * 8);
    Slice body, answer;
    json_out_object(&out);
    json_out_pair(&out, "channel", ask->words[0]);
    json_out_pair(&out, "to", ask->words[1]);
    json_out_end_object(&out);
    TRY(json_out_done(cx, &out, &body));
    TRY(ask_server(cx, client, ADDRESS, body, &answer));
    JsonIn *in = NULL;
    TRY(json_in_open(cx, answer, &in));
    Slice id = json_in_string(json_in_get(json_in_root(in), "id"));
    json_in_close(in);
    return say_id(cx, id);
}

static Err set_there(Cx *cx, Client *client, const Ask *ask)
{
    JsonOut out = json_out_open(cx, NOTIFY_SETTING_COUNT * (8 * LIMIT_NOTIFY_SETTING));
    Slice body, answer;
    json_out_object(&out);
    json_out_key(&out, SLICE("items"));
    json_out_array(&out);
    for (size_t i = 0; i + 1 < ask->count; i += 2) {
        json_out_object(&out);
        json_out_pair(&out, "name", ask->words[i]);
        json_out_pair(&out, "value", ask->words[i + 1]);
        json_out_end_object(&out);
    }
    json_out_end_array(&out);
    json_out_end_object(&out);
    TRY(json_out_done(cx, &out, &body));
    return ask_server(cx, client, ADDRESS "/settings", body, &answer);
}

static const struct {
    const char *verb;
    size_t words_min, words_max;
    Look *look; // or else
    Err (*here)(Cx *cx, Flow *flow, const Ask *ask);
    Err (*there)(Cx *cx, Client *client, const Ask *ask);
} verbs[] = {{"list", 0, 1, list, NULL, NULL},
             {"show", 1, 1, show, NULL, NULL},
             {"settings", 0, 0, settings, NULL, NULL},
             {"retry", 1, 1, NULL, retry_here, retry_there},
             {"test", 2, 2, NULL, test_here, test_there},
             {"set", 2, WORDS_MAX, NULL, set_here, set_there}};

static Err change(Cx *cx, size_t verb, const Ask *ask)
{
    Flow *flow = NULL;
    Client *client = NULL;
    if (client_open(cx, ask->data, &client) == ERR_OK) {
        Err err = verbs[verb].there(cx, client, ask);
        client_close(client);
        return err;
    }
    const FlowOptions options = {
        .store = {.folder = ask->data, .key_file = ask->key_file, .write = true},
        .no_reading = true};
    TRY(flow_open(cx, &options, &flow));
    Err err = verbs[verb].here(cx, flow, ask);
    flow_close(flow);
    return err;
}

// A secret on a command line can be seen by everybody on the machine: "-" takes it from elsewhere.
static bool take_words(Cx *cx, Ask *ask, bool pairs, int argc, char **argv)
{
    for (int i = 0; i < argc; i++) {
        Slice word = slice_of(argv[i]);
        if (pairs && i % 2 == 1 && slice_equal(word, SLICE("-"))) {
            char *line = arena_alloc(&cx->arena, LIMIT_NOTIFY_SETTING + 2);
            if (fgets(line, (int)LIMIT_NOTIFY_SETTING + 2, stdin) == NULL) return false;
            line[strcspn(line, "\n")] = '\0';
            word = slice_of(line);
        }
        ask->words[ask->count++] = word;
    }
    return !pairs || ask->count % 2 == 0;
}

int cli_notify(int argc, char **argv)
{
    Ask ask = {};
    const CliFlag flags[] = {{"--data", &ask.data, NULL}, {"--key-file", &ask.key_file, NULL}};
    Cx cx;
    cx_init(&cx, world_real(), LIMIT_REQUEST_ARENA);
    bool good = cli_flags_take(&argc, argv, flags, sizeof flags / sizeof *flags) &&
                ask.data != NULL && argc >= 2;
    size_t verb = 0, count = sizeof verbs / sizeof *verbs;
    while (good && verb < count && strcmp(verbs[verb].verb, argv[1]) != 0)
        verb++;
    good = good && verb < count && (size_t)argc - 2 >= verbs[verb].words_min &&
           (size_t)argc - 2 <= verbs[verb].words_max &&
           take_words(&cx, &ask, verbs[verb].words_max == WORDS_MAX, argc - 2, argv + 2);
    if (!good) {
        cx_done(&cx);
        return cli_flags_usage("fapiao notify list [STATE]|show ID|retry ID|test CHANNEL TO|"
                               "set NAME VALUE…|settings --data DIR [--key-file FILE]");
    }
    Err err =
        verbs[verb].look != NULL ? look_at(&cx, &ask, verbs[verb].look) : change(&cx, verb, &ask);
    if (err != ERR_OK) cli_say_error(&cx);
    cx_done(&cx);
    return err == ERR_OK ? CLI_EXIT_OK : CLI_EXIT_FAIL;
}
