#include "desk/running/watch/watch_guard.h"

#include "base/test.h"

static void took(WatchGuard *guard, WatchVerdict verdict, uint64_t size, uint64_t now_ms)
{
    const WatchAnswer answer = {.verdict = verdict, .known = size, .text = SLICE("why")};
    watch_guard_took(guard, &answer, size, now_ms, 60'000, 1000);
}

TEST("watch guard: news is told at once, nothing new each minute")
{
    WatchGuard guard = {};
    EXPECT(watch_guard_due(&guard, 0, 0));
    took(&guard, WATCH_COSIGNED, 5, 100);
    EXPECT(!watch_guard_due(&guard, 5, 101) && watch_guard_due(&guard, 6, 101));
    EXPECT(!watch_guard_due(&guard, 5, 60'099) && watch_guard_due(&guard, 5, 60'100));
}

TEST("watch guard: one that is away is asked less and less, news or not, and again at once after")
{
    WatchGuard guard = {};
    static const uint64_t pauses[] = {1000, 2000, 4000, 8000, 16'000, 32'000, 60'000, 60'000};
    uint64_t now = 0;
    for (size_t i = 0; i < sizeof pauses / sizeof pauses[0]; i++) {
        took(&guard, WATCH_NO_ANSWER, i, now);
        EXPECT(!watch_guard_due(&guard, 1000, now + pauses[i] - 1));
        now += pauses[i];
        EXPECT(watch_guard_due(&guard, i, now));
    }
    for (int i = 0; i < 100; i++)
        took(&guard, WATCH_NO_ANSWER, 1, now);
    EXPECT(watch_guard_due(&guard, 1, now + 60'000));
    took(&guard, WATCH_COSIGNED, 9, now);
    EXPECT(watch_guard_due(&guard, 10, now));
}

TEST("watch guard: an alarm stands until it is answered otherwise, not while it is away")
{
    WatchGuard guard = {};
    EXPECT(!watch_guard_alarms(&guard) && !watch_guard_agrees(&guard));
    took(&guard, WATCH_NO_ANSWER, 1, 0);
    EXPECT(!watch_guard_alarms(&guard) && !watch_guard_agrees(&guard));
    took(&guard, WATCH_FORKED, 1, 0);
    EXPECT(watch_guard_alarms(&guard) && strcmp(guard.text, "why") == 0);
    took(&guard, WATCH_NO_ANSWER, 1, 0);
    EXPECT(watch_guard_alarms(&guard));
    took(&guard, WATCH_COSIGNED, 1, 0);
    EXPECT(!watch_guard_alarms(&guard) && watch_guard_agrees(&guard));
    took(&guard, WATCH_AHEAD, 1, 0);
    EXPECT(watch_guard_alarms(&guard) && !watch_guard_agrees(&guard));
}
