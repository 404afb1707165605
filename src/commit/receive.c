#include "commit/receive.h"

#include "base/base64.h"
#include "base/limits.h"
#include "commit/file_name.h"
#include "commit/uuid7.h"
#include "crypto/sm3_lanes.h"

static Err prepare_names(Cx *cx, const Arrival *arrival, Receiving *receiving)
{
    TRY(cx_copy(cx, arrival->tenant, &receiving->tenant));
    TRY(cx_copy(cx, arrival->actor, &receiving->actor));
    TRY(cx_copy(cx, arrival->source, &receiving->source));
    TRY(cx_copy(cx, arrival->container, &receiving->container));
    receiving->entry = arrival->entry;
    receiving->file_name = file_name_clean(cx, arrival->file_name);
    if (slice_empty(arrival->idempotency)) return ERR_OK;
    if (arrival->idempotency.size > LIMIT_IDEMPOTENCY_BYTES)
        return err_set(cx, ERR_INPUT, "an idempotency key has at most %zu bytes",
                       LIMIT_IDEMPOTENCY_BYTES);
    receiving->has_idempotency = true;
    receiving->idempotency = digest_of(DIGEST_SHA256, arrival->idempotency);
    return ERR_OK;
}

static Slice about_document(Cx *cx, const Receiving *receiving)
{
    return event_log_about(cx, SLICE("fapiao/document/v1"), receiving->tenant,
                           uuid7_slice(receiving->document));
}

// An id of now, and the bytes sealed for it under a key of their own.
static Err seal_as_new(Cx *cx, Store *store, Slice bytes, Receiving *receiving)
{
    uuid7_make(cx, receiving->document);
    TRY(store_key_new(cx, store, receiving->tenant, uuid7_slice(receiving->document),
                      &receiving->key, &receiving->wrapped));
    return aead_seal(cx, &receiving->key, about_document(cx, receiving), bytes, &receiving->sealed);
}

Err receive_prepare(Cx *cx, Store *store, const Arrival *arrival, Receiving *ret_receiving)
{
    Receiving receiving = {.size = arrival->bytes.size};
    if (slice_empty(arrival->bytes)) return err_set(cx, ERR_INPUT, "the document is empty");
    if (arrival->bytes.size > LIMIT_DOCUMENT_BYTES)
        return err_set(cx, ERR_INPUT, "the document is over %zu bytes", LIMIT_DOCUMENT_BYTES);
    TRY(prepare_names(cx, arrival, &receiving));
    receiving.sha256 = digest_of(DIGEST_SHA256, arrival->bytes);
    if (arrival->bytes.size <= SM3_LANES_LONGEST)
        TRY(cx_copy(cx, arrival->bytes, &receiving.small));
    else
        receiving.sm3 = digest_of(DIGEST_SM3, arrival->bytes);
    TRY(seal_as_new(cx, store, arrival->bytes, &receiving));
    *ret_receiving = receiving;
    return ERR_OK;
}

static void copy_text(char *to, size_t room, Slice from)
{
    size_t size = from.size < room - 1 ? from.size : room - 1;
    memcpy(to, from.data, size);
    to[size] = '\0';
}

static Err read_state(Cx *cx, Db *db, Slice tenant, Slice document, Receipt *receipt)
{
    AUTO_ROWS DbRows *rows = NULL;
    TRY(db_query(cx, db, "SELECT state FROM document_state WHERE tenant = $1 AND document = $2",
                 DB_VALUES(db_text(tenant), db_blob(document)), &rows));
    bool row = false;
    TRY(db_next(cx, rows, &row));
    if (!row || !commit_state_of(db_col_text(rows, 0), &receipt->state))
        receipt->state = DOC_RECEIVED;
    return ERR_OK;
}

