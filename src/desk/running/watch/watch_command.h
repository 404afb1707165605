// For commands that write in a folder and end: they, too, wait where a folder must wait, and show
// its witnesses what they wrote, in two seconds at most.
#pragma once
#include "desk/running/watch/watch.h"

// As flow_open, for writing. *ret_watch may become NULL.
Err watch_command_open(Cx *cx, const FlowOptions *options, Flow **ret_flow, Watch **ret_watch);
void watch_command_close(Flow *flow, Watch *watch); // takes NULLs
