#include "publish/replica_take.h"

#include "base/base64.h"
#include "base/limits.h"
#include "commit/event_log.h"
#include "commit/join.h"
#include "publish/rebuild.h"
#include "publish/replica_row.h"

// A row that an event needs, and that came since the event before.
typedef struct Came {
    bool there;
    bool erased;      // of key: it is gone, and an event that says so comes later
    Slice tenant, id; // of document, key (its subject) or reading
} Came;

typedef struct Taking {
    Store *store;
    Db *db;
    const ReplicaLeaves *leaves;
    uint64_t next; // sequence
    Slice sealed;  // of the document whose row comes next
    Came came[REPLICA_TABLE_COUNT];
    Tally tally;
} Taking;

static Err insert(Cx *cx, Taking *taking, const ReplicaRow *row)
{
    return db_run(cx, taking->db, replica_row_insert(row->table), row->values, row->count, NULL);
}

// The sealed bytes must be those that the row names.
static Err check_sealed(Cx *cx, Taking *taking, const ReplicaRow *row)
{
    AeadKey key;
    Slice tenant = replica_row_bytes(row, REPLICA_DOCUMENT_TENANT), bytes;
    Slice id = replica_row_bytes(row, REPLICA_DOCUMENT_ID);
    Err err = store_key_find(cx, taking->store, taking->db, tenant, id, &key);
    const Came *came = &taking->came[REPLICA_CONTENT_KEY];
    if (err == ERR_MISSING && came->erased && slice_equal(came->id, id)) return ERR_OK;
    TRY(err);
    Slice about = event_log_about(cx, SLICE("fapiao/document/v1"), tenant, id);
    TRY(aead_open(cx, &key, about, taking->sealed, &bytes));
    Digest digest = digest_of(DIGEST_SHA256, bytes);
    if (!slice_equal(digest_slice(&digest), replica_row_bytes(row, REPLICA_DOCUMENT_SHA256)) ||
        (int64_t)bytes.size != replica_row_number(row, REPLICA_DOCUMENT_SIZE))
        return err_set(cx, ERR_CORRUPT, "the bytes of " SLICE_FMT " are others",
                       SLICE_ARG(replica_row_bytes(row, REPLICA_DOCUMENT_REFERENCE)));
    return ERR_OK;
}

// "R-2026-000123": a promoted mirror goes on behind it.
static Err follow_counter(Cx *cx, Taking *taking, Slice tenant, Slice reference)
{
    uint64_t number = 0;
    if (reference.size < 8 || !slice_starts(reference, SLICE("R-")) ||
        !slice_u64(slice_sub(reference, 7, reference.size), &number))
        return err_set(cx, ERR_CORRUPT, "'" SLICE_FMT "' is no reference", SLICE_ARG(reference));
    Slice name = cx_printf(cx, "reference:" SLICE_FMT, SLICE_ARG(slice_sub(reference, 2, 4)));
    return db_run(cx, taking->db,
                  "INSERT INTO counter (tenant, name, next_value) VALUES ($1, $2, $3) "
                  "ON CONFLICT (tenant, name) DO UPDATE SET next_value = excluded.next_value",
                  DB_VALUES(db_text(tenant), db_text(name), db_int((int64_t)number + 1)), NULL);
}

static Err take_document(Cx *cx, Taking *taking, ReplicaRow *row)
{
    bool same = row->values[REPLICA_DOCUMENT_SAME_AS].type != DB_NULL;
    if (same != slice_empty(taking->sealed))
        return err_set(cx, ERR_INPUT, "a document and its bytes do not come together");
    for (int i = REPLICA_DOCUMENT_SEGMENT; i <= REPLICA_DOCUMENT_STORED; i++)
        if (row->values[i].type != DB_NULL)
            return err_set(cx, ERR_INPUT, "a document says where it lies elsewhere");
    if (!same) {
        TRY(check_sealed(cx, taking, row));
        StorePlace place;
        TRY(store_append(cx, taking->store, taking->sealed, &place));
        row->values[REPLICA_DOCUMENT_SEGMENT] = db_int(place.segment);
        row->values[REPLICA_DOCUMENT_POSITION] = db_int(place.position);
        row->values[REPLICA_DOCUMENT_STORED] = db_int(place.size);
        taking->sealed = SLICE("");
    }
    TRY(insert(cx, taking, row));
    return follow_counter(cx, taking, replica_row_bytes(row, REPLICA_DOCUMENT_TENANT),
                          replica_row_bytes(row, REPLICA_DOCUMENT_REFERENCE));
}

