#include "commit/uuid7.h"

#include "base/test.h"

TEST("uuid7: time in front, version and variant in their bits, no two alike")
{
    WorldFake fake;
    world_fake_init(&fake, 1, UINT64_C(0x0123456789AB));
    Cx own;
    cx_init(&own, &fake.world, 1024);
    uint8_t a[UUID7_SIZE], b[UUID7_SIZE];
    uuid7_make(&own, a);
    uuid7_make(&own, b);
    static const uint8_t head[6] = {0x01, 0x23, 0x45, 0x67, 0x89, 0xAB};
    EXPECT(memcmp(a, head, 6) == 0 && memcmp(a, b, UUID7_SIZE) != 0);
    EXPECT(a[6] >> 4 == 7 && a[8] >> 6 == 2);
    cx_done(&own);
}

TEST("uuid7: those of one millisecond are in the order in which they were made")
{
    WorldFake fake;
    world_fake_init(&fake, 2, UINT64_C(0x0123456789AC));
    Cx own;
    cx_init(&own, &fake.world, 1024);
    uint8_t last[UUID7_SIZE] = {}, next[UUID7_SIZE];
    for (int i = 0; i < 3000; i++) {
        uuid7_make(&own, next);
        EXPECT(memcmp(last, next, UUID7_SIZE) < 0);
        memcpy(last, next, UUID7_SIZE);
    }
    cx_done(&own);
}

TEST("uuid7: the ids of a time, with a margin on both sides, and none from further away")
{
    const uint64_t from = UINT64_C(0x0123456789AB), to = from + 86'400'000;
    const Uuid7Range range = uuid7_range(from, to);
    const struct {
        uint64_t ms;
        bool inside;
    } cases[] = {{from - UUID7_MARGIN_MS - 1, false},
                 {from - UUID7_MARGIN_MS, true},
                 {from, true},
                 {to + UUID7_MARGIN_MS - 1, true},
                 {to + UUID7_MARGIN_MS, false}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        WorldFake fake;
        world_fake_init(&fake, 3, cases[i].ms);
        Cx own;
        cx_init(&own, &fake.world, 1024);
        uint8_t id[UUID7_SIZE];
        uuid7_make(&own, id);
        EXPECT(uuid7_ms(id) == cases[i].ms);
        bool inside =
            memcmp(id, range.low, UUID7_SIZE) >= 0 && memcmp(id, range.high, UUID7_SIZE) < 0;
        EXPECT(inside == cases[i].inside);
        cx_done(&own);
    }
    EXPECT(uuid7_ms(uuid7_range(5, 6).low) == 0);
}
