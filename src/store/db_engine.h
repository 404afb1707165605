// DbEngine: what one database must do for db.h. db.c forwards to it; store.c picks it.
#pragma once
#include "store/changes.h"
#include "store/db.h"

typedef struct DbEngine {
    const char *name;
    Err (*begin)(Cx *cx, Db *db, bool write);
    Err (*commit)(Cx *cx, Db *db);
    void (*rollback)(Db *db);
    Err (*query)(Cx *cx, Db *db, const char *sql, const DbValue *values, size_t count,
                 DbRows **ret_rows);
    Err (*query_text)(Cx *cx, Db *db, Slice sql, const DbValue *values, size_t count,
                      DbRows **ret_rows);
    Err (*script)(Cx *cx, Db *db, const char *sql);
    Err (*tune)(Cx *cx, Db *db);
    Err (*next)(Cx *cx, DbRows *rows, bool *ret_row);
    DbValue (*col)(const DbRows *rows, int column);
    void (*rows_close)(DbRows *rows);
    uint64_t (*changed)(const Db *db);
    bool (*broken)(const Db *db);
    Err (*erasing)(Cx *cx, Db *db);
    Err (*erased)(Cx *cx, Db *db);
    void (*close)(Db *db);
} DbEngine;

struct Db {
    const DbEngine *engine;
    Changes *changes; // of the writer; else NULL
    bool erasing;     // db_erasing, and db_erased has not been OK since
};
struct DbRows {
    Db *db;
};
