#include "cli/cli_retry.h"

#include <pthread.h>
#include <stdio.h>

#include "base/limits.h"
#include "cli/cli_flags.h"
#include "cli/cli_say.h"
#include "cli/cli_tenant.h"
#include "cli/client.h"
#include "desk/invoice/document/document.h"
#include "desk/invoice/document/document_print.h"
#include "desk/running/watch/watch_command.h"

#define WAIT_MS UINT64_C(120'000)

typedef struct Waiting {
    pthread_mutex_t lock;
    pthread_cond_t done;
    bool decided;
    Err err;
    char err_text[256];
} Waiting;

static void on_decided(void *self, const Progress *progress)
{
    Waiting *waiting = self;
    (void)pthread_mutex_lock(&waiting->lock);
    waiting->decided = true;
    waiting->err = progress->outcome.err;
    memcpy(waiting->err_text, progress->outcome.err_text, sizeof waiting->err_text);
    (void)pthread_cond_signal(&waiting->done);
    (void)pthread_mutex_unlock(&waiting->lock);
}

static Err print_view(Cx *cx, const DocumentView *view, Slice *ret_line, bool *ret_good)
{
    *ret_good = view->state != DOC_QUARANTINED && view->state != DOC_RECEIVED;
    return document_print_import(cx, view->file_name, view, ret_line);
}

static Err view_line(Cx *cx, Flow *flow, Slice tenant, Slice reference, Slice *ret_line,
                     bool *ret_good)
{
    Db *db = NULL;
    DocumentView view;
    TRY(store_take(cx, flow_store(flow), &db));
    Err err = document_find(cx, db, tenant, reference, &view);
    store_give(flow_store(flow), db);
    if (err != ERR_OK) return err;
    return print_view(cx, &view, ret_line, ret_good);
}

static Err retry_here(Cx *cx, Flow *flow, Slice tenant, Slice reference, Slice *ret_line,
                      bool *ret_good)
{
    Waiting waiting = {.lock = PTHREAD_MUTEX_INITIALIZER, .done = PTHREAD_COND_INITIALIZER};
    TRY(flow_retry(cx, flow, tenant, SLICE("local"), reference, on_decided, &waiting));
    (void)pthread_mutex_lock(&waiting.lock);
    while (!waiting.decided)
        (void)pthread_cond_wait(&waiting.done, &waiting.lock);
    (void)pthread_mutex_unlock(&waiting.lock);
    if (waiting.err != ERR_OK) return err_set(cx, waiting.err, "%s", waiting.err_text);
    return view_line(cx, flow, tenant, reference, ret_line, ret_good);
}

static Err retry_there(Cx *cx, Client *client, Slice reference, Slice *ret_line, bool *ret_good)
{
    ClientReply reply;
    Slice document;
    const char *target =
        cx_printf(cx, "/api/v1/documents/" SLICE_FMT "/retry?wait=outcome", SLICE_ARG(reference))
            .data;
    TRY(client_ask(cx, client, "POST", target, NULL, SLICE(""), &reply));
    if (reply.status == 404)
        return err_set(cx, ERR_MISSING, "there is no document '" SLICE_FMT "'",
                       SLICE_ARG(reference));
    if (reply.status != 202) return err_set(cx, ERR_STORE, "the server answered %d", reply.status);
    TRY(client_document(cx, client, reference, WAIT_MS, &document));
    DocumentView view;
    TRY(client_view(cx, document, &view));
    return print_view(cx, &view, ret_line, ret_good);
}

static int retry_all(Cx *cx, Flow *flow, Client *client, Slice tenant, int argc, char **argv)
{
    int exit_code = CLI_EXIT_OK;
    for (int i = 1; i < argc; i++) {
        Slice line = SLICE(""), reference = slice_of(argv[i]);
        bool good = false;
        Err err = flow != NULL ? retry_here(cx, flow, tenant, reference, &line, &good)
                               : retry_there(cx, client, reference, &line, &good);
        if (err != ERR_OK) {
            (void)fprintf(stderr, "fapiao: %s: %s\n", argv[i], cx->err_text);
            if (exit_code == CLI_EXIT_OK) exit_code = CLI_EXIT_FAIL;
            continue;
        }
        (void)printf(SLICE_FMT "\n", SLICE_ARG(line));
        (void)fflush(stdout);
        if (!good) exit_code = 3;
    }
    return exit_code;
}

int cli_retry(int argc, char **argv)
{
    const char *data = NULL, *key_file = NULL, *trust = NULL, *organisation = NULL;
    const CliFlag flags[] = {{"--data", &data, NULL},
                             {"--key-file", &key_file, NULL},
                             {"--organisation", &organisation, NULL},
                             {"--trust", &trust, NULL}};
    if (!cli_flags_take(&argc, argv, flags, sizeof flags / sizeof *flags) || data == NULL ||
        argc < 2)
        return cli_flags_usage("fapiao retry --data DIR [--key-file FILE] [--organisation ID] "
                               "[--trust DIR] REFERENCE…");
    const FlowOptions options = {.store = {.folder = data, .key_file = key_file, .write = true},
                                 .sandbox = {.trust_dir = trust}};
    Cx cx;
    cx_init(&cx, world_real(), LIMIT_JOB_ARENA);
    Flow *flow = NULL;
    Client *client = NULL;
    Watch *watch = NULL;
    Err err = watch_command_open(&cx, &options, &flow, &watch);
    if (err == ERR_CONFLICT) err = client_open(&cx, data, &client);
    Slice tenant = SLICE("");
    if (err == ERR_OK)
        err = cli_tenant(&cx, flow == NULL ? NULL : flow_store(flow), &options.store, organisation,
                         &tenant);
    if (err == ERR_OK && client != NULL && organisation != NULL)
        client_organisation(client, tenant);
    int exit_code = CLI_EXIT_FAIL;
    if (err == ERR_OK)
        exit_code = retry_all(&cx, flow, client, tenant, argc, argv);
    else
        cli_say_error(&cx);
    client_close(client);
    watch_command_close(flow, watch);
    cx_done(&cx);
    return exit_code;
}