// What the first answer said of its leaf: the document's oldest event.
static Err read_leaf(Cx *cx, Db *db, Slice tenant, Receipt *receipt)
{
    AUTO_ROWS DbRows *rows = NULL;
    TRY(db_query(cx, db,
                 "SELECT sequence, leaf_hash, time_ms FROM event "
                 "WHERE tenant = $1 AND subject = $2 AND follows = 0",
                 DB_VALUES(db_text(tenant), db_blob(uuid7_slice(receipt->document))), &rows));
    bool row = false;
    TRY(db_next(cx, rows, &row));
    if (!row || db_col_blob(rows, 1).size != DIGEST_SIZE)
        return err_set(cx, ERR_CORRUPT, "the event of a document is missing or damaged");
    receipt->sequence = (uint64_t)db_col_int(rows, 0);
    memcpy(receipt->leaf_hash.bytes, db_col_blob(rows, 1).data, DIGEST_SIZE);
    receipt->time_ms = (uint64_t)db_col_int(rows, 2);
    return ERR_OK;
}

// The same idempotency key: the first answer again, or a conflict when the bytes are others.
static Err find_repeated(Cx *cx, EventLog *log, Db *db, const Receiving *receiving,
                         Receipt *receipt, bool *ret_found)
{
    *ret_found = false;
    if (!receiving->has_idempotency) return ERR_OK;
    AUTO_ROWS DbRows *rows = NULL;
    TRY(db_query(
        cx, db,
        "SELECT d.id, d.reference, d.sha256, f.reference FROM document d "
        "LEFT JOIN document f ON f.tenant = d.tenant AND f.id = d.same_as "
        "WHERE d.tenant = $1 AND d.idempotency = $2",
        DB_VALUES(db_text(receiving->tenant), db_blob(digest_slice(&receiving->idempotency))),
        &rows));
    TRY(db_next(cx, rows, ret_found));
    if (!*ret_found) return ERR_OK;
    if (!slice_equal(db_col_blob(rows, 2), digest_slice(&receiving->sha256))) {
        receipt->err = ERR_CONFLICT;
        copy_text(receipt->err_text, sizeof receipt->err_text,
                  SLICE("this idempotency key was used for other bytes"));
        return ERR_OK;
    }
    Slice id = db_col_blob(rows, 0);
    if (id.size != COMMIT_ID_SIZE) return err_set(cx, ERR_CORRUPT, "a document's id is damaged");
    memcpy(receipt->document, id.data, COMMIT_ID_SIZE);
    copy_text(receipt->reference, sizeof receipt->reference, db_col_text(rows, 1));
    copy_text(receipt->first_reference, sizeof receipt->first_reference,
              db_col_null(rows, 3) ? db_col_text(rows, 1) : db_col_text(rows, 3));
    receipt->repeated = true;
    TRY(event_log_settle(cx, log, db));
    TRY(read_leaf(cx, db, receiving->tenant, receipt));
    return read_state(cx, db, receiving->tenant, uuid7_slice(receipt->document), receipt);
}

// The first with these bytes among the documents whose ids begin so; bytes that were erased are
// new.
static Err find_with_head(Cx *cx, Db *db, const Receiving *receiving,
                          const uint8_t head[static KNOWN_HEAD_SIZE], Receipt *receipt,
                          uint8_t *ret_first, bool *ret_found)
{
    uint8_t low[COMMIT_ID_SIZE] = {}, high[COMMIT_ID_SIZE];
    memset(high, 0xFF, sizeof high);
    memcpy(low, head, KNOWN_HEAD_SIZE);
    memcpy(high, head, KNOWN_HEAD_SIZE);
    AUTO_ROWS DbRows *rows = NULL;
    TRY(db_query(cx, db,
                 "SELECT id, reference FROM document WHERE tenant = $1 AND id >= $2 AND id <= $3 "
                 "AND sha256 = $4 AND same_as IS NULL AND EXISTS (SELECT 1 FROM content_key k "
                 "WHERE k.tenant = document.tenant AND k.subject = document.id)",
                 DB_VALUES(db_text(receiving->tenant), db_blob(uuid7_slice(low)),
                           db_blob(uuid7_slice(high)), db_blob(digest_slice(&receiving->sha256))),
                 &rows));
    TRY(db_next(cx, rows, ret_found));
    if (!*ret_found) return ERR_OK;
    Slice id = db_col_blob(rows, 0);
    if (id.size != COMMIT_ID_SIZE) return err_set(cx, ERR_CORRUPT, "a document's id is damaged");
    memcpy(ret_first, id.data, COMMIT_ID_SIZE);
    copy_text(receipt->first_reference, sizeof receipt->first_reference, db_col_text(rows, 1));
    receipt->state = DOC_DUPLICATE;
    return ERR_OK;
}

