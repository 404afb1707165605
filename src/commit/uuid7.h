// UUIDv7 (RFC 9562 §5.7): 48 bits of milliseconds, then a count within them,
// then randomness: a later one of this process is greater. Made here, never by a database.
#pragma once
#include "base/cx.h"

#define UUID7_SIZE 16
void uuid7_make(Cx *cx, uint8_t ret_id[static UUID7_SIZE]);
Slice uuid7_slice(const uint8_t id[static UUID7_SIZE]); // its bytes, borrowed
uint64_t uuid7_ms(const uint8_t id[static UUID7_SIZE]); // when it was made

// A document's id is made a moment before it is committed. What its facts say of the time when it
// came is at most this far from its id, which is made anew when it waited longer (receive_renew):
// so those of a day are found by their ids.
#define UUID7_MARGIN_MS UINT64_C(600'000)
// All ids of what came from `from_ms` on and before `to_ms`: from `low` on, below `high`. Some of
// what came shortly before and after is among them.
typedef struct Uuid7Range {
    uint8_t low[UUID7_SIZE], high[UUID7_SIZE];
} Uuid7Range;
Uuid7Range uuid7_range(uint64_t from_ms, uint64_t to_ms);
