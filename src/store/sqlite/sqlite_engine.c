#include "store/sqlite/sqlite_engine.h"

#include <assert.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/base64.h"
#include "store/db_engine.h"
#include "store/disk.h"
#include "store/sqlite/sqlite_gather.h"

// Statements of one connection: at most as many as there are SQL constants in the program.
#define STATEMENT_SLOTS  ((size_t)512) // a power of two
#define STATEMENT_VALUES 32
#define ERASE_BUSY_MS    500
#define WIPE_BYTES       (64 * 1024 * 1024) // of free pages at once

typedef struct SqliteRows {
    DbRows rows;
    sqlite3_stmt *statement;
    int index[STATEMENT_VALUES + 1]; // of $1, $2, … in SQLite's counting; 0 = not in the text
    bool open;
    bool once; // not cached: finalized by close
} SqliteRows;

typedef struct Slot {
    const char *sql; // by address
    SqliteRows *rows;
} Slot;

typedef struct SqliteDb {
    Db db;
    sqlite3 *handle;
    size_t used;
    bool broken, wiped; // wiped: of this transaction
    int busy_ms;
    Slot slots[STATEMENT_SLOTS];
} SqliteDb;

static SqliteDb *self_of(Db *db)
{
    return (SqliteDb *)db;
}

static Err fail(Cx *cx, SqliteDb *self, const char *what)
{
    int code = self->handle == NULL ? SQLITE_NOMEM : sqlite3_extended_errcode(self->handle);
    const char *text = self->handle == NULL ? "out of memory" : sqlite3_errmsg(self->handle);
    if (code == SQLITE_IOERR_FSYNC || code == SQLITE_IOERR_DIR_FSYNC) self->broken = true;
    switch (code & 0xFF) {
    case SQLITE_CONSTRAINT:
        return err_set(cx, ERR_CONFLICT, "%s: %s", what, text);
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
        return err_set(cx, ERR_CORRUPT, "%s: %s (%d)", what, text, code);
    case SQLITE_FULL:
        return err_set(cx, ERR_LIMIT, "%s: %s", what, text);
    default:
        return err_set(cx, ERR_STORE, "%s: %s (%d)", what, text, code);
    }
}

static Err run_text(Cx *cx, SqliteDb *self, const char *sql)
{
    if (sqlite3_exec(self->handle, sql, NULL, NULL, NULL) == SQLITE_OK) return ERR_OK;
    return fail(cx, self, sql);
}

static Err engine_begin(Cx *cx, Db *db, bool write)
{
    self_of(db)->wiped = false;
    return run_text(cx, self_of(db), write ? "BEGIN IMMEDIATE" : "BEGIN");
}

// A checkpoint behind a COMMIT may fail without a word. What was committed is durable in the log;
// it is the last.
static Err engine_commit(Cx *cx, Db *db)
{
    SqliteDb *self = self_of(db);
    TRY(run_text(cx, self, "COMMIT"));
    bool failed = false;
    if (sqlite3_file_control(self->handle, "main", SQLITE_GATHER_FAILED, &failed) == SQLITE_OK)
        self->broken = self->broken || failed;
    return ERR_OK;
}

static void engine_rollback(Db *db)
{
    SqliteDb *self = self_of(db);
    // Fails only when a failed statement has rolled back already: that is what we want.
    if (sqlite3_get_autocommit(self->handle) == 0)
        (void)sqlite3_exec(self->handle, "ROLLBACK", NULL, NULL, NULL);
}

// $n is a name to SQLite: bound in order of appearance it would take another's value.
static Err prepare(Cx *cx, SqliteDb *self, Slice sql, bool keep, SqliteRows **ret_rows)
{
    SqliteRows *rows = calloc(1, sizeof *rows); // owned: by the connection, or by the caller
    if (rows == NULL) return err_set(cx, ERR_STORE, "out of memory");
    unsigned flags = keep ? SQLITE_PREPARE_PERSISTENT : 0;
    if (sqlite3_prepare_v3(self->handle, sql.data, (int)sql.size, flags, &rows->statement, NULL) !=
        SQLITE_OK) {
        Err err = fail(cx, self, "prepare");
        free(rows);
        return err;
    }
    if (rows->statement == NULL) {
        free(rows);
        return err_set(cx, ERR_INPUT, "an empty statement");
    }
    for (int n = 1; n <= STATEMENT_VALUES; n++) {
        char name[8];
        (void)snprintf(name, sizeof name, "$%d", n);
        rows->index[n] = sqlite3_bind_parameter_index(rows->statement, name);
    }
    rows->rows.db = &self->db;
    rows->once = !keep;
    *ret_rows = rows;
    return ERR_OK;
}

