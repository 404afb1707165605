#include "commit/event_log.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/base64.h"
#include "base/date.h"
#include "base/limits.h"

Slice event_log_about(Cx *cx, Slice purpose, Slice tenant, Slice id)
{
    size_t size = purpose.size + 1 + tenant.size + 1 + id.size;
    char *bytes = arena_alloc(&cx->arena, size);
    char *at = bytes;
    memcpy(at, purpose.data, purpose.size);
    at += purpose.size;
    *at++ = '\n';
    memcpy(at, tenant.data, tenant.size);
    at += tenant.size;
    *at++ = '\n';
    memcpy(at, id.data, id.size);
    return (Slice){bytes, size};
}

// One log for the whole folder: its row bears the tenant ''.
static Err load_head(Cx *cx, EventLog *log, Db *db)
{
    if (log->next_sequence != 0) return ERR_OK;
    AUTO_ROWS DbRows *rows = NULL;
    TRY(db_query(cx, db, "SELECT next_sequence FROM head WHERE tenant = ''", NULL, 0, &rows));
    bool row = false;
    TRY(db_next(cx, rows, &row));
    log->next_sequence = row ? (uint64_t)db_col_int(rows, 0) : 1;
    return ERR_OK;
}

static Err load_counter(Cx *cx, EventLog *log, Db *db, Slice tenant, int year)
{
    Slice name = cx_printf(cx, "reference:%d", year);
    AUTO_ROWS DbRows *rows = NULL;
    TRY(db_query(cx, db, "SELECT next_value FROM counter WHERE tenant = $1 AND name = $2",
                 DB_VALUES(db_text(tenant), db_text(name)), &rows));
    bool row = false;
    TRY(db_next(cx, rows, &row));
    log->next_reference = row ? db_col_int(rows, 0) : 1;
    log->year = year;
    return ERR_OK;
}

static Err flush_counter(Cx *cx, EventLog *log, Db *db)
{
    if (log->year == 0) return ERR_OK;
    Slice name = cx_printf(cx, "reference:%d", log->year);
    return db_run(cx, db,
                  "INSERT INTO counter (tenant, name, next_value) VALUES ($1, $2, $3) "
                  "ON CONFLICT (tenant, name) DO UPDATE SET next_value = excluded.next_value",
                  DB_VALUES(db_text((Slice){log->tenant, log->tenant_size}), db_text(name),
                            db_int(log->next_reference)),
                  NULL);
}

// One tenant at a time: commands of one group nearly always share theirs.
static Err select_tenant(Cx *cx, EventLog *log, Db *db, Slice tenant)
{
    if (log->tenant_known && slice_equal((Slice){log->tenant, log->tenant_size}, tenant))
        return ERR_OK;
    TRY(event_log_settle(cx, log, db));
    TRY(flush_counter(cx, log, db));
    log->tenant_known = false;
    log->year = 0;
    if (tenant.size > sizeof log->tenant)
        return err_set(cx, ERR_INPUT, "a tenant's name has at most %zu bytes", sizeof log->tenant);
    leaf_tenant_tag(store_log_key(log->store), tenant, log->tenant_tag);
    if (tenant.size > 0) memcpy(log->tenant, tenant.data, tenant.size);
    log->tenant_size = tenant.size;
    log->tenant_known = true;
    return ERR_OK;
}

Err event_log_reference(Cx *cx, EventLog *log, Db *db, Slice tenant, uint64_t time_ms,
                        char ret_reference[static COMMIT_REFERENCE_SIZE])
{
    if (slice_empty(tenant)) return err_set(cx, ERR_INPUT, "the platform has no documents");
    TRY(select_tenant(cx, log, db, tenant));
    int year = date_in_china(time_ms).year;
    if (log->year != year) {
        TRY(flush_counter(cx, log, db));
        TRY(load_counter(cx, log, db, tenant, year));
    }
    int size = snprintf(ret_reference, COMMIT_REFERENCE_SIZE, "R-%04d-%06lld", year,
                        (long long)log->next_reference++);
    assert(size < COMMIT_REFERENCE_SIZE);
    return ERR_OK;
}

