#include "http/arriving.h"

#include <stdlib.h>

#include "base/limits.h"
#include "desk/invoice/document/document.h"
#include "desk/invoice/document/document_print.h"
#include "desk/invoice/document/refusal.h"
#include "http/http_parts.h"
#include "http/proven.h"

#define LINGER_MS 2'000 // for a receipt that is under way when the time is over

// A document on its way in. The flow tells of it twice, from its own threads, and may do so after
// the answer was given: so this lives beside the call, until it is answered and nothing more comes.
typedef struct Arriving {
    ServerThread *thread;
    ArrivingWait wait;
    bool retry; // a document that is here already: there is no notice "received"
    // Written by the flow's threads, read on the loop's once the notice was posted there.
    Receipt told_receipt;
    Err told_outcome;
    Promise *promise; // held; NULL when there is none
    ProofOpening opening;
    char *canonical; // of the opening
    // The loop's thread alone.
    Call *call;    // NULL once answered
    bool lingered; // it has had its moment more
    int notices;   // that are still to come: "received", "decided", "proven"
    Err outcome;
    Receipt receipt;
    Arrival arrival; // what it says beside the bytes, which are gone; in the call's arena
} Arriving;

static void free_if_over(Arriving *arriving)
{
    if (arriving->call != NULL || arriving->notices != 0) return;
    promise_drop(arriving->promise);
    free(arriving->canonical);
    free(arriving);
}

// The promise that came with the acceptance, for the document's own leaf.
static Err find_promise(Cx *cx, Log *log, Db *db, const Promise *promise, uint64_t sequence,
                        Slice *ret_bytes)
{
    LogEvent event;
    ProofOpening opening;
    Slice extra;
    TRY(log_event(cx, log, db, sequence, &event));
    TRY(log_event_opening(cx, log, db, &event, false, &opening));
    TRY(proof_opening_print(cx, &opening, &extra));
    return promise_print(cx, promise, sequence - 1, extra, ret_bytes);
}

// As it stands now, with the promise that came with it, or NULL.
static Err look(Call *call, Slice reference, const Promise *promise, Slice *ret_json)
{
    Cx *cx = call->cx;
    Store *store = flow_store(call->http->flow);
    Log *log = flow_log(call->http->flow);
    Db *db = NULL;
    DocumentView view;
    TRY(store_take(cx, store, &db));
    Err err = document_find(cx, db, call->actor.tenant, reference, &view);
    if (err == ERR_OK && promise != NULL)
        err = find_promise(cx, log, db, promise, view.sequence, &view.promise);
    store_give(store, db);
    TRY(err);
    return document_print_whole(cx, &view, ret_json);
}

// What was received just now is known without looking.
static Err receipt_json(Call *call, const Arriving *arriving, Slice *ret_json)
{
    Cx *cx = call->cx;
    const Receipt *receipt = &arriving->receipt;
    if (arriving->wait || arriving->retry || receipt->repeated || receipt->state != DOC_RECEIVED)
        return look(call, slice_of(receipt->reference), arriving->promise, ret_json);
    DocumentView view;
    document_received(cx, &arriving->arrival, receipt, &view);
    if (arriving->promise != NULL) {
        Slice extra;
        TRY(proof_opening_print(cx, &arriving->opening, &extra));
        // One that can't be signed is none: the acceptance stands, and a checkpoint covers it soon.
        if (promise_print(cx, arriving->promise, view.sequence - 1, extra, &view.promise) != ERR_OK)
            view.promise = SLICE("");
    }
    return document_print_whole(cx, &view, ret_json);
}

static void fail_receipt(Call *call, const Receipt *receipt)
{
    Slice why = slice_of(receipt->err_text);
    HttpProblem problem = call_problem_of(call, receipt->err);
    if (receipt->err == ERR_CONFLICT) problem = HTTP_PROBLEM_KEY_REUSED;
    if (receipt->err == ERR_LIMIT) {
        problem = HTTP_PROBLEM_NO_ROOM;
        refusal_note(call->cx, flow_committer(call->http->flow), call->actor.tenant, SLICE("http"),
                     REASON_NO_ROOM, 0);
    }
    call_problem(call, problem, why);
}

