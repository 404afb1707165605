#include "publish/replica_row.h"

#include "commit/event_log.h"

// A letter a column: i number, t text, b bytes; capital: may be null.
static const struct {
    const char *form, *columns, *insert;
} tables[REPLICA_TABLE_COUNT] = {
    [REPLICA_EVENT] = {"tiibibbbbbtti",
                       "tenant, sequence, type, subject, follows, previous, leaf_hash, "
                       "commit_sha256, commit_sm3, content, actor, source, time_ms",
                       "INSERT INTO event (tenant, sequence, type, subject, follows, previous, "
                       "leaf_hash, commit_sha256, commit_sm3, content, actor, source, time_ms) "
                       "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)"},
    [REPLICA_DOCUMENT] = {"tbtbiBIIIBtti",
                          "tenant, id, reference, sha256, size, same_as, segment, position, "
                          "stored_size, idempotency, actor, source, time_ms",
                          "INSERT INTO document (tenant, id, reference, sha256, size, same_as, "
                          "segment, position, stored_size, idempotency, actor, source, time_ms) "
                          "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)"},
    [REPLICA_CONTENT_KEY] = {"tbb", "tenant, subject, wrapped",
                             "INSERT INTO content_key (tenant, subject, wrapped) VALUES "
                             "($1, $2, $3)"},
    [REPLICA_READING] = {"tbbitbibi",
                         "tenant, id, document, ordinal, reader, invoice, basis, content, time_ms",
                         "INSERT INTO reading (tenant, id, document, ordinal, reader, invoice, "
                         "basis, content, time_ms) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)"},
    [REPLICA_SEALED] = {"b", "", ""},
    [REPLICA_CHECKPOINT] = {"tibbi", "tenant, size, root, note, time_ms",
                            "INSERT INTO checkpoint (tenant, size, root, note, time_ms) VALUES "
                            "($1, $2, $3, $4, $5)"},
    [REPLICA_STATEMENT] = {"ttibi", "tenant, day, size, note, time_ms",
                           "INSERT INTO statement (tenant, day, size, note, time_ms) VALUES "
                           "($1, $2, $3, $4, $5)"},
    [REPLICA_REFUSAL] = {"tbttii", "tenant, id, source, reason, size, time_ms",
                         "INSERT INTO refusal (tenant, id, source, reason, size, time_ms) VALUES "
                         "($1, $2, $3, $4, $5, $6)"},
};

const char *replica_row_columns(ReplicaTable table)
{
    return tables[table].columns;
}

const char *replica_row_insert(ReplicaTable table)
{
    return tables[table].insert;
}

static bool fits(char form, DbType type)
{
    switch (form) {
    case 'i':
        return type == DB_INT;
    case 'I':
        return type == DB_INT || type == DB_NULL;
    case 't':
        return type == DB_TEXT;
    case 'b':
        return type == DB_BLOB;
    default:
        return type == DB_BLOB || type == DB_NULL; // B
    }
}

Err replica_row_take(Cx *cx, const DbRows *rows, ReplicaTable table, ReplicaRow *ret_row)
{
    const char *form = tables[table].form;
    *ret_row = (ReplicaRow){.table = table, .count = strlen(form)};
    for (size_t i = 0; i < ret_row->count; i++) {
        DbValue *value = &ret_row->values[i];
        if (db_col_null(rows, (int)i)) {
            if (!fits(form[i], DB_NULL))
                return err_set(cx, ERR_CORRUPT, "a column of '%s' is null", tables[table].columns);
            continue;
        }
        Slice bytes;
        switch (form[i]) {
        case 'i':
        case 'I':
            *value = db_int(db_col_int(rows, (int)i));
            break;
        case 't':
            TRY(cx_copy(cx, db_col_text(rows, (int)i), &bytes));
            *value = db_text(bytes);
            break;
        default:
            TRY(cx_copy(cx, db_col_blob(rows, (int)i), &bytes));
            *value = db_blob(bytes);
        }
    }
    return ERR_OK;
}

