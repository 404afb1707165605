#include "store/bound.h"

#include <assert.h>

#include "base/base64.h"
#include "base/limits.h"
#include "base/text.h"
#include "base/utf8.h"
#include "store/db_engine.h"

#define COLUMNS_MAX     24
#define FIRM_MAX        16 // with the key
#define SQL_BYTES_MAX   8192
#define PLACE_BYTES_MAX 4096

// docs/formats/store.md says of each loose column why it is one.
const BoundTable BOUND_TABLES[] = {
    {"organisation", "tenant", "kind, name, tax_id, tax_tag, state, created_ms", "", 1},
    {"account", "tenant, id",
     "login_tag, mail_tag, phone_tag, profile, password, password_ms, state, mail_ms, phone_ms, "
     "seed, seed_ms, created_ms, vouched",
     "seed_step, failures, failed_ms", 1},
    {"recovery_code", "tenant, account, tag", "used_ms", "", 1},
    {"member", "tenant, account", "roles, since_ms", "", 1},
    {"session", "tenant, hash",
     "id, account, organisation, factors, created_ms, origin, confirmed_ms", "seen_ms", 1},
    {"api_token", "tenant, id", "hash, account, name, acts, created_ms, expires_ms", "used_ms", 1},
    {"identity_link", "tenant, issuer, tag", "account, created_ms", "", 1},
    {"address_rule", "tenant, block", "effect, note, created_ms", "", 1},
    {"policy", "tenant, name", "value, changed_ms", "", 1},
    {"erasure_request", "tenant, id",
     "reference, reason, asked_by, asked_ms, decided_by, decided_ms, state", "", 1},
    {"notify_setting", "tenant, name", "value, changed_ms", "", 1},
    {"watcher", "tenant, name", "kind, vkey, url, token, added_ms", "size, ok_ms, tried_ms, error",
     1},
    {"ticket", "tenant, hash", "", "kind, account, content, created_ms, expires_ms, tries, used_ms",
     1},
    {"notify_outbox", "tenant, id", "",
     "channel, to_sealed, body_sealed, template, language, state, tries, next_ms, created_ms, "
     "sent_ms, error",
     1},
    {"attempt", "tenant, day, tag", "", "count", 1},
    {"sync_run", "tenant, id", "", "cause, started_ms, ended_ms, result", 1},
};
const size_t BOUND_TABLE_COUNT = sizeof BOUND_TABLES / sizeof BOUND_TABLES[0];

bool bound_is_firm(size_t table)
{
    return BOUND_TABLES[table].firm[0] != '\0';
}

bool bound_is_loose(size_t table)
{
    return BOUND_TABLES[table].loose[0] != '\0';
}

static size_t split(const char *list, Slice parts[static COLUMNS_MAX])
{
    Slice rest = slice_of(list), part;
    bool done = rest.size == 0;
    size_t count = 0;
    while (slice_cut(&rest, ',', &done, &part)) {
        assert(count < COLUMNS_MAX);
        parts[count++] = slice_trim(part);
    }
    return count;
}

static Slice columns_of(Cx *cx, const BoundTable *table)
{
    const bool firm = table->firm[0] != '\0', loose = table->loose[0] != '\0';
    return cx_printf(cx, "%s%s%s%s%s", table->keys, firm ? ", " : "", table->firm,
                     loose ? ", " : "", table->loose);
}

Slice bound_select(Cx *cx, size_t table)
{
    return cx_printf(cx, "SELECT " SLICE_FMT " FROM %s",
                     SLICE_ARG(columns_of(cx, &BOUND_TABLES[table])), BOUND_TABLES[table].name);
}

// ---- what a row is called, and its digests ----

// As an audit names it: text as it stands, where it is one line; all else in hexadecimal.
static void add_key(Cx *cx, Text *place, DbValue value)
{
    if (value.type == DB_INT) {
        text_printf(place, "%lld", (long long)value.number);
        return;
    }
    bool line = value.type == DB_TEXT && utf8_is_clean(value.bytes);
    for (size_t i = 0; line && i < value.bytes.size; i++)
        line = (uint8_t)value.bytes.data[i] >= 0x20 && value.bytes.data[i] != 0x7F;
    text_add(place, line ? value.bytes : base64_hex(cx, value.bytes));
}

