// SM3 (GB/T 32905-2016) of many messages at once: a block of each in a lane of a vector.
//
// One message can't be hashed faster so, for each block needs the one before; but the documents,
// readings and events of a group have nothing to do with each other. Where the processor has no
// wide vectors, or there are too few messages to fill them, the library hashes one after another:
// the digests are the same (sm3_lanes_test.c). Why: docs/decisions/0020.
#pragma once
#include "crypto/digest.h"

#define SM3_LANES_MAX     16                 // messages at once
#define SM3_LANES_LONGEST ((size_t)16 << 10) // bytes; longer ones are hashed by themselves

// ret_digests[i] is the SM3 of messages[i]; any sizes, any count, any thread.
void sm3_lanes_of(const Slice *messages, size_t count, Digest *ret_digests);
// How many go at once on this machine: 16, 8 or 1.
size_t sm3_lanes_width(void);
// As sm3_lanes_of, by so many at once: 16, 8 or 1, and no more than this machine's.
void sm3_lanes_by(size_t width, const Slice *messages, size_t count, Digest *ret_digests);