static void print_number(Text *text, uint64_t number, int size)
{
    for (int shift = 8 * (size - 1); shift >= 0; shift -= 8)
        text_byte(text, (char)(uint8_t)(number >> shift));
}

void replica_row_print(Text *text, const ReplicaRow *row)
{
    text_byte(text, (char)row->table);
    for (size_t i = 0; i < row->count; i++) {
        const DbValue *value = &row->values[i];
        text_byte(text, (char)value->type);
        if (value->type == DB_INT) print_number(text, (uint64_t)value->number, 8);
        if (value->type != DB_TEXT && value->type != DB_BLOB) continue;
        print_number(text, value->bytes.size, 4);
        text_add(text, value->bytes);
    }
}

static bool take_number(Slice *bytes, int size, uint64_t *ret_number)
{
    if (bytes->size < (size_t)size) return false;
    uint64_t number = 0;
    for (int i = 0; i < size; i++)
        number = number << 8 | (uint8_t)bytes->data[i];
    *bytes = slice_sub(*bytes, (size_t)size, bytes->size);
    *ret_number = number;
    return true;
}

static bool take_value(Slice *bytes, char form, DbValue *ret_value)
{
    uint64_t type = 0, number = 0;
    if (!take_number(bytes, 1, &type) || type > DB_BLOB || !fits(form, (DbType)type)) return false;
    *ret_value = (DbValue){.type = (DbType)type};
    if (type == DB_NULL) return true;
    if (type == DB_INT) {
        if (!take_number(bytes, 8, &number)) return false;
        ret_value->number = (int64_t)number;
        return true;
    }
    if (!take_number(bytes, 4, &number) || number > bytes->size) return false;
    ret_value->bytes = slice_sub(*bytes, 0, number);
    *bytes = slice_sub(*bytes, number, bytes->size);
    return true;
}

Err replica_row_parse(Cx *cx, Slice *bytes, ReplicaRow *ret_row)
{
    uint64_t table = 0;
    if (!take_number(bytes, 1, &table) || table >= REPLICA_TABLE_COUNT)
        return err_set(cx, ERR_INPUT, "a row is of no table that is known");
    const char *form = tables[table].form;
    *ret_row = (ReplicaRow){.table = (ReplicaTable)table, .count = strlen(form)};
    for (size_t i = 0; i < ret_row->count; i++)
        if (!take_value(bytes, form[i], &ret_row->values[i]))
            return err_set(cx, ERR_INPUT, "a row of '%s' is damaged in column %zu",
                           tables[table].columns, i);
    return ERR_OK;
}

Err replica_row_open(Cx *cx, Store *store, Db *db, const ReplicaRow *event, Slice *ret_salt,
                     Slice *ret_canonical, EventBody *ret_body)
{
    AeadKey key;
    Slice plain, leaf = replica_row_bytes(event, REPLICA_EVENT_LEAF_HASH);
    TRY(event_log_key(cx, store, db, (EventType)replica_row_number(event, REPLICA_EVENT_TYPE),
                      replica_row_bytes(event, REPLICA_EVENT_TENANT),
                      replica_row_bytes(event, REPLICA_EVENT_SUBJECT), &key));
    Slice about = event_log_about(cx, SLICE("fapiao/event/v1"), SLICE(""), leaf);
    TRY(aead_open(cx, &key, about, replica_row_bytes(event, REPLICA_EVENT_CONTENT), &plain));
    if (plain.size < LEAF_SALT_SIZE) return err_set(cx, ERR_CORRUPT, "an event is cut off");
    *ret_salt = slice_sub(plain, 0, LEAF_SALT_SIZE);
    *ret_canonical = slice_sub(plain, LEAF_SALT_SIZE, plain.size);
    return event_body_parse(cx, *ret_canonical, ret_body);
}