Err event_log_flush(Cx *cx, EventLog *log, Db *db)
{
    TRY(event_log_settle(cx, log, db));
    TRY(tally_flush(cx, &log->tally, db));
    TRY(flush_counter(cx, log, db));
    if (log->next_sequence == 0) return ERR_OK;
    return db_run(cx, db,
                  "INSERT INTO head (tenant, next_sequence) VALUES ('', $1) "
                  "ON CONFLICT (tenant) DO UPDATE SET next_sequence = excluded.next_sequence",
                  DB_VALUES(db_int((int64_t)log->next_sequence)), NULL);
}

static void drop_waiting(EventLog *log)
{
    if (log->waiting_count > 0)
        explicit_bzero(log->waiting, log->waiting_count * sizeof log->waiting[0]);
    log->waiting_count = 0;
}

void event_log_forget(EventLog *log)
{
    log->next_sequence = 0;
    log->tenant_known = false;
    log->year = 0;
    drop_waiting(log);
    tally_forget(&log->tally);
}

void event_log_begin(EventLog *log)
{
    log->first_sequence = 0;
    log->leaf_count = 0;
}

void event_log_done(EventLog *log)
{
    drop_waiting(log);
    free(log->leaves);
    log->leaves = NULL;
    log->leaf_count = log->leaf_room = 0;
}

static void gather(EventLog *log, const EventMark *mark)
{
    if (log->first_sequence == 0) log->first_sequence = mark->sequence;
    size_t at = log->leaf_count++;
    if (!log->keep_leaves) return;
    if (at == log->leaf_room) {
        log->leaf_room = log->leaf_room == 0 ? LIMIT_GROUP : 2 * log->leaf_room;
        log->leaves = realloc(log->leaves, log->leaf_room * sizeof *log->leaves); // owned: by log
        if (log->leaves == NULL) abort(); // as an arena does for sizes we choose
    }
    log->leaves[at] = mark->leaf_hash;
}

// The subject's newest event; sequence 0 and zeros when there is none.
static Err find_previous(Cx *cx, const EventLog *log, Db *db, const Event *event,
                         EventMark *ret_previous)
{
    *ret_previous = (EventMark){};
    if (event->first) return ERR_OK;
    AUTO_ROWS DbRows *rows = NULL;
    TRY(db_query(cx, db,
                 "SELECT sequence, leaf_hash FROM event WHERE tenant = $1 AND subject = $2 "
                 "ORDER BY follows DESC LIMIT 1",
                 DB_VALUES(db_text(event->tenant), db_blob(event->subject)), &rows));
    bool row = false;
    TRY(db_next(cx, rows, &row));
    if (!row) return ERR_OK;
    Slice hash = db_col_blob(rows, 1);
    ret_previous->sequence = (uint64_t)db_col_int(rows, 0);
    if (log->no_leaves) return ERR_OK;
    if (hash.size != DIGEST_SIZE) return err_set(cx, ERR_CORRUPT, "a leaf hash is damaged");
    memcpy(ret_previous->leaf_hash.bytes, hash.data, DIGEST_SIZE);
    return ERR_OK;
}

static Slice kept(const EventLog *log, const Digest *digest)
{
    return log->no_leaves ? SLICE("") : digest_slice(digest);
}

static Err write_row(Cx *cx, const EventLog *log, Db *db, const EventWaiting *event,
                     const Leaf *leaf, const EventMark *mark, uint64_t follows, Slice sealed)
{
    return db_run(
        cx, db,
        "INSERT INTO event (tenant, sequence, type, subject, follows, previous, leaf_hash, "
        "commit_sha256, commit_sm3, content, actor, source, time_ms) "
        "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
        DB_VALUES(db_text(event->tenant), db_int((int64_t)mark->sequence),
                  db_int((int64_t)event->type), db_blob(event->subject), db_int((int64_t)follows),
                  db_blob(kept(log, &leaf->previous)), db_blob(kept(log, &mark->leaf_hash)),
                  db_blob(kept(log, &leaf->commitment.sha256)),
                  db_blob(kept(log, &leaf->commitment.sm3)), db_blob(sealed), db_text(event->actor),
                  db_text(event->source), db_int((int64_t)event->time_ms)),
        NULL);
}

