#include "desk/running/watch/watch_command.h"

Err watch_command_open(Cx *cx, const FlowOptions *options, Flow **ret_flow, Watch **ret_watch)
{
    FlowOptions watched = *options;
    watched.opening = watch_opening;
    Flow *flow = NULL;
    Watch *watch = NULL;
    TRY(flow_open(cx, &watched, &flow));
    const WatchOptions options_watch = {.flow = flow, .try_ms = WATCH_SETTLE_MS};
    Err err = watch_open(cx, &options_watch, &watch);
    if (err != ERR_OK) {
        watch_stop(watch);
        flow_close(flow);
        watch_close(watch);
        return err;
    }
    if (watch_brief(watch).waiting) watch_settle(watch, WATCH_SETTLE_MS);
    *ret_flow = flow;
    *ret_watch = watch;
    return ERR_OK;
}

void watch_command_close(Flow *flow, Watch *watch)
{
    if (watch_brief(watch).witnesses > 0) watch_settle(watch, WATCH_SETTLE_MS);
    watch_stop(watch);
    flow_close(flow);
    watch_close(watch);
}
