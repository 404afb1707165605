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

// Milliseconds of a rush until reading goes on beside `each` documents a millisecond.
static uint64_t held_by(int each)
{
    Rush rush = {};
    for (uint64_t ms = 1000; ms < 20'000; ms++) {
        for (int i = 0; i < each; i++)
            rush_note(&rush, ms);
        if (ms > 1000 + RUSH_WINDOW_MS && !rush_holds(&rush, ms)) return ms - rush.began_ms;
    }
    return 0;
}

TEST("rush: reading waits for it two seconds, for longer the more came in it, ten seconds at most")
{
    EXPECT(held_by(1) == 2222 && held_by(5) == 3999); // 2,220 came by then, 19,990
    EXPECT(held_by(20) == RUSH_HOLD_MS_MAX);
}

TEST("rush: one that is over holds nothing, and the next holds as if none had been")
{
    Rush rush = {};
    for (int i = 0; i < 100'000; i++)
        rush_note(&rush, 1000);
    EXPECT(rush_holds(&rush, 1000 + 2 * RUSH_WINDOW_MS - 1));
    EXPECT(!rush_holds(&rush, 1000 + 2 * RUSH_WINDOW_MS));
    for (uint64_t ms = 2000; ms < 4000; ms++)
        rush_note(&rush, ms);
    EXPECT(rush_holds(&rush, 4000) && rush.came == 2001 - RUSH_COUNT);
}
