// The check of the database file: pages and indexes hold together.
#include "desk/running/audit/audit_check.h"
#include "store/sqlite/sqlite_catalog.h"

#define LINES 100

Err audit_database(Cx *cx, Audit *audit, uint64_t *ret_things)
{
    if (audit->options->quick || audit->options->no_content) return ERR_OK;
    Slice lines[LINES];
    size_t count = 0;
    TRY(sqlite_catalog_damage(cx, audit->db, lines, LINES, &count));
    for (size_t i = 0; i < count; i++)
        audit_find_add(&audit->findings, AUDIT_DATABASE, SLICE("fapiao.db"), lines[i]);
    *ret_things = 1;
    return ERR_OK;
}
