#include "http/proven.h"

#include <stdlib.h>

#include "desk/running/watch/watch_view.h"
#include "http/http_ledger.h"
#include "http/http_parts.h"

typedef struct Proving {
    ServerThread *thread;
    Watch *watch; // or NULL
    uint64_t index;
    void (*then)(void *self);
    void *self;
    bool covered;
} Proving;

static void told_on_loop(void *arg)
{
    Proving *proving = arg;
    proving->then(proving->self);
    free(proving);
}

static void on_witnessed(void *self, bool witnessed)
{
    (void)witnessed; // proven_say() says how far it is
    Proving *proving = self;
    server_post(proving->thread, told_on_loop, proving);
}

static void covered_on_loop(void *arg)
{
    Proving *proving = arg;
    // Behind its stop the sealer that it looks at may be gone; nobody waits for the answer then.
    if (proving->covered && !watch_stopped(proving->watch) && watch_brief(proving->watch).need > 0)
        watch_when(proving->watch, proving->index, on_witnessed, proving);
    else
        told_on_loop(proving);
}

// On the sealer's thread, which has no time for a look into the database.
static void on_covered(void *self, bool covered)
{
    Proving *proving = self;
    proving->covered = covered;
    server_post(proving->thread, covered_on_loop, proving);
}

void proven_when(Call *call, uint64_t index, void (*then)(void *self), void *self)
{
    Proving *proving = calloc(1, sizeof *proving); // owned: until told_on_loop()
    if (proving == NULL) abort();
    *proving = (Proving){.thread = exchange_thread(call->exchange),
                         .watch = call->http->options.watch,
                         .index = index,
                         .then = then,
                         .self = self};
    Sealer *sealer = flow_sealer(call->http->flow);
    if (sealer == NULL)
        on_covered(proving, true);
    else
        sealer_when(sealer, index, on_covered, proving);
}

Err proven_say(Call *call, Db *db, uint64_t index)
{
    Log *log = NULL;
    LogHead head = {};
    WatchBrief watch;
    TRY(http_ledger_of(call, &log));
    TRY(watch_view_brief(call->cx, db, &watch));
    Err err = log_head_over(call->cx, log, db, index, watch.need, &head);
    if (err == ERR_MISSING) head = (LogHead){};
    if (err != ERR_OK && err != ERR_MISSING) return err;
    exchange_set(call->exchange, "Fapiao-Proof",
                 cx_printf(call->cx, "size=%llu, witnesses=%zu, need=%zu",
                           (unsigned long long)head.size, head.witnesses, watch.need));
    return ERR_OK;
}