// How far the proof is: what was waited for is maybe not all there. Should it fail, the acceptance
// stands, and the receipt's own answer says it.
static void say_proof(Call *call, const Receipt *receipt)
{
    Store *store = flow_store(call->http->flow);
    Db *db = NULL;
    Err err = store_take(call->cx, store, &db);
    if (err == ERR_OK) err = proven_say(call, db, receipt->sequence - 1);
    if (db != NULL) store_give(store, db);
    (void)err;
}

// On the loop's thread, once.
static void answer(Arriving *arriving)
{
    Call *call = arriving->call;
    const Receipt *receipt = &arriving->receipt;
    arriving->call = NULL;
    Slice path = cx_printf(call->cx, "/api/v1/documents/%s", receipt->reference);
    Slice reference = slice_sub(path, strlen("/api/v1/documents/"), path.size), json;
    Err err = ERR_OK;
    if (receipt->err != ERR_OK) {
        fail_receipt(call, receipt);
    } else if (arriving->outcome == ERR_CONFLICT) {
        call_problem(call, HTTP_PROBLEM_CONFLICT, SLICE("the document is not in quarantine"));
    } else if (err = receipt_json(call, arriving, &json), err != ERR_OK) {
        call_fail(call, err);
    } else {
        bool known = receipt->repeated || receipt->state == DOC_DUPLICATE;
        call_json(call, arriving->retry ? 202 : known ? 200 : 201, json);
        exchange_set(call->exchange, "Location", path);
        exchange_set(call->exchange, "Fapiao-Reference", reference);
        if (arriving->wait == ARRIVING_WAIT_PROOF) say_proof(call, receipt);
        call->reference = reference;
    }
    if (call->then != NULL) call->then(call);
    call_complete(call);
}

// When the sealer closes, too: the answer is good, its receipt can be fetched later.
static void on_proven(void *self)
{
    Arriving *arriving = self;
    arriving->notices--;
    if (arriving->call != NULL) answer(arriving);
    free_if_over(arriving);
}

static void received_on_loop(void *arg)
{
    Arriving *arriving = arg;
    const Receipt *receipt = &arriving->receipt;
    arriving->receipt = arriving->told_receipt;
    // After a failed receipt there is no second notice.
    arriving->notices = receipt->err != ERR_OK ? 0 : arriving->notices - 1;
    bool decided = receipt->err != ERR_OK || receipt->state != DOC_RECEIVED;
    if (arriving->wait == ARRIVING_WAIT_PROOF && receipt->err == ERR_OK && arriving->call != NULL) {
        arriving->notices++;
        proven_when(arriving->call, receipt->sequence - 1, on_proven, arriving);
        return;
    }
    if (arriving->call != NULL && (arriving->wait != ARRIVING_WAIT_OUTCOME || decided))
        answer(arriving);
    free_if_over(arriving);
}

static void decided_on_loop(void *arg)
{
    Arriving *arriving = arg;
    arriving->outcome = arriving->told_outcome;
    arriving->notices--;
    if (arriving->call != NULL && arriving->wait == ARRIVING_WAIT_OUTCOME) answer(arriving);
    free_if_over(arriving);
}

static void on_received(void *self, const Progress *progress)
{
    Arriving *arriving = self;
    arriving->told_receipt = progress->receipt;
    arriving->told_receipt.opening = NULL; // borrowed, as the promise is
    const Receipt *receipt = &progress->receipt;
    if (receipt->promise != NULL) {
        arriving->promise = promise_hold(receipt->promise);
        arriving->opening = *receipt->opening;
        Slice said = receipt->opening->canonical;
        arriving->canonical = malloc(said.size); // owned: until free_if_over()
        if (arriving->canonical == NULL) abort();
        memcpy(arriving->canonical, said.data, said.size);
        arriving->opening.canonical.data = arriving->canonical;
    }
    server_post(arriving->thread, received_on_loop, arriving);
}

