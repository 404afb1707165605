// Replica row: a row of a fact table as bytes, and back. Foreign bytes: strict.
//
//   row     table:u8 { column }*            as many columns as REPLICA_TABLES says
//   column  type:u8 (DbType) then           0: nothing
//                                           1: i64 big-endian
//                                           2, 3: size:u32 big-endian, bytes
#pragma once
#include "base/text.h"
#include "commit/event_body.h"
#include "store/store.h"

#define REPLICA_COLUMNS_MAX 13
#define REPLICA_HEAD        SLICE("fapiao-facts-1\n") // before the first row

typedef enum ReplicaTable {
    REPLICA_EVENT,
    REPLICA_DOCUMENT,
    REPLICA_CONTENT_KEY,
    REPLICA_READING,
    REPLICA_SEALED, // no table: the sealed bytes of the document whose row follows
    REPLICA_CHECKPOINT,
    REPLICA_STATEMENT,
    REPLICA_REFUSAL,
    REPLICA_TABLE_COUNT
} ReplicaTable;

enum ReplicaEventColumn {
    REPLICA_EVENT_TENANT,
    REPLICA_EVENT_SEQUENCE,
    REPLICA_EVENT_TYPE,
    REPLICA_EVENT_SUBJECT,
    REPLICA_EVENT_FOLLOWS,
    REPLICA_EVENT_PREVIOUS,
    REPLICA_EVENT_LEAF_HASH,
    REPLICA_EVENT_SHA256,
    REPLICA_EVENT_SM3,
    REPLICA_EVENT_CONTENT,
    REPLICA_EVENT_ACTOR,
    REPLICA_EVENT_SOURCE,
    REPLICA_EVENT_TIME
};
enum ReplicaDocumentColumn {
    REPLICA_DOCUMENT_TENANT,
    REPLICA_DOCUMENT_ID,
    REPLICA_DOCUMENT_REFERENCE,
    REPLICA_DOCUMENT_SHA256,
    REPLICA_DOCUMENT_SIZE,
    REPLICA_DOCUMENT_SAME_AS,
    REPLICA_DOCUMENT_SEGMENT,
    REPLICA_DOCUMENT_POSITION,
    REPLICA_DOCUMENT_STORED
};

enum ReplicaCheckpointColumn {
    REPLICA_CHECKPOINT_TENANT,
    REPLICA_CHECKPOINT_SIZE,
    REPLICA_CHECKPOINT_ROOT,
    REPLICA_CHECKPOINT_NOTE,
    REPLICA_CHECKPOINT_TIME
};
enum ReplicaStatementColumn {
    REPLICA_STATEMENT_TENANT,
    REPLICA_STATEMENT_DAY,
    REPLICA_STATEMENT_SIZE,
    REPLICA_STATEMENT_NOTE,
    REPLICA_STATEMENT_TIME
};
enum ReplicaRefusalColumn {
    REPLICA_REFUSAL_TENANT,
    REPLICA_REFUSAL_ID,
    REPLICA_REFUSAL_SOURCE,
    REPLICA_REFUSAL_REASON,
    REPLICA_REFUSAL_SIZE,
    REPLICA_REFUSAL_TIME
};

typedef struct ReplicaRow {
    ReplicaTable table;
    size_t count;
    DbValue values[REPLICA_COLUMNS_MAX]; // bytes are borrowed from where they were parsed
} ReplicaRow;

static inline Slice replica_row_bytes(const ReplicaRow *row, int column)
{
    return row->values[column].bytes;
}
static inline int64_t replica_row_number(const ReplicaRow *row, int column)
{
    return row->values[column].number;
}

// The columns of a table, in the order of rows; "tenant, sequence, type, …".
const char *replica_row_columns(ReplicaTable table);
// INSERT of all of them.
const char *replica_row_insert(ReplicaTable table);
// The row that `rows` stands on, whose columns are replica_row_columns in order.
Err replica_row_take(Cx *cx, const DbRows *rows, ReplicaTable table, ReplicaRow *ret_row);
void replica_row_print(Text *text, const ReplicaRow *row);
// Cuts the next row off. ERR_INPUT when it is not exactly of its table's form.
Err replica_row_parse(Cx *cx, Slice *bytes, ReplicaRow *ret_row);
// Opens an event's content: salt[32], canonical bytes, and what they say. ERR_MISSING when the
// subject was erased; ERR_CORRUPT.
Err replica_row_open(Cx *cx, Store *store, Db *db, const ReplicaRow *event, Slice *ret_salt,
                     Slice *ret_canonical, EventBody *ret_body);