// The subject's newest event here; zeros when there is none.
static Err find_previous(Cx *cx, Taking *taking, const ReplicaRow *event, int64_t *ret_sequence,
                         Digest *ret_previous)
{
    AUTO_ROWS DbRows *rows = NULL;
    TRY(db_query(cx, taking->db,
                 "SELECT sequence, leaf_hash FROM event WHERE tenant = $1 AND subject = $2 "
                 "ORDER BY follows DESC LIMIT 1",
                 DB_VALUES(db_text(replica_row_bytes(event, REPLICA_EVENT_TENANT)),
                           db_blob(replica_row_bytes(event, REPLICA_EVENT_SUBJECT))),
                 &rows));
    bool row = false;
    TRY(db_next(cx, rows, &row));
    *ret_previous = (Digest){};
    *ret_sequence = row ? db_col_int(rows, 0) : 0;
    if (row && db_col_blob(rows, 1).size == DIGEST_SIZE)
        memcpy(ret_previous->bytes, db_col_blob(rows, 1).data, DIGEST_SIZE);
    return ERR_OK;
}

static bool take_digest(Slice bytes, Digest *ret_digest)
{
    if (bytes.size != DIGEST_SIZE) return false;
    memcpy(ret_digest->bytes, bytes.data, DIGEST_SIZE);
    return true;
}

static Err check_leaf(Cx *cx, Taking *taking, const ReplicaRow *event, Leaf *ret_leaf)
{
    Slice log_key = store_log_key(taking->store);
    int64_t type = replica_row_number(event, REPLICA_EVENT_TYPE);
    Leaf leaf = {.type = (LeafType)type,
                 .subject = leaf_subject(log_key, replica_row_bytes(event, REPLICA_EVENT_SUBJECT)),
                 .time_ms = (uint64_t)replica_row_number(event, REPLICA_EVENT_TIME)};
    leaf_tenant_tag(log_key, replica_row_bytes(event, REPLICA_EVENT_TENANT), leaf.tenant_tag);
    int64_t follows = 0;
    TRY(find_previous(cx, taking, event, &follows, &leaf.previous));
    bool whole =
        type > LEAF_FILLER && type < LEAF_TYPE_COUNT &&
        take_digest(replica_row_bytes(event, REPLICA_EVENT_SHA256), &leaf.commitment.sha256) &&
        take_digest(replica_row_bytes(event, REPLICA_EVENT_SM3), &leaf.commitment.sm3);
    if (!whole || replica_row_number(event, REPLICA_EVENT_FOLLOWS) != follows ||
        !slice_equal(replica_row_bytes(event, REPLICA_EVENT_PREVIOUS),
                     digest_slice(&leaf.previous)))
        return err_set(cx, ERR_CORRUPT, "it is not the next of its subject");
    LeafBytes packed = leaf_pack(&leaf);
    Digest hash = leaf_hash(&packed);
    if (!slice_equal(digest_slice(&hash), replica_row_bytes(event, REPLICA_EVENT_LEAF_HASH)))
        return err_set(cx, ERR_CORRUPT, "its leaf hash is another one");
    *ret_leaf = leaf;
    return ERR_OK;
}

// What the event says of a document must be what its row says.
static Err check_document(Cx *cx, Taking *taking, const ReplicaRow *event, const EventBody *body)
{
    AUTO_ROWS DbRows *rows = NULL;
    TRY(db_query(cx, taking->db,
                 "SELECT d.reference, d.sha256, d.size, f.reference, d.actor, d.source, d.time_ms "
                 "FROM document d LEFT JOIN document f ON f.tenant = d.tenant AND f.id = d.same_as "
                 "WHERE d.tenant = $1 AND d.id = $2",
                 DB_VALUES(db_text(replica_row_bytes(event, REPLICA_EVENT_TENANT)),
                           db_blob(replica_row_bytes(event, REPLICA_EVENT_SUBJECT))),
                 &rows));
    bool row = false;
    uint64_t size = 0;
    TRY(db_next(cx, rows, &row));
    if (!row || !slice_equal(db_col_text(rows, 0), body->reference) ||
        !slice_equal(base64_hex(cx, db_col_blob(rows, 1)), body->sha256) ||
        !slice_u64(body->size, &size) || db_col_int(rows, 2) != (int64_t)size ||
        !slice_equal(db_col_text(rows, 3), body->same_as) ||
        !slice_equal(db_col_text(rows, 4), body->actor) ||
        !slice_equal(db_col_text(rows, 5), body->source) ||
        db_col_int(rows, 6) != replica_row_number(event, REPLICA_EVENT_TIME))
        return err_set(cx, ERR_CORRUPT, "it speaks of another document");
    return ERR_OK;
}

