// What is said of those who watch: the Witnesses of the API, the same on the command line.
#pragma once
#include "desk/running/watch/watch.h"

// `size` of the newest checkpoint; `halted` why nothing may be written, "" when it may. The brief
// of a folder that nobody watches at the moment is counted from its rows: {} then.
Err watch_view_print(Cx *cx, Db *db, const WatchBrief *brief, uint64_t size, Slice halted,
                     Slice *ret_json);
// One line for people, Chinese and English: how many there are, or that there is none.
Slice watch_view_line(Cx *cx, const WatchBrief *brief);
// Of a folder that is only read: what its rows tell,
Err watch_view_brief(Cx *cx, Db *db, WatchBrief *ret_brief);
// and the alarm that it keeps, "" when there is none.
Err watch_view_alarm(Cx *cx, Db *db, Slice *ret_text);
