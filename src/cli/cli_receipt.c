#include "cli/cli_receipt.h"

#include <stdio.h>
#include <unistd.h>

#include "base/limits.h"
#include "cli/cli_flags.h"
#include "cli/cli_say.h"
#include "cli/cli_tenant.h"
#include "desk/invoice/receipt/receipt.h"
#include "desk/running/watch/watch_view.h"

#define WAIT_S   2 // when not said
#define WAIT_MAX 3600
#define PAUSE_US 50'000

typedef struct Ask {
    FlowOptions flow;
    const char *organisation;
    Slice tenant, reference, which;
    ReceiptKind kind;
    uint64_t wait_s;
} Ask;

static Err no_ledger(Cx *cx, const Ask *ask)
{
    return err_set(cx, ERR_MISSING,
                   "'%s' 还没有账本；用这个版本打开一次就会建立 has no ledger yet; opening it once "
                   "with this version makes it",
                   ask->flow.store.folder);
}

// Whether its receipt can be given: a checkpoint covers the event, and as many witnesses as are
// needed have signed it. These are not waited for in the last try.
static Err look(Cx *cx, Log *log, Db *db, const LogEvent *event, bool last, bool *ret_ready)
{
    LogHead head;
    WatchBrief watch;
    TRY(log_head(cx, log, db, &head));
    *ret_ready = head.size >= event->sequence;
    if (!*ret_ready || last) return ERR_OK;
    TRY(watch_view_brief(cx, db, &watch));
    TRY(log_head_over(cx, log, db, event->sequence - 1, watch.need, &head));
    *ret_ready = head.witnesses >= watch.need;
    return ERR_OK;
}

// A server beside us may sign the checkpoint any moment, its witnesses a moment later. Each try in
// an arena of its own.
static Err print_once(Cx *cx, Flow *flow, const Ask *ask, bool last, bool *ret_ready)
{
    Db *db = NULL;
    LogEvent event;
    Slice bytes = SLICE("");
    Log *log = flow_log(flow);
    TRY(store_take(cx, flow_store(flow), &db));
    Err err = receipt_find(cx, log, db, ask->tenant, ask->reference, ask->which, &event);
    *ret_ready = ask->kind.form == RECEIPT_PROMISE;
    if (err == ERR_OK && !*ret_ready) err = look(cx, log, db, &event, last, ret_ready);
    if (err == ERR_OK && *ret_ready) err = receipt_print(cx, log, db, &event, ask->kind, &bytes);
    store_give(flow_store(flow), db);
    TRY(err);
    if (fwrite(bytes.data, 1, bytes.size, stdout) != bytes.size || fflush(stdout) != 0)
        return err_set(cx, ERR_STORE, "cannot write");
    return ERR_OK;
}

static Err print(Cx *cx, Flow *flow, const Ask *ask)
{
    if (flow_log(flow) == NULL) return no_ledger(cx, ask);
    uint64_t end_ms = cx->world->steady_ms(cx->world->self) + ask->wait_s * 1000;
    for (bool last = false; !last;) {
        Cx own;
        bool ready = false;
        last = cx->world->steady_ms(cx->world->self) >= end_ms;
        cx_init(&own, cx->world, LIMIT_REQUEST_ARENA);
        Err err = print_once(&own, flow, ask, last, &ready);
        if (err != ERR_OK) err = err_set(cx, err, "%s", own.err_text);
        cx_done(&own);
        if (err != ERR_OK || ready) return err;
        if (!last) (void)usleep(PAUSE_US);
    }
    return err_set(cx, ERR_MISSING,
                   "'" SLICE_FMT "' 还没有检查点盖到它；服务运行时约一秒签一次，或先用 --promise "
                   "no checkpoint covers it yet: a running server signs one a second; --promise "
                   "needs none",
                   SLICE_ARG(ask->reference));
}

static Err run(Cx *cx, Ask *ask)
{
    Flow *flow = NULL;
    TRY(flow_open(cx, &ask->flow, &flow));
    Err err = cli_tenant(cx, flow_store(flow), &ask->flow.store, ask->organisation, &ask->tenant);
    if (err == ERR_OK) err = print(cx, flow, ask);
    flow_close(flow);
    return err;
}

int cli_receipt(int argc, char **argv)
{
    const char *data = NULL, *key_file = NULL, *which = "", *wait = NULL;
    const char *organisation = NULL;
    bool closed = false, promise = false, sm2 = false;
    const CliFlag flags[] = {{"--data", &data, NULL},     {"--key-file", &key_file, NULL},
                             {"--which", &which, NULL},   {"--wait", &wait, NULL},
                             {"--public", NULL, &closed}, {"--promise", NULL, &promise},
                             {"--sm2", NULL, &sm2},       {"--organisation", &organisation, NULL}};
    Ask ask = {.wait_s = WAIT_S};
    if (!cli_flags_take(&argc, argv, flags, sizeof flags / sizeof *flags) || data == NULL ||
        argc != 2 || (promise && (closed || sm2)) ||
        (wait != NULL && (!slice_u64(slice_of(wait), &ask.wait_s) || ask.wait_s > WAIT_MAX)))
        return cli_flags_usage(
            "fapiao receipt --data DIR [--key-file FILE] [--organisation ID] [--which "
            "received|outcome[:N]] [[--public] [--sm2] | --promise] [--wait "
            "SECONDS] REFERENCE");
    ask.flow.store = (StoreOptions){.folder = data, .key_file = key_file};
    ask.organisation = organisation;
    ask.reference = slice_of(argv[1]);
    ask.which = slice_of(which);
    ask.kind.form = closed ? RECEIPT_PUBLIC : promise ? RECEIPT_PROMISE : RECEIPT_PROOF;
    ask.kind.sm2 = sm2;
    Cx cx;
    cx_init(&cx, world_real(), LIMIT_JOB_ARENA);
    Err err = run(&cx, &ask);
    if (err != ERR_OK) cli_say_error(&cx);
    cx_done(&cx);
    return err == ERR_OK ? CLI_EXIT_OK : CLI_EXIT_FAIL;
}
