#include "crypto/sm3_lanes.h"

#include <assert.h>
#include <string.h>

// A message goes through the lanes as its whole blocks, then one or two blocks of what is left of
// it, a bit 1, zeros and its size in bits. A lane that is through takes the next message; lanes for
// which there is none hash zeros that nobody asks for.

#define BLOCK     64 // bytes
#define WORDS     16 // of a block
#define STATE     8  // words
#define ROUNDS    64
#define LENGTH_AT 56        // in the last block
#define FEWEST(n) ((n) / 4) // messages that are worth a vector of n lanes

static const uint32_t first_state[STATE] = {0x7380166F, 0x4914B2B9, 0x172442D7, 0xDA8A0600,
                                            0xA96F30BC, 0x163138AA, 0xE38DEE4D, 0xB0FB0E4E};

// What is hashed: word by word, each of all lanes beside each other.
typedef struct Lanes {
    _Alignas(64) uint32_t state[STATE][SM3_LANES_MAX];
    _Alignas(64) uint32_t words[WORDS][SM3_LANES_MAX];
} Lanes;

typedef void Compress(Lanes *lanes);

#if defined(__x86_64__)
typedef uint32_t Vector16 __attribute__((vector_size(64)));
typedef uint32_t Vector8 __attribute__((vector_size(32)));

#define ROTATE(x, n) (((x) << (n)) | ((x) >> (32 - (n))))
#define P0(x)        ((x) ^ ROTATE(x, 9) ^ ROTATE(x, 17))
#define P1(x)        ((x) ^ ROTATE(x, 15) ^ ROTATE(x, 23))
// Booleans of GB/T 32905-2016, 4.3, for the rounds from 16 on.
#define MAJORITY(x, y, z) (((x) & (y)) | (((x) | (y)) & (z)))
#define CHOICE(x, y, z)   ((z) ^ ((x) & ((y) ^ (z))))
#define PARITY(x, y, z)   ((x) ^ (y) ^ (z))

// One round (5.3.3). The registers do not move: the next round names them one further.
#define ROUND(FF, GG, a, b, c, d, e, f, g, h, j)                                                   \
    do {                                                                                           \
        const uint32_t t = (j) < 16 ? 0x79CC4519 : 0x7A879D8A;                                     \
        const uint32_t turned = (j) % 32 == 0 ? t : t << ((j) % 32) | t >> (32 - (j) % 32);        \
        const typeof(a) a12 = ROTATE(a, 12), before = a12 + (e) + turned;                          \
        const typeof(a) ss1 = ROTATE(before, 7);                                                   \
        const typeof(a) tt1 = FF(a, b, c) + (d) + (ss1 ^ a12) + (w[j] ^ w[(j) + 4]);               \
        const typeof(a) tt2 = GG(e, f, g) + (h) + ss1 + w[j];                                      \
        (b) = ROTATE(b, 9);                                                                        \
        (d) = tt1;                                                                                 \
        (f) = ROTATE(f, 19);                                                                       \
        (h) = P0(tt2);                                                                             \
    } while (0)
#define FOUR_ROUNDS(FF, GG, j)                                                                     \
    do {                                                                                           \
        ROUND(FF, GG, a, b, c, d, e, f, g, h, j);                                                  \
        ROUND(FF, GG, d, a, b, c, h, e, f, g, (j) + 1);                                            \
        ROUND(FF, GG, c, d, a, b, g, h, e, f, (j) + 2);                                            \
        ROUND(FF, GG, b, c, d, a, f, g, h, e, (j) + 3);                                            \
    } while (0)

// Of as many lanes as the vector has.
#define COMPRESS(Vector)                                                                           \
    do {                                                                                           \
        Vector w[ROUNDS + 4], s[STATE];                                                            \
        for (size_t i = 0; i < WORDS; i++)                                                         \
            memcpy(&w[i], lanes->words[i], sizeof w[i]);                                           \
        for (size_t i = WORDS; i < ROUNDS + 4; i++) {                                              \
            const Vector x = w[i - 16] ^ w[i - 9] ^ ROTATE(w[i - 3], 15);                          \
            w[i] = P1(x) ^ ROTATE(w[i - 13], 7) ^ w[i - 6];                                        \
        }                                                                                          \
        for (size_t i = 0; i < STATE; i++)                                                         \
            memcpy(&s[i], lanes->state[i], sizeof s[i]);                                           \
        Vector a = s[0], b = s[1], c = s[2], d = s[3], e = s[4], f = s[5], g = s[6], h = s[7];     \
        _Pragma("GCC unroll 4") for (size_t j = 0; j < 16; j += 4) FOUR_ROUNDS(PARITY, PARITY, j); \
        _Pragma("GCC unroll 12") for (size_t j = 16; j < ROUNDS; j += 4)                           \
            FOUR_ROUNDS(MAJORITY, CHOICE, j);                                                      \
        const Vector now[STATE] = {a, b, c, d, e, f, g, h};                                        \
        for (size_t i = 0; i < STATE; i++) {                                                       \
            s[i] ^= now[i];                                                                        \
            memcpy(lanes->state[i], &s[i], sizeof s[i]);                                           \
        }                                                                                          \
    } while (0)

