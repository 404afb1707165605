#include "publish/fold.h"

#include "base/base64.h"
#include "base/date.h"
#include "publish/day_fold.h"
#include "publish/invoice_fold.h"

static Err fold_received(Cx *cx, Db *db, const Fact *fact)
{
    const EventBody *body = fact->body;
    Digest sha256;
    uint64_t size = 0;
    TRY(base64_unhex(cx, body->sha256, sha256.bytes, DIGEST_SIZE));
    if (!slice_u64(body->size, &size)) return err_set(cx, ERR_CORRUPT, "an event has no size");
    char day[DATE_TEXT_SIZE + 1];
    bool same = !slice_empty(body->same_as);
    return db_run(cx, db,
                  "INSERT INTO document_state (tenant, document, reference, state, reason, media, "
                  "file_name, sha256, size, source, received_ms, received_day, done_ms) "
                  "VALUES ($1, $2, $3, $4, $5, '', $6, $7, $8, $9, $10, $11, $12)",
                  DB_VALUES(db_text(fact->tenant), db_blob(fact->subject), db_text(body->reference),
                            db_text(same ? SLICE("duplicate") : SLICE("received")),
                            db_text(body->same_as), db_text(body->file_name),
                            db_blob(digest_slice(&sha256)), db_int((int64_t)size),
                            db_text(fact->source), db_int((int64_t)fact->time_ms),
                            db_text(date_print(date_in_china(fact->time_ms), day)),
                            same ? db_int((int64_t)fact->time_ms) : db_null()),
                  NULL);
}

// A file that came in a zip.
static Err fold_entry(Cx *cx, Db *db, const Fact *fact)
{
    uint64_t entry = 0;
    uint8_t container[COMMIT_ID_SIZE];
    TRY(base64_unhex(cx, fact->body->container, container, sizeof container));
    if (!slice_u64(fact->body->entry, &entry))
        return err_set(cx, ERR_CORRUPT, "an event does not say which entry it is");
    return db_run(cx, db,
                  "INSERT INTO document_entry (tenant, container, entry, document) "
                  "VALUES ($1, $2, $3, $4)",
                  DB_VALUES(db_text(fact->tenant),
                            db_blob((Slice){(const char *)container, sizeof container}),
                            db_int((int64_t)entry), db_blob(fact->subject)),
                  NULL);
}

static Err fold_unpacked(Cx *cx, Db *db, const Fact *fact)
{
    const EventBody *body = fact->body;
    uint64_t entries = 0, skipped = 0;
    if (!slice_u64(body->entries, &entries) || !slice_u64(body->skipped, &skipped))
        return err_set(cx, ERR_CORRUPT, "an event does not say how many entries there are");
    TRY(db_run(cx, db,
               "INSERT INTO document_container (tenant, document, entries, skipped, skipped_names) "
               "VALUES ($1, $2, $3, $4, $5)",
               DB_VALUES(db_text(fact->tenant), db_blob(fact->subject), db_int((int64_t)entries),
                         db_int((int64_t)skipped), db_text(body->skipped_names)),
               NULL));
    return db_run(cx, db,
                  "UPDATE document_state SET state = 'unpacked', reason = '', media = $3, "
                  "done_ms = $4 WHERE tenant = $1 AND document = $2",
                  DB_VALUES(db_text(fact->tenant), db_blob(fact->subject), db_text(body->media),
                            db_int((int64_t)fact->time_ms)),
                  NULL);
}

static Err fold_quarantined(Cx *cx, Db *db, const Fact *fact)
{
    return db_run(cx, db,
                  "UPDATE document_state SET state = 'quarantined', reason = $3, media = $4, "
                  "done_ms = $5 WHERE tenant = $1 AND document = $2",
                  DB_VALUES(db_text(fact->tenant), db_blob(fact->subject),
                            db_text(fact->body->reason), db_text(fact->body->media),
                            db_int((int64_t)fact->time_ms)),
                  NULL);
}

static Err fold_released(Cx *cx, Db *db, const Fact *fact)
{
    return db_run(cx, db,
                  "UPDATE document_state SET state = 'received', reason = '', done_ms = NULL "
                  "WHERE tenant = $1 AND document = $2",
                  DB_VALUES(db_text(fact->tenant), db_blob(fact->subject)), NULL);
}

// A document of several invoices is in conflict when one of them is.
static Err fold_decided(Cx *cx, Db *db, const Fact *fact)
{
    bool conflict = !slice_empty(fact->body->other);
    return db_run(cx, db,
                  "UPDATE document_state SET "
                  "state = CASE WHEN state = 'conflict' THEN state ELSE $3 END, "
                  "reason = '', media = $4, done_ms = $5 WHERE tenant = $1 AND document = $2",
                  DB_VALUES(db_text(fact->tenant), db_blob(fact->document),
                            db_text(conflict ? SLICE("conflict") : SLICE("accepted")),
                            db_text(fact->body->media), db_int((int64_t)fact->time_ms)),
                  NULL);
}

