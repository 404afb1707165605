#include "http/buckets.h"

#include <pthread.h>
#include <stdlib.h>

#include "crypto/digest.h"

#define WAYS        8                   // places that a key may lie in
#define PER_TOKEN   UINT64_C(3'600'000) // an hour's milliseconds: a token's parts
#define SECRET_SIZE 32

typedef struct Bucket {
    uint8_t key[16]; // of a digest; all zero = free
    uint64_t level;  // in parts of a token, PER_TOKEN each
    uint64_t at_ms;  // when it had that level
    BucketRule rule;
} Bucket;

struct Buckets {
    const World *world;
    pthread_mutex_t lock;
    size_t sets;                 // a power of two
    uint8_t secret[SECRET_SIZE]; // so that nobody can choose keys that push out others
    Bucket places[];
};

Buckets *buckets_open(const World *world, size_t capacity)
{
    size_t sets = 1;
    while (sets * WAYS < capacity)
        sets *= 2;
    // owned: until buckets_close
    Buckets *buckets = calloc(1, sizeof *buckets + sets * WAYS * sizeof buckets->places[0]);
    if (buckets == NULL) abort();
    buckets->world = world;
    buckets->sets = sets;
    (void)pthread_mutex_init(&buckets->lock, NULL);
    world->random(world->self, buckets->secret, sizeof buckets->secret);
    return buckets;
}

void buckets_close(Buckets *buckets)
{
    if (buckets == NULL) return;
    (void)pthread_mutex_destroy(&buckets->lock);
    free(buckets);
}

static uint64_t full(BucketRule rule)
{
    return rule.burst * PER_TOKEN;
}

static uint64_t level_at(const Bucket *bucket, uint64_t now)
{
    uint64_t passed = now > bucket->at_ms ? now - bucket->at_ms : 0;
    uint64_t most = full(bucket->rule);
    if (passed > most / bucket->rule.per_hour) return most;
    uint64_t level = bucket->level + passed * bucket->rule.per_hour;
    return level > most ? most : level;
}

static Digest name_of(const Buckets *buckets, Slice kind, Slice key)
{
    const Slice secret = {(const char *)buckets->secret, SECRET_SIZE};
    const Slice parts[] = {secret, kind, SLICE("\n"), key};
    return digest_of_parts(DIGEST_SHA256, parts, 4);
}

static Bucket *set_of(Buckets *buckets, const Digest *name)
{
    uint64_t hash;
    memcpy(&hash, name->bytes + 16, sizeof hash);
    return &buckets->places[(hash & (buckets->sets - 1)) * WAYS];
}

static Bucket *find(Buckets *buckets, const Digest *name)
{
    Bucket *set = set_of(buckets, name);
    for (size_t i = 0; i < WAYS; i++)
        if (memcmp(set[i].key, name->bytes, sizeof set[i].key) == 0) return &set[i];
    return NULL;
}

// How empty a bucket is, in parts of its burst: what would be forgotten with it.
static uint64_t emptiness(const Bucket *bucket, uint64_t now)
{
    static const uint8_t none[sizeof bucket->key];
    if (memcmp(bucket->key, none, sizeof none) == 0) return 0;
    return (full(bucket->rule) - level_at(bucket, now)) / bucket->rule.burst + 1;
}

static Bucket *place(Buckets *buckets, const Digest *name, uint64_t now)
{
    Bucket *bucket = find(buckets, name), *set = set_of(buckets, name);
    if (bucket != NULL) return bucket;
    bucket = set;
    for (size_t i = 1; i < WAYS; i++)
        if (emptiness(&set[i], now) < emptiness(bucket, now)) bucket = &set[i];
    memset(bucket, 0, sizeof *bucket);
    memcpy(bucket->key, name->bytes, sizeof bucket->key);
    return bucket;
}

static uint64_t ask(Buckets *buckets, Slice kind, Slice key, BucketRule rule, bool take)
{
    Digest name = name_of(buckets, kind, key);
    uint64_t now = buckets->world->steady_ms(buckets->world->self), wait = 0;
    (void)pthread_mutex_lock(&buckets->lock);
    Bucket *bucket = take ? place(buckets, &name, now) : find(buckets, &name);
    uint64_t level = full(rule);
    if (bucket != NULL && bucket->rule.burst > 0) level = level_at(bucket, now);
    if (level > full(rule)) level = full(rule);
    if (level < PER_TOKEN)
        wait = (PER_TOKEN - level + rule.per_hour - 1) / rule.per_hour;
    else if (take)
        level -= PER_TOKEN;
    if (take && bucket != NULL) {
        bucket->rule = rule;
        bucket->level = level;
        bucket->at_ms = now;
    }
    (void)pthread_mutex_unlock(&buckets->lock);
    return wait;
}

uint64_t buckets_take(Buckets *buckets, Slice kind, Slice key, BucketRule rule)
{
    return ask(buckets, kind, key, rule, true);
}

uint64_t buckets_look(Buckets *buckets, Slice kind, Slice key, BucketRule rule)
{
    return ask(buckets, kind, key, rule, false);
}

void buckets_forget(Buckets *buckets, Slice kind, Slice key)
{
    Digest name = name_of(buckets, kind, key);
    (void)pthread_mutex_lock(&buckets->lock);
    Bucket *bucket = find(buckets, &name);
    if (bucket != NULL) memset(bucket, 0, sizeof *bucket);
    (void)pthread_mutex_unlock(&buckets->lock);
}
