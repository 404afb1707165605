#include "flow/rush.h"

void rush_note(Rush *rush, uint64_t now_ms)
{
    uint64_t age = now_ms - rush->window_ms;
    if (age >= RUSH_WINDOW_MS) {
        rush->before = age < (uint64_t)2 * RUSH_WINDOW_MS ? rush->here : 0;
        rush->here = 0;
        rush->window_ms = now_ms;
    }
    rush->here++;
}

bool rush_is_on(const Rush *rush, uint64_t now_ms)
{
    uint64_t age = now_ms - rush->window_ms;
    if (age >= (uint64_t)2 * RUSH_WINDOW_MS) return false;
    return rush->here >= RUSH_COUNT || (age < RUSH_WINDOW_MS && rush->before >= RUSH_COUNT);
}