static bool is_hex_of(Cx *cx, Slice hex, Slice bytes)
{
    return slice_equal(hex, base64_hex(cx, bytes));
}

static Err check_reading_row(Cx *cx, Taking *taking, const ReplicaRow *event, Slice reading,
                             const EventBody *body)
{
    AUTO_ROWS DbRows *rows = NULL;
    TRY(db_query(
        cx, taking->db,
        "SELECT document, ordinal, invoice, basis, time_ms FROM reading "
        "WHERE tenant = $1 AND id = $2",
        DB_VALUES(db_text(replica_row_bytes(event, REPLICA_EVENT_TENANT)), db_blob(reading)),
        &rows));
    bool row = false;
    uint64_t ordinal = 0;
    Basis basis;
    TRY(db_next(cx, rows, &row));
    if (!row || !is_hex_of(cx, body->document, db_col_blob(rows, 0)) ||
        !slice_u64(body->ordinal, &ordinal) || db_col_int(rows, 1) != (int64_t)ordinal ||
        !slice_equal(db_col_blob(rows, 2), replica_row_bytes(event, REPLICA_EVENT_SUBJECT)) ||
        !verdict_basis_of(body->basis, &basis) || db_col_int(rows, 3) != (int64_t)basis ||
        db_col_int(rows, 4) != replica_row_number(event, REPLICA_EVENT_TIME))
        return err_set(cx, ERR_CORRUPT, "it speaks of another reading");
    return ERR_OK;
}

// The identities that a reading gave its invoice follow from it; they are not sent.
static Err make_identities(Cx *cx, Taking *taking, const ReplicaRow *event, const Draft *draft)
{
    JoinIdentity identities[JOIN_IDENTITIES_MAX];
    size_t count = 0;
    Slice tenant = replica_row_bytes(event, REPLICA_EVENT_TENANT);
    TRY(join_identities(cx, taking->store, tenant, draft, identities, &count));
    for (size_t i = 0; i < count; i++)
        TRY(db_run(cx, taking->db,
                   "INSERT INTO identity (tenant, scheme, tag, invoice, time_ms) "
                   "SELECT $1, $2, $3, $4, $5 WHERE NOT EXISTS (SELECT 1 FROM identity "
                   "WHERE tenant = $1 AND scheme = $2 AND tag = $3 AND invoice = $4)",
                   DB_VALUES(db_text(tenant), db_text(identities[i].scheme),
                             db_blob(digest_slice(&identities[i].tag)),
                             db_blob(replica_row_bytes(event, REPLICA_EVENT_SUBJECT)),
                             db_int(replica_row_number(event, REPLICA_EVENT_TIME))),
                   NULL));
    return ERR_OK;
}

static Err check_reading(Cx *cx, Taking *taking, const ReplicaRow *event, const EventBody *body)
{
    uint8_t id[COMMIT_ID_SIZE];
    const Slice reading = {(const char *)id, sizeof id};
    Draft draft;
    Slice canonical;
    TRY(base64_unhex(cx, body->reading, id, sizeof id));
    TRY(check_reading_row(cx, taking, event, reading, body));
    Err err =
        commit_reading(cx, taking->store, taking->db,
                       replica_row_bytes(event, REPLICA_EVENT_TENANT), reading, &draft, &canonical);
    if (err == ERR_MISSING) return ERR_OK; // its document was erased meanwhile
    TRY(err);
    Digest sha256 = digest_of(DIGEST_SHA256, canonical), sm3 = digest_of(DIGEST_SM3, canonical);
    if (!is_hex_of(cx, body->reading_sha256, digest_slice(&sha256)) ||
        !is_hex_of(cx, body->reading_sm3, digest_slice(&sm3)))
        return err_set(cx, ERR_CORRUPT, "its reading says something else");
    return make_identities(cx, taking, event, &draft);
}

// What no leaf vouches for is not taken in beside what one does.
static Err check_came(Cx *cx, Taking *taking, const ReplicaRow *event, const EventBody *body)
{
    static const ReplicaTable needed[] = {REPLICA_DOCUMENT, REPLICA_CONTENT_KEY, REPLICA_READING};
    LeafType type = (LeafType)replica_row_number(event, REPLICA_EVENT_TYPE);
    for (size_t i = 0; i < sizeof needed / sizeof needed[0]; i++) {
        const Came *came = &taking->came[needed[i]];
        if (!came->there) continue;
        bool is_its = needed[i] == REPLICA_READING
                          ? (type == LEAF_ISSUED || type == LEAF_CARRIER) &&
                                is_hex_of(cx, body->reading, came->id)
                          : slice_equal(came->id, replica_row_bytes(event, REPLICA_EVENT_SUBJECT));
        if (needed[i] == REPLICA_DOCUMENT && type != LEAF_RECEIVED) is_its = false;
        if (!is_its || !slice_equal(came->tenant, replica_row_bytes(event, REPLICA_EVENT_TENANT)))
            return err_set(cx, ERR_CORRUPT, "a row of '%s' came with it that is not its",
                           replica_row_columns(needed[i]));
    }
    memset(taking->came, 0, sizeof taking->came);
    return ERR_OK;
}

