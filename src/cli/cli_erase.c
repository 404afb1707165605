#include "cli/cli_erase.h"

#include <stdio.h>
#include <string.h>

#include "base/limits.h"
#include "cli/cli_flags.h"
#include "cli/cli_say.h"
#include "cli/client.h"
#include "format/json/json_in.h"
#include "format/json/json_out.h"

#define ERASURES "/api/v1/erasures"
#define USAGE                                                                                      \
    "fapiao erase ask REFERENCE --reason court_order|personal_data|retention_over|wrong_upload | " \
    "list | confirm ID | refuse ID (--data DIR, of a running server)"

static Err send(Cx *cx, Client *client, const char *method, const char *target, Slice body)
{
    static const char *const headers[] = {"Content-Type: application/json", NULL};
    ClientReply reply;
    TRY(client_ask(cx, client, method, target, headers, body, &reply));
    if (reply.status >= 300) {
        JsonIn *in = NULL;
        Slice why = slice_sub(reply.body, 0, 400);
        if (json_in_open(cx, reply.body, &in) == ERR_OK)
            why = json_in_string(json_in_get(json_in_root(in), "detail_en"));
        json_in_close(in);
        return err_set(cx, ERR_CONFLICT, SLICE_FMT, SLICE_ARG(why));
    }
    if (printf(SLICE_FMT "\n", SLICE_ARG(reply.body)) >= 0 && fflush(stdout) == 0) return ERR_OK;
    return err_set(cx, ERR_STORE, "cannot write");
}

static Err ask(Cx *cx, Client *client, const char *reference, const char *reason)
{
    Slice body;
    JsonOut out = json_out_open(cx, LIMIT_FIELD_BYTES);
    json_out_object(&out);
    json_out_pair(&out, "reference", slice_of(reference));
    json_out_pair(&out, "reason", slice_of(reason));
    json_out_end_object(&out);
    TRY(json_out_done(cx, &out, &body));
    return send(cx, client, "POST", ERASURES, body);
}

// An id is hexadecimal: nothing else goes into the address.
static Err decide(Cx *cx, Client *client, const char *id, const char *what)
{
    if (id[strspn(id, "0123456789abcdef")] != '\0')
        return err_set(cx, ERR_INPUT, "'%s' is no id; see fapiao erase list", id);
    return send(cx, client, "POST", cx_printf(cx, ERASURES "/%s/%s", id, what).data, SLICE(""));
}

static Err run(Cx *cx, const char *data, char **words, const char *reason)
{
    Client *client = NULL;
    TRY(client_open(cx, data, &client));
    Err err = strcmp(words[0], "list") == 0      ? send(cx, client, "GET", ERASURES, SLICE(""))
              : strcmp(words[0], "ask") == 0     ? ask(cx, client, words[1], reason)
              : strcmp(words[0], "confirm") == 0 ? decide(cx, client, words[1], "confirmation")
                                                 : decide(cx, client, words[1], "refusal");
    client_close(client);
    return err;
}

int cli_erase(int argc, char **argv)
{
    static const struct {
        const char *verb;
        int words;
        bool reason;
    } verbs[] = {{"ask", 3, true}, {"list", 2, false}, {"confirm", 3, false}, {"refuse", 3, false}};
    const char *data = NULL, *reason = NULL;
    const CliFlag flags[] = {{"--data", &data, NULL}, {"--reason", &reason, NULL}};
    bool good = cli_flags_take(&argc, argv, flags, sizeof flags / sizeof *flags) && data != NULL &&
                argc >= 2;
    bool known = false;
    for (size_t i = 0; good && i < sizeof verbs / sizeof *verbs; i++)
        known = known || (strcmp(verbs[i].verb, argv[1]) == 0 && argc == verbs[i].words &&
                          (reason != NULL) == verbs[i].reason);
    if (!known) return cli_flags_usage(USAGE);
    Cx cx;
    cx_init(&cx, world_real(), LIMIT_REQUEST_ARENA);
    Err err = run(&cx, data, argv + 1, reason);
    if (err != ERR_OK) cli_say_error(&cx);
    cx_done(&cx);
    return err == ERR_OK ? CLI_EXIT_OK : CLI_EXIT_FAIL;
}
