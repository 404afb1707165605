#include "publish/replica_pack.h"

#include "base/base64.h"
#include "base/limits.h"
#include "commit/commit.h"
#include "publish/replica_row.h"

typedef struct Packing {
    Store *store;
    Db *db;
    Text *text;
    const ReplicaRow *event;
} Packing;

// The rows of a query whose columns are those of `table`.
static Err pack_rows(Cx *cx, Packing *packing, ReplicaTable table, const char *sql,
                     const DbValue *values, size_t count)
{
    AUTO_ROWS DbRows *rows = NULL;
    TRY(db_query(cx, packing->db, sql, values, count, &rows));
    for (bool row = true;;) {
        TRY(db_next(cx, rows, &row));
        if (!row) return ERR_OK;
        ReplicaRow packed;
        TRY(replica_row_take(cx, rows, table, &packed));
        replica_row_print(packing->text, &packed);
    }
}

// Of an erased subject without a key: whoever takes it knows that none is to come.
static Err pack_key(Cx *cx, Packing *packing)
{
    AeadKey key;
    Slice tenant = replica_row_bytes(packing->event, REPLICA_EVENT_TENANT);
    Slice subject = replica_row_bytes(packing->event, REPLICA_EVENT_SUBJECT);
    Err err = store_key_find(cx, packing->store, packing->db, tenant, subject, &key);
    explicit_bzero(&key, sizeof key);
    if (err == ERR_MISSING) {
        const ReplicaRow none = {.table = REPLICA_CONTENT_KEY,
                                 .count = 3,
                                 .values = {db_text(tenant), db_blob(subject), db_blob(SLICE(""))}};
        replica_row_print(packing->text, &none);
        return ERR_OK;
    }
    TRY(err);
    return pack_rows(cx, packing, REPLICA_CONTENT_KEY,
                     "SELECT tenant, subject, wrapped FROM content_key "
                     "WHERE tenant = $1 AND subject = $2",
                     DB_VALUES(db_text(tenant), db_blob(subject)));
}

static Err pack_document(Cx *cx, Packing *packing)
{
    AUTO_ROWS DbRows *rows = NULL;
    TRY(db_query(cx, packing->db,
                 "SELECT tenant, id, reference, sha256, size, same_as, segment, position, "
                 "stored_size, idempotency, actor, source, time_ms FROM document "
                 "WHERE tenant = $1 AND id = $2",
                 DB_VALUES(db_text(replica_row_bytes(packing->event, REPLICA_EVENT_TENANT)),
                           db_blob(replica_row_bytes(packing->event, REPLICA_EVENT_SUBJECT))),
                 &rows));
    bool there = false;
    TRY(db_next(cx, rows, &there));
    if (!there) return err_set(cx, ERR_CORRUPT, "a document that was received has no row");
    ReplicaRow row;
    TRY(replica_row_take(cx, rows, REPLICA_DOCUMENT, &row));
    if (row.values[REPLICA_DOCUMENT_SAME_AS].type == DB_NULL) {
        const StorePlace place = {replica_row_number(&row, REPLICA_DOCUMENT_SEGMENT),
                                  replica_row_number(&row, REPLICA_DOCUMENT_POSITION),
                                  replica_row_number(&row, REPLICA_DOCUMENT_STORED)};
        ReplicaRow sealed = {.table = REPLICA_SEALED, .count = 1};
        Slice bytes;
        TRY(store_fetch(cx, packing->store, place, &bytes));
        sealed.values[0] = db_blob(bytes);
        replica_row_print(packing->text, &sealed);
        // Elsewhere they will lie elsewhere.
        for (int i = REPLICA_DOCUMENT_SEGMENT; i <= REPLICA_DOCUMENT_STORED; i++)
            row.values[i] = db_null();
    }
    replica_row_print(packing->text, &row);
    return ERR_OK;
}

static Err pack_reading(Cx *cx, Packing *packing)
{
    Slice salt, canonical;
    EventBody body;
    Err err =
        replica_row_open(cx, packing->store, packing->db, packing->event, &salt, &canonical, &body);
    if (err == ERR_MISSING) return ERR_OK; // erased: which reading it names nobody knows
    TRY(err);
    uint8_t id[COMMIT_ID_SIZE];
    TRY(base64_unhex(cx, body.reading, id, sizeof id));
    return pack_rows(cx, packing, REPLICA_READING,
                     "SELECT tenant, id, document, ordinal, reader, invoice, basis, content, "
                     "time_ms FROM reading WHERE tenant = $1 AND id = $2",
                     DB_VALUES(db_text(replica_row_bytes(packing->event, REPLICA_EVENT_TENANT)),
                               db_blob((Slice){(const char *)id, sizeof id})));
}

static Err pack_event(Cx *cx, Packing *packing)
{
    if (replica_row_number(packing->event, REPLICA_EVENT_FOLLOWS) == 0) TRY(pack_key(cx, packing));
    switch (replica_row_number(packing->event, REPLICA_EVENT_TYPE)) {
    case EVENT_RECEIVED:
        TRY(pack_document(cx, packing));
        break;
    case EVENT_ACCEPTED:
    case EVENT_CARRIER:
        TRY(pack_reading(cx, packing));
        break;
    default:
        break;
    }
    replica_row_print(packing->text, packing->event);
    return ERR_OK;
}

// What one event needs besides its rows goes with it: a batch must not grow by that.
static Err pack_one(Cx *cx, Packing *packing)
{
    Cx own;
    cx_init(&own, cx->world, LIMIT_JOB_ARENA);
    Err err = pack_event(&own, packing);
    if (err != ERR_OK)
        err = err_set(cx, err, "event %lld: %s",
                      (long long)replica_row_number(packing->event, REPLICA_EVENT_SEQUENCE),
                      own.err_text);
    cx_done(&own);
    return err;
}

Err replica_pack(Cx *cx, Store *store, Db *db, uint64_t first, uint64_t last, size_t bytes_max,
                 uint64_t *ret_next, Slice *ret_bytes)
{
    Text text = text_open(cx, LIMIT_REPLICA_BYTES);
    text_add(&text, REPLICA_HEAD);
    *ret_next = first;
    AUTO_ROWS DbRows *rows = NULL;
    TRY(db_query(
        cx, db,
        "SELECT tenant, sequence, type, subject, follows, previous, leaf_hash, commit_sha256, "
        "commit_sm3, content, actor, source, time_ms FROM event "
        "WHERE sequence >= $1 AND sequence <= $2 ORDER BY sequence",
        DB_VALUES(db_int((int64_t)first), db_int((int64_t)last)), &rows));
    while (*ret_next == first || text_so_far(&text).size < bytes_max) {
        bool row = false;
        TRY(db_next(cx, rows, &row));
        if (!row) break;
        ReplicaRow event;
        TRY(replica_row_take(cx, rows, REPLICA_EVENT, &event));
        if (replica_row_number(&event, REPLICA_EVENT_SEQUENCE) != (int64_t)*ret_next)
            return err_set(cx, ERR_CORRUPT, "event %llu is missing", (unsigned long long)*ret_next);
        Packing packing = {.store = store, .db = db, .text = &text, .event = &event};
        TRY(pack_one(cx, &packing));
        ++*ret_next;
    }
    return text_done(cx, &text, ret_bytes);
}