static void on_decided(void *self, const Progress *progress)
{
    Arriving *arriving = self;
    if (arriving->retry) arriving->told_outcome = progress->outcome.err;
    server_post(arriving->thread, decided_on_loop, arriving);
}

static void on_timeout(Exchange *exchange)
{
    Call *call = exchange_kept(exchange);
    Arriving *arriving = call->user;
    if (arriving->call == NULL) return;
    if (arriving->receipt.reference[0] != '\0') {
        answer(arriving); // in progress still: the reference is good, the state says so
    } else if (!arriving->lingered) {
        // When the server stops: the bytes may be durable already, and their receipt under way.
        arriving->lingered = true;
        exchange_linger(exchange, LINGER_MS);
        return;
    } else {
        arriving->call = NULL;
        call_problem(call, HTTP_PROBLEM_STORE, SLICE(""));
        if (call->then != NULL) call->then(call);
        call_complete(call);
    }
    free_if_over(arriving);
}

static Arriving *arriving_new(Call *call, int notices)
{
    Arriving *arriving = calloc(1, sizeof *arriving); // owned: until free_if_over()
    if (arriving == NULL) abort();
    arriving->notices = notices;
    arriving->thread = exchange_thread(call->exchange);
    arriving->call = call;
    call->user = arriving;
    call->later = true;
    call->timed_out = on_timeout;
    return arriving;
}

ArrivingWait arriving_wait(Call *call)
{
    Slice wait = call_query(call, "wait");
    return slice_equal(wait, SLICE("outcome")) ? ARRIVING_WAIT_OUTCOME
           : slice_equal(wait, SLICE("proof")) ? ARRIVING_WAIT_PROOF
                                               : ARRIVING_WAIT_RECEIPT;
}

static void arriving_drop(Call *call, Arriving *arriving)
{
    free(arriving);
    call->user = NULL;
    call->later = false;
}

Err arriving_start(Call *call, const Arrival *arrival, ArrivingWait wait)
{
    const bool outcome = wait == ARRIVING_WAIT_OUTCOME; // else nobody asks for it
    Arriving *arriving = arriving_new(call, outcome ? 2 : 1);
    arriving->wait = wait;
    arriving->arrival = *arrival;
    arriving->arrival.bytes.data = NULL;
    Err err = cx_copy(call->cx, arrival->file_name, &arriving->arrival.file_name);
    if (err != ERR_OK) {
        arriving_drop(call, arriving);
        return err;
    }
    // Before the flow starts: its first notice may come at once. For a worker the loop does it.
    if (!call->on_worker) exchange_wait(call->exchange, LIMIT_OUTCOME_WAIT_MS, on_timeout);
    err = flow_receive(call->cx, call->http->flow, arrival, on_received,
                       outcome ? on_decided : NULL, arriving);
    if (err == ERR_OK) return ERR_OK;
    if (!call->on_worker) exchange_wait_not(call->exchange);
    arriving_drop(call, arriving);
    if (err != ERR_LIMIT) return err;
    exchange_set(call->exchange, "Retry-After", SLICE("1"));
    call_problem(call, HTTP_PROBLEM_BUSY, SLICE(""));
    return ERR_OK;
}

Err arriving_retry(Call *call, Slice reference)
{
    if (reference.size >= COMMIT_REFERENCE_SIZE)
        return err_set(call->cx, ERR_MISSING, "there is no such document");
    Arriving *arriving = arriving_new(call, 1);
    arriving->retry = true;
    arriving->wait = ARRIVING_WAIT_OUTCOME;
    memcpy(arriving->receipt.reference, reference.data, reference.size);
    Err err = flow_retry(call->cx, call->http->flow, call->actor.tenant, call->actor.name,
                         reference, on_decided, arriving);
    if (err != ERR_OK) arriving_drop(call, arriving);
    return err;
}
