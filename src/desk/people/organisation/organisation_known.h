// Which organisations there are: what a name that somebody typed is held against, before anything
// is kept under it.
#pragma once
#include "store/db.h"

#define ORGANISATION_TENANT_MAX 64 // bytes

// ERR_MISSING unless there is one of that name, active, and not the platform. 'local' is always
// there.
Err organisation_known(Cx *cx, Db *db, Slice tenant);
