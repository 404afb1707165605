#include "commit/event_log.h"
#include "publish/log.h"

#define EVENT_COLUMNS                                                                              \
    "SELECT sequence, type, tenant, subject, previous, leaf_hash, commit_sha256, commit_sm3, "     \
    "time_ms FROM event "

// The tag of the tenant that came last: events of one tenant come in long runs.
typedef struct Tagger {
    Slice log_key, tenant;
    bool known; // false = none came yet: the platform's name is empty, too
    uint8_t tag[LEAF_TENANT_TAG_SIZE];
} Tagger;

static Err tag_of(Cx *cx, Tagger *tagger, Slice tenant)
{
    if (tagger->known && slice_equal(tagger->tenant, tenant)) return ERR_OK;
    tagger->known = true;
    leaf_tenant_tag(tagger->log_key, tenant, tagger->tag);
    return cx_copy(cx, tenant, &tagger->tenant);
}

// The leaf anew from the row, and whether its hash is what stands there.
static Err leaf_of(Cx *cx, Tagger *tagger, const DbRows *rows, LogEvent *event)
{
    Leaf leaf = {.type = (LeafType)db_col_int(rows, 1),
                 .subject = leaf_subject(tagger->log_key, db_col_blob(rows, 3)),
                 .time_ms = (uint64_t)db_col_int(rows, 8)};
    TRY(tag_of(cx, tagger, db_col_text(rows, 2)));
    memcpy(leaf.tenant_tag, tagger->tag, sizeof leaf.tenant_tag);
    Digest *const digests[] = {&leaf.previous, &event->leaf_hash, &leaf.commitment.sha256,
                               &leaf.commitment.sm3};
    event->sequence = (uint64_t)db_col_int(rows, 0);
    event->type = db_col_int(rows, 1);
    bool good = event->type >= 0 && event->type < LEAF_TYPE_COUNT;
    for (int i = 0; i < 4 && good; i++) {
        Slice bytes = db_col_blob(rows, 4 + i);
        good = bytes.size == DIGEST_SIZE;
        if (good) memcpy(digests[i]->bytes, bytes.data, DIGEST_SIZE);
    }
    if (good) event->leaf = leaf_pack(&leaf);
    Digest hash = good ? leaf_hash(&event->leaf) : (Digest){};
    if (good && digest_equal(&hash, &event->leaf_hash)) return ERR_OK;
    return err_set(cx, ERR_CORRUPT, "event %llu is not what its leaf says",
                   (unsigned long long)event->sequence);
}

Err log_event_leaves(Cx *cx, Log *log, Db *db, uint64_t first, size_t count, LeafBytes *ret_leaves,
                     size_t *ret_count)
{
    *ret_count = 0;
    Tagger tagger = {.log_key = store_log_key(log_store(log))};
    AUTO_ROWS DbRows *rows = NULL;
    TRY(db_query(cx, db, EVENT_COLUMNS "WHERE sequence > $1 ORDER BY sequence LIMIT $2",
                 DB_VALUES(db_int((int64_t)first), db_int((int64_t)count)), &rows));
    while (*ret_count < count) {
        bool row = false;
        LogEvent event = {};
        TRY(db_next(cx, rows, &row));
        if (!row) break;
        TRY(leaf_of(cx, &tagger, rows, &event));
        if (event.sequence != first + *ret_count + 1)
            return err_set(cx, ERR_CORRUPT, "event %llu is missing",
                           (unsigned long long)(first + *ret_count + 1));
        ret_leaves[(*ret_count)++] = event.leaf;
    }
    return ERR_OK;
}

static Err take_event(Cx *cx, const Log *log, DbRows *rows, LogEvent *ret_event)
{
    bool row = false;
    LogEvent event = {};
    Tagger tagger = {.log_key = store_log_key(log_store(log))};
    TRY(db_next(cx, rows, &row));
    if (!row) return err_set(cx, ERR_MISSING, "there is no such event");
    TRY(leaf_of(cx, &tagger, rows, &event));
    event.tenant = tagger.tenant;
    TRY(cx_copy(cx, db_col_blob(rows, 3), &event.subject));
    *ret_event = event;
    return ERR_OK;
}

Err log_event(Cx *cx, Log *log, Db *db, uint64_t sequence, LogEvent *ret_event)
{
    AUTO_ROWS DbRows *rows = NULL;
    TRY(db_query(cx, db, EVENT_COLUMNS "WHERE sequence = $1", DB_VALUES(db_int((int64_t)sequence)),
                 &rows));
    return take_event(cx, log, rows, ret_event);
}

Err log_event_newest(Cx *cx, Log *log, Db *db, Slice tenant, Slice subject, LogEvent *ret_event)
{
    AUTO_ROWS DbRows *rows = NULL;
    TRY(db_query(cx, db,
                 EVENT_COLUMNS "WHERE tenant = $1 AND subject = $2 ORDER BY follows DESC LIMIT 1",
                 DB_VALUES(db_text(tenant), db_blob(subject)), &rows));
    return take_event(cx, log, rows, ret_event);
}

// Salt and canonical bytes. ERR_MISSING when the key was erased.
static Err unseal(Cx *cx, Log *log, Db *db, const LogEvent *event, Slice *ret_plain)
{
    AeadKey key;
    TRY(event_log_key(cx, log_store(log), db, (EventType)event->type, event->tenant, event->subject,
                      &key));
    AUTO_ROWS DbRows *rows = NULL;
    TRY(db_query(cx, db, "SELECT content FROM event WHERE sequence = $1",
                 DB_VALUES(db_int((int64_t)event->sequence)), &rows));
    bool row = false;
    TRY(db_next(cx, rows, &row));
    if (!row) return err_set(cx, ERR_CORRUPT, "an event is gone");
    Slice about =
        event_log_about(cx, SLICE("fapiao/event/v1"), SLICE(""), digest_slice(&event->leaf_hash));
    Err err = aead_open(cx, &key, about, db_col_blob(rows, 0), ret_plain);
    explicit_bzero(&key, sizeof key);
    return err;
}

Err log_event_opening(Cx *cx, Log *log, Db *db, const LogEvent *event, bool closed,
                      ProofOpening *ret_opening)
{
    ProofOpening opening = {.leaf = event->leaf};
    *ret_opening = opening;
    if (closed) return ERR_OK;
    Slice plain;
    Err err = unseal(cx, log, db, event, &plain);
    if (err == ERR_MISSING) return ERR_OK; // erased: that it was there is all that can be shown
    TRY(err);
    Leaf leaf;
    bool good = plain.size > LEAF_SALT_SIZE && leaf_unpack(leaf_slice(&event->leaf), &leaf);
    if (good) {
        opening.open = true;
        memcpy(opening.salt, plain.data, LEAF_SALT_SIZE);
        opening.canonical = slice_sub(plain, LEAF_SALT_SIZE, plain.size);
        Commitment said = leaf_commit(opening.salt, opening.canonical);
        good = digest_equal(&said.sha256, &leaf.commitment.sha256) &&
               digest_equal(&said.sm3, &leaf.commitment.sm3);
    }
    if (!good)
        return err_set(cx, ERR_CORRUPT, "event %llu does not say what its leaf is bound to",
                       (unsigned long long)event->sequence);
    *ret_opening = opening;
    return ERR_OK;
}
