#include "http/http_receipts.h"

#include <stdlib.h>

#include "base/base64.h"
#include "base/limits.h"
#include "desk/invoice/receipt/receipt.h"
#include "desk/invoice/receipt/receipt_svg.h"
#include "http/http_ledger.h"
#include "http/http_parts.h"
#include "http/proven.h"

// A request for a receipt that is not there yet, or lacks witnesses. It is told of once, maybe
// after the answer was given: so this lives beside the call until then. All on the loop's thread.
typedef struct Waiting {
    Call *call; // NULL once answered
    LogEvent event;
    ReceiptKind kind;
} Waiting;

static const char *suffix_of(ReceiptForm form)
{
    static const char *const suffixes[] = {
        [RECEIPT_PROOF] = "", [RECEIPT_PUBLIC] = ".public", [RECEIPT_PROMISE] = ".promise"};
    return suffixes[form];
}

// "R-2026-000123.tlog-proof"; of an outcome "R-2026-000123.outcome-2.tlog-proof".
static Slice name_of(Call *call, ReceiptKind kind)
{
    Slice which = call_query(call, "which");
    bool outcome = slice_starts(which, SLICE("outcome"));
    Slice ordinal = slice_sub(which, 8, which.size);
    return cx_printf(
        call->cx, "attachment; filename=\"" SLICE_FMT "%s%s" SLICE_FMT "%s%s.tlog-proof\"",
        SLICE_ARG(call->parameters[0]), outcome ? ".outcome" : "", ordinal.size > 0 ? "-" : "",
        SLICE_ARG(ordinal), suffix_of(kind.form), kind.sm2 ? ".sm2" : "");
}

static Err answer(Call *call, Db *db, const LogEvent *event, ReceiptKind kind)
{
    Log *log = NULL;
    Slice bytes;
    TRY(http_ledger_of(call, &log));
    TRY(receipt_print(call->cx, log, db, event, kind, &bytes));
    if (kind.form != RECEIPT_PROMISE) TRY(proven_say(call, db, event->sequence - 1));
    call->status = 200;
    call->type = SLICE("text/plain; charset=utf-8");
    call->body = bytes;
    exchange_set(call->exchange, "Content-Disposition", name_of(call, kind));
    return ERR_OK;
}

static void refuse(Call *call)
{
    exchange_set(call->exchange, "Retry-After", SLICE("1"));
    call_problem(call, HTTP_PROBLEM_NOT_SEALED, SLICE(""));
}

static bool is_covered(const Call *call, const LogEvent *event)
{
    const Sealer *sealer = flow_sealer(call->http->flow);
    return sealer == NULL || sealer_size(sealer) >= event->sequence;
}

// With what there is, enough witnesses or not; the header says how many.
static void answer_late(Waiting *waiting)
{
    Call *call = waiting->call;
    waiting->call = NULL;
    if (!is_covered(call, &waiting->event)) {
        refuse(call);
    } else {
        Store *store = flow_store(call->http->flow);
        Db *db = NULL;
        Err err = store_take(call->cx, store, &db);
        if (err == ERR_OK) err = answer(call, db, &waiting->event, waiting->kind);
        if (db != NULL) store_give(store, db);
        if (err != ERR_OK) call_fail(call, err);
    }
    call_complete(call);
}

static void on_proven(void *self)
{
    Waiting *waiting = self;
    if (waiting->call != NULL) answer_late(waiting);
    free(waiting);
}

static void on_timeout(Exchange *exchange)
{
    Call *call = exchange_kept(exchange);
    Waiting *waiting = call->user;
    if (waiting->call != NULL) answer_late(waiting);
}

// On a worker's thread; nothing of the call is touched after proven_when.
static void wait_for(Call *call, const LogEvent *event, ReceiptKind kind)
{
    Waiting *waiting = calloc(1, sizeof *waiting); // owned: until on_proven()
    if (waiting == NULL) abort();
    *waiting = (Waiting){call, *event, kind};
    call->user = waiting;
    call->later = true;
    call->timed_out = on_timeout;
    proven_when(call, event->sequence - 1, on_proven, waiting);
}

static Err find(Call *call, LogEvent *ret_event)
{
    Log *log = NULL;
    TRY(http_ledger_of(call, &log));
    return receipt_find(call->cx, log, call->db, call->actor.tenant, call->parameters[0],
                        call_query(call, "which"), ret_event);
}

// A record that has gone back or forked promises nothing more.
static Err may_promise(Call *call)
{
    Committer *committer = flow_committer(call->http->flow);
    Slice why = committer == NULL ? SLICE("") : commit_halted(call->cx, committer);
    if (why.size == 0) return ERR_OK;
    return err_set(call->cx, ERR_DENIED, SLICE_FMT, SLICE_ARG(why));
}

static Err take_kind(Call *call, ReceiptKind *ret_kind)
{
    Slice sm2 = call_query(call, "sm2");
    ReceiptKind kind = {.sm2 = slice_equal(sm2, SLICE("true"))};
    if (!receipt_form_of(call_query(call, "form"), &kind.form))
        return err_set(call->cx, ERR_INPUT, "form: is 'proof', 'public' or 'promise'");
    if (!kind.sm2 && sm2.size > 0 && !slice_equal(sm2, SLICE("false")))
        return err_set(call->cx, ERR_INPUT, "sm2: is 'true' or 'false'");
    *ret_kind = kind;
    return ERR_OK;
}

Err http_receipts_get(Call *call)
{
    ReceiptKind kind;
    LogEvent event;
    TRY(take_kind(call, &kind));
    TRY(find(call, &event));
    bool promise = kind.form == RECEIPT_PROMISE;
    if (promise) TRY(may_promise(call));
    bool wait = slice_equal(call_query(call, "wait"), SLICE("proof"));
    bool there = is_covered(call, &event);
    // Where witnesses are needed they are waited for, too.
    bool whole = there && (!wait || watch_brief(call->http->options.watch).need == 0);
    if (promise || whole) return answer(call, call->db, &event, kind);
    if (wait)
        wait_for(call, &event, kind);
    else
        refuse(call);
    return ERR_OK;
}

Err http_receipts_svg(Call *call)
{
    Cx *cx = call->cx;
    Log *log = NULL;
    LogEvent event;
    bool whole = false;
    ReceiptSvg options = {.reference = call->parameters[0]};
    TRY(find(call, &event));
    if (!is_covered(call, &event)) {
        refuse(call);
        return ERR_OK;
    }
    TRY(http_ledger_of(call, &log));
    TRY(receipt_print(cx, log, call->db, &event, (ReceiptKind){.form = RECEIPT_PUBLIC},
                      &options.receipt));
    options.link =
        cx_printf(cx, "/api/v1/documents/" SLICE_FMT "/receipt", SLICE_ARG(call->parameters[0]));
    options.leaf_hash = base64_hex(cx, digest_slice(&event.leaf_hash));
    TRY(receipt_svg_print(cx, &options, &call->body, &whole));
    call->status = 200;
    call->type = SLICE("image/svg+xml");
    exchange_set(call->exchange, "Fapiao-Qr", whole ? SLICE("receipt") : SLICE("link"));
    return ERR_OK;
}
