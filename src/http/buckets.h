// Buckets: token buckets, one a key (an account, a block of addresses, an organisation), in memory
// that does not grow.
//
// A bucket starts full, gives a token to each request and fills again at a steady rate. What has
// no place any more is forgotten, the fullest first: it has least to tell. Thread-safe.
#pragma once
#include "base/cx.h"

typedef struct Buckets Buckets;

typedef struct BucketRule {
    uint32_t burst;    // tokens when full; 1 .. 1,000,000
    uint32_t per_hour; // tokens that come back; 1 .. 3,600,000,000
} BucketRule;

// `capacity`: buckets kept at once, rounded up to a power of two.
Buckets *buckets_open(const World *world, size_t capacity);
void buckets_close(Buckets *buckets); // takes NULL
// Takes a token of `key`: 0, or the milliseconds until there is one. `kind` tells apart what keys
// of different things would not; one kind has one rule.
uint64_t buckets_take(Buckets *buckets, Slice kind, Slice key, BucketRule rule);
// Is there one, without taking it?
uint64_t buckets_look(Buckets *buckets, Slice kind, Slice key, BucketRule rule);
// As if it had never been asked for.
void buckets_forget(Buckets *buckets, Slice kind, Slice key);