static Err fold_conflict(Cx *cx, Db *db, const Fact *fact)
{
    TRY(day_fold_take(cx, db, fact->tenant, fact->subject));
    TRY(db_run(cx, db, "UPDATE invoice SET conflict = 1 WHERE tenant = $1 AND id = $2",
               DB_VALUES(db_text(fact->tenant), db_blob(fact->subject)), NULL));
    return day_fold_put(cx, db, fact->tenant, fact->subject);
}

// What is left of a document: that it was there, and what had become of it (column reason), by
// which its day counts it still. A rebuild can't open what came before, so all of it stands in this
// event.
static Err fold_erased(Cx *cx, Db *db, const Fact *fact)
{
    static const char *const drops[] = {
        "DELETE FROM document_state WHERE tenant = $1 AND document = $2",
        "DELETE FROM document_container WHERE tenant = $1 AND document = $2",
        "DELETE FROM document_entry WHERE tenant = $1 AND document = $2"};
    for (size_t i = 0; i < sizeof drops / sizeof drops[0]; i++)
        TRY(db_run(cx, db, drops[i], DB_VALUES(db_text(fact->tenant), db_blob(fact->subject)),
                   NULL));
    const EventBody *body = fact->body;
    Digest sha256;
    uint64_t size = 0, received = 0;
    TRY(base64_unhex(cx, body->sha256, sha256.bytes, DIGEST_SIZE));
    if (!slice_u64(body->size, &size) || !slice_u64(body->received, &received))
        return err_set(cx, ERR_CORRUPT, "an event does not say what was erased");
    char day[DATE_TEXT_SIZE + 1];
    return db_run(cx, db,
                  "INSERT INTO document_state (tenant, document, reference, state, reason, media, "
                  "file_name, sha256, size, source, received_ms, received_day, done_ms) "
                  "VALUES ($1, $2, $3, 'erased', $4, '', '', $5, $6, $7, $8, $9, $10)",
                  DB_VALUES(db_text(fact->tenant), db_blob(fact->subject), db_text(body->reference),
                            db_text(body->state), db_blob(digest_slice(&sha256)),
                            db_int((int64_t)size), db_text(body->origin), db_int((int64_t)received),
                            db_text(date_print(date_in_china(received), day)),
                            db_int((int64_t)fact->time_ms)),
                  NULL);
}

static Err fold_audited(Cx *cx, Db *db, const Fact *fact)
{
    const EventBody *body = fact->body;
    return db_run(cx, db,
                  "INSERT INTO audit_entry (tenant, sequence, time_ms, actor, act, object_kind, "
                  "object, result) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
                  DB_VALUES(db_text(fact->tenant), db_int((int64_t)fact->sequence),
                            db_int((int64_t)fact->time_ms), db_text(fact->actor),
                            db_text(body->act), db_text(body->object_kind), db_text(body->object),
                            db_text(body->result)),
                  NULL);
}

// Whoever keeps copies of invoices takes these anew. Every event of an invoice changes its newest
// sequence; a reading, moreover, what is known under its number. What else changes by a fact is
// touched where it is written (red_fold.c).
static void touch(Db *db, const Fact *fact)
{
    bool of_document = fact->type == EVENT_RECEIVED || fact->type == EVENT_QUARANTINED ||
                       fact->type == EVENT_RELEASED || fact->type == EVENT_UNPACKED;
    if (of_document || fact->type == EVENT_AUDITED) return;
    // An accepted one is new: nobody knows its id yet.
    if (fact->type != EVENT_ACCEPTED) db_touch(db, fact->tenant, fact->subject);
    if (fact->draft != NULL) db_touch(db, SLICE(""), fact->draft->number);
}

Err fold_fact(Cx *cx, Db *db, const Fact *fact)
{
    touch(db, fact);
    switch (fact->type) {
    case EVENT_RECEIVED:
        TRY(fold_received(cx, db, fact));
        return slice_empty(fact->body->container) ? ERR_OK : fold_entry(cx, db, fact);
    case EVENT_UNPACKED:
        return fold_unpacked(cx, db, fact);
    case EVENT_QUARANTINED:
        return fold_quarantined(cx, db, fact);
    case EVENT_RELEASED:
        return fold_released(cx, db, fact);
    case EVENT_ACCEPTED:
    case EVENT_CARRIER:
        TRY(invoice_fold_reading(cx, db, fact));
        return fold_decided(cx, db, fact);
    case EVENT_CONFLICT:
        return fold_conflict(cx, db, fact);
    case EVENT_AUDITED:
        return fold_audited(cx, db, fact);
    case EVENT_ERASED:
        return slice_empty(fact->body->document) ? ERR_OK : fold_erased(cx, db, fact);
    case EVENT_VOIDED:
    case EVENT_REDDENED:
    case EVENT_CORRECTED:
    case EVENT_VERIFIED:
    case EVENT_ENTERED:
    case EVENT_ARCHIVED:
    case EVENT_MERGED:
        break;
    }
    return err_set(cx, ERR_CORRUPT, "no projection knows event type %d", (int)fact->type);
}
