// Watch opening: whether a folder may be written in at once, or its witnesses must first be asked
// (watch.h: alarm, waiting).
#pragma once
#include "flow/flow.h"

// As FlowOptions.opening: halts a folder that may have to wait, before anything is read or written
// in it. `self`: a bool, whether it is opened without witnesses; NULL = with them.
Err watch_opening(Cx *cx, void *self, Flow *flow);

typedef struct WatchStanding {
    size_t witnesses;
    Slice why;        // it may not be written in; "" = it may
    bool alarm;       // because of an alarm of an earlier run,
    Slice alarm_name; // that this witness has raised
} WatchStanding;
Err watch_opening_look(Cx *cx, Flow *flow, WatchStanding *ret_standing);