static Err check_content(Cx *cx, Taking *taking, const ReplicaRow *event, const Leaf *leaf)
{
    Slice salt, canonical;
    EventBody body;
    Err err = replica_row_open(cx, taking->store, taking->db, event, &salt, &canonical, &body);
    // Erased meanwhile: the leaf alone vouches for it. A key that did not come with the first event
    // of its subject never comes.
    if (err == ERR_MISSING && (taking->came[REPLICA_CONTENT_KEY].erased ||
                               replica_row_number(event, REPLICA_EVENT_FOLLOWS) != 0)) {
        body = (EventBody){};
        return check_came(cx, taking, event, &body);
    }
    TRY(err);
    Commitment commitment = leaf_commit((const uint8_t *)salt.data, canonical);
    if (!digest_equal(&commitment.sha256, &leaf->commitment.sha256) ||
        !digest_equal(&commitment.sm3, &leaf->commitment.sm3) ||
        !slice_equal(body.actor, replica_row_bytes(event, REPLICA_EVENT_ACTOR)) ||
        !slice_equal(body.source, replica_row_bytes(event, REPLICA_EVENT_SOURCE)))
        return err_set(cx, ERR_CORRUPT, "it says something else than its leaf or its row");
    TRY(check_came(cx, taking, event, &body));
    if (leaf->type == LEAF_RECEIVED) return check_document(cx, taking, event, &body);
    if (leaf->type == LEAF_ISSUED || leaf->type == LEAF_CARRIER)
        return check_reading(cx, taking, event, &body);
    return ERR_OK;
}

static Err fold(Cx *cx, Taking *taking, const ReplicaRow *event)
{
    const RebuildRow row = {.tenant = replica_row_bytes(event, REPLICA_EVENT_TENANT),
                            .subject = replica_row_bytes(event, REPLICA_EVENT_SUBJECT),
                            .leaf_hash = replica_row_bytes(event, REPLICA_EVENT_LEAF_HASH),
                            .content = replica_row_bytes(event, REPLICA_EVENT_CONTENT),
                            .actor = replica_row_bytes(event, REPLICA_EVENT_ACTOR),
                            .source = replica_row_bytes(event, REPLICA_EVENT_SOURCE),
                            .type = (EventType)replica_row_number(event, REPLICA_EVENT_TYPE),
                            .sequence = (uint64_t)replica_row_number(event, REPLICA_EVENT_SEQUENCE),
                            .time_ms = (uint64_t)replica_row_number(event, REPLICA_EVENT_TIME)};
    return rebuild_fold(cx, taking->db, taking->store, &taking->tally, &row);
}

// The content key goes here as it went there. It may have been gone before it came.
static Err erase(Cx *cx, Taking *taking, const ReplicaRow *event)
{
    Slice tenant = replica_row_bytes(event, REPLICA_EVENT_TENANT);
    Slice subject = replica_row_bytes(event, REPLICA_EVENT_SUBJECT);
    Err err = store_erase_subject(cx, taking->db, tenant, subject);
    if (err != ERR_MISSING) TRY(err);
    tally_forget_parties(&taking->tally);
    return rebuild_erased(cx, taking->db, taking->store, tenant, subject);
}

static Err check_place(Cx *cx, const Taking *taking, const ReplicaRow *event)
{
    const ReplicaLeaves *leaves = taking->leaves;
    Slice hash = replica_row_bytes(event, REPLICA_EVENT_LEAF_HASH);
    if (taking->next < leaves->first || taking->next - leaves->first >= leaves->count ||
        !slice_equal(hash, digest_slice(&leaves->hashes[taking->next - leaves->first])))
        return err_set(cx, ERR_CORRUPT, "the log has another leaf there");
    return ERR_OK;
}