static Err place_of(Cx *cx, size_t table, const DbValue *keys, size_t count, Slice *ret_place)
{
    Text place = text_open(cx, PLACE_BYTES_MAX);
    text_printf(&place, "%s(", BOUND_TABLES[table].name);
    for (size_t i = 0; i < count; i++) {
        if (i > 0) text_add(&place, SLICE(", "));
        add_key(cx, &place, keys[i]);
    }
    text_byte(&place, ')');
    return text_done(cx, &place, ret_place);
}

static void add_number(Text *text, uint64_t number)
{
    for (int shift = 56; shift >= 0; shift -= 8)
        text_byte(text, (char)(number >> shift & 0xFF));
}

// type:u8 size:u64 bytes; a number's are its eight.
static void add_value(Text *text, DbValue value)
{
    text_byte(text, (char)value.type);
    add_number(text, value.type == DB_INT ? 8 : value.bytes.size);
    if (value.type == DB_INT)
        add_number(text, (uint64_t)value.number);
    else
        text_add(text, value.bytes);
}

static void add_values(Text *text, size_t table, const DbValue *values, size_t count)
{
    text_printf(text, "%s\n", BOUND_TABLES[table].name);
    for (size_t i = 0; i < count; i++)
        add_value(text, values[i]);
}

static size_t firm_count(size_t table)
{
    Slice names[COLUMNS_MAX];
    return split(BOUND_TABLES[table].keys, names) + split(BOUND_TABLES[table].firm, names);
}

static Err digest_of_values(Cx *cx, const Store *store, size_t table, const DbValue *values,
                            size_t count, Slice purpose, Digest *ret_digest)
{
    Text text = text_open(cx, LIMIT_BOUND_ROW_BYTES);
    Slice whole;
    add_values(&text, table, values, count);
    TRY(text_done(cx, &text, &whole));
    *ret_digest = store_tag(store, purpose, whole);
    return ERR_OK;
}

Err bound_read(Cx *cx, const Store *store, const DbRows *rows, size_t table, BoundRow *ret_row)
{
    Slice names[COLUMNS_MAX];
    DbValue values[FIRM_MAX + COLUMNS_MAX] = {};
    const size_t keys = split(BOUND_TABLES[table].keys, names), firm = firm_count(table);
    const size_t all = firm + split(BOUND_TABLES[table].loose, names);
    assert(firm <= FIRM_MAX);
    for (size_t i = 0; i < all; i++)
        values[i] = rows->db->engine->col(rows, (int)i);
    BoundRow row = {.table = table, .there = true};
    TRY(digest_of_values(cx, store, table, values, firm, SLICE("row/v1"), &row.firm));
    TRY(digest_of_values(cx, store, table, values, all, SLICE("row-seal/v1"), &row.whole));
    TRY(cx_copy(cx, values[0].bytes, &row.tenant));
    TRY(place_of(cx, table, values, keys, &row.place));
    *ret_row = row;
    return ERR_OK;
}

// ---- which rows are written ----

// Triggers of this connection, and a table of its own in memory: nothing of it is in the folder,
// and it is undone with the transaction or savepoint like the rows themselves. The first note of a
// row stands: value_1 … is what a firm row said before all that the transaction did.
#define VALUES_16                                                                                  \
    "value_1, value_2, value_3, value_4, value_5, value_6, value_7, value_8, value_9, value_10, "  \
    "value_11, value_12, value_13, value_14, value_15, value_16"
static const char touched_sql[] =
    "CREATE TEMP TABLE row_touched (bound INTEGER NOT NULL, firm INTEGER NOT NULL, "
    "key_1 NOT NULL, key_2 NOT NULL, key_3 NOT NULL, was INTEGER NOT NULL, " VALUES_16 ", "
    "PRIMARY KEY (bound, key_1, key_2, key_3, firm)) WITHOUT ROWID;";

static void add_columns(Text *sql, const char *of, const char *list, const char *before)
{
    Slice names[COLUMNS_MAX];
    size_t count = split(list, names);
    for (size_t i = 0; i < count; i++)
        text_printf(sql, "%s%s." SLICE_FMT, i == 0 ? before : ", ", of, SLICE_ARG(names[i]));
}

