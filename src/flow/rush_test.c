#include "flow/rush.h"

#include "base/test.h"

TEST("rush: many in a window are one, and it is over when they stop")
{
    Rush rush = {};
    EXPECT(!rush_is_on(&rush, 1000));
    for (int i = 1; i < RUSH_COUNT; i++)
        rush_note(&rush, 1000);
    EXPECT(!rush_is_on(&rush, 1000));
    rush_note(&rush, 1010);
    EXPECT(rush_is_on(&rush, 1010));
    EXPECT(rush_is_on(&rush, 1000 + 2 * RUSH_WINDOW_MS - 1));
    EXPECT(!rush_is_on(&rush, 1000 + 2 * RUSH_WINDOW_MS));
}

TEST("rush: it goes on from window to window, and a trickle is none")
{
    Rush rush = {};
    for (uint64_t ms = 1000; ms < 1400; ms++) {
        rush_note(&rush, ms); // 50 a window
        if (ms >= 1000 + RUSH_WINDOW_MS) EXPECT(rush_is_on(&rush, ms));
    }
    Rush slow = {};
    for (uint64_t ms = 1000; ms < 3000; ms += 2) { // 25 a window
        rush_note(&slow, ms);
        EXPECT(!rush_is_on(&slow, ms));
    }
}