static Err find(Cx *cx, SqliteDb *self, const char *sql, SqliteRows **ret_rows)
{
    size_t at = ((uintptr_t)sql * UINT64_C(0x9E3779B97F4A7C15)) >> 55;
    for (; self->slots[at].sql != NULL; at = (at + 1) % STATEMENT_SLOTS)
        if (self->slots[at].sql == sql) {
            *ret_rows = self->slots[at].rows;
            return ERR_OK;
        }
    assert(self->used < STATEMENT_SLOTS - 1);
    TRY(prepare(cx, self, slice_of(sql), true, ret_rows));
    self->slots[at] = (Slot){sql, *ret_rows};
    self->used++;
    return ERR_OK;
}

static int bind_one(sqlite3_stmt *statement, int index, const DbValue *value)
{
    const char *data = value->bytes.data == NULL ? "" : value->bytes.data;
    switch (value->type) {
    case DB_NULL:
        return sqlite3_bind_null(statement, index);
    case DB_INT:
        return sqlite3_bind_int64(statement, index, value->number);
    case DB_TEXT:
        return sqlite3_bind_text64(statement, index, data, value->bytes.size, SQLITE_STATIC,
                                   SQLITE_UTF8);
    case DB_BLOB:
        return sqlite3_bind_blob64(statement, index, data, value->bytes.size, SQLITE_STATIC);
    }
    return SQLITE_MISUSE;
}

// Values are bound without a copy: they must live until the rows are closed, as a caller's do.
static Err bind(Cx *cx, SqliteDb *self, SqliteRows *rows, const DbValue *values, size_t count)
{
    assert(rows != NULL && !rows->open);
    assert(count <= STATEMENT_VALUES);
    rows->open = true;
    for (size_t n = 0; n < count; n++) {
        int index = rows->index[n + 1];
        if (index == 0) continue;
        if (bind_one(rows->statement, index, &values[n]) != SQLITE_OK) {
            Err err = fail(cx, self, "bind");
            db_rows_close(&rows->rows);
            return err;
        }
    }
    return ERR_OK;
}

static Err engine_query(Cx *cx, Db *db, const char *sql, const DbValue *values, size_t count,
                        DbRows **ret_rows)
{
    SqliteDb *self = self_of(db);
    SqliteRows *rows = NULL;
    TRY(find(cx, self, sql, &rows));
    TRY(bind(cx, self, rows, values, count));
    *ret_rows = &rows->rows;
    return ERR_OK;
}

static Err engine_query_text(Cx *cx, Db *db, Slice sql, const DbValue *values, size_t count,
                             DbRows **ret_rows)
{
    SqliteDb *self = self_of(db);
    SqliteRows *rows = NULL;
    TRY(prepare(cx, self, sql, false, &rows));
    TRY(bind(cx, self, rows, values, count));
    *ret_rows = &rows->rows;
    return ERR_OK;
}

static Err engine_script(Cx *cx, Db *db, const char *sql)
{
    SqliteDb *self = self_of(db);
    if (sqlite3_exec(self->handle, sql, NULL, NULL, NULL) == SQLITE_OK) return ERR_OK;
    return fail(cx, self, "script");
}

static Err engine_next(Cx *cx, DbRows *base, bool *ret_row)
{
    SqliteRows *rows = (SqliteRows *)base;
    assert(rows->open);
    int code = sqlite3_step(rows->statement);
    if (code != SQLITE_ROW && code != SQLITE_DONE)
        return fail(cx, self_of(base->db), sqlite3_sql(rows->statement));
    *ret_row = code == SQLITE_ROW;
    return ERR_OK;
}

static DbValue engine_col(const DbRows *base, int column)
{
    sqlite3_stmt *statement = ((const SqliteRows *)base)->statement;
    int type = sqlite3_column_type(statement, column);
    if (type == SQLITE_INTEGER) return db_int(sqlite3_column_int64(statement, column));
    if (type != SQLITE_TEXT && type != SQLITE_BLOB) return db_null();
    const char *data = sqlite3_column_blob(statement, column);
    Slice bytes = {data == NULL ? "" : data, (size_t)sqlite3_column_bytes(statement, column)};
    return type == SQLITE_TEXT ? db_text(bytes) : db_blob(bytes);
}