// The key of OLD or NEW, and what OLD said.
static void add_touch(Text *sql, size_t table, const char *of, bool firm)
{
    const BoundTable *row = &BOUND_TABLES[table];
    Slice names[COLUMNS_MAX];
    size_t keys = split(row->keys, names), values = 0;
    assert(keys <= BOUND_KEYS_MAX);
    const bool was = strcmp(of, "OLD") == 0;
    text_printf(sql, "INSERT INTO row_touched VALUES (%zu, %d", table, firm);
    add_columns(sql, of, row->keys, ", ");
    for (; keys < BOUND_KEYS_MAX; keys++)
        text_add(sql, SLICE(", ''"));
    text_printf(sql, ", %d", was);
    if (was && firm) {
        add_columns(sql, of, row->keys, ", ");
        add_columns(sql, of, row->firm, ", ");
        values = firm_count(table);
    }
    for (; values < FIRM_MAX; values++)
        text_add(sql, SLICE(", NULL"));
    text_add(sql, SLICE(") ON CONFLICT DO NOTHING; "));
}

// `columns`: an UPDATE counts when one of them is another afterwards.
static void add_trigger(Text *sql, size_t table, const char *event, const char *columns, bool firm)
{
    const char *name = BOUND_TABLES[table].name;
    text_printf(sql, "CREATE TEMP TRIGGER %s_%s_%d AFTER %s ON main.%s ", name, event, firm, event,
                name);
    if (columns != NULL) {
        add_columns(sql, "OLD", columns, "WHEN (");
        add_columns(sql, "NEW", columns, ") IS NOT (");
        text_add(sql, SLICE(") "));
    }
    text_add(sql, SLICE("BEGIN "));
    if (strcmp(event, "INSERT") != 0) add_touch(sql, table, "OLD", firm);
    if (strcmp(event, "DELETE") != 0) add_touch(sql, table, "NEW", firm);
    text_add(sql, SLICE("END; "));
}

static Err watch_table(Cx *cx, Db *db, size_t i)
{
    const BoundTable *table = &BOUND_TABLES[i];
    const bool firm = bound_is_firm(i);
    Text sql = text_open(cx, SQL_BYTES_MAX);
    add_trigger(&sql, i, "INSERT", NULL, firm);
    add_trigger(&sql, i, "DELETE", NULL, firm);
    const char *keys_and = firm ? table->firm : table->loose;
    Slice columns = cx_printf(cx, "%s, %s", table->keys, keys_and);
    add_trigger(&sql, i, "UPDATE", columns.data, firm);
    if (firm && bound_is_loose(i)) add_trigger(&sql, i, "UPDATE", table->loose, false);
    text_byte(&sql, '\0');
    Slice text;
    TRY(text_done(cx, &sql, &text));
    return db_script(cx, db, text.data);
}

Err bound_watch(Cx *cx, Db *db)
{
    TRY(db_script(cx, db, touched_sql));
    for (size_t i = 0; i < BOUND_TABLE_COUNT; i++)
        TRY(watch_table(cx, db, i));
    return ERR_OK;
}

typedef struct Key {
    size_t table;
    bool firm, was;
    DbValue values[BOUND_KEYS_MAX];
    Digest before;
} Key;

static Err copy_value(Cx *cx, DbValue value, DbValue *ret_copy)
{
    *ret_copy = value;
    return value.type == DB_INT ? ERR_OK : cx_copy(cx, value.bytes, &ret_copy->bytes);
}

static Err take_key(Cx *cx, const Store *store, const DbRows *rows, Key *ret_key)
{
    Key key = {.table = (size_t)db_col_int(rows, 0),
               .firm = db_col_int(rows, 1) != 0,
               .was = db_col_int(rows, 2) != 0};
    for (int i = 0; i < BOUND_KEYS_MAX; i++)
        TRY(copy_value(cx, rows->db->engine->col(rows, 3 + i), &key.values[i]));
    if (key.firm && key.was) {
        DbValue values[FIRM_MAX];
        for (int i = 0; i < FIRM_MAX; i++)
            values[i] = rows->db->engine->col(rows, 3 + BOUND_KEYS_MAX + i);
        TRY(digest_of_values(cx, store, key.table, values, firm_count(key.table), SLICE("row/v1"),
                             &key.before));
    }
    *ret_key = key;
    return ERR_OK;
}

