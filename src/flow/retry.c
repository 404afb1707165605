#include "flow/retry.h"

#include <assert.h>
#include <stddef.h>

static uint64_t wait_of(int tries)
{
    uint64_t wait_ms = RETRY_FIRST_MS;
    for (int i = 0; i < tries && wait_ms < RETRY_MOST_MS; i++)
        wait_ms *= 4;
    return wait_ms < RETRY_MOST_MS ? wait_ms : RETRY_MOST_MS;
}

bool retry_may_pass(Err err)
{
    return err == ERR_STORE || err == ERR_LIMIT;
}

bool retry_put(Retry *retry, RetryItem *item, uint64_t now_ms)
{
    assert(!item->waits);
    if (item->tries == RETRY_TRIES) return false;
    const int queue = item->tries++;
    *item = (RetryItem){.previous = retry->last[queue],
                        .due_ms = now_ms + wait_of(queue),
                        .tries = item->tries,
                        .waits = true};
    if (item->previous != NULL)
        item->previous->next = item;
    else
        retry->first[queue] = item;
    retry->last[queue] = item;
    return true;
}

void retry_take(Retry *retry, RetryItem *item)
{
    assert(item->waits);
    const int queue = item->tries - 1;
    if (item->previous != NULL)
        item->previous->next = item->next;
    else
        retry->first[queue] = item->next;
    if (item->next != NULL)
        item->next->previous = item->previous;
    else
        retry->last[queue] = item->previous;
    item->next = item->previous = NULL;
    item->waits = false;
}

RetryItem *retry_due(Retry *retry, uint64_t now_ms)
{
    for (int queue = 0; queue < RETRY_TRIES; queue++) {
        RetryItem *item = retry->first[queue];
        if (item == NULL || item->due_ms > now_ms) continue;
        retry_take(retry, item);
        return item;
    }
    return NULL;
}

uint64_t retry_next(const Retry *retry)
{
    uint64_t next_ms = UINT64_MAX;
    for (int queue = 0; queue < RETRY_TRIES; queue++)
        if (retry->first[queue] != NULL && retry->first[queue]->due_ms < next_ms)
            next_ms = retry->first[queue]->due_ms;
    return next_ms;
}
