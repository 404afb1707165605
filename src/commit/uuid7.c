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

static void put_ms(uint8_t *id, uint64_t ms)
{
    for (size_t i = 0; i < 6; i++)
        id[i] = (uint8_t)(ms >> (40 - 8 * i));
}

void uuid7_make(Cx *cx, uint8_t ret_id[static UUID7_SIZE])
{
    uint64_t made = next_made(cx_now_ms(cx));
    cx_random(cx, ret_id + 8, UUID7_SIZE - 8);
    put_ms(ret_id, made >> 12);
    ret_id[6] = (uint8_t)((made >> 8 & 0x0F) | 0x70); // version 7
    ret_id[7] = (uint8_t)made;
    ret_id[8] = (uint8_t)((ret_id[8] & 0x3F) | 0x80); // variant
}

Slice uuid7_slice(const uint8_t id[static UUID7_SIZE])
{
    return (Slice){(const char *)id, UUID7_SIZE};
}

uint64_t uuid7_ms(const uint8_t id[static UUID7_SIZE])
{
    uint64_t ms = 0;
    for (size_t i = 0; i < 6; i++)
        ms = ms << 8 | id[i];
    return ms;
}

Uuid7Range uuid7_range(uint64_t from_ms, uint64_t to_ms)
{
    Uuid7Range range = {};
    put_ms(range.low, from_ms > UUID7_MARGIN_MS ? from_ms - UUID7_MARGIN_MS : 0);
    put_ms(range.high, to_ms + UUID7_MARGIN_MS);
    return range;
}
