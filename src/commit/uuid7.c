#include "commit/uuid7.h"

#include <stdatomic.h>

// Milliseconds and the count within them, of the last one made by this process: ids of one
// millisecond keep the order in which they were made (RFC 9562 §6.2, method 1). A clock that goes
// back is believed: the order of its ids is then the clock's.
static _Atomic uint64_t last_made;

static uint64_t next_made(uint64_t ms)
{
    uint64_t last = last_made, next = 0;
    do
        next = last >> 12 == ms ? last + 1 : ms << 12;
    while (!atomic_compare_exchange_weak(&last_made, &last, next));
    return next;
}

void uuid7_make(Cx *cx, uint8_t ret_id[static UUID7_SIZE])
{
    uint64_t made = next_made(cx_now_ms(cx));
    cx_random(cx, ret_id + 8, UUID7_SIZE - 8);
    for (size_t i = 0; i < 6; i++)
        ret_id[i] = (uint8_t)(made >> (52 - 8 * i));
    ret_id[6] = (uint8_t)((made >> 8 & 0x0F) | 0x70); // version 7
    ret_id[7] = (uint8_t)made;
    ret_id[8] = (uint8_t)((ret_id[8] & 0x3F) | 0x80); // variant
}
