// The check of the schema: every table, index and trigger is there, word for word, and no other.
#include "desk/running/audit/audit_check.h"
#include "store/sqlite/sqlite_catalog.h"

static Slice name_of(Cx *cx, const CatalogObject *object)
{
    return cx_printf(cx, SLICE_FMT " " SLICE_FMT, SLICE_ARG(object->type), SLICE_ARG(object->name));
}

static int order(const CatalogObject *a, const CatalogObject *b)
{
    int by_type = slice_compare(a->type, b->type);
    return by_type != 0 ? by_type : slice_compare(a->name, b->name);
}

static void compare(Cx *cx, Audit *audit, const Catalog *found, const Catalog *expected)
{
    size_t f = 0, e = 0;
    while (f < found->count || e < expected->count) {
        const CatalogObject *have = &found->objects[f], *want = &expected->objects[e];
        int by = f == found->count ? 1 : e == expected->count ? -1 : order(have, want);
        if (by == 0 && !slice_equal(have->sql, want->sql))
            audit_find_add(&audit->findings, AUDIT_SCHEMA, name_of(cx, want),
                           SLICE("it reads otherwise"));
        if (by < 0)
            audit_find_add(&audit->findings, AUDIT_SCHEMA, name_of(cx, have),
                           SLICE("there is no such thing"));
        if (by > 0)
            audit_find_add(&audit->findings, AUDIT_SCHEMA, name_of(cx, want), SLICE("missing"));
        f += by <= 0;
        e += by >= 0;
    }
}

Err audit_schema(Cx *cx, Audit *audit, uint64_t *ret_things)
{
    Catalog found, expected;
    TRY(sqlite_catalog_read(cx, audit->db, &found));
    Db *scratch = NULL;
    TRY(sqlite_catalog_scratch(cx, audit->scratch, &scratch));
    Err err = sqlite_catalog_expected(cx, scratch, &expected);
    db_close(scratch);
    TRY(err);
    compare(cx, audit, &found, &expected);
    *ret_things = found.count;
    return ERR_OK;
}