static Err take_keys(Cx *cx, const Store *store, Db *db, Key *keys, size_t room, size_t *ret_count)
{
    AUTO_ROWS DbRows *rows = NULL;
    // The firm one of a row comes first.
    TRY(db_query(cx, db,
                 "SELECT bound, firm, was, key_1, key_2, key_3, " VALUES_16 " FROM row_touched "
                 "ORDER BY bound, key_1, key_2, key_3, firm DESC",
                 NULL, 0, &rows));
    for (bool row = true; *ret_count < room; ++*ret_count) {
        TRY(db_next(cx, rows, &row));
        if (!row) return ERR_OK;
        TRY(take_key(cx, store, rows, &keys[*ret_count]));
    }
    return ERR_OK;
}

static Err look_up(Cx *cx, const Store *store, Db *db, const Key *key, BoundRow *ret_row)
{
    Slice names[COLUMNS_MAX];
    const size_t count = split(BOUND_TABLES[key->table].keys, names);
    Text sql = text_open(cx, SQL_BYTES_MAX);
    text_add(&sql, bound_select(cx, key->table));
    for (size_t i = 0; i < count; i++)
        text_printf(&sql, "%s" SLICE_FMT " = $%zu", i == 0 ? " WHERE " : " AND ",
                    SLICE_ARG(names[i]), i + 1);
    AUTO_ROWS DbRows *rows = NULL;
    bool row = false;
    TRY(db_query_text(cx, db, text_so_far(&sql), key->values, count, &rows));
    TRY(db_next(cx, rows, &row));
    if (row) return bound_read(cx, store, rows, key->table, ret_row);
    *ret_row = (BoundRow){.table = key->table, .tenant = key->values[0].bytes};
    return place_of(cx, key->table, key->values, count, &ret_row->place);
}

Err bound_touched(Cx *cx, const Store *store, Db *db, BoundTouched **ret_rows, size_t *ret_count)
{
    *ret_rows = NULL;
    *ret_count = 0;
    size_t count = 0, taken = 0;
    AUTO_ROWS DbRows *rows = NULL;
    bool row = false;
    TRY(db_query(cx, db, "SELECT count(*) FROM row_touched", NULL, 0, &rows));
    TRY(db_next(cx, rows, &row));
    count = (size_t)db_col_int(rows, 0);
    if (count == 0) return ERR_OK;
    Key *keys = arena_try_array(&cx->arena, count, sizeof *keys);
    BoundTouched *touched = arena_try_array(&cx->arena, count, sizeof *touched);
    if (keys == NULL || touched == NULL)
        return err_set(cx, ERR_LIMIT, "%zu rows at once do not fit", count);
    TRY(take_keys(cx, store, db, keys, count, &taken));
    for (size_t i = 0; i < taken; i++) {
        BoundTouched *to = &touched[*ret_count];
        *to = (BoundTouched){.firm = keys[i].firm, .was = keys[i].was, .before = keys[i].before};
        TRY(look_up(cx, store, db, &keys[i], &to->row));
        const BoundTouched *before = *ret_count == 0 ? NULL : to - 1;
        bool again = before != NULL && before->row.table == to->row.table &&
                     slice_equal(before->row.place, to->row.place);
        if (!again) ++*ret_count;
    }
    *ret_rows = touched;
    return ERR_OK;
}

Err bound_settle(Cx *cx, Db *db, bool loose)
{
    return db_run(cx, db, "DELETE FROM row_touched WHERE $1 = 0 OR firm = 0",
                  DB_VALUES(db_int(loose)), NULL);
}

Err bound_demote(Cx *cx, Db *db)
{
    TRY(db_run(cx, db,
               "INSERT INTO row_touched (bound, firm, key_1, key_2, key_3, was) "
               "SELECT bound, 0, key_1, key_2, key_3, was FROM row_touched WHERE firm = 1 "
               "ON CONFLICT DO NOTHING",
               NULL, 0, NULL));
    return db_run(cx, db, "DELETE FROM row_touched WHERE firm = 1", NULL, 0, NULL);
}

Err bound_seal(Cx *cx, Db *db, const BoundRow *row)
{
    if (!row->there)
        return db_run(cx, db, "DELETE FROM row_seal WHERE tenant = $1 AND place = $2",
                      DB_VALUES(db_text(row->tenant), db_text(row->place)), NULL);
    return db_run(
        cx, db,
        "INSERT INTO row_seal (tenant, place, seal) VALUES ($1, $2, $3) "
        "ON CONFLICT (tenant, place) DO UPDATE SET seal = excluded.seal",
        DB_VALUES(db_text(row->tenant), db_text(row->place), db_blob(digest_slice(&row->whole))),
        NULL);
}