// The same bytes under an earlier reference.
static Err find_first(Cx *cx, const Known *known, Db *db, const Receiving *receiving,
                      Receipt *receipt, uint8_t *ret_first, bool *ret_found)
{
    uint8_t head[KNOWN_HEAD_SIZE];
    *ret_found = false;
    for (size_t at = 0; !*ret_found && known_next(known, &receiving->sha256, &at, head);)
        TRY(find_with_head(cx, db, receiving, head, receipt, ret_first, ret_found));
    return ERR_OK;
}

static Err write_document(Cx *cx, Db *db, uint64_t time_ms, const Receiving *receiving,
                          const Receipt *receipt, const uint8_t *first)
{
    const StorePlace *place = &receiving->place;
    bool same = first != NULL;
    return db_run(
        cx, db,
        "INSERT INTO document (tenant, id, reference, sha256, size, same_as, segment, "
        "position, "
        "stored_size, idempotency, actor, source, time_ms) "
        "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
        DB_VALUES(
            db_text(receiving->tenant), db_blob(uuid7_slice(receiving->document)),
            db_text(slice_of(receipt->reference)), db_blob(digest_slice(&receiving->sha256)),
            db_int((int64_t)receiving->size), same ? db_blob(uuid7_slice(first)) : db_null(),
            same ? db_null() : db_int(place->segment), same ? db_null() : db_int(place->position),
            same ? db_null() : db_int(place->size),
            receiving->has_idempotency ? db_blob(digest_slice(&receiving->idempotency)) : db_null(),
            db_text(receiving->actor), db_text(receiving->source), db_int((int64_t)time_ms)),
        NULL);
}

// Of a file that came in a container; "" for any other.
static Slice container_hex(Cx *cx, const Receiving *receiving)
{
    return slice_empty(receiving->container) ? SLICE("") : base64_hex(cx, receiving->container);
}

static Slice entry_text(Cx *cx, const Receiving *receiving)
{
    return slice_empty(receiving->container) ? SLICE("") : cx_printf(cx, "%u", receiving->entry);
}

static void need_sm3(Receiving *receiving)
{
    if (slice_empty(receiving->small)) return;
    receiving->sm3 = digest_of(DIGEST_SM3, receiving->small);
    receiving->small = SLICE("");
}

static Err write_event(Cx *cx, EventLog *log, Db *db, uint64_t time_ms, Receiving *receiving,
                       const Receipt *receipt, bool same)
{
    Slice id = uuid7_slice(receiving->document);
    need_sm3(receiving);
    const Event event = {
        .type = EVENT_RECEIVED,
        .tenant = receiving->tenant,
        .actor = receiving->actor,
        .source = receiving->source,
        .subject = id,
        .key = &receiving->key,
        .first = true,
        .may_wait = true,
        .time_ms = time_ms,
        .document = id,
        .opening = &receiving->opening,
        .body = {.container = container_hex(cx, receiving),
                 .document = base64_hex(cx, id),
                 .entry = entry_text(cx, receiving),
                 .file_name = receiving->file_name,
                 .idempotency = receiving->has_idempotency
                                    ? base64_hex(cx, digest_slice(&receiving->idempotency))
                                    : SLICE(""),
                 .reference = slice_of(receipt->reference),
                 .same_as = same ? slice_of(receipt->first_reference) : SLICE(""),
                 .sha256 = base64_hex(cx, digest_slice(&receiving->sha256)),
                 .size = cx_printf(cx, "%zu", receiving->size),
                 .sm3 = base64_hex(cx, digest_slice(&receiving->sm3))},
    };
    return event_log_append(cx, log, db, &event, &receiving->mark);
}