static Err take_event(Cx *cx, Taking *taking, const ReplicaRow *event)
{
    if (replica_row_number(event, REPLICA_EVENT_SEQUENCE) != (int64_t)taking->next)
        return err_set(cx, ERR_CONFLICT, "event %lld came where %llu is next",
                       (long long)replica_row_number(event, REPLICA_EVENT_SEQUENCE),
                       (unsigned long long)taking->next);
    Leaf leaf;
    TRY(check_place(cx, taking, event));
    TRY(check_leaf(cx, taking, event, &leaf));
    TRY(check_content(cx, taking, event, &leaf));
    TRY(insert(cx, taking, event));
    Err err = fold(cx, taking, event);
    if (err != ERR_MISSING) TRY(err); // erased meanwhile
    if (leaf.type == LEAF_ERASED) TRY(erase(cx, taking, event));
    taking->next++;
    return ERR_OK;
}

// The next event must be the one that needs it (check_came). Both columns lie in the batch.
static Err note_came(Cx *cx, Taking *taking, const ReplicaRow *row)
{
    Came *came = &taking->came[row->table];
    if (came->there)
        return err_set(cx, ERR_CORRUPT, "two rows of '%s' came with it",
                       replica_row_columns(row->table));
    bool erased = row->table == REPLICA_CONTENT_KEY && slice_empty(replica_row_bytes(row, 2));
    *came = (Came){true, erased, replica_row_bytes(row, 0), replica_row_bytes(row, 1)};
    return ERR_OK;
}

static Err take_row(Cx *cx, Taking *taking, ReplicaRow *row)
{
    if (row->table == REPLICA_DOCUMENT || row->table == REPLICA_CONTENT_KEY ||
        row->table == REPLICA_READING)
        TRY(note_came(cx, taking, row));
    switch (row->table) {
    case REPLICA_SEALED:
        if (!slice_empty(taking->sealed))
            return err_set(cx, ERR_CORRUPT, "the bytes of two documents came with it");
        taking->sealed = replica_row_bytes(row, 0);
        return ERR_OK;
    case REPLICA_DOCUMENT:
        return take_document(cx, taking, row);
    case REPLICA_EVENT:
        return take_event(cx, taking, row);
    case REPLICA_CONTENT_KEY:
        if (taking->came[row->table].erased) return ERR_OK;
        return insert(cx, taking, row);
    case REPLICA_READING:
        return insert(cx, taking, row);
    case REPLICA_CHECKPOINT:
    case REPLICA_STATEMENT:
    case REPLICA_REFUSAL:
    case REPLICA_TABLE_COUNT:
        break;
    }
    return err_set(cx, ERR_INPUT, "a row of '%s' is not of an event",
                   replica_row_columns(row->table));
}

static Err take_one(Cx *cx, Taking *taking, ReplicaRow *row)
{
    Cx own;
    cx_init(&own, cx->world, LIMIT_JOB_ARENA);
    Err err = take_row(&own, taking, row);
    if (err != ERR_OK)
        err = err_set(cx, err == ERR_MISSING ? ERR_CORRUPT : err, "event %llu: %s",
                      (unsigned long long)taking->next, own.err_text);
    cx_done(&own);
    return err;
}

static Err next_here(Cx *cx, Db *db, uint64_t *ret_next)
{
    AUTO_ROWS DbRows *rows = NULL;
    TRY(db_query(cx, db, "SELECT COALESCE(MAX(sequence), 0) + 1 FROM event", NULL, 0, &rows));
    bool row = false;
    TRY(db_next(cx, rows, &row));
    *ret_next = (uint64_t)db_col_int(rows, 0);
    return ERR_OK;
}

Err replica_take(Cx *cx, Store *store, Db *db, Slice bytes, const ReplicaLeaves *leaves,
                 uint64_t *ret_next)
{
    if (!slice_starts(bytes, REPLICA_HEAD)) return err_set(cx, ERR_INPUT, "these are no facts");
    bytes = slice_sub(bytes, REPLICA_HEAD.size, bytes.size);
    Taking taking = {.store = store, .db = db, .leaves = leaves, .sealed = SLICE("")};
    TRY(next_here(cx, db, &taking.next));
    while (bytes.size > 0) {
        ReplicaRow row;
        TRY(replica_row_parse(cx, &bytes, &row));
        TRY(take_one(cx, &taking, &row));
    }
    for (size_t i = 0; i < REPLICA_TABLE_COUNT; i++)
        if (taking.came[i].there || !slice_empty(taking.sealed))
            return err_set(cx, ERR_CORRUPT, "rows came last without the event that needs them");
    TRY(tally_flush(cx, &taking.tally, db));
    *ret_next = taking.next;
    return db_run(cx, db,
                  "INSERT INTO head (tenant, next_sequence) VALUES ('', $1) "
                  "ON CONFLICT (tenant) DO UPDATE SET next_sequence = excluded.next_sequence",
                  DB_VALUES(db_int((int64_t)taking.next)), NULL);
}
