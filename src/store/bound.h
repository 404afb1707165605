// Bound: rows that may change, and must not change unseen: people, their roles, settings.
//
//   a row is written ─▶ its key is noticed (bound_watch) ─▶ before COMMIT: bound_touched ─▶
//   commit/row_bind: its digest into an event of the ledger, its seal into row_seal
//
// One table in bound.c says which tables these are, and of each
//   firm   columns that an event binds: whoever changes one leaves a leaf behind, or is found;
//   loose  columns that strangers or the mere passing of time change: the ledger would grow by
//          each, so a seal under the folder's key stands for them. A table of loose columns alone
//          has seals and no events.
// The key belongs to both. Digest and seal are HMACs under keys of their own that follow from the
// tag key, so that neither tells anything to who has it.
#pragma once
#include "store/store.h"

#define BOUND_KEYS_MAX 3
#define BOUND_VERSION  1 // grows when a table or a column comes to the list

typedef struct BoundTable {
    const char *name;
    const char *keys;         // columns with ", " between; the first is the tenant
    const char *firm, *loose; // as well; "" = none
    int since;                // the first version with these columns
} BoundTable;
extern const BoundTable BOUND_TABLES[];
extern const size_t BOUND_TABLE_COUNT;
bool bound_is_firm(size_t table);
bool bound_is_loose(size_t table);

// A row as it stands. In the arena.
typedef struct BoundRow {
    size_t table;
    Slice tenant;
    Slice place; // "member(local, 0193…)"
    bool there;  // false = no such row: it was deleted
    Digest firm, whole;
} BoundRow;

// All rows of a table. Made at run time: for db_query_text.
Slice bound_select(Cx *cx, size_t table);
// What such a query stands at.
Err bound_read(Cx *cx, const Store *store, const DbRows *rows, size_t table, BoundRow *ret_row);

// On the writer's connection, once: from now on it notices which rows are written.
Err bound_watch(Cx *cx, Db *db);
// In the writer's transaction: the rows that were noticed, as they stand now. `firm`: one of the
// columns that an event binds, or the row itself.
typedef struct BoundTouched {
    BoundRow row;
    bool firm;
    bool was;      // of a firm one: it stood there before the transaction
    Digest before; // and said that
} BoundTouched;
Err bound_touched(Cx *cx, const Store *store, Db *db, BoundTouched **ret_rows, size_t *ret_count);
// They are bound. `loose`: the seals alone, the others stay noticed.
Err bound_settle(Cx *cx, Db *db, bool loose);
// The firm rows are bound already, as they stand: their seals are left to do.
Err bound_demote(Cx *cx, Db *db);

// The row of row_seal follows its row. In the writer's transaction.
Err bound_seal(Cx *cx, Db *db, const BoundRow *row);
