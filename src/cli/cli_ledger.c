#include "cli/cli_ledger.h"

#include <stdio.h>

#include "base/limits.h"
#include "cli/cli_flags.h"
#include "cli/cli_say.h"
#include "cli/cli_watch.h"
#include "desk/running/ledger/ledger_export.h"
#include "desk/running/ledger/ledger_view.h"

typedef struct Ask {
    const char *data, *key_file, *out;
} Ask;

static Err put(Cx *cx, Slice text)
{
    if (fwrite(text.data, 1, text.size, stdout) == text.size && fflush(stdout) == 0) return ERR_OK;
    return err_set(cx, ERR_STORE, "cannot write");
}

static Err print_vkey(Cx *cx, Log *log, Db *db, const Ask *ask)
{
    (void)db, (void)ask;
    Slice lines;
    TRY(ledger_view_keys(cx, log, &lines));
    return put(cx, lines);
}

static Err print_head(Cx *cx, Log *log, Db *db, const Ask *ask)
{
    (void)ask;
    Slice note;
    TRY(ledger_view_checkpoint(cx, log, db, &note));
    return put(cx, note);
}

static void say_progress(void *self, uint64_t done, uint64_t all)
{
    uint64_t *told = self;
    if (done * 100 / all == *told) return;
    *told = done * 100 / all;
    (void)fprintf(stderr, "fapiao: %llu / %llu\n", (unsigned long long)done,
                  (unsigned long long)all);
}

static Err export_log(Cx *cx, Log *log, Db *db, const Ask *ask)
{
    uint64_t told = 0;
    LedgerExported exported;
    const LedgerExport options = {.out = ask->out, .progress = say_progress, .self = &told};
    TRY(ledger_export_run(cx, log, db, &options, &exported));
    (void)fprintf(stderr, "fapiao: 条目 entries %llu, 新写文件 files written %llu: %s\n",
                  (unsigned long long)exported.size, (unsigned long long)exported.written,
                  ask->out);
    return ERR_OK;
}

static const struct {
    const char *verb;
    Err (*run)(Cx *cx, Log *log, Db *db, const Ask *ask);
    bool out; // it wants --out
} verbs[] = {
    {"vkey", print_vkey, false}, {"head", print_head, false}, {"export", export_log, true}};

static Err run(Cx *cx, size_t verb, const Ask *ask)
{
    Flow *flow = NULL;
    Db *db = NULL;
    const FlowOptions options = {.store = {.folder = ask->data, .key_file = ask->key_file}};
    TRY(flow_open(cx, &options, &flow));
    Err err = ERR_OK;
    if (flow_log(flow) == NULL) err = err_set(cx, ERR_MISSING, "'%s' has no ledger yet", ask->data);
    if (err == ERR_OK) err = store_take(cx, flow_store(flow), &db);
    if (err == ERR_OK) {
        err = verbs[verb].run(cx, flow_log(flow), db, ask);
        store_give(flow_store(flow), db);
    }
    flow_close(flow);
    return err;
}

int cli_ledger(int argc, char **argv)
{
    if (argc > 1 && strcmp(argv[1], "witness") == 0) return cli_watch(argc - 1, argv + 1);
    Ask ask = {};
    const CliFlag flags[] = {{"--data", &ask.data, NULL},
                             {"--key-file", &ask.key_file, NULL},
                             {"--out", &ask.out, NULL}};
    bool good = cli_flags_take(&argc, argv, flags, sizeof flags / sizeof *flags) &&
                ask.data != NULL && argc == 2;
    size_t verb = 0, count = sizeof verbs / sizeof *verbs;
    while (good && verb < count && strcmp(verbs[verb].verb, argv[1]) != 0)
        verb++;
    if (!good || verb == count || verbs[verb].out != (ask.out != NULL))
        return cli_flags_usage("fapiao ledger vkey|head|export --data DIR [--key-file FILE] "
                               "[--out OUT (export)] | fapiao ledger witness …");
    Cx cx;
    cx_init(&cx, world_real(), LIMIT_JOB_ARENA);
    Err err = run(&cx, verb, &ask);
    if (err != ERR_OK) cli_say_error(&cx);
    cx_done(&cx);
    return err == ERR_OK ? CLI_EXIT_OK : CLI_EXIT_FAIL;
}
