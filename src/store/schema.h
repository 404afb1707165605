// Schema: the SQL of store/schema/*.sql, applied forward-only, and the projections made anew.
#pragma once
#include "store/db.h"

typedef struct SchemaPart {
    const char *name; // file name without ".sql", in order
    const char *sql;
} SchemaPart;
// Generated from store/schema/*.sql.
extern const SchemaPart SCHEMA_PARTS[];
extern const size_t SCHEMA_PART_COUNT;

// Applies the parts that this database has not seen, in one transaction. ERR_CORRUPT when a newer
// program has written it.
Err schema_apply(Cx *cx, Db *db);
// Drops every projection table and makes it empty. In the caller's transaction.
Err schema_reset_projections(Cx *cx, Db *db);
// Names of the tables, NULL at the end.
extern const char *const SCHEMA_PROJECTIONS[];
extern const char *const SCHEMA_FACTS[];