static void engine_rows_close(DbRows *base)
{
    SqliteRows *rows = (SqliteRows *)base;
    if (rows->once) {
        (void)sqlite3_finalize(rows->statement);
        free(rows);
        return;
    }
    // Their errors are those of the last step, which has been reported.
    (void)sqlite3_reset(rows->statement);
    (void)sqlite3_clear_bindings(rows->statement);
    rows->open = false;
}

static uint64_t engine_changed(const Db *db)
{
    return (uint64_t)sqlite3_changes64(((const SqliteDb *)db)->handle);
}

static bool engine_broken(const Db *db)
{
    return ((const SqliteDb *)db)->broken;
}

static void engine_close(Db *db)
{
    SqliteDb *self = self_of(db);
    for (size_t i = 0; i < STATEMENT_SLOTS; i++)
        if (self->slots[i].sql != NULL) {
            assert(!self->slots[i].rows->open);
            (void)sqlite3_finalize(self->slots[i].rows->statement);
            free(self->slots[i].rows);
        }
    // The log's last pages may be in memory alone: the database must not be made from them.
    if (self->broken)
        (void)sqlite3_db_config(self->handle, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
    int code = sqlite3_close(self->handle);
    assert(code == SQLITE_OK);
    free(self);
}

// Without statistics SQLite takes "tenant = ?" on a primary key for a good start and walks through
// the whole table. Rows in the table, then rows for each prefix of the index: what a folder of a
// million documents looks like. Fixed, so that every folder has the same plans.
static const struct {
    const char *table, *index, *rows;
} statistics[] = {
    {"document", "document", "1000000 1000000 1"},
    {"document", "document_reference", "1000000 1000000 1"},
    {"document", "document_idempotency", "1000000 1000000 1"},
    {"document", "document_same_as", "100000 100000 2"},
    {"erasure_request", "erasure_request", "1000 1000 1"},
    {"erasure_request", "erasure_request_asked", "10 1 1"},
    {"reading", "sqlite_autoindex_reading_1", "1000000 1000000 1"},
    {"identity", "identity", "1000000 1000000 500000 1 1"},
    {"event", "sqlite_autoindex_event_1", "2000000 2000000 2 1"},
    {"content_key", "content_key", "2000000 2000000 1"},
    {"document_state", "document_state", "1000000 1000000 1"},
    {"document_state", "document_state_unusual", "20000 20000 4000 1"},
    {"document_state", "document_state_late", "20000 20000 1 1 1 1 1 1 1"},
    {"document_day", "document_day", "3000 3000 3 1"},
    {"document_entry", "document_entry", "1000000 1000000 50 1"},
    {"document_entry", "document_entry_document", "1000000 1000000 1"},
    {"document_container", "document_container", "20000 20000 1"},
    {"party", "party", "200000 200000 1"},
    {"invoice", "sqlite_autoindex_invoice_1", "1000000 1000000 1"},
    {"invoice", "invoice_number", "1000000 1 1 1 1 1"},
    {"invoice", "invoice_code", "200000 200000 20 2 1"},
    {"invoice", "invoice_digital", "10000 1 1 1"},
    {"invoice", "invoice_digital_of", "10000 10000 1 1 1"},
    {"invoice", "invoice_date", "1000000 1000000 500 1 1 1 1 1 1 1 1 1"},
    {"invoice", "invoice_total", "1000000 1000000 10 1 1 1 1 1 1 1 1 1 1"},
    {"invoice", "invoice_amount", "1000000 1000000 10 1 1"},
    {"invoice", "invoice_received", "1000000 1000000 1 1"},
    {"invoice", "invoice_seller", "1000000 1000000 50 2 1 1 1 1 1 1 1 1"},
    {"invoice", "invoice_buyer", "1000000 1000000 5000 10 1 1 1 1 1 1 1 1"},
    {"invoice_day", "invoice_day", "30000 30000 30 4 2 1"},
    {"invoice_joined", "invoice_joined", "1000 1000 1"},
    {"invoice_joined", "invoice_joined_invoice", "1000 1000 1"},
    {"line", "line", "3000000 3000000 3 1"},
    {"carrier", "carrier", "1500000 1500000 2 1 1"},
    {"carrier", "carrier_document", "1500000 1500000 1 1"},
    {"red_link", "red_link", "20000 20000 1 1 1"},
    {"audit_entry", "audit_entry", "1000000 1000000 1"},
    {"audit_entry", "audit_entry_time", "1000000 1000000 1 1"},
    {"audit_entry", "audit_entry_actor", "1000000 1000000 10000 1 1"},
    {"audit_entry", "audit_entry_act", "1000000 1000000 20000 1 1"},
    {"audit_entry", "audit_entry_object", "1000000 1000000 50000 5 1 1"},
    {"audit_entry", "audit_entry_all", "1000000 1 1"},
    {"checkpoint", "checkpoint", "1000000 1000000 1"},
    {"cosignature", "cosignature", "3000000 3000000 3 1 1"},
    {"refusal", "refusal", "10000 10000 1"},
    {"refusal", "refusal_time", "10000 10000 1"},
    {"refusal", "refusal_came", "10000 1 1"},
    {"statement", "statement", "10000 10000 1"},
    {"statement", "statement_came", "10000 1 1 1"},
    {"notify_outbox", "notify_outbox", "100000 100000 1"},
    {"notify_outbox", "notify_outbox_state", "100000 100000 25000 1"},
    {"notify_outbox", "notify_outbox_due", "1000 1000 200 1"},
    {"organisation", "organisation", "10000 1"},
    {"account", "account", "100000 100000 1"},
    {"account", "account_login", "100000 100000 1"},
    {"account", "account_mail", "100000 100000 1"},
    {"account", "account_phone", "100000 100000 1"},
    {"recovery_code", "recovery_code", "1000000 1000000 10 1"},
    {"member", "member", "100000 10 1"},
    {"member", "member_account", "100000 1 1"},
    {"session", "session", "100000 100000 1"},
    {"session", "session_account", "100000 100000 2 1"},
    {"api_token", "api_token", "10000 5 1"},
    {"api_token", "api_token_hash", "10000 1"},
    {"api_token", "api_token_account", "10000 2 1"},
    {"ticket", "ticket", "100000 100000 1"},
    {"ticket", "ticket_account", "100000 100000 2 1 1"},
    {"identity_link", "identity_link", "10000 10000 10000 1"},
    {"identity_link", "identity_link_account", "10000 10000 2"},
    {"row_seal", "row_seal", "200000 20000 1"},
};

static Err engine_tune(Cx *cx, Db *db)
{
    SqliteDb *self = self_of(db);
    AUTO_ROWS DbRows *there = NULL;
    bool row = false;
    TRY(db_query(cx, db, "SELECT 1 FROM sqlite_schema WHERE name = 'sqlite_stat1'", NULL, 0,
                 &there));
    TRY(db_next(cx, there, &row));
    db_rows_close(there);
    there = NULL;
    if (!row) TRY(run_text(cx, self, "ANALYZE")); // makes it; of empty tables it says nothing
    TRY(db_run(cx, db, "DELETE FROM sqlite_stat1", NULL, 0, NULL));
    for (size_t i = 0; i < sizeof statistics / sizeof statistics[0]; i++)
        TRY(db_run(cx, db, "INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES ($1, $2, $3)",
                   DB_VALUES(db_text(slice_of(statistics[i].table)),
                             db_text(slice_of(statistics[i].index)),
                             db_text(slice_of(statistics[i].rows))),
                   NULL));
    return run_text(cx, self, "ANALYZE sqlite_schema"); // loads what was just written
}

static Err checkpoint(Cx *cx, SqliteDb *self, int mode)
{
    // A reader may stay for long, and meanwhile nobody writes: rather said soon, and tried again.
    (void)sqlite3_busy_timeout(self->handle, ERASE_BUSY_MS);
    int code = sqlite3_wal_checkpoint_v2(self->handle, NULL, mode, NULL, NULL);
    Err err = code == SQLITE_OK ? ERR_OK : fail(cx, self, "checkpoint");
    (void)sqlite3_busy_timeout(self->handle, self->busy_ms);
    return err;
}

// What pages held before lies in the WAL: first all of it goes into the database, then it is
// written over. Between RESTART and the next commit nobody reads there.
static Err purge_wal(Cx *cx, SqliteDb *self)
{
    TRY(checkpoint(cx, self, SQLITE_CHECKPOINT_RESTART));
    TRY(disk_wipe(cx, sqlite3_filename_wal(sqlite3_db_filename(self->handle, "main"))));
    return checkpoint(cx, self, SQLITE_CHECKPOINT_TRUNCATE);
}

static Err count_of(Cx *cx, SqliteDb *self, const char *pragma, int64_t *ret_count)
{
    AUTO_ROWS DbRows *rows = NULL;
    bool row = false;
    TRY(db_query_text(cx, &self->db, slice_of(pragma), NULL, 0, &rows));
    TRY(db_next(cx, rows, &row));
    *ret_count = row ? db_col_int(rows, 0) : 0;
    return ERR_OK;
}

// Pages that were given back before hold what they held. A value of zeros takes them, all but
// nothing more: a page of a value holds what its page can use but for four bytes.
static Err wipe_free(Cx *cx, SqliteDb *self)
{
    int64_t free_count = 0, page_size = 0;
    int reserve = -1;
    TRY(count_of(cx, self, "PRAGMA freelist_count", &free_count));
    TRY(count_of(cx, self, "PRAGMA page_size", &page_size));
    if (sqlite3_file_control(self->handle, "main", SQLITE_FCNTL_RESERVE_BYTES, &reserve) !=
        SQLITE_OK)
        return fail(cx, self, "reserved bytes");
    int64_t left = free_count * (page_size - reserve - 4);
    for (int i = 0; left > 0; i++) {
        int64_t size = left < WIPE_BYTES ? left : WIPE_BYTES;
        Slice name = cx_printf(cx, "wiping-%d", i);
        TRY(db_run(cx, &self->db, "INSERT INTO meta (name, value) VALUES ($1, zeroblob($2))",
                   DB_VALUES(db_text(name), db_int(size)), NULL));
        left -= size;
    }
    return db_run(cx, &self->db, "DELETE FROM meta WHERE name LIKE 'wiping-%'", NULL, 0, NULL);
}

static Err engine_erasing(Cx *cx, Db *db)
{
    SqliteDb *self = self_of(db);
    TRY(run_text(cx, self, "PRAGMA secure_delete=ON"));
    if (!self->wiped) TRY(wipe_free(cx, self));
    self->wiped = true;
    return ERR_OK;
}

static Err engine_erased(Cx *cx, Db *db)
{
    TRY(run_text(cx, self_of(db), "PRAGMA secure_delete=FAST"));
    return purge_wal(cx, self_of(db));
}

static const DbEngine engine = {
    .name = "sqlite",
    .begin = engine_begin,
    .commit = engine_commit,
    .rollback = engine_rollback,
    .query = engine_query,
    .query_text = engine_query_text,
    .script = engine_script,
    .tune = engine_tune,
    .next = engine_next,
    .col = engine_col,
    .rows_close = engine_rows_close,
    .changed = engine_changed,
    .broken = engine_broken,
    .erasing = engine_erasing,
    .erased = engine_erased,
    .close = engine_close,
};

// "raw:" skips the derivation from a passphrase: the key is random already, and deriving costs 38
// ms an opening.
static int give_key(Cx *cx, sqlite3 *handle, const AeadKey *page_key,
                    int (*give)(sqlite3 *handle, const void *key, int size))
{
    Slice hex = base64_hex(cx, (Slice){(const char *)page_key->bytes, AEAD_KEY_SIZE});
    char key[4 + 2 * AEAD_KEY_SIZE + 1];
    (void)snprintf(key, sizeof key, "raw:" SLICE_FMT, SLICE_ARG(hex));
    int code = give(handle, key, (int)strlen(key));
    explicit_bzero(key, sizeof key);
    explicit_bzero((void *)(uintptr_t)hex.data, hex.size);
    return code;
}

// What is configured holds for one key alone.
static Err choose_cipher(Cx *cx, SqliteDb *self)
{
    if (sqlite3mc_config(self->handle, "cipher", CODEC_TYPE_AEGIS) == CODEC_TYPE_AEGIS)
        return ERR_OK;
    return err_set(cx, ERR_STORE, "the database library has no AEGIS cipher");
}

// The key goes in before anything touches the file.
static Err use_key(Cx *cx, SqliteDb *self, const AeadKey *page_key)
{
    TRY(choose_cipher(cx, self));
    int code = give_key(cx, self->handle, page_key, sqlite3_key);
    return code == SQLITE_OK ? ERR_OK : fail(cx, self, "page key");
}

Err sqlite_engine_rekey(Cx *cx, Db *db, const AeadKey *page_key)
{
    SqliteDb *self = self_of(db);
    TRY(choose_cipher(cx, self));
    int code = give_key(cx, self->handle, page_key, sqlite3_rekey);
    return code == SQLITE_OK ? ERR_OK : fail(cx, self, "new page key");
}

static void guarded(sqlite3_context *context, int count, sqlite3_value **values)
{
    (void)count, (void)values;
    sqlite3_result_int(context, 1);
}

// The guards (schema/0003_guards.sql) need recursive triggers; what the tables of facts ask for is
// known only where those are on.
static Err guard(Cx *cx, SqliteDb *self)
{
    TRY(run_text(cx, self, "PRAGMA recursive_triggers=ON"));
    int flags = SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS;
    if (sqlite3_create_function(self->handle, "facts_guarded", 0, flags, NULL, guarded, NULL,
                                NULL) != SQLITE_OK)
        return fail(cx, self, "facts_guarded");
    return ERR_OK;
}

static Err configure(Cx *cx, SqliteDb *self, const SqliteOptions *options)
{
    (void)sqlite3_extended_result_codes(self->handle, 1);
    self->busy_ms = options->busy_ms;
    (void)sqlite3_busy_timeout(self->handle, options->busy_ms);
    if (sqlite3_db_config(self->handle, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL) != SQLITE_OK ||
        sqlite3_db_config(self->handle, SQLITE_DBCONFIG_ENABLE_FKEY, 1, NULL) != SQLITE_OK ||
        sqlite3_db_config(self->handle, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL) != SQLITE_OK)
        return fail(cx, self, "configure");
    TRY(run_text(cx, self,
                 "PRAGMA cell_size_check=ON;PRAGMA mmap_size=0;PRAGMA temp_store=MEMORY"));
    TRY(guard(cx, self));
    char text[64];
    (void)snprintf(text, sizeof text, "PRAGMA cache_size=-%d", options->cache_kib);
    TRY(run_text(cx, self, text));
    // The first statement that reads a page: a wrong key shows here.
    Err err = run_text(cx, self, "SELECT count(*) FROM sqlite_schema");
    if (err == ERR_CORRUPT)
        return err_set(cx, ERR_CORRUPT, "'%s' is damaged, or its key is another one",
                       options->path);
    if (err != ERR_OK) return err;
    if (options->scratch)
        return run_text(cx, self, "PRAGMA journal_mode=OFF;PRAGMA synchronous=OFF");
    if (!options->write) return run_text(cx, self, "PRAGMA query_only=ON");
    return run_text(
        cx, self,
        "PRAGMA journal_mode=WAL;PRAGMA synchronous=FULL;PRAGMA wal_autocheckpoint=4000;"
        "PRAGMA journal_size_limit=67108864;"
        // Rows that moved to another page leave nothing behind on this one (engine_erasing).
        "PRAGMA secure_delete=FAST");
}

Err sqlite_engine_open(Cx *cx, const SqliteOptions *options, Db **ret_db)
{
    SqliteDb *self = calloc(1, sizeof *self); // owned: by whoever opened it
    if (self == NULL) return err_set(cx, ERR_STORE, "out of memory");
    self->db.engine = &engine;
    int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
    if (options->create) flags |= SQLITE_OPEN_CREATE;
    Err err = ERR_OK;
    // Who syncs nothing can't hear at a sync what became of a write.
    const char *vfs = options->write && !options->scratch ? sqlite_gather_vfs() : NULL;
    if (sqlite3_open_v2(options->path, &self->handle, flags, vfs) != SQLITE_OK)
        err = fail(cx, self, options->path);
    if (err == ERR_OK) err = use_key(cx, self, options->page_key);
    if (err == ERR_OK) err = configure(cx, self, options);
    if (err != ERR_OK) {
        (void)sqlite3_close(self->handle);
        free(self);
        return err;
    }
    *ret_db = &self->db;
    return ERR_OK;
}
