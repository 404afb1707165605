#include "flow/rush.h"

void rush_note(Rush *rush, uint64_t now_ms)
{
    const bool was_on = rush_is_on(rush, now_ms);
    uint64_t age = now_ms - rush->window_ms;
    if (age >= RUSH_WINDOW_MS) {
        rush->before = age < (uint64_t)2 * RUSH_WINDOW_MS ? rush->here : 0;
        rush->here = 0;
        rush->window_ms = now_ms;
    }
    rush->here++;
    if (!was_on) {
        rush->began_ms = now_ms;
        rush->came = 0;
    }
    rush->came++;
}

bool rush_is_on(const Rush *rush, uint64_t now_ms)
{
    uint64_t age = now_ms - rush->window_ms;
    if (age >= (uint64_t)2 * RUSH_WINDOW_MS) return false;
    return rush->here >= RUSH_COUNT || (age < RUSH_WINDOW_MS && rush->before >= RUSH_COUNT);
}

bool rush_holds(const Rush *rush, uint64_t now_ms)
{
    if (!rush_is_on(rush, now_ms)) return false;
    uint64_t hold_ms = RUSH_HOLD_MS + rush->came / RUSH_HOLD_EACH;
    if (hold_ms > RUSH_HOLD_MS_MAX) hold_ms = RUSH_HOLD_MS_MAX;
    return now_ms - rush->began_ms < hold_ms;
}
