// Db: what we ask of a database. One connection, one thread at a time. Each engine lies in
// store/<engine>/ and is the only place that includes its database's headers.
//
// SQL is written once for all engines: placeholders $1 $2 … are numbers (an engine binds by number,
// never by order of appearance). Statements are cached by the *address* of the SQL text, so it must
// be a string constant, or live as long as the connection (db_query_text is for built SQL).
#pragma once
#include "base/cx.h"

typedef struct Db Db;
typedef struct DbRows DbRows;

typedef enum DbType { DB_NULL, DB_INT, DB_TEXT, DB_BLOB } DbType;
typedef struct DbValue {
    DbType type;
    int64_t number;
    Slice bytes;
} DbValue;
static inline DbValue db_int(int64_t number)
{
    return (DbValue){.type = DB_INT, .number = number};
}
static inline DbValue db_text(Slice text)
{
    return (DbValue){.type = DB_TEXT, .bytes = text};
}
static inline DbValue db_blob(Slice bytes)
{
    return (DbValue){.type = DB_BLOB, .bytes = bytes};
}
static inline DbValue db_null(void)
{
    return (DbValue){};
}

// Every function: ERR_STORE (disk, lock; a retry may help), ERR_LIMIT (the disk is full),
// ERR_CONFLICT (a constraint or guard refused), ERR_CORRUPT (the file is damaged or the key wrong).
// Err from db_commit means *unknown*: ask again by idempotency key after reopening.
Err db_begin(Cx *cx, Db *db);      // a writing transaction
Err db_begin_read(Cx *cx, Db *db); // one snapshot for several queries
Err db_commit(Cx *cx, Db *db);
void db_rollback(Db *db); // harmless when no transaction is open
// An fsync failed on this connection: what lies on disk is unknown, and writing must stop until the
// process has started anew.
bool db_broken(const Db *db);
// Inside the writer's transaction: what it deletes from now on is written over wherever it lay, and
// so is what lies in pages that were given back before.
Err db_erasing(Cx *cx, Db *db);
// After that transaction: no earlier version of a page is left outside of the database's own pages,
// which hold what is there now. ERR_STORE while somebody reads what was there before: try again.
Err db_erased(Cx *cx, Db *db);
bool db_wants_erased(const Db *db); // between the two
void db_close(Db *db);              // takes NULL

// Inside the writer's transaction: rows about this (an id, a number) change, and copies of them are
// old (store/changes.h). db_commit and db_rollback settle it.
void db_touch(Db *db, Slice tenant, Slice about);
void db_touch_all(Db *db);

// INSERT, UPDATE, DELETE, DDL. *ret_changed (may be NULL) = rows.
Err db_run(Cx *cx, Db *db, const char *sql, const DbValue *values, size_t count,
           uint64_t *ret_changed);
// SELECT (or … RETURNING). The rows must be closed before the statement is used again.
Err db_query(Cx *cx, Db *db, const char *sql, const DbValue *values, size_t count,
             DbRows **ret_rows);
// For SQL that was built at run time: prepared each time, not cached.
Err db_query_text(Cx *cx, Db *db, Slice sql, const DbValue *values, size_t count,
                  DbRows **ret_rows);
// Several statements without values: the schema.
Err db_script(Cx *cx, Db *db, const char *sql);
// After the schema was made: tells the planner what our tables look like.
Err db_tune(Cx *cx, Db *db);
Err db_next(Cx *cx, DbRows *rows, bool *ret_row);
int64_t db_col_int(const DbRows *rows, int column); // 0 for NULL
bool db_col_null(const DbRows *rows, int column);
Slice db_col_text(const DbRows *rows, int column); // borrowed until the next db_next; "" for NULL
Slice db_col_blob(const DbRows *rows, int column);
void db_rows_close(DbRows *rows); // takes NULL

#define DB_VALUES(...)                                                                             \
    (const DbValue[]){__VA_ARGS__}, sizeof((const DbValue[]){__VA_ARGS__}) / sizeof(DbValue)
#define AUTO_ROWS __attribute__((cleanup(db_rows_guard)))
static inline void db_rows_guard(DbRows *const *rows)
{
    db_rows_close(*rows);
}
