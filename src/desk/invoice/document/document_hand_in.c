#include "desk/invoice/document/document_hand_in.h"

#include <pthread.h>
#include <stdlib.h>

#include "desk/invoice/document/document.h"

// Shared by the caller, who may stop waiting, and the flow, which answers some time.
typedef struct HandIn {
    pthread_mutex_t mutex;
    pthread_cond_t changed;
    int owners;
    bool received, decided;
    Receipt receipt;
} HandIn;

// Under the mutex, which it gives back.
static void hand_in_leave(HandIn *hand_in)
{
    bool last = --hand_in->owners == 0;
    (void)pthread_cond_signal(&hand_in->changed);
    (void)pthread_mutex_unlock(&hand_in->mutex);
    if (!last) return;
    (void)pthread_cond_destroy(&hand_in->changed);
    (void)pthread_mutex_destroy(&hand_in->mutex);
    free(hand_in);
}

static void on_received(void *self, const Progress *progress)
{
    HandIn *hand_in = self;
    (void)pthread_mutex_lock(&hand_in->mutex);
    hand_in->receipt = progress->receipt;
    hand_in->received = true;
    (void)pthread_cond_signal(&hand_in->changed);
    if (progress->receipt.err != ERR_OK)
        hand_in_leave(hand_in); // there will be no decision
    else
        (void)pthread_mutex_unlock(&hand_in->mutex);
}

static void on_decided(void *self, const Progress *progress)
{
    (void)progress;
    HandIn *hand_in = self;
    (void)pthread_mutex_lock(&hand_in->mutex);
    hand_in->decided = true;
    hand_in_leave(hand_in);
}

static void hand_in_wait(Cx *cx, HandIn *hand_in, uint64_t wait_ms)
{
    uint64_t until_ms = cx->world->steady_ms(cx->world->self) + wait_ms;
    const struct timespec until = {.tv_sec = (time_t)(until_ms / 1000),
                                   .tv_nsec = (long)(until_ms % 1000 * 1'000'000)};
    (void)pthread_mutex_lock(&hand_in->mutex);
    while (!hand_in->received)
        (void)pthread_cond_wait(&hand_in->changed, &hand_in->mutex);
    bool late = wait_ms == 0 || hand_in->receipt.err != ERR_OK;
    while (!hand_in->decided && !late)
        late = pthread_cond_clockwait(&hand_in->changed, &hand_in->mutex, CLOCK_MONOTONIC,
                                      &until) != 0;
}

static Err find_by_reference(Cx *cx, Flow *flow, Slice tenant, Slice reference, DocumentView *view)
{
    Db *db = NULL;
    TRY(store_take(cx, flow_store(flow), &db));
    Err err = document_find(cx, db, tenant, reference, view);
    store_give(flow_store(flow), db);
    return err;
}

Err document_hand_in(Cx *cx, Flow *flow, const Arrival *arrival, uint64_t wait_ms,
                     DocumentView *ret_view)
{
    HandIn *hand_in = calloc(1, sizeof *hand_in); // owned: by both sides, freed by the last
    if (hand_in == NULL) return err_set(cx, ERR_LIMIT, "out of memory");
    (void)pthread_mutex_init(&hand_in->mutex, NULL);
    (void)pthread_cond_init(&hand_in->changed, NULL);
    hand_in->owners = 2;
    Err err = flow_receive(cx, flow, arrival, on_received, on_decided, hand_in);
    if (err != ERR_OK) {
        hand_in->owners = 1;
        (void)pthread_mutex_lock(&hand_in->mutex);
        hand_in_leave(hand_in);
        return err;
    }
    hand_in_wait(cx, hand_in, wait_ms);
    const Receipt receipt = hand_in->receipt;
    hand_in_leave(hand_in);
    if (receipt.err != ERR_OK) return err_set(cx, receipt.err, "%s", receipt.err_text);
    return find_by_reference(cx, flow, arrival->tenant, slice_of(receipt.reference), ret_view);
}
