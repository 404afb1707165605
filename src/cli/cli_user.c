#include "cli/cli_user.h"

#include <stdio.h>
#include <string.h>

#include "base/limits.h"
#include "base/text.h"
#include "cli/cli_flags.h"
#include "cli/cli_say.h"
#include "cli/client.h"
#include "crypto/token.h"
#include "flow/flow.h"
#include "format/json/json_in.h"
#include "format/json/json_out.h"
#include "http/http.h"

#define ACCOUNTS "/api/v1/accounts"
#define USAGE                                                                                      \
    "fapiao user add LOGIN [--role A,B] [--organisation ID] [--mail M] [--name N] "                \
    "[--password-stdin] | list | show LOGIN | disable LOGIN | enable LOGIN | delete LOGIN | "      \
    "password LOGIN [--password-stdin] | factor-reset LOGIN | roles LOGIN A,B|none | "             \
    "token LOGIN --name N --acts a,b --days D | setup-code | policy [NAME VALUE] | "               \
    "oidc [NAME VALUE | client_secret --password-stdin] "                                          \
    "(--data DIR [--key-file FILE])"

typedef struct Ask {
    const char *data, *key_file, *role, *organisation, *mail, *name, *acts, *days;
    bool from_stdin;
    const char *words[2]; // after the verb
    Slice password;       // of add and password
} Ask;

// ---- asking ----

// ACCOUNTS, "/", the name with every byte but letters and digits spelt out, and what is behind.
static Err target_of(Cx *cx, const Ask *ask, const char *behind, const char **ret_target)
{
    Text text = text_open(cx, LIMIT_FIELD_BYTES);
    Slice target;
    text_add(&text, SLICE(ACCOUNTS "/"));
    for (const char *c = ask->words[0]; *c != '\0'; c++)
        text_printf(&text, "%%%02X", (unsigned int)(uint8_t)*c);
    text_add(&text, slice_of(behind));
    TRY(text_done(cx, &text, &target));
    return cx_cstr(cx, target, ret_target);
}

static Err answered(Cx *cx, const ClientReply *reply)
{
    if (reply->status < 300) return ERR_OK;
    Err kind = reply->status == 404   ? ERR_MISSING
               : reply->status == 409 ? ERR_CONFLICT
               : reply->status >= 500 ? ERR_STORE
                                      : ERR_INPUT;
    JsonIn *in = NULL;
    Slice why = slice_sub(reply->body, 0, 400);
    if (json_in_open(cx, reply->body, &in) == ERR_OK)
        why = json_in_string(json_in_get(json_in_root(in), "detail_en"));
    json_in_close(in);
    return err_set(cx, kind, SLICE_FMT, SLICE_ARG(why));
}

static Err send(Cx *cx, Client *client, const char *method, const char *target, Slice body,
                Slice *ret_json)
{
    static const char *const headers[] = {"Content-Type: application/json", NULL};
    ClientReply reply;
    TRY(client_ask(cx, client, method, target, headers, body, &reply));
    TRY(answered(cx, &reply));
    *ret_json = reply.body;
    return ERR_OK;
}

// {"a":"b",…}; what is NULL is left out.
typedef struct Pair {
    const char *name, *value;
} Pair;
static Err body_of(Cx *cx, const Pair *pairs, size_t count, Slice *ret_body)
{
    JsonOut out = json_out_open(cx, LIMIT_FIELD_BYTES * 4);
    json_out_object(&out);
    for (size_t i = 0; i < count; i++)
        if (pairs[i].value != NULL) json_out_pair(&out, pairs[i].name, slice_of(pairs[i].value));
    json_out_end_object(&out);
    return json_out_done(cx, &out, ret_body);
}

static Err put(Cx *cx, Slice line)
{
    if (printf(SLICE_FMT "\n", SLICE_ARG(line)) >= 0 && fflush(stdout) == 0) return ERR_OK;
    return err_set(cx, ERR_STORE, "cannot write");
}

static Err put_member(Cx *cx, Slice json, const char *name)
{
    JsonIn *in = NULL;
    TRY(json_in_open(cx, json, &in));
    Slice value = json_in_string(json_in_get(json_in_root(in), name));
    json_in_close(in);
    return put(cx, value);
}

// ---- verbs ----

