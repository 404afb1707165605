#include "crypto/sm3_lanes.h"

#include <stdlib.h>

#include "base/test.h"

#define MESSAGES 301

static const size_t widths[] = {16, 8, 1};

// Every message's digest is the library's, whichever lane it went through.
static void same_as_library(const Slice *messages, size_t count)
{
    static Digest digests[MESSAGES];
    for (size_t w = 0; w < sizeof widths / sizeof widths[0]; w++) {
        if (widths[w] > sm3_lanes_width()) continue;
        memset(digests, 0, sizeof digests);
        sm3_lanes_by(widths[w], messages, count, digests);
        for (size_t i = 0; i < count; i++) {
            const Digest one = digest_of(DIGEST_SM3, messages[i]);
            EXPECT(digest_equal(&digests[i], &one));
        }
    }
}

static void fill(uint8_t *bytes, size_t size, uint64_t seed)
{
    for (size_t i = 0; i < size; i++) {
        seed = seed * 6364136223846793005 + 1442695040888963407;
        bytes[i] = (uint8_t)(seed >> 56);
    }
}

TEST("sm3_lanes: the standard's example in every lane")
{
    static const uint8_t expected[] = {0x66, 0xC7, 0xF0, 0xF4};
    Slice messages[SM3_LANES_MAX];
    Digest digests[SM3_LANES_MAX];
    for (size_t i = 0; i < SM3_LANES_MAX; i++)
        messages[i] = SLICE("abc");
    sm3_lanes_of(messages, SM3_LANES_MAX, digests);
    for (size_t i = 0; i < SM3_LANES_MAX; i++)
        EXPECT(memcmp(digests[i].bytes, expected, sizeof expected) == 0);
    same_as_library(messages, SM3_LANES_MAX);
}

TEST("sm3_lanes: messages of all lengths from 0 to 300, in one call and in every lane")
{
    static uint8_t bytes[MESSAGES + MESSAGES];
    Slice messages[MESSAGES];
    fill(bytes, sizeof bytes, 1);
    for (size_t i = 0; i < MESSAGES; i++)
        messages[i] = (Slice){(const char *)bytes + i, i};
    same_as_library(messages, MESSAGES);
    // All of one length: each lane hashes each length.
    for (size_t size = 0; size < MESSAGES; size++) {
        for (size_t i = 0; i < SM3_LANES_MAX; i++)
            messages[i] = (Slice){(const char *)bytes + i, size};
        same_as_library(messages, SM3_LANES_MAX);
    }
}

TEST("sm3_lanes: any number of messages of any sizes, the long ones by themselves")
{
    static uint8_t bytes[40'000];
    fill(bytes, sizeof bytes, 2);
    uint64_t seed = 3;
    for (size_t count = 0; count <= 70; count++) {
        Slice messages[70];
        for (size_t i = 0; i < count; i++) {
            seed = seed * 6364136223846793005 + 1442695040888963407;
            const size_t most = (seed >> 33) % 7 == 0 ? sizeof bytes : 2'000;
            const size_t size = (size_t)(seed >> 33) % most;
            messages[i] = (Slice){(const char *)bytes + (sizeof bytes - size), size};
        }
        same_as_library(messages, count);
    }
}
