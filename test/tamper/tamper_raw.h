// The tamperer: holds the key, knows the format, and opens the database as a program of its own.
#pragma once
#include <sqlite3.h>

#include "base/text.h"
#include "desk/running/audit/audit_fixture.h"

#define TAMPER_COLUMNS_MAX 64

typedef struct TamperRaw {
    sqlite3 *handle;
    Cx *cx;
} TamperRaw;

// A copy of a folder, with the same key. `wal`: with what is not merged yet.
AuditFolder tamper_raw_copy(Cx *cx, const AuditFolder *folder, const char *name, bool wal);
void tamper_raw_remove(const AuditFolder *folder);
// Everything is allowed on it: the guards' function is there, the schema can be written.
void tamper_raw_open(Cx *cx, const AuditFolder *folder, TamperRaw *ret_raw);
// Merges the WAL, so that one file holds all.
void tamper_raw_close(TamperRaw *raw);
void tamper_raw_run(const TamperRaw *raw, Slice sql);
// The first column of the first row, in the arena; "" when there is no row.
Slice tamper_raw_text(const TamperRaw *raw, Slice sql);
// Drops the triggers of a table; they are made again by tamper_raw_guard, word for word.
Slice tamper_raw_unguard(const TamperRaw *raw, Slice table);
void tamper_raw_guard(const TamperRaw *raw, Slice triggers);

typedef struct TamperTable {
    Slice name;
    Slice columns[TAMPER_COLUMNS_MAX], types[TAMPER_COLUMNS_MAX];
    size_t count;
    size_t key[TAMPER_COLUMNS_MAX], key_count;
} TamperTable;
TamperTable tamper_raw_table(const TamperRaw *raw, Slice name);
// SQL for "table(a, b)" of a row, as an audit names it.
Slice tamper_raw_place(Cx *cx, const TamperTable *table);
