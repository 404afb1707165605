// Backlog: what is received, has no outcome and is not in memory (flow/jobs.h): found in the store.
//
// In the order of ids, which is that of arrival. Organisations share the room: one that handed in a
// million documents does not keep another's ten waiting behind them.
#pragma once
#include "flow/jobs.h"
#include "store/store.h"

// As JobsFind.
Err backlog_find(Cx *cx, Store *store, Jobs *jobs, const uint8_t *from, size_t room);
