#include "flow/retry.h"

#include "base/test.h"

TEST("retry: after 1, 4, 16, 64, 256 s and then 5 minutes, eight times and no more")
{
    static const uint64_t waits[] = {1, 4, 16, 64, 256, 300, 300, 300};
    Retry retry = {};
    RetryItem item = {};
    uint64_t now = 7;
    EXPECT(retry_next(&retry) == UINT64_MAX && retry_due(&retry, UINT64_MAX) == NULL);
    for (size_t i = 0; i < sizeof waits / sizeof waits[0]; i++) {
        EXPECT(retry_put(&retry, &item, now));
        now += waits[i] * 1000;
        EXPECT(item.waits && retry_next(&retry) == now);
        EXPECT(retry_due(&retry, now - 1) == NULL && retry_due(&retry, now) == &item);
        EXPECT(!item.waits && retry_due(&retry, now) == NULL);
    }
    EXPECT(!retry_put(&retry, &item, now) && !item.waits && retry_next(&retry) == UINT64_MAX);
    (void)cx;
}

TEST("retry: many wait, each for its own time, and any may be taken before")
{
    Retry retry = {};
    RetryItem items[5] = {};
    items[3].tries = 1; // it has failed before: four seconds
    for (int i = 0; i < 5; i++)
        EXPECT(retry_put(&retry, &items[i], (uint64_t)i));
    EXPECT(retry_next(&retry) == 1000);
    retry_take(&retry, &items[2]); // in the middle
    retry_take(&retry, &items[0]); // first
    EXPECT(retry_next(&retry) == 1001);
    retry_take(&retry, &items[4]); // last
    EXPECT(retry_put(&retry, &items[4], 10) && items[4].tries == 2);
    EXPECT(retry_due(&retry, 1001) == &items[1] && retry_due(&retry, 1004) == NULL);
    EXPECT(retry_next(&retry) == 4003);
    EXPECT(retry_due(&retry, 5000) == &items[3] && retry_due(&retry, 5000) == &items[4]);
    EXPECT(retry_next(&retry) == UINT64_MAX);
    (void)cx;
}

TEST("retry: what the disk or a limit refused may pass; what is damaged, denied or gone does not")
{
    EXPECT(retry_may_pass(ERR_STORE) && retry_may_pass(ERR_LIMIT));
    static const Err others[] = {ERR_OK,       ERR_INPUT,  ERR_MISSING,
                                 ERR_CONFLICT, ERR_DENIED, ERR_CORRUPT};
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
        EXPECT(!retry_may_pass(others[i]));
    (void)cx;
}
