// Tenant: the organisation that a command works in: that of --organisation, else the first one.
#pragma once
#include "store/store.h"

// What --organisation says (NULL = 'local'). ERR_MISSING when there is none of that name. `store`
// may be NULL beside a running server: then the folder is opened for reading.
Err cli_tenant(Cx *cx, Store *store, const StoreOptions *options, const char *organisation,
               Slice *ret_tenant);
