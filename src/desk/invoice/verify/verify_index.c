#include "desk/invoice/verify/verify_index.h"

#include <assert.h>
#include <pthread.h>
#include <stdlib.h>

#include "base/limits.h"

// A shard grows by itself, so that growing never holds up more than a few requests. In it, groups
// of WAYS places; a key belongs to one group and lies anywhere in it.
//
//   tag.low   bits 0-5: shard    from bit 6 on: group
#define SHARDS     ((size_t)64)
#define WAYS       ((size_t)8)
#define GROUPS_MIN ((size_t)8)

typedef struct Place {
    uint64_t seen;
    ChangesMark number, about[VERIFY_ABOUT_MAX]; // what it was made of
    VerifyCopy copy;
} Place;

typedef struct Shard {
    pthread_mutex_t lock;
    VerifyTag *tags; // all zero = free
    Place *places;
    size_t groups, groups_max, turn;
} Shard;

struct VerifyIndex {
    const Changes *changes;
    uint8_t key[VERIFY_TAG_KEY_SIZE];
    Shard shards[SHARDS];
};

VerifyIndex *verify_index_open(Cx *cx, Store *store, size_t bytes)
{
    const Changes *changes = store_changes(store);
    if (changes == NULL) return NULL;
    if (bytes == 0) bytes = LIMIT_VERIFY_INDEX_BYTES;
    VerifyIndex *index = calloc(1, sizeof *index); // owned: until verify_index_close
    if (index == NULL) abort();
    index->changes = changes;
    cx_random(cx, index->key, sizeof index->key);
    size_t group_bytes = WAYS * (sizeof(VerifyTag) + sizeof(Place));
    size_t groups_max = GROUPS_MIN;
    while (groups_max * 2 * group_bytes * SHARDS <= bytes)
        groups_max *= 2;
    for (size_t i = 0; i < SHARDS; i++) {
        (void)pthread_mutex_init(&index->shards[i].lock, NULL);
        index->shards[i].groups_max = groups_max;
    }
    return index;
}

void verify_index_close(VerifyIndex *index)
{
    if (index == NULL) return;
    for (size_t i = 0; i < SHARDS; i++) {
        (void)pthread_mutex_destroy(&index->shards[i].lock);
        free(index->shards[i].tags);
        free(index->shards[i].places);
    }
    free(index);
}

VerifyKey verify_index_key(Cx *cx, const VerifyIndex *index, Slice code, Slice number)
{
    const Slice parts[] = {code, SLICE("\n"), number};
    char *bytes = arena_alloc(&cx->arena, code.size + number.size + 1);
    size_t size = 0;
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        if (parts[i].size > 0) memcpy(bytes + size, parts[i].data, parts[i].size);
        size += parts[i].size;
    }
    VerifyTag tag = verify_tag_wide(index->key, (Slice){bytes, size});
    if (tag.low == 0 && tag.high == 0) tag.high = 1;
    return (VerifyKey){tag, changes_mark(SLICE(""), number)};
}

static bool same(VerifyTag a, VerifyTag b)
{
    return a.low == b.low && a.high == b.high;
}

static Shard *shard_of(VerifyIndex *index, const VerifyKey *key)
{
    return &index->shards[key->tag.low % SHARDS];
}

// The first place of the key's group.
static size_t group_of(const Shard *shard, VerifyTag tag)
{
    return (size_t)(tag.low / SHARDS) % shard->groups * WAYS;
}

static bool fresh(const VerifyIndex *index, const Place *place)
{
    bool all = changes_fresh(index->changes, place->number, place->seen);
    for (size_t i = 0; i < VERIFY_ABOUT_MAX && all; i++)
        all = changes_fresh(index->changes, place->about[i], place->seen);
    return all;
}

bool verify_index_find(VerifyIndex *index, const VerifyKey *key, VerifyCopy *ret_copy)
{
    Shard *shard = shard_of(index, key);
    bool found = false;
    (void)pthread_mutex_lock(&shard->lock);
    size_t from = shard->groups == 0 ? 0 : group_of(shard, key->tag);
    for (size_t i = from; shard->groups > 0 && i < from + WAYS; i++) {
        if (!same(shard->tags[i], key->tag)) continue;
        found = fresh(index, &shard->places[i]);
        if (found) *ret_copy = shard->places[i].copy;
        break;
    }
    (void)pthread_mutex_unlock(&shard->lock);
    return found;
}

uint64_t verify_index_now(const VerifyIndex *index)
{
    return changes_now(index->changes);
}

// Where the key lies, or may lie: a free place, else one that is old. WAYS when there is none.
static size_t way_of(const VerifyIndex *index, const Shard *shard, size_t from, VerifyTag tag)
{
    static const VerifyTag none;
    size_t way = WAYS;
    for (size_t i = 0; i < WAYS; i++)
        if (same(shard->tags[from + i], tag)) return i;
    for (size_t i = 0; i < WAYS && way == WAYS; i++)
        if (same(shard->tags[from + i], none)) way = i;
    for (size_t i = 0; i < WAYS && way == WAYS; i++)
        if (!fresh(index, &shard->places[from + i])) way = i;
    return way;
}

// Twice as many groups. The places of a group are parted between two, so each finds room.
static void grow(Shard *shard)
{
    size_t groups = shard->groups == 0 ? GROUPS_MIN : shard->groups * 2, old = shard->groups;
    VerifyTag *tags = calloc(groups * WAYS, sizeof *tags); // owned: by the shard
    Place *places = calloc(groups * WAYS, sizeof *places); // owned: by the shard
    if (tags == NULL || places == NULL) abort();
    static const VerifyTag none;
    shard->groups = groups;
    for (size_t i = 0; i < old * WAYS; i++) {
        if (same(shard->tags[i], none)) continue;
        size_t to = group_of(shard, shard->tags[i]);
        while (!same(tags[to], none))
            to++;
        tags[to] = shard->tags[i];
        places[to] = shard->places[i];
    }
    free(shard->tags);
    free(shard->places);
    shard->tags = tags;
    shard->places = places;
}

void verify_index_put(VerifyIndex *index, const VerifyKey *key, uint64_t seen,
                      const VerifyAbout *about, size_t count, const VerifyCopy *copy)
{
    assert(copy->found == (count > 0) && count <= VERIFY_ABOUT_MAX);
    Shard *shard = shard_of(index, key);
    Place place = {.seen = seen, .number = key->mark, .copy = *copy};
    for (size_t i = 0; i < VERIFY_ABOUT_MAX; i++)
        place.about[i] = i < count ? changes_mark(about[i].tenant, about[i].id) : key->mark;
    (void)pthread_mutex_lock(&shard->lock);
    if (shard->groups == 0) grow(shard);
    size_t from = group_of(shard, key->tag), way = way_of(index, shard, from, key->tag);
    while (way == WAYS && shard->groups < shard->groups_max) {
        grow(shard);
        from = group_of(shard, key->tag);
        way = way_of(index, shard, from, key->tag);
    }
    if (way == WAYS) way = shard->turn++ % WAYS;
    shard->tags[from + way] = key->tag;
    shard->places[from + way] = place;
    (void)pthread_mutex_unlock(&shard->lock);
}