// The leaf binds an event to its subject, tenant, time and the event before.
static void bind(const EventLog *log, const EventWaiting *event, const Commitment *commitment,
                 const Digest *previous, const char *salt, Leaf *ret_leaf, Digest *ret_hash)
{
    Leaf leaf = {.type = (LeafType)event->type,
                 .subject = leaf_subject(store_log_key(log->store), event->subject),
                 .previous = *previous,
                 .time_ms = event->time_ms,
                 .commitment = *commitment};
    memcpy(leaf.tenant_tag, log->tenant_tag, sizeof leaf.tenant_tag);
    const LeafBytes packed = leaf_pack(&leaf);
    *ret_hash = leaf_hash(&packed);
    *ret_leaf = leaf;
    if (event->opening == NULL) return;
    *event->opening = (ProofOpening){.leaf = packed, .open = true, .canonical = event->canonical};
    memcpy(event->opening->salt, salt, LEAF_SALT_SIZE);
}

// What was committed to, and its commitment.
typedef struct Message {
    Slice bytes; // salt and canonical are its end; with no_leaves the canonical bytes alone
    Commitment commitment;
} Message;

static Err write_event(Cx *cx, EventLog *log, Db *db, const EventWaiting *event,
                       const Message *message, const EventMark *previous)
{
    Leaf leaf = {};
    EventMark mark = {.sequence = event->sequence};
    Slice plain = message->bytes, sealed;
    if (!log->no_leaves) {
        size_t size = LEAF_SALT_SIZE + event->canonical.size;
        plain = slice_sub(plain, plain.size - size, size);
        bind(log, event, &message->commitment, &previous->leaf_hash, plain.data, &leaf,
             &mark.leaf_hash);
    }
    Slice about =
        event_log_about(cx, SLICE("fapiao/event/v1"), SLICE(""), kept(log, &mark.leaf_hash));
    TRY(aead_seal(cx, &event->key, about, plain, &sealed));
    TRY(write_row(cx, log, db, event, &leaf, &mark, previous->sequence, sealed));
    gather(log, &mark);
    if (event->mark->sequence == mark.sequence) *event->mark = mark;
    return ERR_OK;
}

// A fresh salt for each, and commitments under them, all at once.
static Err commit_to(Cx *cx, const EventLog *log, const EventWaiting *events, size_t count,
                     Message *messages)
{
    uint8_t salts[EVENT_LOG_WAITING][LEAF_SALT_SIZE];
    Slice bytes[EVENT_LOG_WAITING];
    Commitment commitments[EVENT_LOG_WAITING];
    if (!log->no_leaves) cx_random(cx, salts, count * LEAF_SALT_SIZE);
    for (size_t i = 0; i < count; i++) {
        bytes[i] = events[i].canonical;
        if (!log->no_leaves) TRY(leaf_message(cx, salts[i], events[i].canonical, &bytes[i]));
    }
    if (!log->no_leaves) leaf_commit_all(bytes, count, commitments);
    for (size_t i = 0; i < count; i++)
        messages[i] = (Message){bytes[i], log->no_leaves ? (Commitment){} : commitments[i]};
    return ERR_OK;
}

// Up to EVENT_LOG_WAITING events, of the tenant that is selected; `previous` is that of each.
static Err write_events(Cx *cx, EventLog *log, Db *db, const EventWaiting *events, size_t count,
                        const EventMark *previous)
{
    Message messages[EVENT_LOG_WAITING];
    TRY(commit_to(cx, log, events, count, messages));
    for (size_t i = 0; i < count; i++)
        TRY(write_event(cx, log, db, &events[i], &messages[i], previous));
    return ERR_OK;
}

// In memory of their own: what is sealed for the rows would wait with the command.
static Err write_apart(Cx *cx, EventLog *log, Db *db, const EventWaiting *events, size_t count,
                       const EventMark *previous)
{
    Cx own;
    cx_init(&own, cx->world, LIMIT_JOB_ARENA);
    Err err = write_events(&own, log, db, events, count, previous);
    if (err != ERR_OK) err = err_set(cx, err, "%s", own.err_text);
    cx_done(&own);
    return err;
}

Err event_log_settle(Cx *cx, EventLog *log, Db *db)
{
    if (log->waiting_count == 0) return ERR_OK;
    const EventMark none = {};
    Err err = write_apart(cx, log, db, log->waiting, log->waiting_count, &none);
    drop_waiting(log);
    return err;
}

