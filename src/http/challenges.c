#include "http/challenges.h"

#include <pthread.h>
#include <stdlib.h>

#include "base/base64.h"
#include "base/limits.h"
#include "crypto/digest.h"

// A text: 16 hexadecimal digits of the time (ms, steady), 16 of chance, 32 of the seal.
#define TIME_DIGITS 16
#define BODY_DIGITS 32
#define TEXT_DIGITS 64
#define SECRET_SIZE 32

struct Challenges {
    const World *world;
    int bits;
    uint8_t secret[SECRET_SIZE];
    pthread_mutex_t lock;
    // A ring of those that were used and have not run out.
    struct {
        uint64_t until_ms;
        uint8_t body[BODY_DIGITS];
    } used[LIMIT_CHALLENGES_USED];
    size_t next;
};

Challenges *challenges_open(const World *world, int bits)
{
    Challenges *challenges = calloc(1, sizeof *challenges); // owned: until challenges_close
    if (challenges == NULL) abort();
    challenges->world = world;
    challenges->bits = bits;
    world->random(world->self, challenges->secret, sizeof challenges->secret);
    (void)pthread_mutex_init(&challenges->lock, NULL);
    return challenges;
}

void challenges_close(Challenges *challenges)
{
    if (challenges == NULL) return;
    (void)pthread_mutex_destroy(&challenges->lock);
    free(challenges);
}

int challenges_bits(const Challenges *challenges)
{
    return challenges->bits;
}

static Digest seal(const Challenges *challenges, Slice body)
{
    return digest_hmac_sha256((Slice){(const char *)challenges->secret, SECRET_SIZE}, body);
}

static uint64_t now_of(const Challenges *challenges)
{
    return challenges->world->steady_ms(challenges->world->self);
}

Slice challenges_new(Cx *cx, Challenges *challenges)
{
    uint64_t chance = 0;
    challenges->world->random(challenges->world->self, &chance, sizeof chance);
    Slice body = cx_printf(cx, "%016llx%016llx", (unsigned long long)now_of(challenges),
                           (unsigned long long)chance);
    Digest digest = seal(challenges, body);
    Slice tag = base64_hex(cx, (Slice){(const char *)digest.bytes, 16});
    return cx_printf(cx, SLICE_FMT SLICE_FMT, SLICE_ARG(body), SLICE_ARG(tag));
}

static bool has_zeros(const Digest *digest, int bits)
{
    for (int i = 0; i < bits; i++)
        if ((digest->bytes[i / 8] & (0x80 >> (i % 8))) != 0) return false;
    return true;
}

// Was it made here, and not too long ago?
static bool is_ours(Cx *cx, const Challenges *challenges, Slice text, uint64_t *ret_until_ms)
{
    uint8_t tag[16], time[TIME_DIGITS / 2];
    Digest wanted = seal(challenges, slice_sub(text, 0, BODY_DIGITS)), got = wanted;
    if (base64_unhex(cx, slice_sub(text, BODY_DIGITS, TEXT_DIGITS), tag, sizeof tag) != ERR_OK)
        return false;
    memcpy(got.bytes, tag, sizeof tag);
    if (!digest_equal(&wanted, &got)) return false;
    if (base64_unhex(cx, slice_sub(text, 0, TIME_DIGITS), time, sizeof time) != ERR_OK)
        return false;
    uint64_t made = 0;
    for (size_t i = 0; i < sizeof time; i++)
        made = made << 8 | time[i];
    *ret_until_ms = made + LIMIT_CHALLENGE_MS;
    return now_of(challenges) <= *ret_until_ms;
}

// Once. Where the ring is full of what has not run out, nothing is taken.
static bool use(Challenges *challenges, Slice body, uint64_t until_ms)
{
    uint64_t now = now_of(challenges);
    (void)pthread_mutex_lock(&challenges->lock);
    bool fresh = challenges->used[challenges->next].until_ms < now;
    for (size_t i = 0; fresh && i < LIMIT_CHALLENGES_USED; i++)
        fresh = challenges->used[i].until_ms < now ||
                memcmp(challenges->used[i].body, body.data, BODY_DIGITS) != 0;
    if (fresh) {
        challenges->used[challenges->next].until_ms = until_ms;
        memcpy(challenges->used[challenges->next].body, body.data, BODY_DIGITS);
        challenges->next = (challenges->next + 1) % LIMIT_CHALLENGES_USED;
    }
    (void)pthread_mutex_unlock(&challenges->lock);
    return fresh;
}

bool challenges_take(Cx *cx, Challenges *challenges, Slice answer)
{
    uint64_t until_ms = 0;
    Slice number = slice_sub(answer, TEXT_DIGITS + 1, answer.size);
    if (answer.size <= TEXT_DIGITS + 1 || answer.data[TEXT_DIGITS] != '.' ||
        number.size > TIME_DIGITS || !slice_digits(number))
        return false;
    Digest digest = digest_of(DIGEST_SHA256, answer);
    return has_zeros(&digest, challenges->bits) &&
           is_ours(cx, challenges, slice_sub(answer, 0, TEXT_DIGITS), &until_ms) &&
           use(challenges, slice_sub(answer, 0, BODY_DIGITS), until_ms);
}
