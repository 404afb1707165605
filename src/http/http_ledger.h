// Routes of the ledger: what it is, and the log as C2SP's static layout.
#pragma once
#include "http/routes.h"

RouteFn http_ledger_get, http_ledger_checkpoint, http_ledger_tile;
// ERR_MISSING when this folder has none.
Err http_ledger_of(Call *call, Log **ret_log);
