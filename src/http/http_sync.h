// Routes of sync and completeness.
#pragma once
#include "http/call.h"

Err http_sync_get(Call *call);   // how every source and node stands
Err http_sync_start(Call *call); // "sync now"
Err http_sync_runs(Call *call);  // what was done, newest first
Err http_sync_day(Call *call);   // one day's equation, by source
Err http_sync_days(Call *call);  // the days that are signed
