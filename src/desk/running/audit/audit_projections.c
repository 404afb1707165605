// The check of projections: what a rebuild makes of the facts, in a database of its own, row for
// row and value for value what the live tables hold.
#include "base/base64.h"
#include "base/limits.h"
#include "base/text.h"
#include "desk/running/audit/audit_check.h"
#include "publish/rebuild.h"
#include "store/schema.h"
#include "store/sqlite/sqlite_catalog.h"

#define SQL_SIZE ((size_t)4096)

typedef struct Side {
    DbRows *rows;
    bool row;
} Side;

typedef struct Table {
    const char *name;
    const CatalogColumns *columns;
} Table;

static Err select_sql(Cx *cx, const Table *table, Slice *ret_sql)
{
    Text sql = text_open(cx, SQL_SIZE);
    text_add(&sql, SLICE("SELECT "));
    const CatalogColumns *columns = table->columns;
    for (size_t i = 0; i < columns->count; i++)
        text_printf(&sql, "%s" SLICE_FMT, i == 0 ? "" : ", ", SLICE_ARG(columns->names[i]));
    text_printf(&sql, " FROM %s ORDER BY ", table->name);
    for (size_t i = 0; i < columns->key_count; i++)
        text_printf(&sql, "%s" SLICE_FMT, i == 0 ? "" : ", ",
                    SLICE_ARG(columns->names[columns->key[i]]));
    return text_done(cx, &sql, ret_sql);
}

// NULL below all; numbers, then bytes.
static int compare_value(const DbRows *a, const DbRows *b, int column)
{
    int64_t one = db_col_int(a, column), two = db_col_int(b, column);
    if (db_col_null(a, column) != db_col_null(b, column)) return db_col_null(a, column) ? -1 : 1;
    if (one != two) return one < two ? -1 : 1;
    int texts = slice_compare(db_col_text(a, column), db_col_text(b, column));
    return texts != 0 ? texts : slice_compare(db_col_blob(a, column), db_col_blob(b, column));
}

static int compare_keys(const Table *table, const Side *live, const Side *made)
{
    if (!live->row || !made->row) return live->row ? -1 : 1;
    for (size_t i = 0; i < table->columns->key_count; i++) {
        int by = compare_value(live->rows, made->rows, (int)table->columns->key[i]);
        if (by != 0) return by;
    }
    return 0;
}

static Slice row_name(Cx *cx, const Table *table, const DbRows *rows)
{
    Text name = text_open(cx, LIMIT_FIELD_BYTES);
    text_printf(&name, "%s(", table->name);
    for (size_t i = 0; i < table->columns->key_count; i++) {
        size_t column = table->columns->key[i];
        Slice type = table->columns->types[column];
        if (i > 0) text_add(&name, SLICE(", "));
        if (slice_equal(type, SLICE("INTEGER")))
            text_printf(&name, "%lld", (long long)db_col_int(rows, (int)column));
        else if (slice_equal(type, SLICE("BLOB")))
            text_add(&name, base64_hex(cx, db_col_blob(rows, (int)column)));
        else
            text_add(&name, db_col_text(rows, (int)column));
    }
    text_byte(&name, ')');
    return text_so_far(&name);
}

static void compare_row(Cx *cx, Audit *audit, const Table *table, const Side *live,
                        const Side *made)
{
    for (size_t i = 0; i < table->columns->count; i++)
        if (compare_value(live->rows, made->rows, (int)i) != 0)
            audit_find_add(&audit->findings, AUDIT_PROJECTION, row_name(cx, table, live->rows),
                           table->columns->names[i]);
}

static Err compare_step(Cx *cx, Audit *audit, const Table *table, Side *live, Side *made)
{
    int by = compare_keys(table, live, made);
    if (by == 0)
        compare_row(cx, audit, table, live, made);
    else if (by < 0)
        audit_find_add(&audit->findings, AUDIT_PROJECTION, row_name(cx, table, live->rows),
                       SLICE("too many"));
    else
        audit_find_add(&audit->findings, AUDIT_PROJECTION, row_name(cx, table, made->rows),
                       SLICE("missing"));
    if (by <= 0) TRY(db_next(cx, live->rows, &live->row));
    if (by >= 0) TRY(db_next(cx, made->rows, &made->row));
    return ERR_OK;
}

static Err compare_table(Cx *cx, Audit *audit, Db *scratch, const char *name, uint64_t *things)
{
    CatalogColumns columns;
    TRY(sqlite_catalog_columns(cx, scratch, slice_of(name), &columns));
    const Table table = {name, &columns};
    Slice sql;
    TRY(select_sql(cx, &table, &sql));
    AUTO_ROWS DbRows *live_rows = NULL;
    AUTO_ROWS DbRows *made_rows = NULL;
    TRY(db_query_text(cx, audit->db, sql, NULL, 0, &live_rows));
    TRY(db_query_text(cx, scratch, sql, NULL, 0, &made_rows));
    Side live = {live_rows, true}, made = {made_rows, true};
    TRY(db_next(cx, live.rows, &live.row));
    TRY(db_next(cx, made.rows, &made.row));
    for (; live.row || made.row; ++*things) {
        Cx own;
        cx_init(&own, cx->world, LIMIT_JOB_ARENA);
        Err err = compare_step(&own, audit, &table, &live, &made);
        if (err != ERR_OK) err = err_set(cx, err, "%s", own.err_text);
        cx_done(&own);
        TRY(err);
    }
    return ERR_OK;
}

static void show(void *self, uint64_t done, uint64_t all)
{
    audit_check_progress(self, done, all);
}

static Err rebuild_and_compare(Cx *cx, Audit *audit, Db *scratch, uint64_t *ret_things)
{
    const RebuildOptions options = {.store = audit->store, .progress = show, .self = audit};
    TRY(schema_apply(cx, scratch));
    TRY(db_begin(cx, scratch));
    Err err = rebuild_into(cx, audit->db, scratch, &options);
    if (err == ERR_CORRUPT || err == ERR_CONFLICT || err == ERR_INPUT) {
        // A fact is damaged, which the checks before have said of its row.
        audit_find_add(&audit->findings, AUDIT_PROJECTION, SLICE("all"), err_text(cx));
        return ERR_OK;
    }
    TRY(err);
    TRY(db_commit(cx, scratch));
    for (size_t i = 0; SCHEMA_PROJECTIONS[i] != NULL; i++)
        TRY(compare_table(cx, audit, scratch, SCHEMA_PROJECTIONS[i], ret_things));
    return ERR_OK;
}

Err audit_projections(Cx *cx, Audit *audit, uint64_t *ret_things)
{
    if (audit->options->quick || audit->options->no_content) return ERR_OK;
    Db *scratch = NULL;
    TRY(sqlite_catalog_scratch(cx, audit->scratch, &scratch));
    Err err = rebuild_and_compare(cx, audit, scratch, ret_things);
    db_rollback(scratch);
    db_close(scratch);
    return err;
}