// One line of stdin; or one that is made here, and shown.
static Err take_password(Cx *cx, Ask *ask)
{
    char line[LIMIT_PASSWORD_BYTES + 2];
    if (!ask->from_stdin) {
        Token token = token_new(cx);
        ask->password = cx_printf(cx, "%.20s", token.text);
        (void)fprintf(stderr,
                      "fapiao: 密码，只显示这一次 password, shown this once: " SLICE_FMT "\n",
                      SLICE_ARG(ask->password));
        return ERR_OK;
    }
    if (fgets(line, sizeof line, stdin) == NULL)
        return err_set(cx, ERR_INPUT, "there is no password on stdin");
    line[strcspn(line, "\r\n")] = '\0';
    ask->password = cx_printf(cx, "%s", line);
    explicit_bzero(line, sizeof line);
    return ERR_OK;
}

static Err add(Cx *cx, Client *client, Ask *ask)
{
    Slice body, json;
    TRY(take_password(cx, ask));
    bool mail = strchr(ask->words[0], '@') != NULL;
    const Pair pairs[] = {{mail ? "mail" : "login", ask->words[0]},
                          {"mail", mail ? NULL : ask->mail},
                          {"name", ask->name},
                          {"roles", ask->role},
                          {"organisation", ask->organisation},
                          {"password", ask->password.data}};
    TRY(body_of(cx, pairs, sizeof pairs / sizeof *pairs, &body));
    TRY(send(cx, client, "POST", ACCOUNTS "/new", body, &json));
    return put(cx, json);
}

static Err list(Cx *cx, Client *client, Ask *ask)
{
    Slice json, cursor = SLICE("");
    (void)ask;
    do {
        const char *target = cx_printf(cx, ACCOUNTS "?cursor=" SLICE_FMT, SLICE_ARG(cursor)).data;
        JsonIn *in = NULL;
        TRY(send(cx, client, "GET", target, SLICE(""), &json));
        TRY(put(cx, json));
        TRY(json_in_open(cx, json, &in));
        cursor = json_in_string(json_in_get(json_in_root(in), "next_cursor"));
        json_in_close(in);
    } while (cursor.size > 0);
    return ERR_OK;
}

// Asks for something of one account, and prints it as it is then.
static Err of_one(Cx *cx, Client *client, const Ask *ask, const char *method, const char *behind,
                  const Pair *pair)
{
    const char *target = NULL;
    Slice body = SLICE(""), json;
    TRY(target_of(cx, ask, behind, &target));
    if (pair != NULL) TRY(body_of(cx, pair, 1, &body));
    TRY(send(cx, client, method, target, body, &json));
    return put(cx, json);
}

static Err show(Cx *cx, Client *client, Ask *ask)
{
    return of_one(cx, client, ask, "GET", "", NULL);
}
static Err disable(Cx *cx, Client *client, Ask *ask)
{
    return of_one(cx, client, ask, "PATCH", "", &(Pair){"state", "disabled"});
}
static Err enable(Cx *cx, Client *client, Ask *ask)
{
    return of_one(cx, client, ask, "PATCH", "", &(Pair){"state", "active"});
}
static Err delete (Cx *cx, Client *client, Ask *ask)
{
    return of_one(cx, client, ask, "PATCH", "", &(Pair){"state", "deleted"});
}
static Err password(Cx *cx, Client *client, Ask *ask)
{
    TRY(take_password(cx, ask));
    return of_one(cx, client, ask, "PATCH", "", &(Pair){"password", ask->password.data});
}
static Err factor_reset(Cx *cx, Client *client, Ask *ask)
{
    return of_one(cx, client, ask, "DELETE", "/factor", NULL);
}
static Err roles(Cx *cx, Client *client, Ask *ask)
{
    bool none = strcmp(ask->words[1], "none") == 0;
    return of_one(cx, client, ask, "POST", "/roles", &(Pair){"roles", none ? "" : ask->words[1]});
}

static Err token(Cx *cx, Client *client, Ask *ask)
{
    const char *target = NULL;
    Slice body, json;
    const Pair pairs[] = {{"name", ask->name}, {"acts", ask->acts}, {"days", ask->days}};
    TRY(target_of(cx, ask, "/tokens", &target));
    TRY(body_of(cx, pairs, 3, &body));
    TRY(send(cx, client, "POST", target, body, &json));
    return put_member(cx, json, "token");
}

static Err setup_code(Cx *cx, Client *client, Ask *ask)
{
    Slice json;
    (void)ask;
    TRY(send(cx, client, "POST", "/api/v1/setup/code", SLICE("{}"), &json));
    return put_member(cx, json, "code");
}