__attribute__((target("avx512f"))) static void compress_16(Lanes *lanes)
{
    COMPRESS(Vector16);
}

__attribute__((target("avx2"))) static void compress_8(Lanes *lanes)
{
    COMPRESS(Vector8);
}

size_t sm3_lanes_width(void)
{
    __builtin_cpu_init();
    return __builtin_cpu_supports("avx512f") ? 16 : __builtin_cpu_supports("avx2") ? 8 : 1;
}

static Compress *compress_of(size_t width)
{
    return width == 16 ? compress_16 : compress_8;
}
#else
size_t sm3_lanes_width(void)
{
    return 1;
}

static Compress *compress_of(size_t width)
{
    (void)width;
    return NULL;
}
#endif

// The message that is in a lane.
typedef struct Lane {
    const uint8_t *at; // its next block
    size_t blocks;     // until `end`, and then of `end`
    size_t end_blocks; // 0: these are the last
    size_t index;      // of the message
    bool busy;
    uint8_t end[2 * BLOCK];
} Lane;

static void put_end(Lane *lane, Slice message)
{
    size_t left = message.size % BLOCK;
    uint64_t bits = (uint64_t)message.size * 8;
    lane->end_blocks = left < LENGTH_AT ? 1 : 2;
    memset(lane->end, 0, sizeof lane->end);
    if (left > 0) memcpy(lane->end, message.data + (message.size - left), left);
    lane->end[left] = 0x80;
    uint8_t *length = lane->end + (lane->end_blocks - 1) * BLOCK + LENGTH_AT;
    for (size_t i = 0; i < 8; i++)
        length[i] = (uint8_t)(bits >> (56 - 8 * i));
}

static void go_to_end(Lane *lane)
{
    lane->at = lane->end;
    lane->blocks = lane->end_blocks;
    lane->end_blocks = 0;
}

static void begin(Lanes *lanes, Lane *lane, size_t number, const Slice *messages, size_t index)
{
    lane->busy = true;
    lane->index = index;
    lane->at = (const uint8_t *)messages[index].data;
    lane->blocks = messages[index].size / BLOCK;
    put_end(lane, messages[index]);
    if (lane->blocks == 0) go_to_end(lane);
    for (size_t i = 0; i < STATE; i++)
        lanes->state[i][number] = first_state[i];
}

static void load(Lanes *lanes, Lane *lane, size_t number)
{
    for (size_t i = 0; i < WORDS; i++) {
        uint32_t word;
        memcpy(&word, lane->at + 4 * i, sizeof word);
        lanes->words[i][number] = __builtin_bswap32(word);
    }
    lane->at += BLOCK;
    lane->blocks--;
}

static void put_digest(const Lanes *lanes, size_t number, Digest *ret_digest)
{
    for (size_t i = 0; i < STATE; i++) {
        uint32_t word = __builtin_bswap32(lanes->state[i][number]);
        memcpy(ret_digest->bytes + 4 * i, &word, sizeof word);
    }
}

static bool is_long(Slice message)
{
    return message.size > SM3_LANES_LONGEST;
}

// The next that goes through the lanes, from *next on; false: there is none.
static bool take(const Slice *messages, size_t count, size_t *next, size_t *ret_index)
{
    while (*next < count && is_long(messages[*next]))
        (*next)++;
    if (*next == count) return false;
    *ret_index = (*next)++;
    return true;
}

static void through_lanes(size_t width, const Slice *messages, size_t count, Digest *ret_digests)
{
    Compress *compress = compress_of(width);
    Lanes lanes = {};
    Lane all[SM3_LANES_MAX] = {};
    size_t next = 0, index = 0, busy = 0;
    for (; busy < width && take(messages, count, &next, &index); busy++)
        begin(&lanes, &all[busy], busy, messages, index);
    while (busy > 0) {
        for (size_t i = 0; i < width; i++)
            if (all[i].busy) load(&lanes, &all[i], i);
        compress(&lanes);
        for (size_t i = 0; i < width; i++) {
            Lane *lane = &all[i];
            if (!lane->busy || lane->blocks > 0) continue;
            if (lane->end_blocks > 0) {
                go_to_end(lane);
                continue;
            }
            put_digest(&lanes, i, &ret_digests[lane->index]);
            lane->busy = take(messages, count, &next, &index);
            if (lane->busy)
                begin(&lanes, lane, i, messages, index);
            else
                busy--;
        }
    }
    explicit_bzero(&lanes, sizeof lanes);
    explicit_bzero(all, sizeof all);
}

void sm3_lanes_by(size_t width, const Slice *messages, size_t count, Digest *ret_digests)
{
    assert(width <= sm3_lanes_width());
    size_t few = 0;
    for (size_t i = 0; i < count; i++)
        few += !is_long(messages[i]);
    bool wide = width > 1 && few >= FEWEST(width);
    for (size_t i = 0; i < count; i++)
        if (!wide || is_long(messages[i])) ret_digests[i] = digest_of(DIGEST_SM3, messages[i]);
    if (wide) through_lanes(width, messages, count, ret_digests);
}

void sm3_lanes_of(const Slice *messages, size_t count, Digest *ret_digests)
{
    sm3_lanes_by(sm3_lanes_width(), messages, count, ret_digests);
}
