// Schema found: fills what SQL can't say, the names by which parties are found (0024_found.sql).
#pragma once
#include "store/db.h"

// Within a transaction, once a folder; every hundred thousand names a line on standard error.
Err schema_found_fill(Cx *cx, Db *db);