static Err policy(Cx *cx, Client *client, Ask *ask)
{
    Slice body, json;
    if (ask->words[0] == NULL) {
        TRY(send(cx, client, "GET", "/api/v1/policy", SLICE(""), &json));
        return put(cx, json);
    }
    if (ask->words[1] == NULL) return err_set(cx, ERR_INPUT, "%s: which value?", ask->words[0]);
    TRY(body_of(cx, &(Pair){ask->words[0], ask->words[1]}, 1, &body));
    TRY(send(cx, client, "PATCH", "/api/v1/policy", body, &json));
    return put(cx, json);
}

// The secret comes by stdin, so that no list of processes shows it.
static Err oidc(Cx *cx, Client *client, Ask *ask)
{
    static const char *const target = "/api/v1/oidc/settings";
    const char *value = ask->words[1];
    Slice body, json;
    if (ask->words[0] == NULL) {
        TRY(send(cx, client, "GET", target, SLICE(""), &json));
        return put(cx, json);
    }
    if (value == NULL && ask->from_stdin) {
        TRY(take_password(cx, ask));
        TRY(cx_cstr(cx, ask->password, &value));
    }
    if (value == NULL) return err_set(cx, ERR_INPUT, "%s: which value?", ask->words[0]);
    TRY(body_of(cx, &(Pair){ask->words[0], value}, 1, &body));
    TRY(send(cx, client, "PATCH", target, body, &json));
    return put(cx, json);
}

static const struct {
    const char *verb;
    int least, most; // words after it
    Err (*run)(Cx *cx, Client *client, Ask *ask);
} verbs[] = {{"add", 1, 1, add},           {"list", 0, 0, list},
             {"show", 1, 1, show},         {"disable", 1, 1, disable},
             {"enable", 1, 1, enable},     {"delete", 1, 1, delete},
             {"password", 1, 1, password}, {"factor-reset", 1, 1, factor_reset},
             {"roles", 2, 2, roles},       {"token", 1, 1, token},
             {"policy", 0, 2, policy},     {"setup-code", 0, 0, setup_code},
             {"oidc", 0, 2, oidc}};

// Without a server the folder's socket is served for as long as the command runs: there is one way
// by which accounts are changed, and one who may.
static Err serve_and_run(Cx *cx, size_t verb, Ask *ask)
{
    const FlowOptions options = {
        .store = {.folder = ask->data, .key_file = ask->key_file, .write = true},
        .no_reading = true};
    Flow *flow = NULL;
    Http *http = NULL;
    Client *client = NULL;
    TRY(flow_open(cx, &options, &flow));
    const HttpOptions http_options = {.flow = flow, .folder = ask->data, .threads = 1};
    Err err = http_open(cx, &http_options, &http);
    if (err == ERR_OK) {
        err = client_open(cx, ask->data, &client);
        if (err == ERR_OK) err = verbs[verb].run(cx, client, ask);
        client_close(client);
        http_stop(http);
    }
    flow_close(flow);
    http_close(http);
    return err;
}

static Err run(Cx *cx, size_t verb, Ask *ask)
{
    Client *client = NULL;
    Err err = client_open(cx, ask->data, &client);
    if (err != ERR_OK) return serve_and_run(cx, verb, ask);
    err = verbs[verb].run(cx, client, ask);
    client_close(client);
    return err;
}

int cli_user(int argc, char **argv)
{
    Ask ask = {};
    const CliFlag flags[] = {{"--data", &ask.data, NULL},
                             {"--key-file", &ask.key_file, NULL},
                             {"--role", &ask.role, NULL},
                             {"--organisation", &ask.organisation, NULL},
                             {"--mail", &ask.mail, NULL},
                             {"--name", &ask.name, NULL},
                             {"--acts", &ask.acts, NULL},
                             {"--days", &ask.days, NULL},
                             {"--password-stdin", NULL, &ask.from_stdin}};
    bool good = cli_flags_take(&argc, argv, flags, sizeof flags / sizeof *flags) &&
                ask.data != NULL && argc >= 2;
    size_t verb = 0, count = sizeof verbs / sizeof *verbs;
    while (good && verb < count && strcmp(verbs[verb].verb, argv[1]) != 0)
        verb++;
    if (!good || verb == count || argc - 2 < verbs[verb].least || argc - 2 > verbs[verb].most)
        return cli_flags_usage(USAGE);
    for (int i = 2; i < argc; i++)
        ask.words[i - 2] = argv[i];
    Cx cx;
    cx_init(&cx, world_real(), LIMIT_REQUEST_ARENA);
    Err err = run(&cx, verb, &ask);
    if (err != ERR_OK) cli_say_error(&cx);
    cx_done(&cx);
    return err == ERR_OK ? CLI_EXIT_OK : CLI_EXIT_FAIL;
}