static bool is_certainly_new(const Known *known, const Receiving *receiving)
{
    uint8_t head[KNOWN_HEAD_SIZE];
    size_t at = 0;
    return !receiving->placed && !receiving->has_idempotency &&
           !known_next(known, &receiving->sha256, &at, head);
}

Err receive_place(Cx *cx, Store *store, const Known *known, Receiving *const *all, size_t count)
{
    Receiving **fresh = arena_alloc(&cx->arena, (count + 1) * sizeof(Receiving *));
    Slice *sealed = arena_alloc(&cx->arena, (count + 1) * sizeof *sealed);
    StorePlace *places = arena_alloc(&cx->arena, (count + 1) * sizeof *places);
    size_t placed = 0;
    for (size_t i = 0; i < count; i++) {
        if (!is_certainly_new(known, all[i])) continue;
        fresh[placed] = all[i];
        sealed[placed++] = all[i]->sealed;
    }
    TRY(store_append_all(cx, store, sealed, placed, places));
    for (size_t i = 0; i < placed; i++) {
        fresh[i]->place = places[i];
        fresh[i]->placed = true;
    }
    return ERR_OK;
}

bool receive_is_late(const Receiving *receiving, uint64_t now_ms)
{
    const uint64_t made_ms = uuid7_ms(receiving->document);
    return now_ms > made_ms + UUID7_MARGIN_MS || now_ms + UUID7_MARGIN_MS < made_ms;
}

Err receive_renew(Cx *cx, Store *store, uint64_t now_ms, Receiving *receiving)
{
    if (!receive_is_late(receiving, now_ms)) return ERR_OK;
    Cx own; // the plain bytes go as soon as they are sealed again
    cx_init(&own, cx->world, LIMIT_JOB_ARENA);
    Slice plain = {};
    Receiving renewed = *receiving;
    Err err =
        aead_open(&own, &receiving->key, about_document(cx, receiving), receiving->sealed, &plain);
    if (err == ERR_OK)
        err = seal_as_new(cx, store, plain, &renewed);
    else
        err = err_set(cx, err, "%s", own.err_text);
    cx_done(&own);
    TRY(err);
    renewed.placed = false; // what lies in a segment already has a key that no row will hold
    *receiving = renewed;
    return ERR_OK;
}

Err receive_run(Cx *cx, EventLog *log, Known *known, Db *db, uint64_t time_ms, Receiving *receiving)
{
    Receipt receipt = {.sha256 = receiving->sha256, .state = DOC_RECEIVED};
    receiving->mark = (EventMark){};
    bool found = false;
    TRY(find_repeated(cx, log, db, receiving, &receipt, &found));
    if (found) {
        receiving->receipt = receipt;
        return ERR_OK;
    }
    memcpy(receipt.document, receiving->document, COMMIT_ID_SIZE);
    uint8_t first[COMMIT_ID_SIZE];
    bool same = false;
    TRY(known_load(cx, known, db));
    TRY(find_first(cx, known, db, receiving, &receipt, first, &same));
    if (!same && !receiving->placed) {
        TRY(store_append(cx, log->store, receiving->sealed, &receiving->place));
        receiving->placed = true;
    }
    TRY(event_log_reference(cx, log, db, receiving->tenant, time_ms, receipt.reference));
    if (!same) memcpy(receipt.first_reference, receipt.reference, sizeof receipt.reference);
    TRY(store_key_put(cx, db, receiving->tenant, uuid7_slice(receiving->document),
                      receiving->wrapped));
    TRY(write_document(cx, db, time_ms, receiving, &receipt, same ? first : NULL));
    if (!same) known_add(known, &receiving->sha256, receiving->document);
    TRY(write_event(cx, log, db, time_ms, receiving, &receipt, same));
    receipt.sequence = receiving->mark.sequence;
    receipt.time_ms = time_ms;
    receiving->receipt = receipt;
    return ERR_OK;
}