static Err call_fold(Cx *cx, EventLog *log, Db *db, const Event *event, const EventBody *body,
                     uint64_t sequence)
{
    if (log->fold == NULL) return ERR_OK;
    const Fact fact = {.type = event->type,
                       .sequence = sequence,
                       .time_ms = event->time_ms,
                       .tenant = event->tenant,
                       .actor = event->actor,
                       .source = event->source,
                       .subject = event->subject,
                       .body = body,
                       .draft = event->draft,
                       .draft_json = event->draft_json,
                       .reading = event->reading,
                       .document = event->document,
                       .ordinal = event->ordinal,
                       .basis = event->basis,
                       .tally = &log->tally};
    return log->fold(cx, db, &fact);
}

static Err wait(Cx *cx, EventLog *log, Db *db, const EventWaiting *event)
{
    if (log->waiting_count == EVENT_LOG_WAITING) TRY(event_log_settle(cx, log, db));
    log->waiting[log->waiting_count++] = *event;
    return ERR_OK;
}

static Err write_at_once(Cx *cx, EventLog *log, Db *db, const Event *event,
                         const EventWaiting *waiting)
{
    EventMark previous;
    TRY(event_log_settle(cx, log, db));
    TRY(find_previous(cx, log, db, event, &previous));
    return write_apart(cx, log, db, waiting, 1, &previous);
}

Err event_log_append(Cx *cx, EventLog *log, Db *db, const Event *event, EventMark *ret_mark)
{
    TRY(load_head(cx, log, db));
    TRY(select_tenant(cx, log, db, event->tenant));
    EventBody body = event->body;
    body.event = slice_of(commit_event_name(event->type));
    body.tenant = event->tenant;
    body.actor = event->actor;
    body.source = event->source;
    body.subject = base64_hex(cx, event->subject);
    body.time = date_rfc3339(cx, event->time_ms);
    body.v = EVENT_BODY_VERSION;
    Slice canonical;
    TRY(event_body_print(cx, &body, &canonical));

    EventWaiting waiting = {.type = event->type,
                            .tenant = event->tenant,
                            .actor = event->actor,
                            .source = event->source,
                            .subject = event->subject,
                            .canonical = canonical,
                            .key = *event->key,
                            .time_ms = event->time_ms,
                            .opening = event->opening,
                            .sequence = log->next_sequence,
                            .mark = ret_mark};
    *ret_mark = (EventMark){.sequence = log->next_sequence};
    TRY(event->may_wait ? wait(cx, log, db, &waiting)
                        : write_at_once(cx, log, db, event, &waiting));
    log->next_sequence++;
    return call_fold(cx, log, db, event, &body, ret_mark->sequence);
}

Err event_log_has(Cx *cx, Db *db, Slice tenant, const EventMark *mark, bool *ret_has)
{
    AUTO_ROWS DbRows *rows = NULL;
    TRY(db_query(cx, db,
                 "SELECT 1 FROM event WHERE tenant = $1 AND sequence = $2 AND leaf_hash = $3",
                 DB_VALUES(db_text(tenant), db_int((int64_t)mark->sequence),
                           db_blob(digest_slice(&mark->leaf_hash))),
                 &rows));
    return db_next(cx, rows, ret_has);
}

Err event_log_key(Cx *cx, Store *store, Db *db, EventType type, Slice tenant, Slice subject,
                  AeadKey *ret_key)
{
    if (type != EVENT_ERASED) return store_key_find(cx, store, db, tenant, subject, ret_key);
    Slice about = event_log_about(cx, SLICE("fapiao/erased/v1"), tenant, subject);
    const Digest key = store_tag(store, SLICE("erased"), about);
    static_assert(AEAD_KEY_SIZE == DIGEST_SIZE, "a digest is a key");
    memcpy(ret_key->bytes, key.bytes, AEAD_KEY_SIZE);
    return ERR_OK;
}

Err event_log_open(Cx *cx, const AeadKey *key, Slice leaf, Slice sealed, Slice *ret_canonical)
{
    Slice plain;
    Slice about = event_log_about(cx, SLICE("fapiao/event/v1"), SLICE(""), leaf);
    TRY(aead_open(cx, key, about, sealed, &plain));
    if (plain.size < LEAF_SALT_SIZE) return err_set(cx, ERR_CORRUPT, "an event is cut off");
    *ret_canonical = slice_sub(plain, LEAF_SALT_SIZE, plain.size);
    return ERR_OK;
}
